// What lists of objects can do: cells, many rows at once, columns, groups, peek, conditions.
// Without this file the lists work as plain links and forms.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const csrf = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
const isTyping = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const failed = () => say({ text: $("#toast-template")?.dataset[navigator.onLine ? "failed" : "offline"], level: "bad" });
const say = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail }));

async function ask(url, body = null) {
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
  if (body) headers["X-CSRFToken"] = csrf();
  const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers });
  if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  const told = answer.headers.get("HX-Trigger");
  if (told?.startsWith("{")) {
    for (const [name, detail] of Object.entries(JSON.parse(told))) {
      document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    }
  }
  return answer;
}

// One cell: click, Enter or «e» opens; Enter saves, Esc leaves it, Tab goes on -------------------------
const before = new WeakMap();

function cellAddress(cell) {
  const kind = cell.dataset.kind ?? cell.closest("[data-kind]")?.dataset.kind;
  const key = cell.dataset.pk ?? cell.closest("tr")?.id.slice(4);
  return `/objects/${kind}/${key}/${cell.dataset.f}/`;
}

async function openCell(cell) {
  if (!cell || $("[data-cell-form]", cell)) return;
  cell.classList.add("is-saving");
  try {
    const answer = await ask(cellAddress(cell));
    if (!answer.ok) return failed();
    before.set(cell, cell.innerHTML);
    fill(cell, await answer.text());
  } catch {
    failed();
  } finally {
    cell.classList.remove("is-saving");
  }
}

const isMissing = (cell) => cell.classList.toggle("is-missing", cell.textContent.trim() === "—");

function fill(cell, html) {
  cell.innerHTML = html;
  isMissing(cell);
  window.htmx?.process(cell);
  const form = $("[data-cell-form]", cell);
  cell.classList.toggle("is-edited", Boolean(form));
  const input = form && $("input:not([type=hidden]), select, textarea, [tabindex]", form);
  if (!input) return refreshWhatWaited();
  input.focus();
  if (input.matches("input:not([type=date], [type=datetime-local])")) input.select();
  form.dataset.first = given(form);
}

// What stands in the inputs of a cell; they belong to no form, as the list itself is one
function typed(form) {
  const body = new FormData();
  for (const each of $$("input[name], select[name], textarea[name]", form)) {
    if (each.multiple) for (const chosen of each.selectedOptions) body.append(each.name, chosen.value);
    else body.append(each.name, each.value);
  }
  return body;
}
const given = (form) => String(new URLSearchParams(typed(form)));

function leaveCell(cell) {
  cell.innerHTML = before.get(cell) ?? "";
  isMissing(cell);
  cell.classList.remove("is-edited");
  cell.tabIndex = -1;
  cell.focus({ preventScroll: true });
  refreshWhatWaited();
}

async function saveCell(form) {
  const cell = form.closest("[data-f]");
  if (cell.classList.contains("is-saving") || !$("[name=value]", form)) return leaveCell(cell);
  const body = typed(form);
  const list = cell.closest("[data-list]");
  if (list && cell.matches("td")) {
    body.set("list", list.dataset.list);
    body.set("column", cell.closest("table").tHead.rows[0].cells[cell.cellIndex].dataset.column ?? "");
  }
  cell.classList.add("is-saving");
  try {
    const answer = await ask(cellAddress(cell), body);
    if (answer.ok || answer.status === 422 || answer.status === 409) {
      fill(cell, await answer.text());
      return answer.ok;
    }
    failed();
  } catch {
    failed();
  } finally {
    cell.classList.remove("is-saving");
  }
  return false;
}

document.addEventListener("click", (event) => {
  const cell = event.target.closest("[data-f]");
  if (!cell || event.target.closest("a, button, input, label, summary, select, textarea, [data-cell-form]")) return;
  if (window.getSelection().toString() || window.matchMedia("(max-width: 640px)").matches) return;
  openCell(cell);
});

