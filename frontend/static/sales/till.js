// The till: the cursor goes back to the field that is scanned into, Ctrl+Enter takes the order.
// Without this file the page works all the same, with a click into the field.

class PointOfSale extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.code = () => this.querySelector("[name=code]");
    document.addEventListener("htmx:after:swap", this.swapped);
    document.addEventListener("keydown", this.key);
    // Two clicks are one order anyway; a button that waits says so.
    this.form.addEventListener("submit", () => this.querySelector("[data-take]")?.setAttribute("aria-busy", "true"));
    this.code()?.focus();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:after:swap", this.swapped);
    document.removeEventListener("keydown", this.key);
  }

  swapped = ({ detail }) => {
    const code = this.code();
    if (!code || !this.isConnected) return;
    // The bell and other parts of the page are read anew too: what is being typed here stays.
    if (!this.contains(detail?.ctx?.target)) return;
    this.querySelector("[data-take]")?.removeAttribute("aria-busy");
    code.value = code.defaultValue;
    const isTyping = ["quantity", "comment"].includes(document.activeElement?.name);
    if (!isTyping) code.focus();
    if (code.value) code.select();
  };

  key = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const take = this.querySelector("[data-take]");
      if (take && !take.disabled) take.click();
    }
  };
}

customElements.define("point-of-sale", PointOfSale);
