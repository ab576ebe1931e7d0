/* The debtor's page: buttons that copy; without them the text is selected by hand. */
"use strict";
for (const button of document.querySelectorAll("[data-copy-from]")) {
  const field = document.getElementById(button.dataset.copyFrom);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(field.value.trim()).then(() => { button.textContent = button.dataset.copied; });
  });
  field.addEventListener("focus", () => field.select());
}
