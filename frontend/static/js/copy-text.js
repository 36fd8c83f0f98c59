/** A button that copies the text of another element and says so. */
class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const label = button.textContent;
    button.addEventListener("click", async () => {
      const source = document.getElementById(this.dataset.from);
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
      } catch {
        // Without https the clipboard is closed to pages: select the text so that Ctrl+C does it.
        const range = document.createRange();
        range.selectNodeContents(source);
        const selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        if (!document.execCommand("copy")) return;
      }
      button.textContent = this.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
if (!customElements.get("copy-text")) customElements.define("copy-text", CopyText);
