// A telephone without a signal keeps what its installer taps, and sends it when there is one. Each form has a key of
// its own (once), so that what arrives twice counts once; tapped_at tells when it was meant.
const STORE = "nuanhu-queue";
const AGAIN_MS = 5000;
const REACH_MS = 8000;

const kept = () => JSON.parse(localStorage.getItem(STORE) || "[]");
const keep = (items) => localStorage.setItem(STORE, JSON.stringify(items));

function show() {
  const card = document.getElementById("queued");
  if (!card) return;
  const items = kept();
  card.hidden = items.length === 0;
  card.querySelector("ol").replaceChildren(
    ...items.map((item) => {
      const line = document.createElement("li");
      const at = new Date(item.at).toLocaleTimeString(document.documentElement.lang);
      line.textContent = `${item.name} · ${card.dataset.late.replace("@@", at)}${item.said ? ` · ${item.said}` : ""}`;
      return line;
    }),
  );
}

const send = (item) =>
  fetch(item.url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
    body: item.body,
  });

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

async function fieldsOf(form) {
  const data = new FormData(form);
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
      if (!answer.ok && answer.status !== 409) {
        keep([{ ...first, said: String(answer.status) }, ...rest]);
        break;
      }
      if (answer.status === 409) sessionStorage.setItem("nuanhu-said", (await answer.json()).message);
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
  const button = form.querySelector("button");
  button.disabled = true;
  const tapped = new Date();
  const fields = await fieldsOf(form);
  fields.set("tapped_at", tapped.toISOString());
  const item = { url: form.action, body: fields.toString(), name: form.dataset.queue, at: tapped.getTime() };
  try {
    if (kept().length) throw new Error("others wait");
    const answer = await send(item);
    const said = await answer.json();
    if (answer.status === 409) location.href = `${location.pathname}?refused=${encodeURIComponent(said.refused)}`;
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
