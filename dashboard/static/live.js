// The console's one socket: snapshot, changes, beats; comes back by itself, polls where no socket can be had.
const RETRY_MS = [300, 1000, 2000, 4000, 8000];
const TRIES_BEFORE_POLLING = 3;
const FIRST_WORD_MS = 6000;
const SIGNED_OUT = 4401;

/**
 * Follows what is open. Dispatches "change" (detail: {row, rings} or {} for a snapshot), "state" (detail: its name:
 * connecting, live, polling, lost, signed_out) and "beat".
 */
export class Live extends EventTarget {
  rows = new Map();
  counters = {};
  wrong = [];
  flood = "";
  canary = "";
  tests = [];
  state = "connecting";
  #cursor = "";
  #isFirst = true;
  #giveUp = null;
  #tries = 0;
  #polls = false;
  #socket = null;
  #watcher = null;
  #report = null;
  #clock = { at: Date.now(), heard: performance.now(), speed: 1 };

  start() {
    this.#watcher = new Worker(new URL("watch.js", import.meta.url));
    this.#watcher.addEventListener("message", ({ data }) => {
      if (this.state === "signed_out") return;
      if (data === "tick" && this.#polls) this.#poll();
      if (data === "silent") {
        this.#enter("lost");
        this.#startPolling(); // a socket may be open and say nothing: something between may swallow its words
        this.#giveUp?.();
      }
    });
    this.#connect();
  }

  /** Service time, milliseconds since 1970. */
  now() {
    return this.#clock.at + (performance.now() - this.#clock.heard) * this.#clock.speed;
  }

  /** Tell the gateway whether this console is attended. */
  report(attendance) {
    this.#report = JSON.stringify(attendance);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(this.#report);
  }

  #connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws?after=${encodeURIComponent(this.#cursor)}`);
    this.#socket = socket;
    let hasEnded = false;
    const ended = (code) => {
      if (hasEnded) return;
      hasEnded = true;
      this.#after(code);
    };
    this.#giveUp = () => {
      ended(0); // its close may take minutes to be told
      socket.close();
    };
    const firstWord = setTimeout(this.#giveUp, FIRST_WORD_MS);
    socket.addEventListener("open", () => this.#report && socket.send(this.#report));
    socket.addEventListener("message", ({ data }) => {
      if (hasEnded) return;
      clearTimeout(firstWord);
      this.#tries = 0;
      this.#polls = false;
      this.#take(JSON.parse(data), "live");
    });
    socket.addEventListener("close", ({ code }) => {
      clearTimeout(firstWord);
      ended(code);
    });
  }

  #after(code) {
    if (code === SIGNED_OUT) return this.#enter("signed_out");
    if (this.state === "live") this.#enter("connecting");
    const wait = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    if (this.#tries >= TRIES_BEFORE_POLLING) this.#startPolling();
    setTimeout(() => this.#connect(), wait * (0.7 + Math.random() * 0.6));
  }

  #startPolling() {
    if (this.#polls) return;
    this.#polls = true;
    this.#poll();
  }

  async #poll() {
    try {
      const report = encodeURIComponent(this.#report ?? "");
      const answer = await fetch(`/api/snapshot?attends=${report}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return this.#enter("signed_out");
      if (answer.ok && this.#polls) this.#take(await answer.json(), "polling");
    } catch {
      // The watcher tells when the silence has lasted too long.
    }
  }

  #take(frame, state) {
    this.#watcher.postMessage("beat");
    this.#clock = { at: frame.at, heard: performance.now(), speed: frame.speed ?? this.#clock.speed };
    this.#enter(state);
    if (frame.cursor) this.#cursor = frame.cursor;
    if (frame.counters) this.counters = frame.counters;
    if (frame.wrong) this.wrong = frame.wrong;
    if (frame.tests) this.tests = frame.tests;
    if (frame.flood !== undefined) this.flood = frame.flood;
    if (frame.type === "beat") {
      this.canary = frame.canary ?? "";
      if (this.#report) this.report(JSON.parse(this.#report)); // a sign of life: a socket alone proves nothing
    }
    if (frame.type === "snapshot") {
      const before = this.#isFirst ? null : this.rows;
      this.#isFirst = false;
      this.rows = new Map(frame.rows.map((row) => [row.incident, row]));
      this.#tell("change", {});
      const news = before ? inOrder(frame.rows).find((row) => isNews(row, before.get(row.incident))) : null;
      if (news) this.#tell("change", { row: news, rings: true });
    } else if (frame.type === "change") {
      if (frame.row) this.#keep(frame.row);
      this.#tell("change", { row: frame.row, rings: frame.rings });
    }
    this.#tell("beat", {});
  }

  #keep(row) {
    if (row.group === "closed") this.rows.delete(row.incident);
    else this.rows.set(row.incident, row);
  }

  #enter(state) {
    if (state === this.state) return;
    this.state = state;
    this.#tell("state", state);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Whether a row of a snapshot rings as it did not before: it came while nothing was heard. */
const isNews = (row, before) => row.ringing && !row.fold && (!before?.ringing || row.alarm_count > before.alarm_count);

const place = (row) => (row.ringing ? row.since_ms : row.opened_ms);

/** What rings first, then the more urgent, then what has waited longest: the same order as on the server. */
export function inOrder(rows) {
  return [...rows].sort(
    (a, b) => Number(b.ringing) - Number(a.ringing) || a.priority - b.priority || place(a) - place(b),
  );
}
