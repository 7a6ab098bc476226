// An identity number says the birth date and the sex at once: both are filled in while it is typed, where nothing
// else stands there, and a number that cannot be right is said to be so before anything is sent.
// The server reads the number again and has the last word.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

// Full-width digits, spaces and a small x, as the server puts them right.
const tidy = (text) => text.normalize("NFKC").toUpperCase().replace(/[\s\-'’‘"]/g, "");

const check = (first17) => CHECKS[[...first17].reduce((sum, digit, at) => sum + Number(digit) * WEIGHTS[at], 0) % 11];

function read(text) {
  let number = tidy(text);
  if (/^\d{15}$/.test(number)) {
    number = `${number.slice(0, 6)}19${number.slice(6)}`;
    number += check(number);
  }
  if (!/^\d{17}[\dX]$/.test(number)) return null;
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const day = new Date(`${born}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== born) return { fault: "第7至14位的出生日期不存在，请对照证件核对" };
  if (check(number.slice(0, 17)) !== number[17]) return { fault: "最后一位校验不符，请对照证件逐位核对" };
  return { born, sex: Number(number[16]) % 2 ? "1" : "2" };
}

function beside(input, name) {
  return input.form?.elements.namedItem(input.name.replace(/id_no$/, name));
}

// What this module filled in may be replaced by it; what a person typed may not.
function fill(field, value, empty) {
  if (!field || field.value === value) return;
  if (field.value !== empty && field.dataset.fromId !== field.value) return;
  field.value = value;
  field.dataset.fromId = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function noteOf(input) {
  let note = input.parentElement.querySelector("[data-id-note]");
  if (!note) {
    note = document.createElement("p");
    note.className = "field-hint id-note";
    note.dataset.idNote = "";
    note.setAttribute("role", "status");
    input.after(note);
  }
  return note;
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-id-number]")) return;
  const found = read(input.value);
  const note = noteOf(input);
  note.textContent = "";
  if (!found) return;
  if (found.fault) {
    note.textContent = found.fault;
    return;
  }
  fill(beside(input, "birth_date"), found.born, "");
  fill(beside(input, "sex"), found.sex, "0");
  note.textContent = `出生 ${found.born}，${found.sex === "1" ? "男" : "女"}`;
});
