// Pictures are made smaller here before they are sent: a telephone's photograph has ten times the bytes
// that anybody needs, and the line in a village is slow. The server writes every picture anew anyway, so
// nothing depends on this. Hangs on input[type=file][data-shrink="1600"]; data-shrink-note tells what was chosen.

const ENOUGH = 400_000; // bytes: a smaller file is left as it is
const QUALITY = 0.85;
const working = new WeakMap(); // form -> how many inputs are being worked on

async function smaller(file, longest) {
  if (!file.type.startsWith("image/") || file.size <= ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const part = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * part);
    canvas.height = Math.round(picture.height * part);
    const ground = canvas.getContext("2d");
    ground.fillStyle = "#fff";
    ground.fillRect(0, 0, canvas.width, canvas.height);
    ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name, { type: "image/jpeg" });
  } catch {
    return file; // the server says what is wrong with it, by its name
  }
}

function tell(input, words, values = {}) {
  const note = input.form?.querySelector("[data-shrink-note]");
  if (!note) return;
  note.hidden = !words;
  note.textContent = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words);
}

async function shrink(input) {
  const note = input.form?.querySelector("[data-shrink-note]")?.dataset ?? {};
  const chosen = [...input.files];
  const most = Number(input.dataset.most) || chosen.length;
  if (!chosen.length) { tell(input, ""); return; }
  tell(input, note.busy ?? "");
  working.set(input.form, (working.get(input.form) ?? 0) + 1);
  const small = new DataTransfer();
  for (const file of chosen.slice(0, most)) small.items.add(await smaller(file, Number(input.dataset.shrink)));
  // What is beyond the number goes along by name only, so that the server can name it.
  for (const file of chosen.slice(most)) small.items.add(new File([], file.name, { type: file.type }));
  input.files = small.files;
  working.set(input.form, working.get(input.form) - 1);
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0) / 1_000_000;
  if (chosen.length > most) tell(input, note.tooMany ?? "", { n: chosen.length, most });
  else tell(input, note.words ?? "", { n: chosen.length, size: size.toFixed(1) });
  input.form.dispatchEvent(new Event("shrunk"));
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-shrink]")) shrink(event.target);
});

// Sent while pictures are still being made smaller: wait, then send.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!working.get(form)) return;
  event.preventDefault();
  const button = event.submitter;
  form.addEventListener("shrunk", () => { if (!working.get(form)) form.requestSubmit(button); }, { once: true });
}, true);
