// Köprü as a program of the phone: the service worker, the word on a page read without a line, and the
// list of what can be read then.

navigator.serviceWorker?.register("/service-worker.js").catch(() => null); // not over plain HTTP

const language = document.documentElement.lang;
const inWords = (moment) => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));

const said = document.querySelector("[data-kept]");
const { keptAt } = document.documentElement.dataset;
if (said && keptAt) {
  said.textContent = said.dataset.kept.replace("{moment}", inWords(keptAt));
  said.hidden = false;
}

const list = document.querySelector("[data-kept-pages]");
if (list && window.caches) {
  for (const name of (await caches.keys()).filter((each) => each.startsWith("pages-"))) {
    const pages = await caches.open(name);
    for (const request of (await pages.keys()).reverse()) {
      const answer = await pages.match(request, { ignoreVary: true });
      const read = new DOMParser().parseFromString(await answer.text(), "text/html");
      const link = Object.assign(document.createElement("a"), { href: request.url, className: "link" });
      link.textContent = read.title.split(" · ")[0];
      const at = Object.assign(document.createElement("small"), { className: "muted" });
      at.textContent = inWords(answer.headers.get("X-Kopru-Kept-At"));
      const item = document.createElement("li");
      item.append(link, " ", at);
      list.append(item);
    }
  }
  list.closest("section").hidden = !list.children.length;
}
