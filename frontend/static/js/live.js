// Live screens: one socket for the page. An event names tables and keys; whatever on the page listens
// for `live:<table>` or `live:<table>:<key>` fetches itself anew. After a lost line the page names the
// position it has and is told everything since, so nothing is missed.

const GATHER_MS = 150;
const POLL_MS = 30_000;
const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 20_000;

const meta = document.querySelector('meta[name="kopru-live"]');

class Live {
  constructor(address, position) {
    this.address = address;
    this.position = position;
    this.retry = FIRST_RETRY_MS;
    this.pending = new Set();
    this.timer = 0;
    this.poller = 0;
    window.addEventListener("online", () => this.reconnectNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.reconnectNow();
    });
    this.connect();
  }

  connect() {
    clearTimeout(this.reconnecting);
    this.state("connecting");
    this.socket = new WebSocket(this.address);
    this.socket.addEventListener("open", () => {
      this.socket.send(JSON.stringify({ since: this.position }));
    });
    this.socket.addEventListener("message", (message) => this.take(JSON.parse(message.data)));
    this.socket.addEventListener("close", (closed) => this.lost(closed));
  }

  reconnectNow() {
    if (this.socket.readyState === WebSocket.CLOSED) {
      this.retry = FIRST_RETRY_MS;
      this.connect();
    }
  }

  lost(closed) {
    if (closed.code === 4403) {
      this.state("off");
      return; // signed out, or the company is closed: the next click says so
    }
    this.state("lost");
    this.reconnecting = setTimeout(() => this.connect(), this.retry * (0.5 + Math.random()));
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY_MS);
    if (!this.poller) this.poller = setInterval(() => this.poll(), POLL_MS);
  }

  async poll() {
    const answer = await fetch(`/live/changes?since=${encodeURIComponent(this.position)}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (answer && answer.ok) this.take(await answer.json());
  }

  take(event) {
    if (event.beat) return;
    if (this.socket.readyState === WebSocket.OPEN) {
      this.retry = FIRST_RETRY_MS;
      clearInterval(this.poller);
      this.poller = 0;
      this.state("on");
    }
    this.position = event.position || this.position;
    if (event.reset) {
      for (const name of listenedFor()) this.pending.add(name);
    }
    for (const [table, keys] of Object.entries(event.tables || {})) {
      this.pending.add(`live:${table}`);
      if (keys === null) {
        for (const name of listenedFor()) {
          if (name.startsWith(`live:${table}:`)) this.pending.add(name);
        }
        continue;
      }
      for (const pair of keys) {
        for (const key of pair) if (key) this.pending.add(`live:${table}:${key}`);
      }
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), GATHER_MS);
  }

  tell() {
    const names = [...this.pending];
    this.pending.clear();
    for (const name of names) document.body.dispatchEvent(new CustomEvent(name));
  }

  state(name) {
    const shown = document.getElementById("live-state");
    if (shown) shown.dataset.state = name;
    document.documentElement.dataset.live = name;
  }
}

function listenedFor() {
  const names = new Set();
  for (const element of document.querySelectorAll('[hx-trigger*="live:"]')) {
    for (const found of element.getAttribute("hx-trigger").matchAll(/live:[\w:-]+/g)) {
      names.add(found[0]);
    }
  }
  return names;
}

if (meta && "WebSocket" in window) {
  window.koprulive = new Live(meta.content, meta.dataset.position);
}
