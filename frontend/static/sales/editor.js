// The invoice editor: choosing customers and products, adding lines by Enter, totals from the server.
// Without this file the page is a plain form: names are typed, "Add a line" reloads the page.

const WAIT_MS = 160;

class Chooser {
  // A list of choices below an input: arrows move, Enter takes, Esc closes.
  constructor(input, { load, show, take, nothing }) {
    Object.assign(this, { input, load, show, take, nothing, options: [], at: -1, asked: 0 });
    this.list = document.createElement("ul");
    this.list.className = "choices";
    this.list.id = `choices-${Math.random().toString(36).slice(2)}`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    input.after(this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && this.close(), 120));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li[data-at]");
      if (item) this.choose(Number(item.dataset.at));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), WAIT_MS);
  }

  async open() {
    const asked = ++this.asked;
    const options = await this.load(this.input.value.trim());
    if (asked !== this.asked || document.activeElement !== this.input) return;
    this.options = options;
    this.list.replaceChildren(...options.map((option, at) => this.item(option, at)));
    if (!options.length) {
      const empty = document.createElement("li");
      empty.className = "is-empty";
      empty.setAttribute("role", "option");
      empty.setAttribute("aria-disabled", "true");
      empty.textContent = this.nothing;
      this.list.append(empty);
    }
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(options.length ? 0 : -1);
  }

  item(option, at) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `${this.list.id}-${at}`;
    item.dataset.at = String(at);
    this.show(item, option);
    return item;
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    this.list.children[at]?.scrollIntoView({ block: "nearest" });
    if (at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (this.options.length) {
        this.mark((this.at + step + this.options.length) % this.options.length);
      }
    } else if (event.key === "Enter" && isOpen && this.at >= 0 && !event.ctrlKey) {
      event.preventDefault();
      event.stopPropagation();
      this.choose(this.at);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      this.close();
    }
  }

  choose(at) {
    const option = this.options[at];
    this.close();
    if (option) this.take(option);
  }

  close() {
    this.asked++;
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
  }
}

function part(kind, text) {
  const element = document.createElement(kind === "detail" ? "small" : "span");
  if (kind !== "detail") element.className = kind;
  element.textContent = text;
  return element;
}

class InvoiceEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.lines = this.querySelector("#lines");
    for (const line of this.lines.querySelectorAll(".line")) this.equip(line);
    this.equipCustomer();
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.count();
    const customer = this.form.elements.counterparty_name;
    const isWide = window.matchMedia("(min-width: 901px)").matches; // on a phone it would scroll
    if (isWide && !this.querySelector("[data-focus]")) (customer.value ? this.firstEmpty() : customer)?.focus();
  }

  firstEmpty() {
    return [...this.lines.querySelectorAll("[name=line_name]")].find((input) => !input.value);
  }

  equipCustomer() {
    const { counterparty_name: name, counterparty: id, price_type: type } = this.form.elements;
    name.addEventListener("input", () => (id.value = ""));
    new Chooser(name, {
      nothing: this.dataset.textNothing,
      load: async (query) => (await this.ask(this.dataset.customers, { q: query })).results,
      show: (item, option) => item.append(part("name", option.name), part("detail", option.detail)),
      take: (option) => {
        name.value = option.name;
        id.value = option.id;
        if (option.price_type && type) type.value = option.price_type;
        if (option.payment_days !== null) this.setDue(option.payment_days);
        this.later();
        this.firstEmpty()?.focus();
      },
    });
  }

  setDue(days) {
    const { issued_on: from, due_on: due } = this.form.elements;
    if (!from?.valueAsDate) return;
    due.valueAsDate = new Date(from.valueAsDate.getTime() + days * 86_400_000);
  }

  equip(line) {
    const field = (name) => line.querySelector(`[name=line_${name}]`);
    field("name").addEventListener("input", () => {
      field("product").value = field("characteristic").value = field("article").value = "";
      line.querySelector(".line-note").textContent = "";
    });
    new Chooser(field("name"), {
      nothing: this.dataset.textNothing,
      load: async (query) => {
        const type = this.form.elements.price_type.value;
        const invoice = this.form.elements.invoice?.value ?? "";
        return (await this.ask(this.dataset.pick, { q: query, price_type: type, invoice })).results;
      },
      show: (item, option) => {
        const free = part("free", this.freeText(option));
        if (!option.is_service && Number(option.free ?? 0) <= 0) free.classList.add("is-short");
        const name = part("name", option.name);
        if (option.article) name.append(" ", part("detail", option.article));
        item.append(name, part("price", option.price_text || "—"), free);
      },
      take: (option) => this.fill(line, option),
    });
  }

  fill(line, option) {
    const field = (name) => line.querySelector(`[name=line_${name}]`);
    field("name").value = option.name;
    field("product").value = option.product;
    field("characteristic").value = option.characteristic ?? "";
    field("article").value = option.article;
    field("unit").value = option.unit;
    field("price").value = option.price ?? "";
    field("tax_rate").value = option.tax_rate ?? "";
    line.querySelector(".line-note").textContent = [option.article, this.freeText(option)]
      .filter(Boolean)
      .join(" · ");
    if (!field("quantity").value) field("quantity").value = "1";
    field("quantity").focus();
    field("quantity").select();
    this.later();
  }

  // What is bought together with the products of the lines: a press makes a line of it.
  async together() {
    const place = this.querySelector("#together");
    const ids = [...new Set([...this.lines.querySelectorAll("[name=line_product]")].map((each) => each.value).filter(Boolean))].sort();
    const asked = ids.join(",");
    if (!place || asked === this.togetherAsked) return;
    this.togetherAsked = asked;
    const type = this.form.elements.price_type.value;
    const invoice = this.form.elements.invoice?.value ?? "";
    const found = asked ? (await this.ask(this.dataset.pick, { with: asked, price_type: type, invoice })).results : [];
    if (asked !== this.togetherAsked) return;
    place.hidden = !found.length;
    place.querySelector("ul").replaceChildren(
      ...found.map((option) => {
        const item = document.createElement("li");
        const button = item.appendChild(document.createElement("button"));
        button.type = "button";
        button.className = "btn-outline btn-sm";
        button.append("+ ", option.name, " ", part("detail", [option.price_text, option.times_text].filter(Boolean).join(" · ")));
        button.addEventListener("click", () => {
          const empty = [...this.lines.children].find((line) => !line.querySelector("[name=line_name]").value.trim());
          if (!empty) this.add();
          this.fill(empty ?? this.lines.lastElementChild, option);
        });
        return item;
      }),
    );
  }

  freeText(option) {
    if (option.is_service) return this.dataset.textService;
    if (option.free === null) return "";
    return `${option.free_text} ${this.dataset.textFree}`;
  }

  async ask(address, values) {
    const answer = await fetch(`${address}?${new URLSearchParams(values)}`, {
      headers: { Accept: "application/json" },
    });
    return answer.ok ? answer.json() : { results: [] };
  }

  click(event) {
    if (event.target.closest("[data-add]")) {
      event.preventDefault();
      this.add();
    }
    const remove = event.target.closest("[data-remove]");
    if (remove) this.remove_(remove.closest(".line"));
  }

  key(event) {
    const line = event.target.closest(".line");
    if (!line || event.target.tagName !== "INPUT") return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const next = line.nextElementSibling?.querySelector("[name=line_name]");
      next ? next.focus() : this.add();
    } else if (event.key === "Delete" && event.ctrlKey) {
      event.preventDefault();
      this.remove_(line);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.name !== "line_name") {
      const other = event.key === "ArrowDown" ? line.nextElementSibling : line.previousElementSibling;
      other?.querySelector(`[name=${event.target.name}]`)?.select();
    }
  }

  add() {
    const template = this.querySelector("#line-template");
    const line = template.content.firstElementChild.cloneNode(true);
    this.lines.append(line);
    this.equip(line);
    line.querySelector("[name=line_name]").focus();
  }

  remove_(line) {
    const other = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    if (other) other.querySelector("[name=line_name]").focus();
    else this.add();
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.count(), WAIT_MS);
  }

  async count() {
    const asked = (this.counted = (this.counted ?? 0) + 1);
    const answer = await fetch(this.dataset.totals, {
      method: "POST",
      body: new FormData(this.form),
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer?.ok || asked !== this.counted) return;
    this.show(await answer.json());
  }

  show(told) {
    this.together();
    for (const name of ["net", "tax", "total"]) {
      this.querySelector(`[data-sum=${name}]`).textContent = told[name];
    }
    const value = (line, name) => line.querySelector(`[name=line_${name}]`).value;
    const filled = [...this.lines.children].filter(
      (line) => value(line, "name").trim() || value(line, "quantity").trim(),
    );
    const over = new Set(told.over ?? []); // lines whose discount needs approval
    const short = new Set(told.shortages.map((each) => `${each.product}#${each.characteristic}`));
    for (const line of this.lines.children) {
      const at = filled.indexOf(line);
      line.querySelector(".line-total").textContent = told.lines[at]?.total ?? "";
      const key = `${value(line, "product")}#${value(line, "characteristic")}`;
      line.classList.toggle("is-short", short.has(key));
      line.classList.toggle("is-over", over.has(at));
    }
    const limit = this.querySelector("#over-limit");
    if (limit) {
      limit.hidden = !over.size;
      limit.textContent = told.over_text ?? "";
    }
    const warning = this.querySelector("#shortages");
    warning.hidden = !told.shortages.length;
    warning.querySelector("ul").replaceChildren(
      ...told.shortages.map((each) => {
        const item = document.createElement("li");
        item.textContent = each.text;
        return item;
      }),
    );
  }
}

customElements.define("invoice-editor", InvoiceEditor);
