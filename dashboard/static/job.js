// Whoever goes to a door: what is tapped without a network counts on this page at once, and the page itself is kept by
// the telephone until the job is over.
import { kept } from "./taps.js";

const RANK = { accepted: 0, en_route: 1, on_scene: 2, inside: 3, safe: 4, needs_120: 4, handed_over: 5 };
const THERE = RANK.on_scene;
const step = (url) => new URL(url, location.href).pathname.split("/").pop().replace("on_the_way", "accepted");

function askFor(form) {
  form.classList.add("is-next");
  const button = form.querySelector("button");
  button.classList.add("button-next", "button-big");
  if (form.parentElement.matches("details")) form.parentElement.open = true;
}

// What was tapped is not asked for again, and what follows it is large.
function follow() {
  for (const steps of document.querySelectorAll("[data-steps]")) {
    const forms = [...steps.querySelectorAll("form[data-queue]")];
    const mine = kept().filter((item) => forms.some((form) => form.action === item.url)).map((item) => step(item.url));
    const far = Math.max(-1, ...mine.map((name) => RANK[name] ?? -1));
    if (far < 0) continue;
    if (far >= THERE) forms.forEach((form) => form.classList.remove("is-later"));
    for (const form of forms) {
      const rank = RANK[form.dataset.stage];
      const isTold = rank < 4 ? rank <= far : mine.includes(form.dataset.stage);
      if (rank !== undefined) form.hidden = isTold;
      if (isTold) form.classList.remove("is-next");
    }
    for (const part of steps.querySelectorAll("[data-from]")) part.hidden &&= far < RANK[part.dataset.from];
    for (const part of steps.querySelectorAll("[data-until]")) part.hidden ||= far >= RANK[part.dataset.until];
    const next = forms.find((form) => !form.hidden && RANK[form.dataset.stage] > far && form.dataset.stage !== "needs_120");
    if (next && !mine.includes("handed_over")) askFor(next);
  }
}

document.addEventListener("nuanhu-queue", follow);
document.addEventListener("nuanhu-fresh", follow);
follow();

const STORE = "nuanhu-job";
const ALWAYS = ["taps.js", "job.js", "refresh.js", "clock.js", "ages.js", "words.js", "icons.svg", "favicon.svg"];
const keeper = navigator.serviceWorker;

async function keepOrForget(page) {
  if (page.dataset.keep === "no") return void (await (await caches.open(STORE)).delete(location.pathname));
  const scope = page.dataset.scope ?? "/p/";
  await keeper.register(`${scope.replace(/\/$/, "")}/keep.js`, { scope });
  const loaded = performance.getEntriesByType("resource").map((part) => new URL(part.name).pathname);
  const parts = loaded.filter((path) => path.startsWith("/static/"));
  const always = ALWAYS.map((name) => new URL(name, import.meta.url).pathname);
  (await keeper.ready).active.postMessage({ keep: location.pathname, parts: [...new Set([...always, ...parts])] });
}

let was = "";
function look() {
  const page = document.querySelector("[data-keep]");
  if (!keeper || !page || page.dataset.keep === was) return;
  was = page.dataset.keep;
  keepOrForget(page).catch(() => (was = "")); // no signal: with the next page
}
document.addEventListener("nuanhu-fresh", look);
look();
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", () => caches.delete(STORE));
