// A second tap on a slow line must not send a second record. The client-made id would make it
// harmless anyway; this spares the worker the doubt.

const labels = new WeakMap(); // button -> its own words and icon, while it says that it is sending

function buttons(form) {
  return [...form.elements].filter((one) => one.type === "submit");
}

function release(form) {
  form.removeAttribute("data-sending");
  buttons(form).forEach((button) => {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    if (labels.has(button)) button.replaceChildren(...labels.get(button));
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "stay" in form.dataset) return; // data-stay: a download leaves the page in place
  if (form.hasAttribute("data-sending")) { event.preventDefault(); return; }
  // Later than this event: a disabled button would not send its own name and value, and
  // another listener (htmx, a check) may still stop the sending.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    form.setAttribute("data-sending", "");
    buttons(form).forEach((button) => {
      if (button === event.submitter && button.dataset.busyLabel) {
        labels.set(button, [...button.childNodes]);
        button.replaceChildren(button.dataset.busyLabel);
      }
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
    });
  }, 0);
});

// Back to a page kept in the browser's memory: its buttons must work again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
