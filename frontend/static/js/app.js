// What every page can do: palette, shortcuts, dialogs, menus, toasts, rows by keyboard, selection,
// choosing from the server, copying. Without this file everything works as plain links and forms.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const isTyping = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// A row of tabs that is wider than the screen begins with the one that is open.
for (const tab of $$(".tabs > [aria-current]")) {
  const row = tab.parentElement;
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// A side bar longer than the window begins where the page stands in it.
const here = $("#sidebar .nav [aria-current]");
if (here && here.offsetTop + here.offsetHeight > $("#sidebar").clientHeight) {
  $("#sidebar").scrollTop = here.offsetTop + here.offsetHeight + 60 - $("#sidebar").clientHeight;
}

// Dialogs, menus, the side bar of a phone ------------------------------------------------------------
document.addEventListener("click", (event) => {
  const target = event.target;
  const opener = target.closest("[data-open-dialog]");
  if (opener) $(`#${CSS.escape(opener.dataset.openDialog)}`)?.showModal();
  if (target.closest("[data-open-palette]") && $("#palette") && !event.ctrlKey && !event.metaKey) {
    event.preventDefault(); // without the script it is a link to the page of the search
    openPalette();
  }
  if (target.closest("[data-toggle-sidebar]")) toggleSidebar();
  if (target.closest("[data-close-dialog]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement) target.close();
  for (const menu of $$("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  const sidebar = $("#sidebar.is-open");
  if (sidebar && !target.closest("#sidebar, [data-toggle-sidebar]")) toggleSidebar(false);
});

// On a slow line something is unfolded or ticked before the scripts are there: done now what it would have
// done, what this script does at once, what others do when they are there, too
function catchUp() {
  for (const unfolded of $$("details[open]")) unfolded.dispatchEvent(new Event("toggle"));
  const ticked = $("[data-select-all]:checked, [data-select]:checked");
  ticked?.dispatchEvent(new Event("change", { bubbles: true }));
}
queueMicrotask(catchUp); // when the whole of this script has been read
document.addEventListener("DOMContentLoaded", catchUp);

function toggleSidebar(open) {
  const sidebar = $("#sidebar");
  if (!sidebar) return;
  const isOpen = sidebar.classList.toggle("is-open", open);
  $("[data-toggle-sidebar]")?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) $("a, button", sidebar)?.focus();
}

function closeTopmost() {
  const menu = $$("details.menu[open]").pop();
  if (menu) {
    menu.open = false;
    $("summary", menu).focus();
  } else if ($("#sidebar.is-open")) toggleSidebar(false);
  else if ($$("[data-select]:checked").length) clearSelection();
}

// Asking first: data-confirm="sentence" on a form or its button; only where nothing can be undone
let confirmed = null;
document.addEventListener("submit", (event) => {
  const { submitter, target: form } = event;
  const sentence = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (sentence && confirmed !== form) {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(sentence).then((isYes) => {
      if (!isYes) return;
      confirmed = form;
      form.requestSubmit(submitter);
      confirmed = null;
    });
    return;
  }
  if (form.method !== "dialog" && !event.defaultPrevented) busy(true);
}, true);

function ask(sentence) {
  const dialog = $("#confirm");
  if (!dialog) return Promise.resolve(window.confirm(sentence));
  $("[data-confirm-text]", dialog).textContent = sentence;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
  });
}

// A page that takes longer than 300 ms says so at its top
let busyTimer = 0;
function busy(isBusy) {
  clearTimeout(busyTimer);
  const bar = $("#page-progress");
  if (isBusy) busyTimer = setTimeout(() => bar?.classList.add("is-busy"), 300);
  else bar?.classList.remove("is-busy");
}
window.addEventListener("pageshow", () => busy(false));
document.addEventListener("htmx:before:request", () => busy(true));
document.addEventListener("htmx:finally:request", () => busy(false));

// Palette ------------------------------------------------------------------------------------------
function openPalette() {
  const palette = $("#palette");
  if (!palette || palette.open) return;
  palette.showModal();
  $("#palette-input").select();
  choose($("#palette-input"), options($("#palette-results"))[0]);
}

// Lists to choose from: the palette and every [data-combobox] work alike -------------------------------
const options = (list) => (list ? $$('[role="option"]:not([aria-disabled="true"])', list) : []);

function choose(input, option) {
  const list = $(`#${CSS.escape(input.getAttribute("aria-controls"))}`);
  for (const other of options(list)) other.setAttribute("aria-selected", String(other === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `option-${Math.random().toString(36).slice(2)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const input = event.target.closest?.('[role="combobox"]');
  if (!input) return;
  const list = $(`#${CSS.escape(input.getAttribute("aria-controls"))}`);
  const all = options(list);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) return void htmx.trigger(input, "input");
    choose(input, all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !list.hidden) {
    event.preventDefault();
    (all[at] ?? all[0])?.click();
  } else if (event.key === "Escape" && input.closest("[data-combobox]") && !list.hidden) {
    event.stopPropagation();
    show(input, false);
  }
});

document.addEventListener("htmx:after:swap", (event) => {
  if ($("[data-select]:checked")) showSelection(); // a refresh kept the ticks, not the look of rows
  const list = event.detail?.ctx?.target;
  if (!list || list.getAttribute?.("role") !== "listbox") return;
  const input = $(`[aria-controls="${CSS.escape(list.id)}"]`);
  if (!input) return;
  if (input.closest("[data-combobox]")) show(input, document.activeElement === input);
  choose(input, options(list)[0]);
});

// <div data-combobox><input type=hidden name=…><input role=combobox hx-get=… aria-controls=L><ul id=L role=listbox hidden>
// Options carry data-value and data-label; choosing sets the hidden field and says "chosen" with the option.
function show(input, isOpen) {
  const list = $(`#${CSS.escape(input.getAttribute("aria-controls"))}`);
  list.hidden = !isOpen;
  input.setAttribute("aria-expanded", String(isOpen));
}

document.addEventListener("mousedown", (event) => {
  if (event.target.closest('[data-combobox] [role="listbox"]')) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const option = event.target.closest('[data-combobox] [role="option"]');
  if (!option || option.getAttribute("aria-disabled") === "true") return;
  const box = option.closest("[data-combobox]");
  const input = $('[role="combobox"]', box);
  const kept = $("input[type=hidden]", box);
  input.value = option.dataset.label ?? option.textContent.trim();
  if (kept) kept.value = option.dataset.value ?? "";
  show(input, false);
  kept?.dispatchEvent(new Event("change", { bubbles: true }));
  box.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { option } }));
});
document.addEventListener("focusout", (event) => {
  const input = event.target.closest?.('[data-combobox] [role="combobox"]');
  if (!input) return;
  show(input, false);
  const kept = $("input[type=hidden]", input.closest("[data-combobox]"));
  if (kept && !input.value.trim() && kept.value) {
    kept.value = "";
    kept.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Shortcuts ----------------------------------------------------------------------------------------
let waitsForGo = 0;
const actions = {
  "/": () => ($("[data-list-search]") ? $("[data-list-search]").select() : openPalette()),
  "?": () => $("#keys")?.showModal(),
  g: () => (waitsForGo = setTimeout(() => (waitsForGo = 0), 1200)),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  x: () => $("tr.is-current [data-select]")?.click(),
  c: openCreateMenu,
  e: () => $("[data-edit]")?.click(),
};

// What can be made: «c» opens the menu, a letter chooses; where there is none, the page's own button
function openCreateMenu() {
  const menu = $("[data-create-menu]");
  if (!menu?.checkVisibility()) return void $("[data-create]")?.click();
  menu.open = true;
  $("a", menu)?.focus();
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-create-menu][open]");
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = $$("a", menu);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chosen = links.find((link) => link.dataset.letter === event.key);
  if (!step && !chosen) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (chosen) return void chosen.click();
  links[(links.indexOf(event.target) + step + links.length) % links.length].focus();
});

document.addEventListener("keydown", (event) => {
  const withControl = event.ctrlKey || event.metaKey;
  if (withControl && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return openPalette();
  }
  if (withControl && event.key === "Enter") return void event.target.closest("form")?.requestSubmit();
  if ($("dialog[open]")) return;
  if (event.key === "Escape") {
    if (isTyping(event.target)) event.target.blur();
    return closeTopmost();
  }
  if (withControl || event.altKey || isTyping(event.target)) return;
  if (document.documentElement.hasAttribute("data-no-keys")) return;
  if (waitsForGo) {
    clearTimeout(waitsForGo);
    waitsForGo = 0;
    return void $(`[data-go="${CSS.escape(event.key)}"]`)?.click();
  }
  if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  } else if (event.key === "Enter" && event.target === document.body) {
    $("tr.is-current")?.querySelector("[data-row-link], .row-link, a")?.click();
  }
});

