// The board of deals: cards are dragged, moved by Alt+arrows or by a menu, at once; what the stage asks
// for is asked in a dialog; a card goes back when the server refuses. Without this file cards are links,
// and the road on a deal's card moves it.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const TOUCH_DELAY_MS = 200;
const showToast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

class DealBoard extends HTMLElement {
  connectedCallback() {
    this.board = $("#board", this);
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.dress();
    document.addEventListener("htmx:after:swap", () => this.dress());
    // While a card is in the hand, or a question is open, nothing is drawn anew under it, nor by what is on its way
    for (const moment of ["htmx:before:request", "htmx:before:swap"]) {
      document.addEventListener(moment, (event) => {
        const source = event.detail?.ctx?.sourceElement;
        if (source !== this.board || !(this.isDragging || $("#stage-asks")?.open)) return;
        event.preventDefault();
        this.isDue = true;
      });
    }
    document.addEventListener("htmx:config:request", (event) => {
      const { ctx } = event.detail;
      if (ctx.sourceElement !== this.board) return;
      const shown = $$("section[data-stage]", this).map(
        (column) => `${column.dataset.stage}:${$$("[data-deal]", column).length}`,
      );
      ctx.request.body.set("shown", shown.join(","));
    });
    $("#move-to")?.addEventListener("click", (event) => this.chosen(event));
  }

  dress() {
    const cards = $$("[data-deal]", this);
    if (cards.length && !cards.some((card) => card.tabIndex === 0)) cards[0].tabIndex = 0;
    if (!("mayChange" in this.dataset) || !window.Sortable) return;
    for (const list of $$("[data-cards]", this)) {
      if (list.sortable?.el === list) continue;
      list.sortable = window.Sortable.create(list, {
        group: "deals", draggable: "[data-deal]", filter: ".board-more, button", preventOnFilter: false,
        sort: false, animation: 120, delay: TOUCH_DELAY_MS, delayOnTouchOnly: true,
        touchStartThreshold: 4, emptyInsertThreshold: 24, scrollSensitivity: 80, bubbleScroll: true,
        ghostClass: "is-ghost", chosenClass: "is-chosen",
        onStart: () => this.hold(true),
        onEnd: ({ item, from, to, oldIndex }) => {
          this.hold(false);
          if (from !== to) this.move(item, to, { list: from, before: from.children[oldIndex] ?? null });
          else this.refreshWhatWaited();
        },
      });
    }
  }

  hold(isDragging) {
    this.isDragging = isDragging;
    this.classList.toggle("is-dragging", isDragging);
  }

  refreshWhatWaited() {
    if (!this.isDue) return;
    this.isDue = false;
    document.body.dispatchEvent(new CustomEvent("deal-moved"));
  }

  click(event) {
    const fold = event.target.closest("[data-fold]");
    if (fold) return this.fold(fold.closest("section"));
    const menu = event.target.closest("[data-move-menu]");
    if (menu) this.ask(menu.closest("[data-deal]"));
  }

  fold(column) {
    const isFolded = column.classList.toggle("is-folded");
    $("[data-fold]", column).setAttribute("aria-expanded", String(!isFolded));
    // One after the other: of two quick clicks the second one is kept
    const keep = () => this.post(this.dataset.look, { [isFolded ? "fold" : "unfold"]: column.dataset.stage });
    this.kept = (this.kept ?? Promise.resolve()).then(keep, keep);
  }

  ask(card) {
    const dialog = $("#move-to");
    dialog.card = card;
    $("[data-deal-name]", dialog).textContent = $(".deal-name", card).textContent;
    const here = card.closest("section")?.dataset.stage;
    for (const button of $$("[data-to]", dialog)) button.disabled = button.dataset.to === here;
    dialog.showModal();
  }

  chosen(event) {
    const button = event.target.closest("[data-to]");
    if (!button) return;
    const dialog = $("#move-to");
    dialog.close();
    const card = dialog.card;
    const list = this.listOf(button.dataset.to);
    const place = { list: card.parentElement, before: card.nextElementSibling };
    if (list) this.place(card, list);
    else card.remove(); // a stage of another pipeline
    this.move(card, list, place, button.dataset.to, button.textContent.trim());
  }

  listOf(stage) {
    const key = CSS.escape(stage);
    return $(`section[data-stage="${key}"] [data-cards]`, this) ?? $(`[data-end="${key}"]`, this);
  }

