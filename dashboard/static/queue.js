// The queue: two groups, always in order, each row a link that works without scripts.
import { Filter } from "./filter.js";
import { inOrder } from "./live.js";
import { shape } from "./shape.js";
import { word } from "./words.js";

function span(name, ...parts) {
  const element = document.createElement("span");
  element.className = name;
  element.append(...parts);
  return element;
}

function strong(text, name = "") {
  const element = document.createElement("strong");
  element.className = name;
  element.textContent = text;
  return element;
}

export function ageOf(since, priority) {
  const age = document.createElement("time");
  age.className = "age";
  age.dataset.since = since;
  age.dataset.priority = priority;
  return age;
}

function again(row) {
  const part = strong(row.again_word, "bad");
  if (row.again_ms) part.append(" ", ageOf(row.again_ms, 0));
  return part;
}

function stateParts(row) {
  const parts = [span("prio-word", row.priority_word)];
  if (row.homes_word) parts.push(` · ${row.homes_word}`);
  if (row.group === "unclaimed" && row.room_word) parts.push(` · ${row.room_word}`);
  if (row.group === "progress") {
    parts.push(` · ${row.state_word}`);
    if (row.second_ms) parts.push(" ", ageOf(row.second_ms, 0));
    parts.push(` · ${row.responder_name || row.claimed_name}`);
  } else if (row.sent_word) {
    parts.push(" · ", strong(`${row.responder_name} ${row.sent_word}`));
  }
  if (row.again_word) parts.push(" · ", again(row));
  if (row.missed_word) parts.push(" · ", strong(row.missed_word, "bad"));
  if (row.climbed_word) parts.push(" · ", strong(row.climbed_word, "bad"));
  if (row.alarm_count > 1) parts.push(` · ${word("times", { n: row.alarm_count })}`);
  if (!row.recorded) parts.push(" · ", strong(word("not_recorded"), "bad"));
  return parts;
}

function item(row) {
  const link = document.createElement("a");
  link.href = `/?incident=${encodeURIComponent(row.incident)}`;
  link.dataset.incident = row.incident;
  link.dataset.priority = row.priority;
  link.className = `row p${row.priority}`;
  link.classList.toggle("is-ringing", row.ringing);
  link.classList.toggle("is-unclaimed", row.group === "unclaimed");
  link.append(
    shape(row),
    span("row-what", strong(row.kind_word), ` ${row.who}`),
    ageOf(row.since_ms, row.ringing ? row.priority : 0),
    span("row-where", row.where),
    span("row-state", ...stateParts(row)),
  );
  const li = document.createElement("li");
  li.append(link);
  return li;
}

/** Rows in their order; those of one fold together, where its first one stands. Never P1 or P2. */
function piled(rows) {
  const piles = new Map();
  for (const row of rows) {
    const fold = row.priority > 2 ? row.fold : "";
    const name = fold || `row|${row.incident}`;
    if (!piles.has(name)) piles.set(name, { fold, rows: [] });
    piles.get(name).rows.push(row);
  }
  return [...piles.values()];
}

function foldItem(fold) {
  const details = document.createElement("details");
  details.dataset.fold = fold;
  const summary = document.createElement("summary");
  const list = document.createElement("ol");
  list.className = "rows";
  details.append(summary, list);
  const li = document.createElement("li");
  li.className = "folded-rows";
  li.append(details);
  return li;
}

function tellFold(li, rows) {
  const [first] = rows;
  const summary = li.querySelector("summary");
  const text = `${first.priority_word} · ${word("folded", { n: rows.length })}`;
  if (summary.dataset.text === `${first.fold_word}|${text}`) return;
  summary.dataset.text = `${first.fold_word}|${text}`;
  summary.className = `row row-fold p${first.priority}`;
  summary.replaceChildren(shape(first), span("row-what", strong(first.fold_word)), span("row-state", text));
}

function putInto(list, items) {
  const same = items.length === list.children.length && items.every((li, n) => li === list.children[n]);
  if (!same) list.replaceChildren(...items);
}

/** Draws the queue from live rows. */
export class Queue {
  chosen = "";
  filter = new Filter();
  #groups = { unclaimed: document.getElementById("unclaimed"), progress: document.getElementById("progress") };
  #drawn = new Map();
  #known = new Set();
  #folds = new Map();

  static isHere() {
    return document.getElementById("unclaimed") !== null;
  }

  draw(rows) {
    const focused = document.activeElement?.dataset?.incident;
    const drawn = new Map();
    let hidden = 0;
    for (const [name, list] of Object.entries(this.#groups)) {
      const all = inOrder(rows).filter((row) => row.group === name);
      const mine = all.filter((row) => !this.filter.hides(row, this.chosen));
      hidden += all.length - mine.length;
      const items = new Map();
      for (const row of mine) {
        const text = JSON.stringify(row);
        const before = this.#drawn.get(row.incident);
        const entry = before?.text === text ? before : { text, li: item(row) };
        if (this.#known.size && !this.#known.has(row.incident)) entry.li.firstChild.classList.add("is-new");
        drawn.set(row.incident, entry);
        items.set(row.incident, entry.li);
      }
      putInto(list, piled(mine).map(({ fold, rows: together }) => {
        if (!fold || together.length < 2) return items.get(together[0].incident);
        if (!this.#folds.has(fold)) this.#folds.set(fold, foldItem(fold));
        const li = this.#folds.get(fold);
        tellFold(li, together);
        putInto(li.querySelector("ol"), together.map((row) => items.get(row.incident)));
        return li;
      }));
      document.getElementById(`${name}-empty`).hidden = all.length > 0;
      const left = document.getElementById(`${name}-filtered`);
      left.hidden = items.size > 0 || !all.length;
      left.textContent = word("filtered_out", { n: all.length });
    }
    this.filter.tell(hidden);
    for (const fold of this.#folds.keys()) {
      if (!rows.some((row) => row.fold === fold)) this.#folds.delete(fold);
    }
    this.#drawn = drawn;
    this.#known = new Set(rows.map((row) => row.incident));
    this.mark();
    if (focused && document.activeElement === document.body) this.link(focused)?.focus();
  }

  mark(chosen = this.chosen) {
    this.chosen = chosen;
    for (const link of document.querySelectorAll("#queue a.row")) {
      if (link.dataset.incident === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  links() {
    return [...document.querySelectorAll("#queue a.row")].filter((link) => !link.closest("details:not([open])"));
  }

  link(incident) {
    return [...document.querySelectorAll("#queue a.row")].find((link) => link.dataset.incident === incident);
  }

  /** The incident above (-1) or below (+1) the chosen one. */
  next(step) {
    const links = this.links();
    if (!links.length) return null;
    const at = links.findIndex((link) => link.dataset.incident === this.chosen);
    const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
    return links[to];
  }
}
