// What can be entered in a few words opens over the page one is on: links with data-dialog.
// Without this file they lead to a page of their own.

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
