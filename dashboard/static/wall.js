// The screen on the wall: asks for its numbers every three seconds, says so when none come, and returns by itself.
import { showClock, tick } from "./ages.js";
import { word } from "./words.js";

const EVERY_MS = 3000;
const PATIENCE_MS = 8000;
const SILENCE_MS = 12_000;
const SIGNED_OUT = 401;
const place = document.getElementById("wall-now");
const banner = document.getElementById("lost");
const clock = document.getElementById("clock");
let at = { now: Number(clock.dataset.now), heard: performance.now() };
let heard = performance.now();

const now = () => at.now + (performance.now() - at.heard) * Number(clock.dataset.speed);

function tell(text) {
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = !text;
  document.body.classList.toggle("is-lost", Boolean(text));
}

async function look() {
  try {
    const answer = await fetch("/api/wall", { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === SIGNED_OUT) return tell(word("wall_ended"));
    if (!answer.ok) return;
    const text = await answer.text();
    if (!banner.hidden) return location.reload(); // perhaps a newer version came up
    const fresh = document.createElement("template");
    fresh.innerHTML = text;
    heard = performance.now();
    at = { now: Number(fresh.content.querySelector("[data-now]").dataset.now), heard };
    place.replaceChildren(fresh.content);
    tick(now());
  } catch {
    // Said below once it has lasted.
  }
}

async function watch() {
  await look();
  setTimeout(watch, EVERY_MS);
}

setInterval(() => {
  showClock(now());
  tick(now());
  if (banner.hidden && performance.now() - heard > SILENCE_MS) tell(word("wall_lost"));
}, 1000);
watch();
