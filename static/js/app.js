/* What makes the pages quick to work with: keys, focus, confirmations, one submit at a time. All optional. */
"use strict";

(() => {
  const words = () => document.getElementById("words").dataset;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isShown = (element) => element.getClientRects().length > 0;
  const isTyping = (element) =>
    element.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio|button|submit)$/.test(element.type));

  /* Said to screen readers, seen by nobody. */
  function announce(text) {
    document.getElementById("announce").textContent = text;
  }

  function showMessage(text) {
    const box = document.getElementById("messages");
    if (!box) return;
    const notice = document.createElement("div");
    notice.className = "notice tone-bad";
    const body = document.createElement("div");
    body.textContent = text;
    notice.append(body);
    box.replaceChildren(notice);
    box.scrollIntoView({ block: "nearest" });
  }

  /* Everything with data-key gets its key in the tooltip and in the list behind "?". */
  function dress(root) {
    for (const element of all("[data-key]", root).concat(root.matches && root.matches("[data-key]") ? [root] : [])) {
      if (element.hasAttribute("aria-keyshortcuts")) continue;
      element.setAttribute("aria-keyshortcuts", element.dataset.key);
      const label = element.title || labelOf(element);
      element.title = `${label} (${words().key}: ${element.dataset.key.toUpperCase()})`;
      element.dataset.keyLabel = label;
    }
    for (const element of all("[data-opens][hidden], [data-dismiss][hidden]", root)) element.hidden = false;
    for (const element of all(".table-wrap", root)) scrollers.observe(element);
  }

  /* A table wider than the screen can be scrolled with the keyboard too. */
  const scrollers = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0; else target.removeAttribute("tabindex");
  }));

  function labelOf(element) {
    return (element.getAttribute("aria-label") || element.textContent || element.placeholder || "").trim().replace(/\s+/g, " ");
  }

  function listKeys() {
    const list = document.querySelector("[data-keys-list]");
    all("[data-added]", list).forEach((row) => row.remove());
    const seen = new Set();
    for (const element of all("[data-key]").filter(isShown)) {
      if (seen.has(element.dataset.key)) continue;
      seen.add(element.dataset.key);
      const key = document.createElement("dt");
      const mark = document.createElement("kbd");
      mark.textContent = element.dataset.key.toUpperCase();
      key.append(mark);
      const what = document.createElement("dd");
      what.textContent = element.dataset.keyLabel || labelOf(element);
      key.dataset.added = what.dataset.added = "";
      list.append(key, what);
    }
  }

  function openDialog(id) {
    if (id === "keys-dialog") listKeys();
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }

  /* j and k walk the rows of the list the focus is in, or of the first list on the page. */
  function walk(step) {
    const links = all(".row-link, [data-row]").filter(isShown);
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector(".menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      else if (isTyping(event.target)) event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); openDialog("keys-dialog"); return; }
    if (event.key === "j" || event.key === "k") { event.preventDefault(); walk(event.key === "j" ? 1 : -1); return; }
    const target = all("[data-key]").find((element) => element.dataset.key === event.key && isShown(element) && !element.disabled);
    if (!target) return;
    event.preventDefault();
    if (isTyping(target)) { target.focus(); if (target.select) target.select(); } else { target.click(); if (target.control) target.control.focus(); }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) openDialog(opener.dataset.opens);
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => announce(copy.dataset.copied || "✓"));
    all(".menu[open]").forEach((menu) => { if (!menu.contains(event.target) || opener) menu.open = false; });
  });

  /* A question before what cannot be taken back: data-confirm on the form or on its button. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (form.method === "dialog" || !question || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(question, event.submitter).then((isSure) => {
      if (!isSure) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter && form.contains(event.submitter) ? event.submitter : undefined);
    });
  }, true);

  function ask(question, button) {
    const dialog = document.getElementById("confirm-dialog");
    dialog.querySelector("[data-confirm-text]").textContent = question;
    const yes = dialog.querySelector("[data-confirm-yes]");
    if (!yes.dataset.usual) yes.dataset.usual = yes.textContent;
    yes.textContent = (button && labelOf(button)) || yes.dataset.usual;
    yes.classList.toggle("btn-danger", Boolean(button && button.classList.contains("btn-danger")));
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  /* One submit at a time; the browser's back button finds the form usable again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.busy = "yes";
    setBusy(form, true);
    setTimeout(() => setBusy(form, false), 8000); // a download answers without leaving the page
  }, true);
  function setBusy(form, isBusy) {
    all("button[type=submit], button:not([type])", form).forEach((button) => {
      if (isBusy) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
    });
    if (!isBusy) delete form.dataset.busy;
  }
  const releaseAll = () => all("form[data-busy]").forEach((form) => setBusy(form, false));
  window.addEventListener("pageshow", releaseAll);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) setBusy(form, false);
  });

  /* Light, dark or automatic, at once; without this script the form posts and the server answers the same. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-switch]") || !event.submitter) return;
    event.preventDefault();
    setBusy(form, false);
    const theme = event.submitter.value;
    document.cookie = `theme=${theme}; path=/; samesite=lax; max-age=${theme ? 31536000 : 0}`;
    if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
    all("[data-theme-switch] button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === theme)));
  });

  /* Focus survives a swap: the same element if it is still there, else what asks for it, else the new part itself. */
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const element = document.activeElement;
    focused = element && element !== document.body ? { id: element.id, name: element.name, key: element.dataset.key, value: element.value } : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target, elt } = event.detail;
    const part = target && target.isConnected ? target : elt;
    const asks = find(part, "[data-focus], [aria-invalid=true]");
    if (asks) asks.focus();
    else if (focused && (document.activeElement === document.body || !document.activeElement)) restoreFocus(part);
    const said = find(part, "[data-announce]");
    if (said) announce(said.dataset.announce || labelOf(said));
  });
  const find = (part, selector) => (part.matches(selector) ? part : part.querySelector(selector));

  function restoreFocus(part) {
    const same = (focused.id && document.getElementById(focused.id)) ||
      (focused.name && all(`[name="${CSS.escape(focused.name)}"]`, part).find((e) => !/^(radio|checkbox|submit|button)$/.test(e.type) || e.value === focused.value)) ||
      (focused.key && all("[data-key]", part).find((e) => e.dataset.key === focused.key));
    if (!same && !part.hasAttribute("tabindex")) part.setAttribute("tabindex", "-1");
    (same || part).focus({ preventScroll: !same });
  }

  document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
  document.addEventListener("htmx:responseError", (event) =>
    showMessage(event.detail.xhr.status === 403 ? words().forbidden : words().failed));
  document.addEventListener("htmx:sendError", () => showMessage(words().unreachable));
  document.addEventListener("htmx:timeout", () => showMessage(words().unreachable));

  /* How long the call lasts, second by second. */
  function tick() {
    for (const element of all("[data-timer]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(element.dataset.timer)) / 1000));
      element.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }
  setInterval(tick, 1000);
  tick();

  dress(document.body);

  /* A page that came back with errors begins at the first of them. */
  const [arrival] = performance.getEntriesByType("navigation");
  const wrong = arrival && arrival.responseStatus === 422 &&
    document.querySelector("main [aria-invalid=true]:not([type=hidden]), main form [role=alert]");
  if (wrong) {
    if (!wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
    wrong.focus({ preventScroll: true });
    wrong.scrollIntoView({ block: "center" });
  }
  const here = document.querySelector(".nav [aria-current]");
  if (here) here.closest(".nav").scrollLeft = here.offsetLeft - 16;
})();
