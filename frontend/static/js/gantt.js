// Ends of bars: dragged or moved by keys to another day, saved through the door of the list's cells.

const $ = (selector, root = document) => root.querySelector(selector);
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
const say = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));
const DAY = 86_400_000;
let held = null; // the grip that is moved, and where it was

const chartOf = (grip) => {
  const { first, days } = grip.closest("[data-gantt]").dataset;
  return { first: Date.parse(`${first}T00:00:00Z`), days: Number(days) };
};
const iso = (grip, day) => new Date(chartOf(grip).first + day * DAY).toISOString().slice(0, 10);
const asRead = document.documentElement.lang.startsWith("en") ? { dateStyle: "medium" } : { day: "2-digit", month: "2-digit", year: "numeric" };
const told = (grip, day) => new Intl.DateTimeFormat(document.documentElement.lang, { ...asRead, timeZone: "UTC" }).format(new Date(chartOf(grip).first + day * DAY));

// Show a grip at a day: itself, the bar, the words
function place(grip, day) {
  const { days } = chartOf(grip);
  const row = grip.closest("[data-bar]");
  const isEnd = grip.dataset.side === "to";
  grip.parentNode.setAttribute("x", `${((day + (isEnd ? 1 : 0)) * 100) / days}%`);
  const shape = $("[data-shape]", row);
  if (shape.matches("rect")) {
    const left = parseFloat(shape.getAttribute("x")) * days / 100;
    const right = left + parseFloat(shape.getAttribute("width")) * days / 100;
    const from = isEnd ? Math.min(left, day) : day;
    const to = isEnd ? day + 1 : Math.max(right, day + 1);
    shape.setAttribute("x", `${(from * 100) / days}%`);
    shape.setAttribute("width", `${((to - from) * 100) / days}%`);
  } else shape.setAttribute("x", grip.parentNode.getAttribute("x"));
  const text = told(grip, day);
  grip.dataset.day = String(day);
  grip.setAttribute("aria-valuenow", String(day));
  grip.setAttribute("aria-valuetext", text);
  const says = $(`[data-says="${grip.dataset.side}"]`, row);
  if (says) says.textContent = text;
  row.classList.toggle("is-moved", Boolean(held) && day !== held.day);
}

function take(grip) {
  if (held?.grip === grip) return;
  if (held) save();
  const shape = $("[data-shape]", grip.closest("[data-bar]"));
  held = { grip, day: Number(grip.dataset.day), shape, x: shape.getAttribute("x"), width: shape.getAttribute("width"), text: grip.getAttribute("aria-valuetext") };
}

function takeBack() {
  if (!held) return;
  const { grip, day, shape, x, width, text } = held;
  place(grip, day);
  shape.setAttribute("x", x);
  if (width) shape.setAttribute("width", width);
  grip.setAttribute("aria-valuetext", text);
  const row = grip.closest("[data-bar]");
  const says = $(`[data-says="${grip.dataset.side}"]`, row);
  if (says) says.textContent = text;
  row.classList.remove("is-moved");
  letGo();
}

async function save() {
  if (!held) return;
  const { grip, day } = held;
  const now = Number(grip.dataset.day);
  if (now === day) return letGo();
  const row = grip.closest("[data-bar]");
  const kind = grip.closest("[data-kind]").dataset.kind;
  const value = iso(grip, now) + (grip.dataset.time ? `T${grip.dataset.time}` : "");
  const body = new FormData();
  body.set("value", value);
  body.set("seen", row.dataset.seen);
  const before = held;
  held = null;
  row.classList.add("is-saving");
  try {
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": csrf() };
    const answer = await fetch(`/objects/${kind}/${row.dataset.bar}/${grip.dataset.move}/`, { method: "POST", body, headers });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) {
      const problem = $(".cell-problem", page)?.textContent.trim();
      say({ text: problem || $("#toast-template")?.dataset.failed, level: "bad" });
      held = before;
      takeBack();
      if (answer.status !== 409) return;
    }
    const said = answer.headers.get("HX-Trigger");
    if (said?.startsWith("{")) {
      for (const [name, detail] of Object.entries(JSON.parse(said))) {
        document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
      }
    }
    isDue = false;
    document.body.dispatchEvent(new CustomEvent("list-changed", { bubbles: true }));
  } catch {
    say({ text: $("#toast-template")?.dataset[navigator.onLine ? "failed" : "offline"], level: "bad" });
    held = before;
    takeBack();
  } finally {
    row.classList.remove("is-saving");
  }
}

// Dragging ---------------------------------------------------------------------------------------------
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-move]");
  if (!grip || event.button) return;
  event.preventDefault();
  take(grip);
  grip.focus({ preventScroll: true });
  grip.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  const grip = held?.grip;
  if (!grip?.hasPointerCapture?.(event.pointerId)) return;
  const box = grip.closest(".gantt-bar").getBoundingClientRect();
  const { days } = chartOf(grip);
  const at = ((event.clientX - box.left) / box.width) * days - (grip.dataset.side === "to" ? 1 : 0);
  place(grip, Math.min(Math.max(Math.round(at), 0), days - 1));
});
document.addEventListener("pointerup", (event) => {
  if (held?.grip.hasPointerCapture?.(event.pointerId)) save();
});
document.addEventListener("pointercancel", takeBack);

// Keys: the arrows move, and what was moved is saved when the grip is left or nothing more comes ---------------
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7 };
let waiting = 0;
document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-move]");
  if (!grip || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && held) {
    clearTimeout(waiting);
    takeBack();
  } else if (event.key === "Enter") {
    clearTimeout(waiting);
    save();
  } else if (event.key in STEPS) {
    take(grip);
    const { days } = chartOf(grip);
    place(grip, Math.min(Math.max(Number(grip.dataset.day) + STEPS[event.key], 0), days - 1));
    clearTimeout(waiting);
    waiting = setTimeout(save, 1200);
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("focusout", (event) => {
  if (held && event.target === held.grip && event.relatedTarget !== held.grip) save();
});

// A live refresh waits while a bar is moved, also one that is on its way; it comes when the bar is let go
let isDue = false;
for (const moment of ["htmx:before:request", "htmx:before:swap"]) {
  document.addEventListener(moment, (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (!held || !source?.matches?.("[data-gantt], .list-body")) return;
    event.preventDefault();
    isDue = true;
  });
}

function letGo() {
  held = null;
  if (!isDue) return;
  isDue = false;
  document.body.dispatchEvent(new CustomEvent("list-changed"));
}
