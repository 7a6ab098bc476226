// Asks whether the server can be reached before a page with typing on it is sent. On a line that is gone the browser
// would show a page of its own in its place, and these pages are kept nowhere, so that what was typed would be gone
// too. Nothing is stored: the page stays as it is, and says so.

const PATIENCE = 12000; // a slow line is a line
const SELECTOR = "form[data-dirty-guard], form[data-draft]";
const reached = new WeakSet(); // forms that go now
const asking = new WeakSet();

async function answers() {
  try {
    await fetch("/health", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return true; // whatever it says: the page of an error keeps what was typed, or asks to sign in first
  } catch {
    return false;
  }
}

function say(form, words) {
  let said = form.querySelector("[data-line-said]");
  if (!said && words) {
    said = document.createElement("p");
    said.className = "line-said";
    said.setAttribute("role", "alert");
    said.setAttribute("data-line-said", "");
    (form.querySelector(".savebar") ?? form).append(said);
  }
  if (said) { said.textContent = words; said.hidden = !words; }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.matches(SELECTOR) || form.hasAttribute("hx-post") || "stay" in form.dataset) return;
  if (reached.delete(form)) return;
  if (!form.requestSubmit || !AbortSignal.timeout) return; // an old browser sends as it always did
  event.preventDefault();
  event.stopImmediatePropagation(); // nobody else takes this for the sending
  if (asking.has(form)) return;
  asking.add(form);
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  say(form, "");
  const line = await answers();
  button?.removeAttribute("aria-busy");
  asking.delete(form);
  if (!line) { say(form, "网络不通，没有保存。填的都还在这一页，网络好了再按一次。"); return; }
  reached.add(form);
  form.requestSubmit(button?.form === form ? button : undefined);
}, true);
