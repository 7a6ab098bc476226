// The print button does nothing without a script, so it stays hidden until this one has run.
document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
