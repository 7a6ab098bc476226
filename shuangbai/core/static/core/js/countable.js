// Adds the parts of a head count while they are typed, and says at once when a total that was
// typed by hand contradicts them. People picked by name in the same group count one each.
// The server checks the same and has the last word.

function whole(input) {
  const value = Number.parseInt(input.value, 10);
  return Number.isFinite(value) && value > 0 ? value : 0;
}

function add(group) {
  const named = group.querySelectorAll("[data-combobox-picked] > li").length;
  const sum = [...group.querySelectorAll("[data-count-part]")].reduce((total, part) => total + whole(part), named);
  const output = group.querySelector("output[data-count-sum]");
  if (output) output.value = String(sum);
  const typed = group.querySelector("[data-count-total]");
  const note = group.querySelector("[data-count-note]");
  if (!typed || !note) return;
  const differs = typed.value !== "" && sum > 0 && whole(typed) !== sum;
  note.hidden = !differs;
  if (differs) note.textContent = `合计写的是 ${whole(typed)}，各项相加是 ${sum}，请核对。`;
}

function setUp(root) {
  root.querySelectorAll("[data-countable]").forEach(add);
}

["input", "change"].forEach((name) => document.addEventListener(name, (event) => {
  const group = event.target.closest?.("[data-countable]");
  if (group) add(group);
}));
setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.target));
