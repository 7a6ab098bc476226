// What a browser writes in the language of the machine it runs on, in the page's: which file was chosen, and what an
// empty date asks for. Without scripts both show as the browser writes them.

// The control lies transparent over our words, so that a click, the keyboard, a file dropped on it and a reader of
// screens meet it as before.
function tell(input) {
  const words = input.parentElement.querySelector("[data-chosen]");
  const { none, one, many } = words.dataset;
  const [first, ...more] = input.files;
  const text = !first ? none : more.length ? many : one;
  words.textContent = text.replace("{n}", input.files.length).replace("{name}", () => first?.name);
}

// A date half typed has no value either, but is seen.
function mark(input) {
  input.toggleAttribute("data-empty", !input.value && !input.validity.badInput);
}

const FILE = ".file-told > input";
const DAY = "input:is([type=date], [type=month], [type=time])";

function setUp(root) {
  root.querySelectorAll(".file-pick:not(.file-told)").forEach((place) => {
    place.classList.add("file-told");
    place.querySelector(".file-words").hidden = false;
  });
  root.querySelectorAll(FILE).forEach(tell);
  root.querySelectorAll(DAY).forEach(mark);
}

function look(event) {
  if (event.target.matches?.(FILE)) tell(event.target);
  if (event.target.matches?.(DAY)) mark(event.target);
}

["input", "change", "focusout"].forEach((name) => document.addEventListener(name, look));
document.addEventListener("reset", (event) => setTimeout(() => setUp(event.target)));
setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.target));
