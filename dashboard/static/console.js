// Start of every page of somebody who watches: connection, sound, counters; and the console itself where it is.
import { showClock, tick } from "./ages.js";
import { Panel } from "./incident.js";
import { listenToKeys } from "./keys.js";
import { inOrder, Live } from "./live.js";
import { AreaMap } from "./map.js";
import { ageOf, Queue } from "./queue.js";
import { recall, remember } from "./recall.js";
import { Sound } from "./sound.js";
import { word } from "./words.js";

const SHIFT = "nuanhu-shift";
const TITLE = document.title;
const [CALM_ICON, ALARM_ICON] = ["favicon.svg", "favicon-alarm.svg"].map((name) => new URL(name, import.meta.url).pathname);

const element = (id) => document.getElementById(id);
const live = new Live();
const sound = new Sound();
const queue = Queue.isHere() ? new Queue() : null;
const panel = Panel.isHere() ? new Panel(shown, done) : null;
const map = AreaMap.isHere() ? new AreaMap(choose) : null;

function rows() {
  return [...live.rows.values()];
}

function shown({ incident }) {
  queue?.mark(incident);
  if (queue?.filter.isOn) queue.draw(rows());
  map?.update(rows(), incident);
  if (queue) history.replaceState(null, "", `/?incident=${encodeURIComponent(incident)}`);
  tick(live.now());
}

function done(step, where) {
  const isThere = element("middle").contains(document.activeElement);
  if (step === "close" || (step === "claim" && !isThere)) where.focus();
  if (step === "close") where.top();
}

function choose(incident, { focus = false } = {}) {
  if (panel && queue) return panel.show(incident, { focus });
  location.assign(`/?incident=${encodeURIComponent(incident)}`);
}

function showCounters() {
  for (const [name, number] of Object.entries(live.counters)) {
    for (const place of document.querySelectorAll(`[data-counter="${name}"]`)) place.textContent = number;
  }
  const waiting = rows().filter((row) => row.ringing).length;
  const open = rows().filter((row) => row.group === "unclaimed");
  element("waiting")?.setAttribute("data-priority", Math.min(9, ...open.map((row) => row.priority)));
  document.title = waiting ? `(${waiting}) ${TITLE}` : TITLE;
  element("favicon").href = waiting ? ALARM_ICON : CALM_ICON;
}

/** Where this person may be the second one to agree to a closing, what has waited longest first. */
function asked() {
  const me = element("asks-you")?.dataset.login;
  return rows().filter((row) => row.second_person && row.second_by !== me).sort((a, b) => a.second_ms - b.second_ms);
}

/** What others hand over to this person, in the order of the queue; of a whole shift the first few. */
function offered() {
  const { login, most } = element("offered-you")?.dataset ?? {};
  return inOrder(rows()).filter((row) => row.offered_to && row.offered_to === login).slice(0, most);
}

function showAsked() {
  showBand(element("asks-you"), asked().map((row) => [row.incident, row.second_ms, row.second_word]));
  showBand(element("offered-you"), offered().map((row) => [row.incident, 0, row.offered_word]));
}

/** `told`: incident, since when or 0, and text of each line. */
function showBand(banner, told) {
  if (!banner) return;
  if (banner.dataset.told !== JSON.stringify(told)) {
    banner.dataset.told = JSON.stringify(told);
    banner.querySelector("ul").replaceChildren(
      ...told.map(([incident, since, text]) => {
        const link = document.createElement("a");
        link.href = `/?incident=${encodeURIComponent(incident)}`;
        link.dataset.incident = incident;
        link.textContent = text;
        const item = document.createElement("li");
        item.append(link, ...(since ? [" ", ageOf(since, 0)] : []));
        return item;
      }),
    );
  }
  banner.hidden = !told.length;
}

function ring(again) {
  const ringing = inOrder(rows()).find((row) => row.ringing);
  sound.ring(ringing?.priority ?? 0, again);
}

live.addEventListener("change", ({ detail: { row, rings } }) => {
  showCounters();
  showAsked();
  queue?.draw(rows());
  ring(Boolean(rings)); // before the map: no alarm is muted by a drawing that fails
  map?.update(rows(), panel?.incident);
  if (rings) {
    const news = { what: row.kind_word, who: row.who, where: row.where };
    element("hearsay").textContent = word("new_alarm", news);
  }
  const concerns = !row || row.incident === panel?.incident || panel?.lists(row.key);
  if (panel?.incident && (concerns || !live.rows.has(panel.incident))) panel.refresh();
  tick(live.now());
});

