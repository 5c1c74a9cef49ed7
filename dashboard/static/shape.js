// A priority's shape from the sprite.
export const SPRITE = new URL("icons.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";

/** The shape of a row's priority. */
export function shape(row) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `shape p${row.priority}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${row.shape}`);
  svg.append(use);
  return svg;
}