document.addEventListener("keydown", async (event) => {
  const form = event.target.closest?.("[data-cell-form]");
  if (!form) return;
  const cell = form.closest("[data-f]");
  const list = $('[role="listbox"]', form);
  if (event.key === "Escape" && (!list || list.hidden)) {
    event.preventDefault();
    event.stopPropagation();
    leaveCell(cell);
  } else if (event.key === "Enter" && !event.shiftKey && (!list || list.hidden)) {
    event.preventDefault();
    event.stopPropagation();
    if (await saveCell(form)) {
      cell.tabIndex = -1;
      cell.focus({ preventScroll: true });
    }
  } else if (event.key === "Tab") {
    const cells = $$("[data-f]", cell.closest("tr") ?? cell.parentElement.closest("dl, section, main"));
    const next = cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)];
    event.preventDefault();
    if (form.dataset.first === given(form)) leaveCell(cell);
    else if (!(await saveCell(form))) return;
    if (next) openCell(next);
  }
}, true);

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("[data-cell-form]");
  if (!form || form.contains(event.relatedTarget)) return;
  setTimeout(() => {
    if (!form.isConnected || form.contains(document.activeElement)) return;
    const isSame = form.dataset.first === given(form);
    const cell = form.closest("[data-f]");
    if (isSame || $(".cell-problem", form)) leaveCell(cell);
    else saveCell(form);
  }, 120);
});

// A live refresh waits while somebody types in a cell, also one that is on its way; it comes when they leave it
let isDue = false;
for (const moment of ["htmx:before:request", "htmx:before:swap"]) {
  document.addEventListener(moment, (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (!source?.matches?.("[data-list-rows], .list-body, tfoot.totals") || !$("[data-cell-form]", source)) return;
    event.preventDefault();
    isDue = true;
  });
}

function refreshWhatWaited() {
  if (!isDue || $("[data-list] [data-cell-form]")) return;
  isDue = false;
  document.body.dispatchEvent(new CustomEvent("list-changed"));
}

// Many rows --------------------------------------------------------------------------------------------
document.addEventListener("toggle", (event) => {
  const panel = event.target.matches?.("details.bulk-edit[open]") && $(".bulk-panel", event.target);
  if (panel && !panel.childElementCount) window.htmx.trigger(panel, "opened"); // a lost line: opened again, asked again
}, true);
document.addEventListener("click", (event) => {
  const apply = event.target.closest("[data-bulk-apply]");
  if (apply) apply.formAction = $("[data-bulk-url]", apply.form).value;
  const undo = event.target.closest("[data-undo]");
  if (undo) undo.closest(".toast").dataset.used = "yes";
});
document.addEventListener("htmx:finally:request", (event) => {
  event.detail?.ctx?.sourceElement?.closest?.(".toast[data-used]")?.remove();
});

// Groups -----------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-group]");
  if (!button) return;
  const rows = $(button.getAttribute("hx-target"));
  rows.hidden = !rows.hidden;
  button.setAttribute("aria-expanded", String(!rows.hidden));
});

// Columns: as wide and in the order a person makes them --------------------------------------------------
function dressColumns(root = document) {
  for (const table of $$("table[data-sizes]", root.matches?.("table") ? root.parentElement : root)) {
    const heads = $$("th[data-column]", table);
    const isSized = heads.some((head) => head.dataset.width);
    table.classList.toggle("is-sized", isSized);
    for (const head of heads) {
      if (head.dataset.width) head.style.inlineSize = `${head.dataset.width}px`;
      if ($(".col-grip", head)) continue;
      head.draggable = true;
      const grip = document.createElement("i");
      grip.className = "col-grip";
      grip.draggable = true;
      head.append(grip);
    }
  }
}
dressColumns();
document.addEventListener("htmx:after:swap", () => dressColumns());

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.(".col-grip");
  if (!grip) return;
  event.preventDefault();
  const head = grip.parentElement;
  const table = head.closest("table");
  const heads = $$("th[data-column]", table);
  for (const each of heads) each.dataset.width = String(Math.round(each.getBoundingClientRect().width));
  dressColumns(table);
  const from = event.clientX;
  const wide = Number(head.dataset.width);
  const move = (at) => {
    head.dataset.width = String(Math.max(48, Math.min(1200, Math.round(wide + at.clientX - from))));
    head.style.inlineSize = `${head.dataset.width}px`;
  };
  const end = () => {
    document.removeEventListener("pointermove", move);
    keepWidths(table);
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end, { once: true });
});

document.addEventListener("dblclick", (event) => {
  const table = event.target.closest?.(".col-grip")?.closest("table");
  if (!table) return;
  for (const head of $$("th[data-column]", table)) {
    delete head.dataset.width;
    head.style.inlineSize = "";
  }
  table.classList.remove("is-sized");
  keepWidths(table);
});

function keepWidths(table) {
  const body = new FormData();
  body.set("list", table.closest("[data-list]").dataset.list);
  for (const head of $$("th[data-width]", table)) body.set(`w-${head.dataset.column}`, head.dataset.width);
  ask(table.dataset.sizes, body).catch(failed);
}

