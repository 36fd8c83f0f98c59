// Activities: composers and things to do by keyboard, the calendar and the desktop by drag, @names.
// Without this file all of it works as plain forms.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] ?? "";
const changed = () => document.body.dispatchEvent(new CustomEvent("activities-changed"));

async function post(url, values) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "HX-Request": "true", "X-CSRFToken": token() },
    body: new URLSearchParams(values),
  }).catch(() => null);
  const told = answer?.headers.get("HX-Trigger");
  if (told) {
    for (const [name, detail] of Object.entries(JSON.parse(told))) {
      document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    }
  }
  if (!answer?.ok) {
    const texts = $("#toast-template")?.dataset;
    const text = navigator.onLine ? texts?.failed : texts?.offline;
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text, level: "bad" } }));
  }
  return answer?.ok ?? false;
}

// Composer: n, t, l, v open it, m the form of a letter in its place --------------------------------------
function openComposer(key) {
  const kind = $(`[data-composer] [data-key="${key}"]`);
  if (!kind) return false;
  kind.checked = true;
  showFurther(false);
  const text = $("textarea", kind.form);
  text.focus();
  text.scrollIntoView({ block: "center" });
  return true;
}

// Forms of other rooms stand beside the composer; what is written in one stays while another is looked at
const further = () => $("#composer-further");
let held = null;

function showFurther(isShown) {
  const place = further();
  if (!place) return;
  place.hidden = !isShown;
  $("[data-composer]")?.classList.toggle("is-aside", isShown);
}

async function openFurther(address) {
  const place = further();
  if (place.dataset.address !== address || !place.children.length) {
    await window.htmx.ajax("GET", address, { target: "#composer-further", swap: "innerHTML" });
    place.dataset.address = address;
  }
  showFurther(true);
  const first = $("[data-first], textarea, select", place);
  first?.focus();
  if (first?.matches("textarea")) first.setSelectionRange(0, 0);
  place.scrollIntoView({ block: "center" });
}

// «Write» of a card opens a letter here; whoever has no box to write from goes to their own program
async function write(link) {
  const letter = $('[data-composer] [data-further="m"]');
  await openFurther(letter.href);
  if ($("form", further())) return;
  showFurther(false);
  location.assign(link.href);
}

document.addEventListener("click", (event) => {
  const mailto = event.target.closest?.("a[data-write]");
  if (mailto && further() && $('[data-composer] [data-further="m"]') && window.htmx) {
    event.preventDefault();
    return void write(mailto);
  }
  const link = event.target.closest?.("a[data-further]");
  if (link && further() && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openFurther(link.href);
  } else if (event.target.closest?.("[data-composer] [data-key], [data-further-close]")) showFurther(false);
});
document.addEventListener("composer-open", (event) => {
  if (further()) openFurther(event.detail.url);
});
document.addEventListener("htmx:after:swap", () => {
  const place = further();
  if (place && held && held !== place && held.children.length) { // a note was saved meanwhile
    place.replaceChildren(...held.childNodes);
    place.dataset.address = held.dataset.address ?? "";
    window.htmx.process(place);
  }
  held = place ?? held;
  if (place && !place.hidden && !place.children.length) showFurther(false); // it has been sent
});

// Things to do: j and k choose (as in lists), d done, w tomorrow, W next week, q one line ---------------
const rows = () => $$("main .todo-row").filter((row) => row.checkVisibility());
const current = () => $("main .todo-row.is-current");

function moveTo(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(current());
  current()?.classList.remove("is-current");
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
  chosen = next.id;
  return true;
}

let chosen = ""; // a refresh by what others did keeps the row one stands on
document.addEventListener("htmx:after:swap", () => {
  if (chosen && !current()) document.getElementById(chosen)?.classList.add("is-current");
});

