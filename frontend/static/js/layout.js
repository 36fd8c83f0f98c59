// Arranging parts of a card, fields of a group, entries of the menu: by dragging, or by Alt and an
// arrow on the part. The page works by its buttons without this.
const ROWS = "[data-part], [data-field]";
let dragged = null;

for (const row of document.querySelectorAll(ROWS)) row.draggable = true;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(ROWS) ?? null;
  dragged?.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const list = dragged && listAt(event.target);
  if (!list) return;
  event.preventDefault();
  const row = event.target.closest(ROWS);
  if (!row || row === dragged || row.parentElement !== list) {
    if (!row) list.append(dragged);
    return;
  }
  const box = row.getBoundingClientRect();
  list.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? row : row.nextSibling);
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-dragged");
  settle(dragged);
  dragged = null;
});

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(ROWS);
  if (!row || event.target !== row || !event.altKey) return;
  if (event.key === "ArrowUp" && row.previousElementSibling) {
    row.previousElementSibling.before(row);
  } else if (event.key === "ArrowDown" && row.nextElementSibling) {
    row.nextElementSibling.after(row);
  } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    beside(row, event.key === "ArrowRight" ? 1 : -1);
  } else return;
  event.preventDefault();
  settle(row);
  row.focus();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// A place that was chosen in the list is where the part stands.
document.addEventListener("change", (event) => {
  const row = event.target.matches('select[name^="place:"]') && event.target.closest("[data-part]");
  if (!row) return;
  listOf(row.closest("form"), event.target.value)?.append(row);
  event.target.focus();
});

function listAt(target) {
  const place = target.closest?.("[data-place]");
  if (dragged.matches("[data-field]")) return target.closest?.(".arrange-fields") === dragged.parentElement ? dragged.parentElement : null;
  if (!place) return null;
  const list = place.querySelector(".arrange-list");
  return dragged.querySelector("select") || list === dragged.parentElement ? list : null;
}

function beside(row, step) {
  if (!row.querySelector('select[name^="place:"]')) return;
  const places = [...row.closest("form").querySelectorAll("[data-place]")];
  const next = places[places.indexOf(row.closest("[data-place]")) + step];
  next?.querySelector(".arrange-list").append(row);
}

function settle(row) {
  const select = row.querySelector('select[name^="place:"]');
  if (select) select.value = row.closest("[data-place]").dataset.place;
}

function listOf(form, place) {
  return form.querySelector(`[data-place="${CSS.escape(place)}"] .arrange-list`);
}
