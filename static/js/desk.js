/* The case at hand: how long it is still one's own, kept while somebody works here, let go when nobody does. */
"use strict";

(() => {
  const IDLE_AFTER = 10 * 60 * 1000; // of no key and no pointer; then the lease is let run out
  let touchedAt = Date.now();
  const lease = () => document.getElementById("lease");
  const isIdle = () => Date.now() - touchedAt > IDLE_AFTER;

  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    document.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true, capture: true });
  }

  /* A tab that nobody looks at must not keep a person waiting: it stops asking for more time. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const isCall = document.querySelector("#call[hx-get]"); // on the telephone one does not type
    if (event.detail.elt.id === "lease" && isIdle() && !isCall) event.preventDefault();
  });

  /* The server's clock counts, not this machine's: what is left runs from the moment the part came. */
  const comes = new WeakMap();
  function left(part) {
    if (!comes.has(part)) comes.set(part, Date.now() + (part.dataset.until - part.dataset.now) * 1000);
    return Math.max(0, Math.round((comes.get(part) - Date.now()) / 1000));
  }

  function show() {
    const part = lease();
    if (!part || !part.dataset.until) return;
    const seconds = left(part);
    const isGoing = seconds > 0 && isIdle();
    part.querySelector("[data-left]").textContent =
      seconds ? `(${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")})` : "";
    part.title = isGoing ? part.dataset.idle : "";
    part.classList.toggle("is-going", isGoing);
    if (seconds === 0) { part.removeAttribute("data-until"); part.lastElementChild.previousElementSibling.textContent = part.dataset.over; say(part.dataset.over); }
  }

  function say(text) {
    const announce = document.getElementById("announce");
    if (announce) announce.textContent = text;
  }

  setInterval(show, 1000);
  show();
})();
