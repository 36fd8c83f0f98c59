// What every page can do: palette, shortcuts, dialogs, toasts, rows by keyboard, selection, copying.
// Everything works without this file as plain links and forms.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");

// Dialogs and menus --------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-dialog]");
  if (opener) $(`#${CSS.escape(opener.dataset.openDialog)}`)?.showModal();
  if (event.target.closest("[data-open-palette]")) openPalette();
  if (event.target.closest("[data-toggle-sidebar]")) toggleSidebar();
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) event.target.close();
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const sidebar = $("#sidebar.is-open");
  if (sidebar && !event.target.closest("#sidebar, [data-toggle-sidebar]")) toggleSidebar(false);
});

function toggleSidebar(open) {
  const sidebar = $("#sidebar");
  const now = sidebar.classList.toggle("is-open", open);
  $("[data-toggle-sidebar]")?.setAttribute("aria-expanded", String(now));
}

// Confirmation: <form data-confirm="sentence">
document.addEventListener("submit", (event) => {
  const sentence = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (sentence && !window.confirm(sentence)) event.preventDefault();
  else document.getElementById("page-progress")?.classList.add("is-busy");
});
window.addEventListener("pageshow", () => $("#page-progress")?.classList.remove("is-busy"));

// Palette ------------------------------------------------------------------------------------------
function openPalette() {
  const palette = $("#palette");
  if (!palette) return;
  palette.showModal();
  $("#palette-input").select();
}

function movePalette(step) {
  const options = $$("#palette-results [role=option]");
  if (!options.length) return;
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  for (const option of options) option.removeAttribute("aria-selected");
  const next = options[(at + step + options.length) % options.length];
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
}

$("#palette")?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    movePalette(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    ($("#palette-results [aria-selected=true]") || $("#palette-results [role=option]"))?.click();
  }
});

// Shortcuts ----------------------------------------------------------------------------------------
let waitsForGo = 0;

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.closest("form")?.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if ($("dialog[open]")) return;
  if (waitsForGo) {
    clearTimeout(waitsForGo);
    waitsForGo = 0;
    $(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  const actions = {
    "/": openPalette,
    "?": () => $("#keys")?.showModal(),
    g: () => (waitsForGo = setTimeout(() => (waitsForGo = 0), 1200)),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    x: () => $("tr.is-current [data-select]")?.click(),
    c: () => $("[data-create]")?.click(),
    e: () => $("[data-edit]")?.click(),
    Escape: () => toggleSidebar(false),
  };
  if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  } else if (event.key === "Enter" && event.target === document.body) {
    $("tr.is-current a")?.click();
  }
});

function moveRow(step) {
  const rows = $$("main .table tbody tr").filter((row) => row.querySelector("a"));
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  rows[at]?.classList.remove("is-current");
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("main .table tbody tr");
  if (!row || event.target.closest("a, button, input, label, summary, select")) return;
  if (window.getSelection().toString()) return;
  row.querySelector("a.row-link, td a")?.click();
});

// Selection of rows: [data-select] in rows, [data-select-all] in the header, .bulk-bar below
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of $$("[data-select]")) box.checked = event.target.checked;
  }
  if (!event.target.matches("[data-select], [data-select-all]")) return;
  const chosen = $$("[data-select]:checked");
  const bar = $(".bulk-bar");
  if (bar) {
    bar.hidden = chosen.length === 0;
    const number = $("[data-selected-count]", bar);
    if (number) number.textContent = String(chosen.length);
  }
  for (const box of $$("[data-select]")) {
    box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  }
});

// Toasts: the header HX-Trigger: {"toast": {"text": …, "level": …}} or window event
document.addEventListener("toast", (event) => showToast(event.detail.text, event.detail.level));

export function showToast(text, level = "") {
  const template = $("#toast-template");
  if (!template) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector("span").textContent = text;
  if (level) item.classList.add(`is-${level}`);
  $("#toasts").append(item);
  dismissLater(item);
}

function dismissLater(item) {
  setTimeout(() => item.remove(), 10_000);
}
for (const item of $$("#toasts .toast")) dismissLater(item);

// Copy buttons: <button data-copy="text">
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = "true";
  const text = button.dataset.copiedText;
  if (text) showToast(text);
});

// A form that came back with errors: the summary has the focus
$("[data-focus]")?.focus();

// Leaving a changed form
let isDirty = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-guard]")) isDirty = true;
});
document.addEventListener("submit", () => (isDirty = false));
window.addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});
