// A telephone without a signal keeps what is tapped on it, and sends it in order when there is one. Each form has a key
// of its own (once), so that what arrives twice counts once; tapped_at tells when it was meant, and ago_ms how long ago
// that was on sending, whatever the telephone's clock says. What is refused stays on the page with the reason.
const STORE = "nuanhu-queue";
const REFUSED = "nuanhu-refused";
const MOST_REFUSED = 20;
const NOT_TAKEN = [409, 410];
const AGAIN_MS = 5000;
const REACH_MS = 8000;

const stored = (name) => JSON.parse(localStorage.getItem(name) || "[]");
export const kept = () => stored(STORE);
const keep = (items) => localStorage.setItem(STORE, JSON.stringify(items));
const timeOf = (item) => new Date(item.at).toLocaleTimeString(document.documentElement.lang);

function lineOf(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

function show() {
  const card = document.getElementById("queued");
  const items = kept();
  if (card) {
    card.hidden = items.length === 0;
    const late = (item) => card.dataset.late.replace("@@", timeOf(item));
    const lines = items.map((item) => lineOf(`${item.name} · ${late(item)}${item.said ? ` · ${item.said}` : ""}`));
    card.querySelector("ol").replaceChildren(...lines);
  }
  const refused = document.getElementById("refused");
  if (refused) {
    const lines = stored(REFUSED).map((item) => lineOf(`${item.name} · ${timeOf(item)} · ${item.said}`));
    refused.hidden = lines.length === 0;
    refused.querySelector("ol").replaceChildren(...lines);
  }
  document.dispatchEvent(new Event("nuanhu-queue"));
}

function refuse(item, said) {
  const { name, at } = item;
  localStorage.setItem(REFUSED, JSON.stringify([...stored(REFUSED), { name, at, said }].slice(-MOST_REFUSED)));
}

document.addEventListener("click", (event) => {
  if (event.target.id !== "refused-seen") return;
  localStorage.removeItem(REFUSED);
  show();
});

function send(item) {
  const body = new URLSearchParams(item.body);
  body.set("ago_ms", String(Math.max(0, Date.now() - item.at)));
  return fetch(item.url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
    body,
  });
}

// A photo is made small on the telephone: so it can wait with the rest of what was tapped.
const LONGEST_SIDE = 1280;
const QUALITY = 0.7;
async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const part = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * part);
  canvas.height = Math.round(picture.height * part);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY);
}

async function fieldsOf(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  const file = data.get("photo");
  data.delete("photo");
  const fields = new URLSearchParams(data);
  if (file instanceof File && file.size) fields.set("photo_data", await shrunk(file).catch(() => "unreadable"));
  return fields;
}

// Where the telephone has no room for a photo, what was tapped is kept without it, and that is said.
function keepOne(item) {
  try {
    keep([...kept(), item]);
  } catch {
    const fields = new URLSearchParams(item.body);
    fields.delete("photo_data");
    const said = document.getElementById("queued")?.dataset.noPhoto;
    keep([...kept(), { ...item, body: fields.toString(), said }]);
  }
}

let sending = false;
async function flush() {
  if (sending) return;
  sending = true;
  let sent = false;
  try {
    while (kept().length) {
      const [first, ...rest] = kept();
      const answer = await send(first);
      if (answer.status >= 500 || answer.status === 401) break;
      if (!answer.ok && !NOT_TAKEN.includes(answer.status)) {
        keep([{ ...first, said: String(answer.status) }, ...rest]);
        break;
      }
      if (!answer.ok) refuse(first, (await answer.json()).message);
      keep(kept().slice(1));
      sent = true;
    }
  } catch {
    // no signal: later
  } finally {
    sending = false;
    show();
  }
  if (sent && !kept().length) location.reload();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.queue) return;
  event.preventDefault();
  const button = event.submitter ?? form.querySelector("button");
  button.disabled = true;
  const tapped = new Date();
  const fields = await fieldsOf(form, event.submitter);
  fields.set("tapped_at", tapped.toISOString());
  const item = { url: form.action, body: fields.toString(), name: form.dataset.queue, at: tapped.getTime() };
  try {
    if (kept().length) throw new Error("others wait");
    const answer = await send(item);
    const said = await answer.json();
    if (NOT_TAKEN.includes(answer.status)) location.href = `${location.pathname}?refused=${encodeURIComponent(said.refused)}`;
    else if (answer.ok) location.href = form.dataset.back || location.pathname;
    else throw new Error(String(answer.status));
  } catch {
    keepOne(item);
    show();
    button.disabled = false;
    if (form.dataset.back) document.getElementById("queued")?.scrollIntoView({ block: "center" });
    flush();
  }
});

async function reached() {
  const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(REACH_MS) };
  return fetch(import.meta.url, asked).then(() => true, () => false);
}

// Whatever else is tapped needs its answer at once: without a signal the page stays, with what was filled in.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const note = document.getElementById("no-signal");
  if (!note || form.dataset.queue || form.method !== "post" || form.dataset.reached) return;
  event.preventDefault();
  const there = await reached();
  note.hidden = there;
  if (!there) {
    note.scrollIntoView({ block: "center" });
    return;
  }
  form.dataset.reached = "yes";
  form.requestSubmit(event.submitter);
});

addEventListener("online", flush);
setInterval(flush, AGAIN_MS);
show();
flush();
