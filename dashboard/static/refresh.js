// Lists that stay fresh by themselves: an element with data-refresh-s is fetched again, unless somebody writes in it.
const isInUse = (element) =>
  (element.contains(document.activeElement) && document.activeElement.matches("textarea, input, select")) ||
  [...element.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);

async function refresh(id) {
  const element = document.getElementById(id);
  if (!element?.dataset.refreshS || isInUse(element)) return;
  const answer = await fetch(location.pathname + location.search);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(id);
  if (!fresh || isInUse(element)) return;
  element.replaceWith(fresh);
  document.dispatchEvent(new Event("nuanhu-fresh"));
}

for (const { id, dataset } of document.querySelectorAll("[data-refresh-s]")) {
  setInterval(() => refresh(id).catch(() => {}), Number(dataset.refreshS) * 1000);
}
