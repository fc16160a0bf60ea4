// A code that is complete sends itself; full-width digits and blanks of a paste are put right.

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-code]")) return;
  const digits = target.value.normalize("NFKC").replace(/\D/g, "");
  if (digits !== target.value) target.value = digits;
  if (digits.length === target.maxLength) target.form?.requestSubmit?.();
});
