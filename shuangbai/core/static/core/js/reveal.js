// A value opened for a stated reason covers itself again after a while, and at once when the
// screen is put away; what was on a desk must not stay there over lunch.

const timers = new WeakMap();

function cover(value) {
  clearTimeout(timers.get(value));
  value.textContent = value.dataset.masked;
  value.closest(".masked")?.classList.remove("masked-open");
  value.removeAttribute("data-reveal-seconds");
}

function start(root) {
  const open = root.matches?.("[data-reveal-seconds]") ? [root] : [...root.querySelectorAll("[data-reveal-seconds]")];
  open.filter((value) => !timers.has(value)).forEach((value) => {
    timers.set(value, setTimeout(() => cover(value), Number(value.dataset.revealSeconds) * 1000));
  });
}

// Opening the little form puts the cursor into the reason.
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-reveal][open]")) {
    event.target.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
}, true);

document.addEventListener("keydown", (event) => {
  const details = event.target.closest?.("details[data-reveal][open]");
  if (event.key !== "Escape" || !details) return;
  details.open = false;
  details.querySelector("summary").focus();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) document.querySelectorAll("[data-reveal-seconds]").forEach(cover);
});
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
