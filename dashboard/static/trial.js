// The keys of the panel, on a made-up incident.
import { listenToKeys } from "./keys.js";

listenToKeys({
  takeNext: () => document.getElementById("do-claim")?.click(),
  move: () => {},
  go: (link) => (link.matches("button") ? link.click() : document.querySelector(link.getAttribute("href"))?.focus()),
  leave: () => {},
});
