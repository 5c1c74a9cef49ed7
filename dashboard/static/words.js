// The console's words in its language, written into the page by the server.
const element = document.getElementById("words");
const words = element ? JSON.parse(element.textContent) : {};

export const language = document.documentElement.lang;

/** The word for a key, with %(name)s filled in. */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? ""));
}
