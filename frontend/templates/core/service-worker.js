// Köprü without a line: the pages a person opened lately can be read, others say honestly that there is
// no connection. Nothing is kept of other addresses than this company's. What is kept is one person's: pages
// of whoever was signed in before go as soon as somebody else, or nobody, is; at sign-out; and after a week.
// Style sheets and scripts are named by their content; with a new version of any of them all is begun anew.

const { version, shell, offline, static: files, signOut } = {{ config|safe }};
const SHELF = `shelf-${version}`;
const PAGES = `pages-${version}-`;
const MOST = 60;
const OLDEST_MS = 7 * 24 * 3_600_000;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name !== SHELF && !name.startsWith(PAGES)) await caches.delete(name);
    }
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === signOut) return void event.waitUntil(forget(""));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith(files) && HASHED.test(url.pathname)) event.respondWith(fromShelf(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

async function fromShelf(request) {
  const shelf = await caches.open(SHELF);
  const found = await shelf.match(request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await shelf.put(request, answer.clone());
  return answer;
}

async function page(event) {
  let answer;
  try {
    answer = (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await kept(event.request.url)) ?? (await caches.match(offline)) ?? Response.error();
  }
  event.waitUntil(keep(event.request.url, answer.clone()));
  return answer;
}

async function keep(address, answer) {
  const person = answer.headers.get("X-Kopru-Person");
  if (!person) return;
  await forget(PAGES + person);
  if (!answer.ok || answer.headers.get("X-Kopru-Keep") !== "yes") return;
  const pages = await caches.open(PAGES + person);
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.set("X-Kopru-Kept-At", new Date().toISOString());
  await pages.delete(address);
  await pages.put(address, new Response(text, { headers }));
  const all = await pages.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await pages.delete(old);
  await bring(text);
}

// What a page needs to be shown stands in its head and its pictures
async function bring(text) {
  const shelf = await caches.open(SHELF);
  const named = new Set([...text.matchAll(/(?:href|src)="([^"#?]+)/g)].map((found) => found[1]));
  for (const address of named) {
    if (!address.startsWith(files) || !HASHED.test(address)) continue;
    if (!(await shelf.match(address, { ignoreVary: true }))) await shelf.add(address).catch(() => null);
  }
}

async function kept(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PAGES)) continue;
    const pages = await caches.open(name);
    const found = await pages.match(address, { ignoreVary: true });
    if (!found) continue;
    const at = found.headers.get("X-Kopru-Kept-At");
    if (Date.now() - Date.parse(at) > OLDEST_MS) {
      await pages.delete(address);
      continue;
    }
    const text = (await found.text()).replace("<html ", `<html data-kept-at="${at}" `);
    return new Response(text, { headers: found.headers });
  }
  return null;
}

// Let the pages of everybody else go; of everybody, when nobody is named
async function forget(mine) {
  for (const name of await caches.keys()) {
    if (name.startsWith("pages-") && name !== mine) await caches.delete(name);
  }
}
