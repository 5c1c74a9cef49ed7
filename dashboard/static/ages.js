// Ages and the clock tick once a second, by the service's time.
import { language } from "./words.js";

const LATE_S = 30;
const TOO_LATE_S = 60;
const days = new Intl.NumberFormat(language, { style: "unit", unit: "day", unitDisplay: "short" });
const two = (n) => String(n).padStart(2, "0");

/** Seconds as 0:42, 12:07, 3:05:09, or days. */
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s >= 172_800) return days.format(Math.floor(s / 86_400));
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** Bring every age below `root` up to date. A P1 that rings turns amber at 30 s, red at 60 s. */
export function tick(now, root = document) {
  for (const element of root.querySelectorAll(".age[data-since]")) {
    const seconds = (now - Number(element.dataset.since)) / 1000;
    const text = age(seconds);
    if (element.textContent !== text) element.textContent = text;
    const urgent = element.dataset.priority === "1";
    element.classList.toggle("is-late", urgent && seconds >= LATE_S && seconds < TOO_LATE_S);
    element.classList.toggle("is-too-late", urgent && seconds >= TOO_LATE_S);
  }
}

/** Service time on the wall. */
export function showClock(now) {
  const clock = document.getElementById("clock");
  if (!clock) return;
  const local = new Date(now + Number(clock.dataset.offsetH) * 3_600_000);
  clock.textContent = local.toISOString().slice(11, 19);
}
