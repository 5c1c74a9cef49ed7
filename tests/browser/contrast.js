// Text that is too faint for its ground: WCAG 2.2 AA, from what the browser computed for each visible piece of text.
() => {
  const colour = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => {
    const mix = (name) => top[name] * top.a + below[name] * (1 - top.a);
    return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const [red, green, blue] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const above = (element) => element.parentElement ?? null;
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = above(at)) {
      layers.push(colour(getComputedStyle(at).backgroundColor));
      if (layers.at(-1).a === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const opacity = (element) => {
    let all = 1;
    for (let at = element; at; at = above(at)) all *= Number(getComputedStyle(at).opacity);
    return all;
  };
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true }) && !element.closest(".skip, [disabled]");
  };
  const seen = new Set();
  const faint = [];
  let judged = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const element = walk.currentNode.parentElement;
    if (!text || seen.has(element) || !isShown(element) || element.matches("title, desc, script, option")) continue;
    seen.add(element);
    judged += 1;
    const style = getComputedStyle(element);
    const below = ground(element);
    const ink = colour(element.matches("svg text") ? style.fill : style.color);
    const shown = over({ ...ink, a: ink.a * opacity(element) }, below);
    const [dark, light] = [luminance(shown), luminance(below)].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${element.tagName}.${element.className.baseVal ?? element.className}: ${text.slice(0, 30)}`);
  }
  return { judged, faint };
};