const keys = {
  j: () => !$("main .table") && moveTo(1),
  k: () => !$("main .table") && moveTo(-1),
  d: () => press(".todo-check"),
  w: () => press("[data-tomorrow]"),
  W: () => press("[data-week]"),
  q: () => focusOn("[data-quick] input[name=line]"),
  n: () => openComposer("n"),
  t: () => openComposer("t"),
  l: () => openComposer("l"),
  v: () => openComposer("v"),
  m: () => press('[data-composer] [data-further="m"]', document),
  "[": () => press("[data-cal-before]", document),
  "]": () => press("[data-cal-after]", document),
};

function press(selector, root = current()) {
  const found = root && $(selector, root);
  found?.click();
  return Boolean(found);
}

function focusOn(selector) {
  const found = $(selector);
  found?.focus();
  return Boolean(found);
}

let waitsForGo = -Infinity; // a page that is not a second old waits for nothing
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]")) return;
  if ($("[data-create-menu][open]")) return;
  if (event.key === "g") return void (waitsForGo = performance.now()); // the shell's «g, then a letter»
  if (performance.now() - waitsForGo < 1200) return void (waitsForGo = -Infinity);
  if (event.key === "Enter" && event.target === document.body && current()) return void $("a", current()).click();
  if (keys[event.key]?.()) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("submit", (event) => {
  const row = event.target.closest("[data-optimistic]")?.closest(".todo-row");
  if (!row) return;
  const following = row.nextElementSibling ?? row.previousElementSibling;
  row.classList.add("is-leaving");
  if (row.classList.contains("is-current")) following?.classList.add("is-current");
  setTimeout(() => row.classList.remove("is-leaving"), 4000); // refused: it comes back
});
document.addEventListener("htmx:after:request", (event) => {
  const form = event.detail?.ctx?.sourceElement;
  if (form?.matches?.("[data-quick]")) form.reset();
});

// Calendar: drag, or Alt and an arrow ------------------------------------------------------------------
let dragged = null;
let grabbed = 0; // half-hours between the top of what is dragged and the pointer

const halfHour = (column) => parseFloat(getComputedStyle(column.closest(".cal-grid")).getPropertyValue("--half")) || 22;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move], .widget-bar");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  if (dragged.dataset.move) {
    const column = dragged.closest("[data-hours]");
    grabbed = column ? Math.floor((event.clientY - dragged.getBoundingClientRect().top) / halfHour(column)) : 0;
  } else dragged = dragged.closest(".widget");
  dragged.classList.add("is-dragging");
});

const target = (event) => (dragged?.dataset.move ? event.target.closest?.("[data-day]") : event.target.closest?.(".is-arranging .widget"));

document.addEventListener("dragover", (event) => {
  const place = dragged && target(event);
  for (const other of $$(".is-target")) if (other !== place) other.classList.remove("is-target");
  if (!place) return;
  event.preventDefault();
  place.classList.add("is-target");
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragging");
  for (const other of $$(".is-target")) other.classList.remove("is-target");
  dragged = null;
});

document.addEventListener("drop", async (event) => {
  const place = dragged && target(event);
  if (!place) return;
  event.preventDefault();
  if (!dragged.dataset.move) return void dropWidget(dragged, place);
  const values = { to: place.dataset.day };
  if ("hours" in place.dataset) values.at = clockAt(place, event.clientY);
  else if ("whole" in place.dataset) values.all_day = "yes";
  else if (dragged.dataset.at) values.at = dragged.dataset.at;
  const moved = dragged;
  if (place.classList.contains("cal-cell")) place.append(moved);
  if (!(await post(moved.dataset.move, values))) changed();
});

// An empty place: a meeting at that hour
document.addEventListener("click", (event) => {
  const address = $("#calendar[data-new]")?.dataset.new;
  const place = address && event.target.closest?.("#calendar [data-day]");
  if (!place || event.target.closest("a, button")) return;
  grabbed = 0;
  const at = "hours" in place.dataset ? `&at=${clockAt(place, event.clientY)}` : "";
  location.assign(`${address}?day=${place.dataset.day}${at}`);
});

