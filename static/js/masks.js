/* Money, dates, CPF/CNPJ and phones as Brazilians type and paste them; the server reads all of these forms itself. */
"use strict";

(() => {
  const groups = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ".");

  /* "R$ 1.234,5" -> "1.234,50"; "1234.56" -> "1.234,56". What is not an amount is left as it was typed. */
  function money(text) {
    const bare = text.replace(/[R$\s\u00a0]/g, "");
    const comma = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{0,2}))?$/.exec(bare);
    const point = /^(\d+)\.(\d{1,2})$/.exec(bare);
    const found = comma || point;
    if (!found) return text;
    const whole = found[1].replace(/\./g, "").replace(/^0+(?=\d)/, "");
    return `${groups(whole)},${(found[2] || "").padEnd(2, "0")}`;
  }

  /* "2026-11-21", "21112026" and "21.11.2026" -> "21/11/2026". */
  function date(text) {
    const bare = text.trim();
    const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(bare);
    if (iso) return `${iso[3]}/${iso[2]}/${iso[1]}`;
    const parts = /^(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})$/.exec(bare);
    if (parts) return `${parts[1].padStart(2, "0")}/${parts[2].padStart(2, "0")}/${parts[3]}`;
    const digits = /^(\d{2})(\d{2})(\d{4})$/.exec(bare);
    return digits ? `${digits[1]}/${digits[2]}/${digits[3]}` : text;
  }

  /* Slashes by themselves while a date is typed, never while it is being deleted. */
  function dateWhileTyping(field, event) {
    if (event.inputType !== "insertText" || field.selectionStart !== field.value.length) return;
    if (field.value.endsWith("//")) field.value = field.value.slice(0, -1); // typed after ours
    const digits = field.value.replace(/\D/g, "");
    if (/^\d{2}$/.test(field.value) || /^\d{2}\/\d{2}$/.test(field.value)) field.value += "/";
    else if (/^\d{3,8}$/.test(field.value)) {
      field.value = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean).join("/");
    }
  }

  function taxId(text) {
    const bare = text.replace(/[.\-/\s]/g, "").toUpperCase();
    if (/^\d{11}$/.test(bare)) return bare.replace(/(.{3})(.{3})(.{3})(.{2})/, "$1.$2.$3-$4");
    if (/^[0-9A-Z]{12}\d{2}$/.test(bare)) return bare.replace(/(.{2})(.{3})(.{3})(.{4})(.{2})/, "$1.$2.$3/$4-$5");
    return text;
  }

  function phone(text) {
    const bare = text.replace(/[^\d+]/g, "").replace(/^\+?55(?=\d{10,11}$)/, "");
    const found = /^(\d{2})(\d{4,5})(\d{4})$/.exec(bare);
    return found ? `(${found[1]}) ${found[2]}-${found[3]}` : text;
  }

  const masks = { money, date, tax_id: taxId, phone };
  const maskOf = (field) => masks[field.dataset ? field.dataset.mask : ""];

  document.addEventListener("change", (event) => {
    const mask = maskOf(event.target);
    if (mask) event.target.value = mask(event.target.value);
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset && event.target.dataset.mask === "date") dateWhileTyping(event.target, event);
  });
  document.addEventListener("paste", (event) => {
    const mask = maskOf(event.target);
    if (!mask) return;
    const field = event.target;
    setTimeout(() => { field.value = mask(field.value); }, 0);
  });
})();
