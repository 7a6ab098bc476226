// Sends a form that is not finished to the address in its `data-draft`, a few seconds after typing stopped and when
// the page is left: a slow line, an empty battery or a call in between loses nothing. The words go to the server and
// never to the browser's storage, for they are about people. Saving is never held up and never waits for it.
// The answer: 204 with the time. `data-draft-said` of the form says what became of it.

const QUIET = 4000; // after the last key
const AGAIN = 20000; // after an attempt that failed

function keep(form) {
  const said = form.querySelector("[data-draft-said]");
  const mark = form.elements.namedItem("draft");
  let typed = 0; // grows with every change
  let kept = 0; // what of it the server has
  let timer = 0;
  let underway = null;
  let over = false; // the form itself was sent

  function say(words, failed) {
    if (!said) return;
    if (said.textContent !== words) said.textContent = words;
    said.classList.toggle("draft-failed", failed);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  async function send() {
    clearTimeout(timer);
    if (over || underway || typed === kept || !form.isConnected) return;
    const sending = typed;
    if (mark) mark.value = "1"; // from now on one may be kept, even where no answer comes
    underway = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const size = body.toString().length; // a browser sends no more than 64 KiB after the page is gone
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body, keepalive: size < 60000, signal: underway.signal, headers: { "X-Draft": "1" }, redirect: "error",
      });
      if (over) return;
      if (answer.status === 204) {
        kept = sending;
        say(`草稿已存 ${answer.headers.get("X-Draft-Kept") ?? ""}`.trim(), false);
        if (kept === typed) form.dispatchEvent(new CustomEvent("draft:kept", { bubbles: true }));
      } else if (answer.status === 422) {
        say(await answer.text(), true);
      } else if (answer.status === 401) {
        say("草稿没有存上：登录已过期。填的都还在这一页，请点保存，会先请您登录。", true);
      } else if (answer.status === 404) {
        say("草稿没有存上：这一户现在不由您写记录。填的还在这一页，请先抄下来。", true);
      } else {
        say("草稿没有存上，系统暂时不能写入。填的都还在这一页，稍后自动再试。", true);
        later(AGAIN);
      }
    } catch {
      if (over) return;
      say("草稿没有存上：网络不通。填的都还在这一页，稍后自动再试。", true);
      later(AGAIN);
    } finally {
      underway = null;
    }
    if (kept === sending && typed !== kept) later(QUIET);
  }

  function changed(event) {
    if (event.target.type === "hidden") return;
    typed += 1;
    later(QUIET);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    over = true;
    clearTimeout(timer);
    underway?.abort();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });
  window.addEventListener("online", send);
  window.addEventListener("pageshow", (event) => { if (event.persisted) over = false; });
  if (form.dataset.dirtyGuard === "dirty") { typed = 1; later(QUIET); } // it came back with something to put right
}

document.querySelectorAll("form[data-draft]").forEach(keep);
