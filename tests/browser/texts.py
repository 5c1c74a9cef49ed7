"""Everything a page says, seen or only heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from centre import DUTY_PHONE
from playwright.async_api import Page
from screens import Screens

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
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


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def of_the_registry(screens: Screens) -> list[str]:
    """Everything Chinese that people have registered or set up, the longest first."""
    found = {DUTY_PHONE, *_strings(msgspec.to_builtins(screens.centre.plan.registry))}
    return sorted((text for text in found if CHINESE.search(text) and len(text) > 1), key=len, reverse=True)


async def left_in_chinese(page: Page, registered: Sequence[str]) -> list[str]:
    """Texts of a page with Chinese in them that nobody has registered."""
    left = []
    for text in await texts_of(page):
        rest = text
        for known in registered:
            rest = rest.replace(known, "")
        if CHINESE.search(rest) and text != "中文":
            left.append(text)
    return left
