/* Saves each answer of a report by itself, and loses nothing that was typed.
   <form data-autosave autocomplete="off"> holds <div data-field data-url data-version data-key>, each with the inputs of ONE
   answer and a <span class="tt-save" role="status">. Without this script the form is sent as a whole.
   What is typed lies in localStorage, under the person's id, from the first key until the server has it; where the
   answer has become read only it is shown under it. */
"use strict";
(() => {
  const PAUSE = 1500, PATIENCE = 20000, RETRY = 15000; // milliseconds
  const { user, signIn, icons } = document.body.dataset;
  const here = location.pathname + location.search;
  const WORDS = {
    dirty: ["", "pencil", "Chưa lưu"],
    saving: ["work", "arrow-repeat", "Đang lưu…"],
    saved: ["done", "check-lg", "Đã lưu lúc "],
    offline: ["wait", "wifi-off", "Mất kết nối, đã giữ trên máy này. Sẽ lưu khi có mạng."],
    unkept: ["stop", "wifi-off", "Mất kết nối, chưa giữ được trên máy này. Để mở trang đến khi có mạng."],
    failed: ["stop", "exclamation-circle-fill", "Chưa lưu được. "],
    conflict: ["stop", "exclamation-circle-fill", "Chưa lưu được. Chọn bản giữ lại."],
    refused: ["stop", "lock-fill", ""],
    late: ["stop", "clock-history", "Đã quá hạn nộp. Nội dung vẫn được giữ. "],
    session: ["wait", "clock-history", "Phiên làm việc đã hết hạn. Nội dung đang nhập vẫn còn. "],
    stale: ["wait", "clock-history", "Trang đã mở quá lâu. Nội dung đang nhập vẫn còn. "],
  };
  const WAYS_ON = {
    failed: (field) => button("Lưu lại", "btn-text btn-sm", () => field.send()),
    session: () => link("Đăng nhập để tiếp tục.", `${signIn}?next=${encodeURIComponent(here)}`),
    stale: () => link("Tải lại trang để tiếp tục.", here),
    late: (field) => link("Xin gia hạn", field.extension),
  };
  let leaving = false;

  function make(tag, { click, ...attributes }, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (click) node.addEventListener("click", click);
    node.append(...children);
    return node;
  }
  const button = (words, kind, click) => make("button", { type: "button", class: `btn ${kind}`, click }, words);
  // All is kept here: no warning on this way out.
  const link = (words, href) => make("a", { href, click: () => { leaving = true; } }, words);

  function icon(name) {
    const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("class", "tt-icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${icons}#${name}`);
    svg.append(use);
    return svg;
  }

  /* Two paragraphs that mark, by whole words, where the versions differ. */
  function compared(mine, theirs) {
    const a = mine.split(/(?<=\s)/), b = theirs.split(/(?<=\s)/), shorter = Math.min(a.length, b.length);
    let start = 0, end = 0;
    while (start < shorter && a[start] === b[start]) start += 1;
    while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
    const marked = (words, tag) => make("p", {}, words.slice(0, start).join(""),
      make(tag, {}, words.slice(start, words.length - end).join("")), words.slice(words.length - end).join(""));
    return [marked(a, "ins"), marked(b, "del")];
  }

  /* Private windows and full disks refuse storage: then undefined. */
  function shelf(deed) { try { return deed(localStorage); } catch { return undefined; } }
  const isChoice = (input) => input.type === "radio" || input.type === "checkbox";
  const isAsked = (input) => !isChoice(input) && !input.name.endsWith("-explanation");
  const asItStands = (input) => (isChoice(input) ? input.checked : input.value);
  function asServed(input) {
    if (isChoice(input)) return input.defaultChecked;
    if (input.tagName !== "SELECT") return input.defaultValue;
    return ([...input.options].find((option) => option.defaultSelected) ?? input.options[0])?.value ?? "";
  }

  class Field {
    constructor(element) {
      Object.assign(this, { element, version: element.dataset.version, state: "", busy: null, kept: true });
      this.copy = `tt:${user}:${element.dataset.key}`;
      this.status = element.querySelector(".tt-save");
      this.saved = this.asked = this.read(asServed);
      element.addEventListener("input", () => this.touched());
      element.addEventListener("change", (event) => this.changed(event.target));
      element.addEventListener("focusout", (event) => element.contains(event.relatedTarget) || this.ask());
      if (this.dirty) this.touched(); // typed while this script was still on its way
      else this.putBack();
    }

    get inputs() {
      const named = this.element.querySelectorAll("input[name], select[name], textarea[name]");
      return [...named].filter((input) => !input.name.endsWith("-version"));
    }
    get dirty() { return this.read() !== this.saved; }
    /* The answer in the form it is sent in: as it stands, or as the server wrote it into the page. */
    read(look = asItStands) {
      const sent = this.inputs.filter((input) => !input.disabled && (!isChoice(input) || look(input)));
      return new URLSearchParams(sent.map((input) => [input.name, isChoice(input) ? input.value : look(input)])).toString();
    }
    write(answer) {
      const values = new URLSearchParams(answer);
      for (const input of this.inputs) {
        if (isChoice(input)) input.checked = values.getAll(input.name).includes(input.value);
        else if (values.has(input.name)) input.value = values.get(input.name);
      }
    }

    touched() {
      clearTimeout(this.timer);
      leaving = false;
      if (!this.busy && !this.dirty && this.state !== "conflict") return this.back();
      this.keep();
      if (this.busy || this.state === "conflict") return;
      this.say("dirty");
      this.timer = setTimeout(() => this.send(), PAUSE);
    }
    /* Typed away again: nothing to save. */
    back() {
      this.forget();
      this.clear();
      this.say("");
    }
    changed(input) {
      if (isChoice(input) && this.unfinished()) clearTimeout(this.timer);
      else this.ask();
    }
    /* An answer was chosen whose value or reason is still to be typed: too early to ask the server. */
    unfinished() { return this.inputs.some((input) => isAsked(input) && input.offsetParent && !input.value.trim()); }
    /* Not twice for the same words: an answer refused once is refused again. */
    ask() { if (this.read() !== this.asked) this.send(); }

    keep() {
      const copy = JSON.stringify({ version: this.version, answer: this.read() });
      this.kept = shelf((storage) => storage.setItem(this.copy, copy) ?? true);
    }
    forget() { shelf((storage) => storage.removeItem(this.copy)); }
    putBack() {
      const copy = JSON.parse(shelf((storage) => storage.getItem(this.copy)) ?? "null");
      if (!copy) return;
      this.write(copy.answer);
      if (!this.dirty) return this.forget();
      this.version = copy.version; // older than the server's: ends in a comparison, not in an overwrite
      this.send();
    }
    /* One request at a time; what was typed meanwhile follows, so the newest words win. */
    send(force = false) {
      clearTimeout(this.timer);
      if (!this.busy && (force || (this.dirty && this.state !== "conflict"))) {
        this.busy = this.post(force).finally(() => { this.busy = null; }).then(() => this.ask());
      }
      return this.busy;
    }

    async post(force) {
      const body = new URLSearchParams(this.asked = this.read());
      body.set("version", this.version);
      if (force) body.set("force", "1");
      const token = document.querySelector('meta[name="csrf-token"]').content;
      const headers = { "X-CSRFToken": token, "X-Requested-With": "autosave", Accept: "application/json" };
      const options = { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
      this.keep();
      this.say("saving");
      const response = await fetch(this.element.dataset.url, options).catch(() => null);
      if (response) await this.take(response);
      else this.lost();
    }
    async take(response) {
      if (response.type === "opaqueredirect" || response.status === 401) return this.say("session");
      const told = await response.json().catch(() => ({}));
      if (response.ok && told.version) return this.accepted(told);
      if (response.status === 422) return this.wrong(told.errors);
      if (response.status === 409 && told.version) return this.compare(told);
      if (told.message) return this.refused(told);
      return this.say(response.status === 403 ? "stale" : "failed");
    }
    accepted({ version, saved_at: at, derived = {} }) {
      this.clear();
      this.settle(version, this.asked);
      for (const [id, words] of Object.entries(derived)) document.getElementById(id)?.replaceChildren(words);
      this.say("saved", at);
    }
    /* Too late for the report; the server keeps the words beside the field. */
    refused({ message, kept, extension }) {
      if (kept) this.settle(this.version, this.asked);
      this.extension = extension;
      if (extension) this.say("late");
      else this.say("refused", kept ? `${message} Nội dung vẫn được giữ.` : message);
    }
    /* The server has `answer`; what was typed since then is still kept here. */
    settle(version, answer) {
      this.saved = answer;
      this.version = String(version);
      for (const input of this.element.querySelectorAll('input[name$="-version"]')) input.value = this.version;
      if (this.dirty) this.keep();
      else this.forget();
    }
    lost() {
      this.say(this.kept ? "offline" : "unkept");
      this.timer = setTimeout(() => this.send(), RETRY);
    }
    say(state, more = "") {
      const [tone, name, words] = WORDS[state] ?? [""];
      this.state = state;
      this.status.dataset.tone = tone;
      this.status.replaceChildren(...(state ? [icon(name), make("span", {}, words + more, WAYS_ON[state]?.(this) ?? "")] : []));
    }
    add(tag, attributes, ...children) { this.element.append(make(tag, { ...attributes, "data-told": "" }, ...children)); }
    clear() {
      for (const node of this.element.querySelectorAll("[data-told], .tt-error, .invalid-feedback")) node.remove();
      for (const input of this.element.querySelectorAll(".is-invalid, [aria-invalid]")) {
        input.classList.remove("is-invalid");
        input.removeAttribute("aria-invalid");
        const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => document.getElementById(id));
        input.setAttribute("aria-describedby", ids.join(" "));
      }
    }
    wrong(errors = {}) {
      this.clear();
      for (const [name, words] of Object.entries(errors)) {
        const input = this.inputs.find((i) => i.name === name || i.name.endsWith(`-${name}`)) ?? this.inputs[0];
        const id = `${this.element.dataset.key}-${name}-error`;
        const place = input.closest(".input-group, .tt-three__opts") ?? input;
        place.after(make("p", { class: "tt-error", id }, icon("exclamation-circle-fill"), words));
        input.classList.add("is-invalid");
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
      }
      this.say("failed");
    }
    compare({ by, at, mine, theirs, version, theirs_values: values }) {
      const [ours, other] = compared(mine, theirs);
      const side = (words, text) => make("div", {}, make("p", { class: "tt-strong" }, words), text);
      const keepMine = () => { this.version = String(version); this.send(true); };
      const text = `${this.element.dataset.key}-narrative`;
      const join = () => this.join(version, text, values[text]);
      const joint = values[text] ? [button("Ghép hai bản", "btn-plain", join)] : [];
      const what = `${by} đã lưu mục này lúc ${at}, sau khi bạn mở. Chọn bản giữ lại; bản kia vẫn nằm trong quá trình xử lý.`;
      this.clear();
      this.add("div", { class: "tt-stack", role: "alert" }, make("p", {}, what),
        make("div", { class: "tt-conflict" }, side("Bản của bạn", ours), side(`Bản của ${by}, ${at}`, other)),
        make("div", { class: "tt-row" }, button("Giữ bản của tôi", "btn-primary", keepMine),
          button(`Giữ bản của ${by}`, "btn-plain", () => this.yield(version, values, at)), ...joint));
      this.say("conflict");
    }
    /* Theirs first, then mine, in the box to be smoothed; saved over the version that was seen. */
    join(version, name, theirs) {
      const box = this.inputs.find((input) => input.name === name);
      box.value = `${theirs}\n${box.value}`;
      this.version = String(version);
      this.clear();
      this.say("");
      this.send();
      box.focus();
    }
    yield(version, values, at) {
      this.write(new URLSearchParams(values));
      this.clear();
      this.asked = this.read();
      this.settle(version, this.asked);
      this.say("saved", at);
      this.inputs.find((input) => input.offsetParent)?.focus();
    }
  }

  const fields = [...document.querySelectorAll("form[data-autosave] [data-field]")].map((element) => new Field(element));
  /* "Chép kết quả năm trước": under what is there already, so that nothing goes. */
  for (const copier of document.querySelectorAll("[data-copy]")) {
    const box = copier.closest("[data-field]").querySelector("textarea");
    const words = document.getElementById(copier.dataset.copy).textContent;
    copier.hidden = false;
    copier.addEventListener("click", () => {
      box.value = [box.value.trim(), words].filter(Boolean).join("\n");
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
  }

  /* What was typed here and never reached the server, where the answer can no longer be written. */
  function showKept(name) {
    const place = document.getElementById(name.slice(`tt:${user}:`.length));
    const copy = JSON.parse(shelf((storage) => storage.getItem(name)) ?? "null");
    if (!place || !copy) return;
    const texts = [...new URLSearchParams(copy.answer)].filter(([input]) => !/-(answer|grade|exempt)$/.test(input));
    const words = texts.map(([, text]) => text).filter(Boolean).join("\n");
    const note = make("div", { class: "tt-note tt-late", "data-tone": "wait" },
      make("p", { class: "tt-note__head" }, icon("clock-history"), "Bạn đã nhập ở máy này, chưa kịp lưu"),
      make("textarea", { class: "form-control", readonly: "", rows: "3", "aria-label": "Nội dung chưa kịp lưu" }, words));
    const box = note.querySelector("textarea");
    const done = make("span", { class: "tt-small", role: "status" });
    const copied = () => navigator.clipboard.writeText(words).then(() => done.replaceChildren("Đã chép."), () => box.select());
    const drop = () => { shelf((storage) => storage.removeItem(name)); note.remove(); };
    note.append(make("div", { class: "tt-row" }, button("Chép nội dung", "btn-plain btn-sm", copied),
      button("Bỏ bản này", "btn-text btn-sm", drop), done));
    (place.querySelector(".tt-field__ask > :last-child, .tt-field__answer") ?? place).append(note);
  }
  const shown = new Set(fields.map((field) => field.copy));
  const names = shelf((storage) => Object.keys(storage)) ?? [];
  names.filter((name) => name.startsWith(`tt:${user}:`) && !shown.has(name)).forEach(showKept);

  const unsent = () => fields.filter((field) => field.busy || field.dirty);

  /* A step such as "Nộp báo cáo" waits until every answer is with the server. */
  async function waitForAnswers(event) {
    const { target: form, submitter } = event;
    if (leaving || !form.closest("main") || !unsent().length) return;
    event.preventDefault();
    await Promise.all(unsent().map((field) => field.send()));
    leaving = form.matches("[data-autosave]") || !unsent().length;
    if (leaving) form.requestSubmit(submitter);
    else unsent()[0].element.scrollIntoView({ block: "center" });
  }

  addEventListener("submit", waitForAnswers);
  addEventListener("online", () => fields.forEach((field) => field.send()));
  addEventListener("beforeunload", (event) => { if (!leaving && unsent().length) event.preventDefault(); });
})();