// Rows: by keyboard, and a click anywhere on them ---------------------------------------------------
function moveRow(step) {
  const rows = $$("main .table tbody tr").filter((row) => row.querySelector("a") && !row.matches(".more"));
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  rows[at]?.classList.remove("is-current");
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
  currentRow = next.id;
}

let currentRow = ""; // a refresh by what others did keeps the row one stands on
document.addEventListener("htmx:after:swap", () => {
  if (currentRow && !$("tr.is-current")) document.getElementById(currentRow)?.classList.add("is-current");
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("main .table tbody tr");
  if (!row || event.target.closest("a, button, input, label, summary, select, textarea, .col-check, [data-f]")) return;
  if (window.getSelection().toString()) return;
  const link = row.querySelector("[data-row-link], a.row-link");
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href);
  else link.click();
});

// A live refresh keeps the rows that further pages have brought
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement?.matches?.("[data-list-rows]")) return;
  ctx.request.body.set("size", String($$("tr[id]", ctx.sourceElement).length));
});

// Selection: [data-select] in rows, [data-select-all] in the head, .bulk-bar below --------------------
let latestBox = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-select]");
  if (box) {
    if (event.shiftKey && latestBox?.isConnected) {
      const boxes = $$("[data-select]");
      const [from, to] = [boxes.indexOf(latestBox), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    latestBox = box;
  }
  if (event.target.closest("[data-choose-none]")) clearSelection();
  const all = event.target.closest("[data-choose-all]");
  if (all) chooseAll(all.getAttribute("aria-pressed") !== "true");
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of $$("[data-select]")) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-select], [data-select-all]")) showSelection();
});

