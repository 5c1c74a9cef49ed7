// What takes longer than a moment shows that it is under way: the next page, or a file, of which it says how much has come.
const PATIENCE_MS = 300;
const GIVEN_UP_MS = 30_000; // the next page is not coming any more: its place is another one's, or nobody answers
const MEGABYTE = 1e6;
const bar = document.getElementById("under-way");
const main = () => document.querySelector("main"); // not the whole page: what is said aloud of an alarm stands outside
let timer = 0;
let isFetching = false;

function begin(most_ms = GIVEN_UP_MS) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    bar.hidden = false;
    main().setAttribute("aria-busy", "true");
    if (most_ms) timer = setTimeout(end, most_ms);
  }, PATIENCE_MS);
}

function end() {
  clearTimeout(timer);
  bar.hidden = true;
  bar.textContent = "";
  main().removeAttribute("aria-busy");
}

async function read(answer) {
  const parts = [];
  let size = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type: answer.headers.get("Content-Type") });
    parts.push(value);
    bar.textContent = `${((size += value.length) / MEGABYTE).toFixed(1)} MB`;
  }
}

function save(file, disposition) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1] ?? "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), GIVEN_UP_MS);
}

function show(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  main().replaceWith(document.adoptNode(fresh));
}

async function fetchFile(address, options) {
  if (isFetching) return;
  isFetching = true;
  begin(0);
  try {
    const answer = await fetch(address, options);
    const disposition = answer.headers.get("Content-Disposition") ?? "";
    if (disposition.startsWith("attachment")) save(await read(answer), disposition);
    else if (answer.redirected) location.assign(answer.url);
    else show(await answer.text());
    end();
  } catch {
    end();
    bar.hidden = false;
    bar.textContent = bar.dataset.failed;
  }
  isFetching = false;
}

function followed(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.origin !== location.origin || link.hasAttribute("download")) return;
  if ("file" in link.dataset) {
    event.preventDefault();
    fetchFile(link.href);
  } else if (!link.hash || link.pathname + link.search !== location.pathname + location.search) {
    setTimeout(() => event.defaultPrevented || begin());
  }
}

function sent(event) {
  const form = event.target;
  if ("file" in form.dataset && !event.defaultPrevented) {
    event.preventDefault();
    fetchFile(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
  } else if (!form.target && form.method !== "dialog") {
    setTimeout(() => event.defaultPrevented || begin());
  }
}

addEventListener("pageshow", end);
document.addEventListener("keydown", (event) => event.key === "Escape" && !isFetching && end());
document.addEventListener("click", followed);
document.addEventListener("submit", sent);
