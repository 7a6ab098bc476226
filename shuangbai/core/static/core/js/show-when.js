// Shows a part of a form only while another field has one of certain values
// (data-show-when="result=met|hospital"). Without a script everything shows, and the server decides
// what counts either way; what is hidden keeps its typing, so that a slip of the thumb loses nothing, and
// a hidden <fieldset> is switched off, so that it is not sent.

function values(form, name) {
  return [...form.elements]
    .filter((field) => field.name === name && (!["radio", "checkbox"].includes(field.type) || field.checked))
    .map((field) => field.value);
}

function apply(part) {
  const form = part.closest("form");
  if (!form) return;
  const [name, wanted] = part.dataset.showWhen.split("=");
  const now = values(form, name);
  part.hidden = !wanted.split("|").some((value) => now.includes(value));
  if ("disabled" in part) part.disabled = part.hidden;
}

function setUp(root) {
  root.querySelectorAll("[data-show-when]").forEach(apply);
}

document.addEventListener("change", (event) => {
  event.target.closest?.("form")?.querySelectorAll("[data-show-when]").forEach(apply);
});
setUp(document);
document.addEventListener("htmx:load", (event) => {
  setUp(event.target);
  if (event.target.matches("[data-show-when]")) apply(event.target);
});
