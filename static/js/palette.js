/* The command palette: every action and place of the page by a few letters of its name. Ctrl+K, or the point. */
"use strict";

(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const SOURCES = "main [data-key], main .btn, main summary, .nav a, .bar-end a, [data-opens]";
  let chosen = 0;
  let found = [];
  let before = null;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const isShown = (element) => element.getClientRects().length > 0 && !element.disabled && !element.hidden;
  function nameOf(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .count").forEach((each) => each.remove());
    const text = element.dataset.keyLabel || element.getAttribute("aria-label") || copy.textContent || element.placeholder || "";
    return text.trim().replace(/\s+/g, " ");
  }

  function actions() {
    const seen = new Set();
    const all = [...document.querySelectorAll(SOURCES)].filter((each) => isShown(each) && !dialog.contains(each));
    return all.map((element) => ({ element, name: nameOf(element), key: element.dataset.key || "" }))
      .filter(({ name }) => name && !seen.has(name) && seen.add(name));
  }

  function show() {
    const wanted = plain(field.value).split(/\s+/).filter(Boolean);
    found = actions().filter(({ name }) => wanted.every((part) => plain(name).includes(part)));
    chosen = Math.min(chosen, Math.max(found.length - 1, 0));
    list.replaceChildren(...found.map(({ name, key }, place) => {
      const row = document.createElement("li");
      row.id = `palette-${place}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(place === chosen));
      row.textContent = name;
      if (key) { const mark = document.createElement("kbd"); mark.textContent = key.toUpperCase(); row.append(mark); }
      return row;
    }));
    dialog.querySelector("[data-nothing]").hidden = found.length > 0;
    if (found.length) field.setAttribute("aria-activedescendant", `palette-${chosen}`); else field.removeAttribute("aria-activedescendant");
    const here = list.children[chosen];
    if (here) here.scrollIntoView({ block: "nearest" });
  }

  function open() {
    if (document.querySelector("dialog[open]")) return;
    before = document.activeElement;
    field.value = "";
    chosen = 0;
    dialog.showModal();
    show();
    field.focus();
  }

  function run(place) {
    const action = found[place];
    if (!action) return;
    before = null;
    dialog.close();
    const { element } = action;
    if (/^(text|search|textarea|select-one)$/.test(element.type || "")) { element.focus(); return; }
    element.click();
    if (element.control) element.control.focus(); else if (element.tagName === "SUMMARY") element.focus();
  }

  document.addEventListener("keydown", (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !/^(checkbox|radio|button|submit)$/.test(event.target.type);
    const isAsked = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "." && !isTyping && !event.ctrlKey && !event.metaKey);
    if (isAsked) { event.preventDefault(); open(); }
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); chosen = (chosen + step + found.length) % Math.max(found.length, 1); show(); }
    if (event.key === "Enter") { event.preventDefault(); run(chosen); }
  });
  field.addEventListener("input", () => { chosen = 0; show(); });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[role=option]");
    if (row) run([...list.children].indexOf(row));
  });
  dialog.addEventListener("close", () => { if (before && before.isConnected) before.focus(); });
})();
