// Cards of customers: further rows of a form, tags while typing, files dropped and seen in place.
// Without this file the pages are plain forms and links.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Forms with lists: "One more" copies the empty row
for (const button of $$("[data-rows-add]")) button.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rows-add]");
  if (!button) return;
  const list = button.closest("[data-rows]");
  const total = $(`[name="${list.dataset.rows}-TOTAL_FORMS"]`, list);
  const made = $("[data-rows-empty]", list).innerHTML.replaceAll("__prefix__", total.value);
  $("[data-rows-body]", list).insertAdjacentHTML("beforeend", made);
  total.value = String(Number(total.value) + 1);
  $("input:not([type=hidden]), select", $("[data-rows-body]", list).lastElementChild)?.focus();
});

// Tags: the word being typed is completed from those there are
for (const input of $$("[data-tags]")) {
  const known = input.dataset.tags.split("|").filter(Boolean);
  const list = document.createElement("datalist");
  list.id = `${input.id}-known`;
  input.after(list);
  input.setAttribute("list", list.id);
  const offer = () => {
    const parts = input.value.split(",");
    const before = parts.slice(0, -1).map((part) => part.trim());
    const start = before.length ? `${before.join(", ")}, ` : "";
    list.replaceChildren(
      ...known.filter((name) => !before.includes(name)).map((name) => {
        const option = document.createElement("option");
        option.value = start + name;
        return option;
      }),
    );
  };
  input.addEventListener("input", offer);
  input.addEventListener("focus", offer);
}

// Files: dropping them anywhere on the place, or choosing, sends them
const places = () => $$("[data-drop]");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!event.dataTransfer?.types.includes("Files") || !place) return;
    event.preventDefault();
    place.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (event.target.matches?.("[data-drop]")) event.target.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  for (const place of places()) place.classList.remove("is-over");
  const place = event.target.closest?.("[data-drop]");
  if (!place || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  const input = $("input[type=file]", place);
  input.files = event.dataTransfer.files;
  place.closest("form").requestSubmit();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-drop] input[type=file]") && event.target.files.length) {
    event.target.form.requestSubmit();
  }
});

// Preview: pictures and PDFs are seen in a dialog; the link itself opens them too
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = $("#preview");
  if (!dialog) return;
  event.preventDefault();
  $("b", dialog).textContent = link.dataset.name;
  const body = $("[data-preview-body]", dialog);
  const shown = document.createElement(link.dataset.preview === "picture" ? "img" : "iframe");
  shown.src = link.href;
  if (shown.tagName === "IMG") shown.alt = link.dataset.name;
  else shown.title = link.dataset.name;
  body.replaceChildren(shown);
  dialog.showModal();
  dialog.addEventListener("close", () => body.replaceChildren(), { once: true });
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
});

// Unsorted: «a» accepts, «d» declines the row that j and k chose
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !$("[data-inbox]")) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || $("dialog[open]")) return;
  const row = $("[data-inbox] tr.is-current") ?? $("[data-inbox] tbody tr");
  const button = row && $({ a: "[data-accept]", d: "[data-decline]" }[event.key] ?? "none", row);
  if (!button) return;
  event.preventDefault();
  button.click();
});
