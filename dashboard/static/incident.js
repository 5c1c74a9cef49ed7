// The incident in the middle: drawn by the server, refreshed part by part without losing focus or typed text.
import { word } from "./words.js";

const middle = document.getElementById("middle");
const SLOW_MS = 300;
const OWN = /name="once" value="[^"]*"| open=""/g; // each drawing's own key, and which folds are open here

const plain = (part) => part.innerHTML.replace(OWN, "");
const panelIn = (root) => root.querySelector("#panel");
const address = (incident) => incident.split("/").map(encodeURIComponent).join("/");

function isTyped(field) {
  if (field.type === "hidden") return false;
  if (field.matches("select")) {
    const preset = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    return field.selectedOptions[0] !== preset;
  }
  return field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** Whether somebody is writing in this part, so that it must be left alone. */
function isInUse(part) {
  const active = document.activeElement;
  const isWriting = part.contains(active) && active.matches("textarea, input, select");
  return isWriting || [...part.querySelectorAll("textarea, input, select")].some(isTyped);
}

function takeOver(part, fresh) {
  for (const form of part.querySelectorAll("form[data-step]")) {
    const other = fresh.querySelector(`form[data-step="${form.dataset.step}"]`);
    if (other) form.setAttribute("action", other.getAttribute("action")); // the incident may have got its number only now
    for (const name of ["once", "csrf"]) {
      if (other && form.elements[name]) form.elements[name].value = other.elements[name].value;
    }
  }
}

/**
 * Where Enter may do no harm: a number to dial, or whom to send while nobody is on the way. An answer that nobody has
 * given, or calling somebody back, is never one keystroke away.
 */
function firstOf(list) {
  if (list.id === "send") return list.querySelector("#do-recall") ? null : list.querySelector("button[name=responder]");
  return list.querySelector("a.phone, button.phone");
}

/** Shows and refreshes one incident. */
export class Panel {
  incident = panelIn(document)?.dataset.incident ?? "";
  state = panelIn(document)?.dataset.state ?? "";
  #askedAt = performance.now();
  answeredAt = -Infinity; // when something that asked for an answer last left the view, whoever gave it
  #asks = this.#question();
  #fetching = false;
  #again = false;
  #said = "";
  #onShown;
  #onDone;

  /** `onShown` is told after each drawing, `onDone` of a step that was carried out. */
  constructor(onShown, onDone) {
    this.#onShown = onShown;
    this.#onDone = onDone;
    middle.addEventListener("submit", (event) => this.#submit(event));
    middle.addEventListener("click", (event) => this.#open(event));
    middle.addEventListener("scroll", () => this.#mind(), { passive: true });
  }

  /** Whose incident it is stays in view when its heading does not. */
  #mind() {
    const head = middle.querySelector(".panel-head");
    middle.classList.toggle("is-scrolled", head !== null && middle.scrollTop > head.offsetTop + head.offsetHeight - 30);
  }

  static isHere() {
    return middle !== null;
  }

  /** Show an incident; with `focus`, its heading gets the keyboard. */
  async show(incident, { focus = false } = {}) {
    if (incident !== this.incident) {
      this.incident = incident;
      this.#said = "";
      const slow = setTimeout(() => middle.setAttribute("aria-busy", "true"), SLOW_MS);
      const html = await this.#fetch();
      clearTimeout(slow);
      if (this.incident !== incident) return;
      middle.removeAttribute("aria-busy");
      if (html === null) {
        this.incident = panelIn(middle)?.dataset.incident ?? "";
        this.#say(word("not_shown"));
        return;
      }
      middle.replaceChildren(html);
      middle.scrollTop = 0;
      this.#shown();
    } else {
      await this.refresh();
    }
    if (focus) this.focus();
  }

  /** Whether a home stands in the list of the area incident that is shown. */
  lists(home) {
    return middle.querySelector(`[data-member="${CSS.escape(home)}"]`) !== null;
  }

  top() {
    middle.scrollTop = 0;
  }

  focus() {
    document.getElementById("panel-title")?.focus({ preventScroll: true });
  }

  async refresh() {
    if (!this.incident) return;
    if (this.#fetching) {
      this.#again = true;
      return;
    }
    this.#fetching = true;
    try {
      do {
        this.#again = false;
        const incident = this.incident;
        const fresh = await this.#fetch();
        if (fresh && incident === this.incident) {
          this.incident = fresh.dataset.incident;
          this.#merge(fresh);
        }
      } while (this.#again);
    } finally {
      this.#fetching = false;
    }
  }

  async #fetch() {
    try {
      const answer = await fetch(`/incidents/${address(this.incident)}/panel`);
      if (!answer.ok) return null;
      const template = document.createElement("template");
      template.innerHTML = await answer.text();
      return panelIn(template.content);
    } catch {
      return null;
    }
  }

  #merge(fresh) {
    const panel = panelIn(middle);
    if (panel && this.#said === word("changed_under") && !isInUse(panel)) this.#said = "";
    this.#write(fresh);
    const names = (root) => [...root.querySelectorAll("[data-part]")].map((part) => part.dataset.part).join();
    const focused = document.activeElement?.id;
    const held = middle.contains(document.activeElement);
    const open = [...middle.querySelectorAll("details[open]")].map((fold) => fold.id);
    if (!panel || (names(panel) !== names(fresh) && !isInUse(panel))) {
      middle.replaceChildren(fresh);
    } else {
      panel.dataset.incident = fresh.dataset.incident;
      panel.dataset.state = fresh.dataset.state;
      for (const part of panel.querySelectorAll("[data-part]")) {
        const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
        if (other) this.#mergePart(part, other);
      }
    }
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (held && !middle.contains(document.activeElement)) {
      const back = focused ? document.getElementById(focused) : null;
      if (back && middle.contains(back)) back.focus({ preventScroll: true });
      else this.focus();
    }
    this.#shown();
  }

  #mergePart(part, fresh) {
    if (plain(part) === plain(fresh) && part.className === fresh.className) return;
    if (!isInUse(part)) {
      part.replaceWith(fresh);
      return;
    }
    takeOver(part, fresh);
    if (!this.#said) this.#say(word("changed_under"));
  }

  /** Since when what is in view asks for this answer, or for none; what has come this moment, since now. */
  get askedAt() {
    return this.#question() === this.#asks ? this.#askedAt : performance.now();
  }

  #question() {
    return `${this.incident} ${middle?.querySelector("#do-agree, #do-accept")?.id ?? ""}`;
  }

  #shown() {
    this.state = panelIn(middle)?.dataset.state ?? "";
    const asks = this.#question();
    if (asks !== this.#asks) {
      this.#askedAt = performance.now();
      if (!this.#asks.endsWith(" ")) this.answeredAt = this.#askedAt;
      this.#asks = asks;
    }
    this.#onShown(this);
  }

  /** Stays until the next step or another incident, however often the panel is drawn meanwhile. */
  #say(text) {
    this.#said = text;
    this.#write(middle);
  }

  #write(root) {
    const note = root.querySelector("#step-refused");
    if (!note) return;
    note.textContent = this.#said;
    note.hidden = !this.#said;
  }

  #open(event) {
    const opener = event.target.closest("a[data-opens], a[href='#call'], a[href='#send']");
    if (!opener) return;
    event.preventDefault();
    this.go(opener);
  }

  /** Go where a button of the step row leads: into a fold, or to a list. */
  go(opener) {
    document.getElementById("more")?.removeAttribute("open");
    const fold = opener.dataset.opens && document.getElementById(opener.dataset.opens);
    if (fold) {
      for (const other of middle.querySelectorAll("details.fold[open]")) if (other !== fold) other.open = false;
      fold.open = true;
    }
    const target = document.querySelector(opener.getAttribute("href"));
    if (!target) return;
    const first = target.matches("section") ? firstOf(target) : target;
    (first ?? target).focus({ preventScroll: true });
    (fold || target).scrollIntoView({ block: fold ? "start" : "nearest" });
  }

  async #submit(event) {
    const form = event.target.closest("form[data-step]");
    if (!form) return;
    event.preventDefault();
    await this.send(form, event.submitter);
  }

  /** Send a step. Resolves to whether it was carried out. */
  async send(form, submitter = null) {
    if (form.dataset.sending) return false;
    form.dataset.sending = "yes";
    this.#say("");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new FormData(form, submitter),
      });
      const told = await answer.json();
      if (told.done) {
        form.reset();
        if (form.contains(document.activeElement)) this.focus();
        form.closest("details")?.removeAttribute("open");
      }
      await this.refresh();
      if (told.done) this.#onDone(form.dataset.step, this);
      else this.#say(word("refused", { why: told.message ?? told.error }));
      return Boolean(told.done);
    } catch {
      this.#say(word("failed"));
      return false;
    } finally {
      delete form.dataset.sending;
    }
  }
}
