// One tap for a usual value (今天, 昨天). The server writes the values, so that its clock, and
// not the telephone's, says which day it is.
function setUp(root) {
  root.querySelectorAll("[data-set-value]").forEach((button) => { button.hidden = false; });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-set-value]");
  const target = button && document.getElementById(button.dataset.for);
  if (!target) return;
  target.value = button.dataset.setValue;
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.dispatchEvent(new Event("change", { bubbles: true }));
});
setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.target));
