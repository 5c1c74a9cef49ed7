// Pages that follow no socket, a responder's telephone first of all: the clock and every age run while they are open.
import { showClock, tick } from "./ages.js";

const { now, speed } = document.getElementById("clock").dataset;
const opened = Date.now(); // of the device, only for how long it is open; it goes on while a telephone sleeps

function run() {
  const at = Number(now) + (Date.now() - opened) * Number(speed);
  showClock(at);
  tick(at);
}

run();
setInterval(run, 1000);
document.addEventListener("visibilitychange", run);
