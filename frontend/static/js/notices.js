// Notices by the browser itself: shown when the page is not looked at, as a toast when it is. Several
// pages share what they have shown, so each notice appears once.

const KEY = "kopru-latest-notice";
const remembered = () => {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
};
const remember = (id) => {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // shown twice at worst
  }
};

document.body.addEventListener("live:notifications_notification", async () => {
  const bell = document.getElementById("bell");
  if (!bell) return;
  await new Promise((ready) => setTimeout(ready, Math.random() * 400)); // pages do not ask at once
  const address = new URL(bell.getAttribute("hx-get"), location.href);
  address.search = new URLSearchParams({ part: "fresh", after: remembered() });
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { notices } = await answer.json();
  for (const notice of notices) {
    if (notice.id <= remembered()) continue;
    remember(notice.id);
    show(notice);
  }
});

function show({ id, text, url }) {
  const mayRing = "Notification" in window && Notification.permission === "granted";
  if (!document.hidden || !mayRing) {
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text, isNotice: true } }));
    return;
  }
  const shown = new Notification(document.title.split(" · ").pop(), { body: text, tag: id, icon: document.querySelector("link[rel=icon]")?.href });
  shown.addEventListener("click", () => {
    window.focus();
    location.assign(url);
    shown.close();
  });
}

// Asked for only on the page of the settings, by a button
const box = document.querySelector("[data-browser-notices]");
function showState() {
  if (!box || !("Notification" in window)) return;
  box.hidden = false;
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== Notification.permission;
  box.querySelector("[data-allow-notices]").hidden = Notification.permission !== "default";
}
box?.querySelector("[data-allow-notices]").addEventListener("click", async () => {
  await Notification.requestPermission();
  showState();
});
showState();
