// A download leaves the page in place and tells it nothing. While a file is being made the button says so; the answer
// brings a cookie with this asking's own word in it, and the button is as before.

const NAME = "taken";
const LONGEST = 120; // seconds after which nobody waits any more

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = form.querySelector("button[data-busy-label]");
  if (!("taken" in form.dataset) || !button || event.defaultPrevented) return;
  if (button.getAttribute("aria-busy")) { event.preventDefault(); return; }
  const word = `${Date.now()}-${Math.random().toString(36).slice(2)}`; // no secret: it tells one asking from another
  form.elements[NAME].value = word;
  const words = [...button.childNodes];
  const began = Date.now();
  button.setAttribute("aria-busy", "true");
  button.replaceChildren(button.dataset.busyLabel);
  const watch = setInterval(() => {
    const came = document.cookie.split("; ").includes(`${NAME}=${word}`);
    const seconds = Math.round((Date.now() - began) / 1000);
    if (!came && seconds < LONGEST) {
      if (seconds > 1) button.replaceChildren(`${button.dataset.busyLabel} ${seconds}`);
      return;
    }
    clearInterval(watch);
    document.cookie = `${NAME}=; path=/; max-age=0; samesite=lax`;
    button.removeAttribute("aria-busy");
    button.replaceChildren(...words);
  }, 400);
});
