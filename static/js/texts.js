/* A click on a placeholder puts it where the cursor was; the page works without. */
"use strict";

(() => {
  const form = document.getElementById("text-form");
  let last = form.elements.body;
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[name=subject], [name=body]")) last = event.target;
  });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-insert]");
    if (!chip) return;
    last.focus();
    last.setRangeText(chip.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
