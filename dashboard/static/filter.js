// Narrows the queue for whoever looks at it. What rings and P1 are always shown; it changes neither sound nor counters, nor
// what is taken next. Kept for as long as the page's tab is open, and plainly shown while it is on.
import { recall, remember } from "./recall.js";
import { word } from "./words.js";

const KEPT = "nuanhu-filter";
const URGENT = 2;

/** What was chosen before; nothing where that cannot be read. */
function remembered() {
  try {
    return JSON.parse(recall(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** Dispatches "change" when another choice was made. */
export class Filter extends EventTarget {
  #form = document.getElementById("filter");
  #all = document.getElementById("filter-off");
  #me = document.getElementById("queue").dataset.login;
  #byKey = false;

  constructor() {
    super();
    for (const [name, value] of Object.entries(remembered())) this.#choose(name, value);
    this.#form.hidden = false;
    this.#form.addEventListener("keydown", () => (this.#byKey = true));
    this.#form.addEventListener("pointerdown", () => (this.#byKey = false));
    this.#form.addEventListener("change", () => this.#changed());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      document.activeElement.blur();
    });
    this.#all.addEventListener("click", () => this.clear());
  }

  get isOn() {
    return Boolean(this.#form.elements.town.value || this.#form.elements.which.value);
  }

  /** Whether a row is left out; never what rings, what is P1, and what is being looked at. */
  hides(row, chosen) {
    if (!this.isOn || row.priority === 1 || row.ringing || row.incident === chosen) return false;
    if (row.offered_to && row.offered_to === this.#me) return false;
    const town = this.#form.elements.town.value;
    if (town && row.area !== town && !row.area.startsWith(`${town}.`)) return true;
    const which = this.#form.elements.which.value;
    if (which === "mine") return row.claimed_by !== this.#me;
    if (which === "nobodys") return Boolean(row.claimed_by);
    return which === "urgent" && row.priority > URGENT;
  }

  /** Says how many rows are left out. */
  tell(hidden) {
    this.#form.classList.toggle("is-on", this.isOn);
    this.#all.hidden = !this.isOn;
    this.#all.firstElementChild.textContent = word("filter_hides", { n: hidden });
  }

  /** By key: shows all again, or goes to the choices. */
  toggle() {
    if (this.isOn) this.clear();
    else this.#form.elements.town.focus();
  }

  clear() {
    for (const name of ["town", "which"]) this.#choose(name, "");
    this.#changed();
  }

  #choose(name, value) {
    const select = this.#form.elements[name];
    if (select?.options && [...select.options].some((option) => option.value === value)) select.value = value;
  }

  #changed() {
    const { town, which } = this.#form.elements;
    remember(KEPT, JSON.stringify({ town: town.value, which: which.value }));
    if (!this.#byKey) document.activeElement.blur(); // the next key is for the desk again; by keyboard, Enter says so
    this.dispatchEvent(new Event("change"));
  }
}
