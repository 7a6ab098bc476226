// A search field that finds one record as one types (ARIA combobox with a list box).
// A plain <select> of ten thousand families costs a second to draw; this asks for twelve rows.
// Nothing is kept in the browser: the results live only as long as the list is open.

const DELAY_MS = 140; // shorter asks once a letter, longer feels slow
let serial = 0;

function option(result, id) {
  const item = document.createElement("li");
  item.id = id;
  item.className = "combobox-option";
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.value = result.id;
  item.dataset.text = result.text;
  item.append(result.text);
  if (result.hint) {
    const hint = document.createElement("small");
    hint.textContent = result.hint;
    item.append(hint);
  }
  return item;
}

class Combobox {
  constructor(input) {
    this.input = input;
    this.box = input.closest(".combobox");
    this.hidden = this.box.querySelector("[data-combobox-value]");
    this.clearButton = this.box.querySelector("[data-combobox-clear]");
    this.picked = this.box.querySelector("[data-combobox-picked]");
    this.active = -1;
    this.build();
    this.listen();
    this.showState();
  }

  build() {
    const id = `combobox-${(serial += 1)}`;
    this.list = document.createElement("ul");
    this.list.id = `${id}-list`;
    this.list.className = "combobox-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.dataset.label || "查找结果");
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.box.append(this.list, this.status);
    Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": this.list.id, autocomplete: "off",
    }).forEach(([name, value]) => this.input.setAttribute(name, value));
  }

  listen() {
    this.input.addEventListener("input", (event) => {
      if (!event.isComposing) this.typed(); // pinyin half typed is not yet a word
    });
    this.input.addEventListener("compositionend", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => {
      if ("openEmpty" in this.input.dataset && !this.input.value) this.ask();
    });
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus in the field
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.choose(item);
    });
    this.clearButton?.addEventListener("click", () => { this.forget(); this.input.value = ""; this.input.focus(); });
    this.picked?.addEventListener("click", (event) => {
      if (!event.target.closest("button")) return;
      event.target.closest("li").remove();
      this.input.focus();
      this.box.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  typed() {
    if (this.hidden?.value) this.forget();
    clearTimeout(this.timer);
    const enough = this.input.value.trim().length >= Number(this.input.dataset.min || 1);
    if (enough) this.timer = setTimeout(() => this.ask(), DELAY_MS);
    else this.close();
  }

  async ask() {
    this.request?.abort();
    this.request = new AbortController();
    const url = this.input.dataset.url + encodeURIComponent(this.input.value.trim());
    try {
      const answer = await fetch(url, {
        signal: this.request.signal, credentials: "same-origin", headers: { Accept: "application/json" },
      });
      if (answer.status === 429) return this.say((await answer.json()).sentence);
      if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("no list");
      this.show((await answer.json()).results);
      return undefined;
    } catch (error) {
      if (error.name !== "AbortError") this.say("查不到：请检查网络，或重新登录后再试。");
      return undefined;
    }
  }

  show(results) {
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    if (!results.length) return this.say(this.input.dataset.none || "没有找到。可以试试姓名、拼音首字母、档案号或村名。");
    this.list.replaceChildren(...results.map((one, index) => option(one, `${this.list.id}-${index}`)));
    this.open();
    this.status.textContent = `找到 ${results.length} 项，用上下键选择。`;
    return undefined;
  }

  say(sentence) {
    const line = document.createElement("li");
    line.className = "combobox-status";
    line.setAttribute("role", "presentation");
    line.textContent = sentence;
    this.list.replaceChildren(line);
    this.status.textContent = sentence;
    this.open();
  }

  open() {
    if (document.activeElement !== this.input) return; // the answer came after the person had left
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const items = [...this.list.querySelectorAll("[role=option]")];
    if (!items.length) return;
    items[this.active]?.setAttribute("aria-selected", "false");
    if (this.active < 0) this.active = step > 0 ? 0 : items.length - 1;
    else this.active = (this.active + step + items.length) % items.length;
    const item = items[this.active];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") return this.close();
    if (this.list.hidden) {
      if (event.key === "ArrowDown") { event.preventDefault(); this.ask(); }
      else if (event.key === "Enter" && this.input.value.trim()) event.preventDefault(); // not a submit
      return undefined;
    }
    if (event.key === "ArrowDown") { event.preventDefault(); this.move(1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); this.move(-1); }
    else if (event.key === "Enter") {
      event.preventDefault();
      const items = this.list.querySelectorAll("[role=option]");
      const item = items[this.active] ?? (items.length === 1 ? items[0] : null);
      if (item) this.choose(item);
    }
    return undefined;
  }

  choose(item) {
    const { value, text } = item.dataset;
    this.close();
    if (this.picked) { this.add(value, text); return; }
    this.hidden.value = value;
    this.input.value = text;
    this.showState();
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    const { next } = this.input.dataset;
    if (next) window.location.assign(next.replace("{id}", encodeURIComponent(value)));
  }

  add(value, text) {
    this.input.value = "";
    this.input.focus();
    const fields = [...this.picked.querySelectorAll("input")];
    if (fields.some((field) => field.value === value)) return;
    const item = document.createElement("li");
    const field = Object.assign(document.createElement("input"), {
      type: "hidden", name: this.picked.dataset.name, value,
    });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.setAttribute("aria-label", `去掉 ${text}`);
    remove.append(this.picked.querySelector("template").content.cloneNode(true));
    item.append(field, text, remove);
    this.picked.append(item);
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  forget() {
    if (!this.hidden) return;
    const had = this.hidden.value;
    this.hidden.value = "";
    this.showState();
    if (had) this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  showState() {
    const chosen = Boolean(this.hidden?.value);
    this.box.toggleAttribute("data-chosen", chosen);
    if (this.clearButton) this.clearButton.hidden = !chosen;
  }
}

function setUp(root) {
  root.querySelectorAll("input[data-combobox]:not([role=combobox])").forEach((input) => new Combobox(input));
}

setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.target));
