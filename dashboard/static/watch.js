// A worker of its own, because a hidden tab's timers are slowed down: says "silent" when nothing has been heard for so
// long, and "tick" every five seconds for whoever has to ask by itself.
const SILENCE_MS = 12_000;
const TICK_MS = 5000;
let heard = performance.now();
let told = false;

self.addEventListener("message", () => {
  heard = performance.now();
  told = false;
});

setInterval(() => {
  if (!told && performance.now() - heard > SILENCE_MS) {
    told = true;
    self.postMessage("silent");
  }
}, 500);

setInterval(() => self.postMessage("tick"), TICK_MS);
