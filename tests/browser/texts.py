"""Everything a page says, seen or only heard."""

from __future__ import annotations

import re

from playwright.async_api import Page

ENGLISH = re.compile(r"\b[A-Za-z][a-z]+ [a-z]{2,}\b")

ALL_TEXT = """() => {
  const said = [document.title, JSON.stringify(JSON.parse(document.querySelector("#words")?.textContent ?? "{}"))];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) said.push(walk.currentNode.data);
  for (const element of document.querySelectorAll("*"))
    for (const name of ["title", "aria-label", "placeholder", "alt", "aria-description"])
      if (element.hasAttribute(name)) said.push(element.getAttribute(name));
  return said.map((text) => text.trim()).filter(Boolean);
}"""

QUOTED = "() => document.querySelectorAll('#quarantine tbody, #quarantine .tags').forEach(part => part.remove())"


async def texts_of(page: Page) -> list[str]:
    """All texts of a page: shown, hidden, in attributes, in its title and among the words of its scripts."""
    texts: list[str] = await page.evaluate(ALL_TEXT)
    return texts


async def left_in_english(page: Page) -> list[str]:
    """Texts of a Chinese page with two English words in a row, but for what an adapter said of a message."""
    await page.evaluate(QUOTED)
    return [text for text in await texts_of(page) if ENGLISH.search(text)]