  place(card, list) {
    list.prepend(card);
    if (!list.dataset.end) card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  key(event) {
    const card = event.target.closest("[data-deal]");
    if (!card || event.ctrlKey || event.metaKey) return;
    const columns = $$("section[data-stage]:not(.is-folded)", this);
    const at = columns.indexOf(card.closest("section"));
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.altKey && step && "mayChange" in this.dataset) {
      event.preventDefault();
      const next = columns[at + step];
      if (!next) return;
      const place = { list: card.parentElement, before: card.nextElementSibling };
      const list = $("[data-cards]", next);
      this.place(card, list);
      this.reach(card);
      this.move(card, list, place);
      return;
    }
    if (event.altKey || event.target !== card) return;
    if (step) {
      event.preventDefault();
      for (let n = at + step; columns[n]; n += step) {
        const other = $("[data-deal]", columns[n]);
        if (other) return this.reach(other);
      }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const other = event.key === "ArrowDown" ? card.nextElementSibling : card.previousElementSibling;
      if (other?.dataset.deal) this.reach(other);
    } else if (event.key === "Enter") $(".deal-name", card).click();
    else if (event.key === "m" && "mayChange" in this.dataset) this.ask(card);
  }

  reach(card) {
    for (const other of $$('[data-deal][tabindex="0"]', this)) other.tabIndex = -1;
    card.tabIndex = 0;
    card.focus();
  }

  // The card stands in its new column already; `former` is where it goes back to
  async move(card, list, former, stage = "", name = "") {
    const to = stage || list.dataset.end || list.closest("section").dataset.stage;
    const title = name || list.dataset.name || list.closest("section").dataset.name;
    const had = document.activeElement === card;
    if (list?.dataset.end) card.remove();
    const address = `${this.dataset.move}${card.dataset.deal}/move/${window.location.search}`;
    const answer = await this.post(address, { stage: to }).catch(() => null);
    if (answer?.status === 422) return this.needs(await answer.text(), card, list, former, title);
    if (!answer?.ok) return this.back(card, former, this.dataset.textFailed);
    this.done(await answer.json(), card, list, title, had);
  }

  done(told, card, list, title, had) {
    for (const [stage, html] of Object.entries(told.heads)) {
      const head = document.getElementById(`sums-${stage}`);
      if (head) head.innerHTML = html;
    }
    if (had && card.isConnected) card.focus();
    const cards = list && !list.dataset.end ? $$("[data-deal]", list) : [];
    const place = { stage: title, place: cards.indexOf(card) + 1, count: cards.length };
    this.say(cards.length ? filled(this.dataset.textMoved, place) : told.text);
    showToast({ text: told.text, undo: told.undo });
    this.refreshWhatWaited();
  }

  needs(html, card, list, former, title) {
    const dialog = $("#stage-asks");
    dialog.innerHTML = html;
    const form = $("form", dialog);
    let isDone = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const answer = await this.send(form.action + window.location.search, new FormData(form)).catch(() => null);
      isDone = true;
      document.dispatchEvent(new Event("htmx:finally:request")); // the page waits no more
      dialog.close();
      if (answer?.status === 422) return this.needs(await answer.text(), card, list, former, title);
      if (!answer?.ok) return this.back(card, former, this.dataset.textFailed);
      this.done(await answer.json(), card, list, title, false);
    });
    $("[data-close-form]", form).addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("close", () => isDone || this.back(card, former, ""), { once: true });
    dialog.showModal();
    $("input:not([type=hidden]), select, textarea", form)?.focus();
  }

  back(card, { list, before }, text) {
    if (before?.isConnected && before.parentElement === list) before.before(card);
    else list.append(card);
    this.reach(card);
    const name = list.closest("section")?.dataset.name ?? "";
    this.say(filled(this.dataset.textBack, { stage: name }));
    if (text) showToast({ text, level: "bad" });
    this.refreshWhatWaited();
  }

  post(address, values) {
    const data = new FormData();
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    return this.send(address, data);
  }

  send(address, body) {
    const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers:inherited"));
    return fetch(address, {
      method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token },
    });
  }

  say(text) {
    $("[data-says]", this).textContent = text;
  }
}

customElements.define("deal-board", DealBoard);

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// Bulk changes of the list: the forms take the ticked rows along
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-bulk-form]");
  if (!form) return;
  for (const former of $$("[data-taken]", form)) former.remove();
  const rows = $$("[data-select]:checked").map((box) => ["id", box.value]);
  for (const [name, value] of [...rows, ["all", $("[data-all]")?.value ?? ""]]) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    field.dataset.taken = "";
    form.append(field);
  }
}, true);
const bulk = $("[data-bulk-deals]");
if (bulk) {
  const show = () => (bulk.hidden = !$("[data-select]:checked"));
  document.addEventListener("change", show);
  document.addEventListener("click", () => setTimeout(show));
  document.addEventListener("htmx:after:swap", show);
  show();
}