let dragged = null;
document.addEventListener("dragstart", (event) => {
  if (event.target.matches?.(".col-grip")) return event.preventDefault();
  dragged = event.target.closest?.("th[data-column]");
});
document.addEventListener("dragover", (event) => {
  const head = dragged && event.target.closest?.("th[data-column]");
  if (head && head.closest("table") === dragged.closest("table")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const head = dragged && event.target.closest?.("th[data-column]");
  if (head && head !== dragged) moveColumn(dragged, head);
  dragged = null;
});

async function moveColumn(head, to) {
  const keys = $$("th[data-column]", head.closest("tr")).map((each) => each.dataset.column);
  const at = keys.indexOf(to.dataset.column);
  keys.splice(keys.indexOf(head.dataset.column), 1);
  keys.splice(at, 0, head.dataset.column);
  const body = new FormData();
  body.set("list", head.closest("[data-list]").dataset.list);
  body.set("next", location.pathname + location.search);
  for (const key of keys) body.append("column", key);
  try {
    const answer = await ask("/preferences/columns/", body);
    location.assign(answer.url);
  } catch {
    failed();
  }
}

document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-up]")?.closest("[data-sorts]");
  const above = line?.previousElementSibling;
  if (!line) return;
  event.preventDefault();
  if (above?.matches("[data-sorts]") && !$("input:disabled", above)) above.before(line);
  $("[data-up]", line).focus();
});

// Peek: the card beside the list -------------------------------------------------------------------------
const current = () => $("tr.is-current");
let currentId = "";
document.addEventListener("htmx:before:swap", () => (currentId = current()?.id ?? currentId));
document.addEventListener("htmx:after:swap", () => {
  if (currentId && !current()) document.getElementById(currentId)?.classList.add("is-current");
});

async function peek(row) {
  const link = row && $("[data-row-link], a.row-link", row);
  const panel = $("#peek");
  if (!link || !panel) return;
  const body = $("[data-peek-body]", panel);
  panel.hidden = false;
  document.documentElement.toggleAttribute("data-peeks", true);
  $("[data-peek-open]", panel).href = link.href;
  panel.dataset.url = link.href;
  const timer = setTimeout(() => body.classList.add("is-late"), 300);
  try {
    const answer = await fetch(`${link.href}?part=body`, { headers: { "HX-Request": "true" } });
    if (panel.dataset.url !== link.href) return;
    if (!answer.ok) return failed();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    body.replaceChildren(...($("main", page) ?? page.body).childNodes);
    for (const each of $$("[data-create], [data-edit]", body)) for (const name of ["create", "edit"]) delete each.dataset[name];
    body.scrollTop = 0;
    window.htmx?.process(body);
  } catch {
    failed();
  } finally {
    clearTimeout(timer);
    body.classList.remove("is-late");
  }
}

function closePeek() {
  const panel = $("#peek");
  if (!panel || panel.hidden) return false;
  panel.hidden = true;
  delete panel.dataset.url;
  document.documentElement.toggleAttribute("data-peeks", false);
  return true;
}

function step(by) {
  const rows = $$("main .table tbody tr").filter((row) => row.querySelector("a") && row.checkVisibility() && !row.matches(".more"));
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
  if (!next) return;
  rows[at]?.classList.remove("is-current");
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
  if (!$("#peek")?.hidden) peek(next);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-peek-close]")) closePeek();
  const by = event.target.closest("[data-peek-step]");
  if (by) step(Number(by.dataset.peekStep));
});