live.addEventListener("beat", () => {
  const wrong = element("wrong");
  wrong.textContent = live.wrong.join(" · ");
  wrong.hidden = !live.wrong.length;
  const tests = element("in-test");
  if (tests.dataset.told !== live.tests.join("|")) {
    tests.dataset.told = live.tests.join("|");
    tests.querySelector("ul").replaceChildren(
      ...live.tests.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
    );
  }
  tests.hidden = !live.tests.length;
  const flood = element("flood");
  flood.textContent = live.flood;
  flood.hidden = !live.flood;
  const canary = element("canary");
  canary.textContent = live.canary;
  canary.hidden = !live.canary;
  element("connection").title = live.canary;
});

live.addEventListener("state", ({ detail: state }) => {
  const isLost = state === "lost" || state === "signed_out";
  const pill = element("connection");
  pill.dataset.state = isLost ? "lost" : state;
  pill.textContent = { live: word("live"), polling: word("polling"), connecting: word("connecting") }[state] ?? word("lost");
  const banner = element("lost");
  banner.textContent = state === "signed_out" ? word("signed_out") : word("lost_text");
  banner.hidden = !isLost;
  sound.lose(isLost);
});

function showSound() {
  const button = element("sound");
  const text = !sound.running ? word("sound_off") : sound.muted ? word("sound_muted") : word("sound_on");
  button.lastElementChild.textContent = text;
  button.setAttribute("aria-pressed", String(sound.running && !sound.muted));
  button.dataset.plays = sound.plays;
  element("silent").hidden = sound.running;
  live.report({ audio: sound.running, queue: queue !== null && document.visibilityState === "visible" });
}

async function startShift() {
  if (!(await sound.start())) return;
  remember(SHIFT, "on");
  sound.test();
}

/** What nobody has comes first; then what waits for a second person, but not one's own: that waits for another. */
function nextToTake() {
  const me = element("queue")?.dataset.login;
  const ringing = inOrder(rows()).filter((row) => row.ringing && !(row.second_person && row.claimed_by === me));
  const free = inOrder(rows()).find((row) => row.group === "unclaimed"); // folded: it does not ring, and waits all the same
  return ringing.find((row) => !row.second_person) ?? ringing[0] ?? free;
}

async function takeNext() {
  const next = nextToTake();
  if (!next) {
    element("hearsay").textContent = word("all_taken");
    return;
  }
  await choose(next.incident, { focus: true });
  const claim = element("do-claim");
  if (claim && panel?.incident === next.incident) await panel.send(claim.form);
}

sound.addEventListener("state", showSound);
document.addEventListener("visibilitychange", showSound);
element("start-shift").addEventListener("click", startShift);
element("sound").addEventListener("click", () => (sound.running ? sound.mute(!sound.muted) : startShift()));
element("queue")?.addEventListener("click", (event) => {
  const link = event.target.closest("a.row");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(link.dataset.incident);
});

queue?.filter.addEventListener("change", () => {
  queue.draw(rows());
  tick(live.now());
});

listenToKeys({
  filter: () => queue?.filter.toggle(),
  takeNext,
  move: (step) => {
    const link = queue?.next(step);
    if (!link) return;
    link.focus();
    choose(link.dataset.incident);
  },
  go: (link) => panel?.go(link),
  look: () => {
    const first = [...asked(), ...offered()].find((row) => row.incident !== panel?.incident);
    if (first) choose(first.incident, { focus: true });
    return Boolean(first);
  },
  askedAt: () => panel?.askedAt ?? 0,
  answeredAt: () => panel?.answeredAt ?? -Infinity,
  leave: () => (queue?.link(queue.chosen) ?? queue?.links()[0])?.focus(),
});

if (queue && panel) queue.chosen = panel.incident;
element("clock").dataset.now && showClock(Number(element("clock").dataset.now));
live.start();
showSound();
if (recall(SHIFT)) {
  sound.start();
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, () => sound.running || sound.start(), { once: true });
  }
}
map?.start().then(() => map.update(rows(), panel?.incident));
setInterval(() => {
  showClock(live.now());
  tick(live.now());
}, 1000);
