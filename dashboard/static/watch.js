// A worker of its own, because a hidden tab's timers are slowed down: says "silent" when the beats stay away.
const SILENCE_MS = 12_000;
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
