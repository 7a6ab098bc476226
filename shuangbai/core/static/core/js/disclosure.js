// Two manners of <details> that HTML lacks: a filter bar that stands open on a wide screen
// (for browsers whose style sheets cannot open it), and menus that close on Escape or a tap outside.

const wide = window.matchMedia("(min-width: 48em)");
const byStyle = window.CSS?.supports?.("selector(::details-content)");

function open(root) {
  if (byStyle || !wide.matches) return;
  root.querySelectorAll("details.filters").forEach((details) => { details.open = true; });
}

document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
open(document);
document.addEventListener("htmx:load", (event) => open(event.target));