// Keys of lists; before those of every page, which know of no cells and no peek ------------------------------
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const isPeeking = $("#peek") && !$("#peek").hidden;
  if (event.key === "Escape" && isPeeking && !isTyping(event.target)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return void closePeek();
  }
  if (isTyping(event.target) || document.documentElement.hasAttribute("data-no-keys")) return;
  const focused = event.target.closest?.("[data-f]");
  const isOnPage = event.target === document.body || event.target.matches?.("main, [data-f], .peek, .peek *");
  const todo = {
    " ": () => isOnPage && current() && (isPeeking ? closePeek() : peek(current())),
    Enter: () => focused && event.target === focused && openCell(focused),
    e: () => current() && $("[data-f]", current()) && openCell($("[data-f]", current())),
    f: () => $("[data-build-filter]") && $("[data-build-filter]").click(),
    j: () => isPeeking && step(1),
    k: () => isPeeking && step(-1),
    ArrowDown: () => isPeeking && isOnPage && step(1),
    ArrowUp: () => isPeeking && isOnPage && step(-1),
  }[event.key];
  if (!todo) return;
  const isDone = todo();
  if (isDone !== false && isDone !== null && (isDone !== undefined || isPeeking || focused || event.key !== "Enter")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// Conditions: the builder writes the parameter «f» of the address ----------------------------------------------
let told = null; // fields, operators, periods, people
const names = new Map(); // of rows, by key

document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-build-filter]");
  const dialog = $("#builder");
  if (opener && dialog) {
    try {
      told ??= await (await fetch(opener.dataset.fields)).json();
    } catch {
      return failed();
    }
    const asked = new URLSearchParams(location.search).get("f");
    let group = ["and"];
    try {
      if (asked) group = JSON.parse(asked);
    } catch { /* a damaged filter: the page says so, the builder begins anew */ }
    if (group[0] !== "and" && group[0] !== "or") group = ["and", group];
    await fetchNames(group, opener.dataset.choices);
    const root = $("[data-builder-root]", dialog);
    root.replaceChildren(drawGroup(group, 1));
    if (group.length === 1) addCondition($("fieldset", root));
    dialog.showModal();
    $("select[data-part]", root)?.focus();
    return;
  }
  if (!dialog?.contains(event.target)) return;
  const group = event.target.closest("fieldset");
  if (event.target.closest("[data-add]")) addCondition(group);
  else if (event.target.closest("[data-add-group]")) {
    const inner = drawGroup(["or"], 2);
    $("[data-parts]", group).append(inner);
    addCondition(inner);
  } else if (event.target.closest("[data-drop-group]")) group.remove();
  else if (event.target.closest("[data-drop]")) event.target.closest(".builder-line").remove();
  else if (event.target.closest("[data-builder-apply]")) return applyFilter(dialog);
  else return;
  countRows(dialog);
});

async function fetchNames(part, address) {
  const kinds = new Map();
  const walk = (each) => {
    if (each[0] === "and" || each[0] === "or") return each.slice(1).forEach(walk);
    const field = told.fields.find((one) => one.key === each[0]);
    if (field?.kind) kinds.set(field.kind, [...(kinds.get(field.kind) ?? []), ...each.slice(2)]);
  };
  walk(part);
  for (const [kind, keys] of kinds) {
    const query = new URLSearchParams(keys.map((key) => ["names", key]));
    const found = await (await fetch(`${address.replace("KIND", kind)}?${query}`)).json();
    for (const [key, name] of Object.entries(found)) names.set(key, name);
  }
}

function drawGroup(group, depth) {
  const box = $("[data-group-template]").content.firstElementChild.cloneNode(true);
  box.dataset.depth = String(depth);
  $("[data-joined]", box).value = group[0];
  if (depth > 1) $("[data-add-group]", box).remove();
  else $("[data-drop-group]", box).remove();
  for (const each of group.slice(1)) {
    const isGroup = each[0] === "and" || each[0] === "or";
    $("[data-parts]", box).append(isGroup ? drawGroup(each, depth + 1) : drawCondition(each));
  }
  return box;
}

function addCondition(box) {
  const line = drawCondition([told.fields[0].key]);
  $("[data-parts]", box).append(line);
  $("select", line).focus();
}

function option(value, label) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = label;
  return made;
}

function drawCondition([key, operator, ...values]) {
  const line = $("[data-condition-template]").content.firstElementChild.cloneNode(true);
  const [fields, operators] = $$("select", line);
  const groups = new Map();
  for (const field of told.fields) {
    if (!field.group) fields.append(option(field.key, field.label));
    else {
      if (!groups.has(field.group)) {
        const made = document.createElement("optgroup");
        made.label = field.group;
        groups.set(field.group, made);
      }
      groups.get(field.group).append(option(field.key, `${field.group} → ${field.label}`));
    }
  }
  fields.append(...groups.values());
  fields.value = key;
  const offer = (chosen) => {
    const field = told.fields.find((one) => one.key === fields.value) ?? told.fields[0];
    const known = told.of_type[field.type];
    operators.replaceChildren(...known.map((each) => option(each, told.operators[each].label)));
    operators.value = known.includes(chosen) ? chosen : known[0];
  };
  const fit = (given) => $('[data-part="values"]', line).replaceChildren(...inputs(fields.value, operators.value, given));
  offer(operator);
  fit(values);
  fields.addEventListener("change", () => { offer(operators.value); fit([]); });
  operators.addEventListener("change", () => fit(valuesOf(line)));
  return line;
}