function clockAt(column, y) {
  const first = Number(column.closest("[data-first-hour]").dataset.firstHour);
  const slot = Math.max(0, Math.floor((y - column.getBoundingClientRect().top) / halfHour(column)) - grabbed);
  return clock(first * 60 + slot * 30);
}

const clock = (minutes) => {
  const within = Math.max(0, Math.min(minutes, 23 * 60 + 30));
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
};

document.addEventListener("keydown", (event) => {
  const moved = event.target.closest?.("[data-move]");
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [moved?.closest(".cal-month") ? -7 : 0, -30], ArrowDown: [moved?.closest(".cal-month") ? 7 : 0, 30] };
  if (!moved || !event.altKey || !steps[event.key]) return;
  event.preventDefault();
  const [days, minutes] = steps[event.key];
  const day = new Date(`${moved.dataset.on}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  const values = { to: day.toISOString().slice(0, 10) };
  if (moved.dataset.at) {
    const [hours, rest] = moved.dataset.at.split(":").map(Number);
    values.at = clock(hours * 60 + rest + (days ? 0 : minutes));
  } else if (!days) return;
  const address = moved.dataset.move;
  post(address, values).then(() => {
    const again = () => $(`[data-move="${CSS.escape(address)}"]`)?.focus();
    document.addEventListener("htmx:after:swap", () => again(), { once: true });
  });
});

// Desktop ------------------------------------------------------------------------------------------------
function dropWidget(widget, place) {
  if (widget === place) return;
  const isBelow = widget.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING;
  place[isBelow ? "after" : "before"](widget);
  const desktop = $("[data-arrange]");
  const values = [["do", "order"], ...$$("[data-widget]", desktop).map((each) => ["order", each.dataset.widget])];
  post(desktop.dataset.arrange, values);
}

// @names: a list to choose from while writing ----------------------------------------------------------------
let names = null;

document.addEventListener("input", async (event) => {
  const field = event.target.closest?.("[data-mentions]");
  if (!field) return;
  const typed = field.value.slice(0, field.selectionStart).match(/(?:^|\s)@([^\s@]{0,40})$/);
  if (!typed) return closeNames();
  const answer = await fetch(`${field.dataset.mentions}${field.dataset.mentions.includes("?") ? "&" : "?"}q=${encodeURIComponent(typed[1])}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || document.activeElement !== field) return;
  names ??= document.body.appendChild(Object.assign(document.createElement("ul"), { className: "mention-list", id: "mention-list" }));
  names.setAttribute("role", "listbox");
  names.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.children);
  if (!names.children.length) return closeNames();
  const box = field.getBoundingClientRect();
  names.style.top = `${box.bottom + window.scrollY + 2}px`;
  names.style.left = `${box.left + window.scrollX + 8}px`;
  names.field = field;
  field.setAttribute("aria-controls", "mention-list");
  mark(names.children[0]);
});

function mark(option) {
  for (const other of names.children) {
    other.id ||= `mention-${Math.random().toString(36).slice(2)}`;
    other.setAttribute("aria-selected", String(other === option));
  }
  names.field.setAttribute("aria-activedescendant", option.id);
}

function closeNames() {
  names?.field?.removeAttribute("aria-activedescendant");
  names?.remove();
  names = null;
}

function take(option) {
  const { field } = names;
  const before = field.value.slice(0, field.selectionStart).replace(/@[^\s@]*$/, `@${option.dataset.value} `);
  field.setRangeText(before, 0, field.selectionStart, "end");
  closeNames();
  field.focus();
}

document.addEventListener("keydown", (event) => {
  if (!names || event.target !== names.field) return;
  const all = [...names.children];
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(all[at]);
  else if (event.key === "Escape") closeNames();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("mousedown", (event) => {
  const option = names && event.target.closest("#mention-list [role=option]");
  if (option) {
    event.preventDefault();
    take(option);
  } else if (names && event.target !== names.field) closeNames();
});
