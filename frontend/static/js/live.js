// Live screens: one socket for the page. An event names tables and keys; whatever on the page listens
// for `live:<table>` or `live:<table>:<key>` on the body fetches itself anew. After a lost line the page
// names the position it has and is told everything since, so nothing is missed. A page that has had no
// socket for a while asks over HTTP. Said in full in docs/protocol/journal.md.

const GATHER_MS = 150;
const POLL_AFTER_MS = 30_000;
const SILENT_MS = 75_000; // two beats and a half: the line is dead, though nobody said so
const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 20_000;
const NOT_ALLOWED = 4403;

const meta = document.querySelector('meta[name="kopru-live"]');

class Live {
  constructor(address, position) {
    this.address = address;
    this.position = position;
    this.retry = FIRST_RETRY_MS;
    this.pending = new Map(); // event name → keys, or null for "many"
    this.told = new Map(); // event name → when it was dispatched last
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("pageshow", (event) => event.persisted && this.hurry());
    window.addEventListener("pagehide", () => this.socket?.close());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    this.watchSwaps();
    this.connect();
  }

  connect() {
    clearTimeout(this.reconnecting);
    this.show("connecting");
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ since: this.position })));
    socket.addEventListener("message", (message) => this.socket === socket && this.hear(message));
    socket.addEventListener("close", (closed) => this.socket === socket && this.lost(closed));
  }

  hurry() {
    if (this.socket.readyState !== WebSocket.CLOSED || this.isOff) return;
    this.retry = FIRST_RETRY_MS;
    this.connect();
  }

  hear(message) {
    this.retry = FIRST_RETRY_MS;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.giveUp(), SILENT_MS);
    clearInterval(this.polling);
    this.polling = 0;
    this.show("on");
    this.take(JSON.parse(message.data));
  }

  giveUp() {
    const socket = this.socket;
    this.lost({ code: 0 });
    socket.close();
  }

  lost(closed) {
    clearTimeout(this.silence);
    if (closed.code === NOT_ALLOWED) {
      this.isOff = true; // signed out, or the company is closed: the next click says so
      this.show("off");
      return;
    }
    this.show("lost");
    clearTimeout(this.reconnecting);
    this.reconnecting = setTimeout(() => this.connect(), this.retry * (0.5 + Math.random()));
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY_MS);
    this.polling ||= setInterval(() => this.poll(), POLL_AFTER_MS);
  }

  async poll() {
    const since = encodeURIComponent(this.position);
    const answer = await fetch(`/live/changes?since=${since}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    this.take(await answer.json());
  }

  take(event) {
    if (event.beat) return;
    this.position = event.position || this.position;
    if (event.reset) for (const name of listenedFor()) this.pending.set(name, null);
    for (const [table, pairs] of Object.entries(event.tables || {})) this.note(table, pairs);
    if (!this.pending.size || this.gathering) return;
    this.gathering = setTimeout(() => this.tell(), GATHER_MS);
  }

  // A row is told by its own key and by that of its parent; too many rows are told to all who listen
  note(table, pairs) {
    const name = `live:${table}`;
    if (pairs === null) {
      this.pending.set(name, null);
      for (const other of listenedFor()) {
        if (other.startsWith(`${name}:`)) this.pending.set(other, null);
      }
      return;
    }
    const former = this.pending.has(name) ? this.pending.get(name) : [];
    const keys = pairs.map(([key]) => key).filter(Boolean);
    const isWhole = keys.length === pairs.length && former !== null;
    this.pending.set(name, isWhole ? [...former, ...keys] : null);
    for (const key of pairs.flat()) if (key) this.pending.set(`${name}:${key}`, [key]);
  }

  tell() {
    this.gathering = 0;
    const names = [...this.pending];
    this.pending.clear();
    for (const [name, keys] of names) {
      this.told.set(name, performance.now());
      document.body.dispatchEvent(new CustomEvent(name, { detail: { keys } }));
    }
    if (this.told.size > 2000) this.told.clear();
  }

  // What was read for a part of the page before an event, and shown after it, is old: told again
  watchSwaps() {
    const begun = new WeakMap();
    document.addEventListener("htmx:before:request", ({ detail }) => {
      if (detail.ctx) begun.set(detail.ctx, performance.now());
    });
    document.addEventListener("htmx:after:swap", ({ detail }) => {
      const start = begun.get(detail.ctx);
      if (start === undefined) return;
      for (const [name, when] of this.told) if (when > start) this.pending.set(name, null);
      if (this.pending.size) this.gathering ||= setTimeout(() => this.tell(), GATHER_MS);
    });
  }

  show(state) {
    const shown = document.getElementById("live-state");
    if (shown) shown.dataset.state = state;
    document.documentElement.dataset.live = state;
  }
}

function listenedFor() {
  const names = new Set();
  for (const element of document.querySelectorAll('[hx-trigger*="live:"]')) {
    for (const [name] of element.getAttribute("hx-trigger").matchAll(/live:[\w:-]+/g)) names.add(name);
  }
  return names;
}

if (meta && "WebSocket" in window) new Live(meta.content, meta.dataset.position);
