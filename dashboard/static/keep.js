// Keeps the page of one job on the telephone, for a door without a network: until the job is over, or for six hours.
const STORE = "nuanhu-job";
const MOST_MS = 6 * 3600 * 1000;
const PATIENCE_MS = 8000;
const HOME = new URL(self.registration.scope).pathname; // behind a link, or of whoever is signed in
const KEPT_FROM = "x-kept-from";

async function put(key, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_FROM, String(Date.now()));
  headers.delete("content-encoding");
  const body = await answer.blob();
  await (await caches.open(STORE)).put(key, new Response(body, { status: answer.status, headers }));
}

// Only a page with a job on it is kept; any other answer of the same address ends that.
async function learn(path, answer) {
  if (answer.headers.get("x-job")) return put(path, answer);
  if (answer.status < 500) await (await caches.open(STORE)).delete(path);
}

async function fromStore(path) {
  const answer = await (await caches.open(STORE)).match(path);
  if (!answer) return undefined;
  if (Date.now() - Number(answer.headers.get(KEPT_FROM)) < MOST_MS) return answer;
  await (await caches.open(STORE)).delete(path);
  return undefined;
}

const tooSlow = () => new Promise((_, giveUp) => setTimeout(() => giveUp(new Error("slow")), PATIENCE_MS));

async function answered(request, { pathname, search }) {
  try {
    const isKept = Boolean(await fromStore(pathname));
    const answer = await (isKept ? Promise.race([fetch(request), tooSlow()]) : fetch(request));
    if (pathname.startsWith(HOME) && !search) await learn(pathname, answer.clone());
    return answer;
  } catch (lost) {
    const answer = await fromStore(pathname);
    if (answer) return answer;
    throw lost;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (!event.data.keep) return;
  const page = fetch(event.data.keep, { credentials: "same-origin" }).then((answer) => learn(event.data.keep, answer));
  const parts = (event.data.parts ?? []).map((path) => fetch(path).then((answer) => put(path, answer)));
  event.waitUntil(Promise.allSettled([page, ...parts]));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  event.respondWith(answered(event.request, url));
});
