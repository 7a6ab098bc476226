// Asks before a page with unsaved typing is left. A guard and nothing more:
// drafts are about people, so none is written to the browser's storage (draft.js sends them to the server).

const dirty = new Set();

function note(event) {
  const form = event.target.closest?.("form[data-dirty-guard]");
  if (form) dirty.add(form);
}

document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("draft:kept", (event) => dirty.delete(event.target)); // the server has all of it (draft.js)

// A form that came back with errors holds typing that is not saved either.
document.querySelectorAll('form[data-dirty-guard="dirty"]').forEach((form) => dirty.add(form));

window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
