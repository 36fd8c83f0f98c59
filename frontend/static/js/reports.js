// Reports: a choice is shown at once; days of one's own take the place of a named period.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-own-day]")) {
    const named = event.target.form.elements.period;
    if (named) named.value = "own";
  }
  if (event.target.matches("[data-submit]") && event.target.value !== "own") event.target.form.requestSubmit();
});