function inputs(key, operator, values) {
  const field = told.fields.find((one) => one.key === key);
  const { takes } = told.operators[operator];
  const dialog = $("#builder");
  const input = (type, value = "") => {
    const made = document.createElement("input");
    Object.assign(made, { type, value, autocomplete: "off" });
    made.setAttribute("aria-label", dialog.dataset.value);
    made.dataset.given = "";
    return made;
  };
  if (takes === "none") return [];
  if (takes === "period") return [choosing(told.periods, values, false)];
  if (takes === "days") {
    const made = input("number", values[0] ?? "14");
    made.min = "1";
    return [made, document.createTextNode(` ${dialog.dataset.days}`)];
  }
  if (field.type === "user") return [choosing(told.people, values, true)];
  if (field.choices) return [choosing(field.choices, values, true)];
  if (field.type === "relation") return [finding(field, values)];
  const type = field.type === "date" || field.type === "moment" ? "date" : "text";
  const made = Array.from({ length: takes === "two" ? 2 : 1 }, (_, at) => input(type, values[at]));
  if (["number", "money", "quantity"].includes(field.type)) for (const each of made) each.inputMode = "decimal";
  return made;
}

// Several of few values: boxes to tick; one period: a menu
function choosing(offered, values, isMany) {
  if (!isMany) {
    const made = document.createElement("select");
    made.dataset.given = "";
    made.setAttribute("aria-label", $("#builder").dataset.value);
    made.append(...offered.map(([value, label]) => option(value, label)));
    if (values[0]) made.value = values[0];
    return made;
  }
  const box = document.createElement("div");
  box.className = "builder-choices";
  for (const [value, label] of offered) {
    const line = document.createElement("label");
    line.className = "menu-check";
    const tick = document.createElement("input");
    Object.assign(tick, { type: "checkbox", value, checked: values.includes(value) });
    tick.dataset.given = "";
    line.append(tick, label);
    box.append(line);
  }
  return box;
}

// Rows of another kind: found by typing, kept as boxes that are ticked
function finding(field, values) {
  const box = choosing(values.map((key) => [key, names.get(key) ?? key]), values, true);
  const search = document.createElement("input");
  Object.assign(search, { type: "search", placeholder: $("#builder").dataset.search, autocomplete: "off" });
  search.setAttribute("aria-label", $("#builder").dataset.search);
  const found = document.createElement("div");
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const address = $("[data-build-filter]").dataset.choices.replace("KIND", field.kind);
      const answer = await fetch(`${address}?q=${encodeURIComponent(search.value)}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const offered = $$("[data-value]", page).map((each) => [each.dataset.value, each.dataset.label]);
      for (const [key, name] of offered) names.set(key, name);
      const kept = $$("input:checked", box).map((each) => each.value);
      found.replaceChildren(...choosing(offered.filter(([key]) => !kept.includes(key)), [], true).childNodes);
    }, 150);
  });
  found.addEventListener("change", (event) => box.insertBefore(event.target.closest("label"), search));
  box.append(search, found);
  return box;
}

const valuesOf = (line) => $$("[data-given]", line)
  .filter((each) => each.type !== "checkbox" || each.checked)
  .map((each) => each.value.trim())
  .filter(Boolean);

function written(box) {
  const parts = [...$("[data-parts]", box).children].map((each) => {
    if (each.matches("fieldset")) return written(each);
    const [field, operator] = $$("select[data-part]", each);
    const values = valuesOf(each);
    return told.operators[operator.value].takes === "none" || values.length ? [field.value, operator.value, ...values] : null;
  });
  const filled = parts.filter((each) => each && each.length > 1);
  return [$("[data-joined]", box).value, ...filled];
}

function filterAddress(dialog) {
  const group = written($("fieldset", $("[data-builder-root]", dialog)));
  const query = new URLSearchParams(location.search);
  for (const name of ["after", "part", "job"]) query.delete(name);
  if (group.length > 1) query.set("f", JSON.stringify(group));
  else query.delete("f");
  return query;
}

function applyFilter(dialog) {
  const query = filterAddress(dialog);
  location.assign(query.size ? `?${query}` : location.pathname);
}

let countTimer = 0;
function countRows(dialog) {
  clearTimeout(countTimer);
  countTimer = setTimeout(async () => {
    const query = filterAddress(dialog);
    query.set("part", "count");
    const answer = await fetch(`?${query}`, { headers: { "HX-Request": "true" } });
    $("[data-builder-count]", dialog).innerHTML = answer.ok ? await answer.text() : "";
  }, 250);
}
for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const dialog = event.target.closest?.("#builder");
    if (dialog) countRows(dialog);
  });
}
document.addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("#builder");
  const isLine = event.target.matches?.("input:not([type=search], [type=checkbox])");
  if (!dialog || event.key !== "Enter" || !(isLine || event.ctrlKey)) return;
  event.preventDefault();
  event.stopPropagation();
  applyFilter(dialog);
}, true);