function showSelection() {
  const boxes = $$("[data-select]");
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.setAttribute("aria-selected", String(box.checked));
  const head = $("[data-select-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === boxes.length;
    head.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  const bar = $(".bulk-bar");
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  const shown = $("[data-selected-count]", bar);
  if (shown) shown.textContent = String(chosen.length);
  chooseAll(false);
}

function chooseAll(isAll) {
  const field = $("[data-all]");
  if (!field) return;
  field.value = isAll ? "yes" : "";
  $("[data-choose-all]")?.setAttribute("aria-pressed", String(isAll));
  const shown = $("[data-selected-count]");
  const count = $(".list-count");
  if (shown && isAll && count) shown.textContent = count.textContent.trim();
  else if (shown) shown.textContent = String($$("[data-select]:checked").length);
}

function clearSelection() {
  for (const box of $$("[data-select]:checked")) box.checked = false;
  showSelection();
}

// Toasts: the answer header HX-Trigger: {"toast": {"text", "level", "undo": {"label", "url"}}} ---------
document.addEventListener("toast", (event) => showToast(event.detail));

export function showToast({ text, level = "", undo = null, isNotice = false }) {
  const template = $("#toast-template");
  if (!template || !text) return;
  const item = template.content.firstElementChild.cloneNode(true);
  $("[data-toast-text]", item).textContent = text;
  if (level) item.classList.add(`is-${level}`);
  const sign = isNotice ? "bell" : level === "bad" ? "alert-circle" : level ? "alert-triangle" : "circle-check";
  const picture = $("use", item);
  picture.setAttribute("href", picture.getAttribute("href").replace(/#.*/, `#${sign}`));
  const button = $("[data-undo]", item);
  if (undo) {
    button.textContent = undo.label;
    button.setAttribute("hx-post", undo.url);
    button.setAttribute("hx-swap", "none");
  } else button.remove();
  const place = $("#toasts");
  if (isNotice) { // the oldest notices make room, the bell has them; what one did oneself stays
    item.dataset.notice = "";
    const most = window.matchMedia("(max-width: 640px)").matches ? 1 : 3;
    const before = $$("[data-notice]", place);
    for (const each of before.slice(0, Math.max(0, before.length - most + 1))) each.remove();
  }
  place.append(item);
  window.htmx?.process(item);
  dismissLater(item);
}

function dismissLater(item) {
  let timer = setTimeout(() => item.remove(), 10_000);
  item.addEventListener("pointerenter", () => clearTimeout(timer));
  item.addEventListener("pointerleave", () => (timer = setTimeout(() => item.remove(), 3_000)));
}
for (const item of $$("#toasts .toast")) dismissLater(item);
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());

// A part that could not be fetched: say so, keep what is shown
document.addEventListener("htmx:error", (event) => {
  const texts = $("#toast-template")?.dataset;
  if (texts && !event.detail?.ctx?.sourceElement?.matches?.("[data-list-rows]")) {
    showToast({ text: navigator.onLine ? texts.failed : texts.offline, level: "bad" });
  }
});
const told = (name) => document.documentElement.toggleAttribute("data-offline", name === "offline");
for (const name of ["online", "offline"]) window.addEventListener(name, () => told(name));

// What a register told goes into the form where it is ticked: <input data-fills="name">, <button data-fill>
document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-fill]")?.closest("[data-fills-from]");
  if (!place) return;
  for (const tick of place.querySelectorAll("[data-fills]:checked")) {
    const field = place.closest("form").elements[tick.dataset.fills];
    if (!field) continue;
    field.value = tick.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  place.querySelector("[data-filled]").hidden = false;
});

