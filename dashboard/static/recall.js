// What a page's tab remembers for as long as it is open. A browser may forbid it: then nothing is remembered, no more.

export function remember(name, text) {
  try {
    sessionStorage.setItem(name, text);
  } catch {
    // it holds for as long as the page stands
  }
}

/** Null where nothing is remembered. */
export function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}
