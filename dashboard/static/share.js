// Whoever goes to a door may share where they are: only after a tap, only while this page is open, until they are there.
const EVERY_MS = 10_000;
let watching = 0;
let sent = -Infinity;

const button = () => document.querySelector("button[data-share]");

function mark() {
  const it = button();
  if (!it || !navigator.geolocation) return;
  it.hidden = false;
  it.setAttribute("aria-pressed", String(Boolean(watching)));
  it.textContent = watching ? it.dataset.stops : it.dataset.starts;
}

async function tell(fields) {
  const it = button();
  const token = it?.closest("article")?.querySelector('input[name="csrf"]')?.value;
  if (!token) return;
  const body = new URLSearchParams({ csrf: token, ...fields });
  const answer = await fetch(it.dataset.share, { method: "POST", headers: { Accept: "application/json" }, body });
  if (answer.ok && (await answer.json()).ends) stop();
}

function stop() {
  if (watching) navigator.geolocation.clearWatch(watching);
  watching = 0;
  mark();
}

function start() {
  watching = navigator.geolocation.watchPosition(
    ({ coords }) => {
      if (performance.now() - sent < EVERY_MS) return;
      sent = performance.now();
      tell({ lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy }).catch(() => (sent = -Infinity));
    },
    stop,
    { enableHighAccuracy: true, maximumAge: 5000 },
  );
  mark();
}

document.addEventListener("click", ({ target }) => {
  if (target !== button()) return;
  if (!watching) return start();
  sent = -Infinity;
  stop();
  tell({ stop: "yes" }).catch(() => {});
});
document.addEventListener("nuanhu-fresh", () => (button() ? mark() : stop()));
mark();