// Copying: <button data-copy="text" data-copied-text="said afterwards">
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.dataset.copied = "true";
  setTimeout(() => delete button.dataset.copied, 1500);
  if (button.dataset.copiedText) showToast({ text: button.dataset.copiedText });
});

// Trees: arrows open, close and move, as in a file manager -----------------------------------------------
document.addEventListener("keydown", (event) => {
  const tree = event.target.closest?.("[data-tree]");
  if (!tree) return;
  const items = $$("a", tree).filter((item) => item.checkVisibility());
  const group = event.target.closest(".tree-group");
  const branch = group && $(":scope > .tree-branch", group);
  const at = items.indexOf(group ? $("a", group) : event.target);
  const moves = {
    ArrowDown: () => items[at + 1]?.focus(),
    ArrowUp: () => items[at - 1]?.focus(),
    ArrowRight: () => branch && (branch.open ? items[at + 1]?.focus() : (branch.open = true)),
    ArrowLeft: () => {
      if (branch?.open) branch.open = false;
      else $("a", group?.parentElement.closest(".tree-group") ?? tree)?.focus();
    },
  };
  if (!moves[event.key]) return;
  event.preventDefault();
  moves[event.key]();
});

// A form that came back with errors has the focus on its summary; a changed one is not left by accident
$("[data-focus]")?.focus();
let isDirty = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-guard]")) isDirty = true;
});
document.addEventListener("submit", () => (isDirty = false));
window.addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});

// What can be entered in a few words opens over the page one is on: links with data-dialog. Without
// this they lead to a page of their own.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = document.querySelector("#quick");
  if (!dialog || !window.htmx) return;
  event.preventDefault();
  link.closest("details[open]")?.removeAttribute("open");
  await htmx.ajax("GET", link.href, { target: "#quick-body", swap: "innerHTML" });
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), select, textarea")?.focus();
});
