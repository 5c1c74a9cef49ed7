"""What a page may not do to anybody: what axe finds, and what it does not look at or leaves undecided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe import faint_at_night, violations
from playwright.async_api import Page, ViewportSize
from texts import left_in_english

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
TAGS = {"zh_CN": "zh-CN", "en": "en"}
SIZES: dict[str, ViewportSize] = {
    "small desk": {"width": 1280, "height": 720},
    "desk": {"width": 1440, "height": 900},
    "telephone": {"width": 360, "height": 740},
}
TOO_WIDE = """() => {
  const parts = document.querySelectorAll("header.top > *, header.top .top-right > *");
  const ends = [...parts].map((part) => part.getBoundingClientRect().right);
  return Math.max(document.documentElement.scrollWidth, ...ends) - innerWidth;
}"""
OUTLINE = """() => ({
  lang: document.documentElement.lang,
  ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
  pointing: ["for", "aria-labelledby", "aria-describedby"].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(" "))),
  moving: document.getAnimations().map((it) => it.animationName ?? it.transitionProperty),
})"""


async def too_wide(page: Page) -> list[str]:
    """Windows in which a page is pushed sideways."""
    before, found = page.viewport_size, []
    for size, window in SIZES.items():
        await page.set_viewport_size(window)
        wide = await page.evaluate(TOO_WIDE)
        found += [f"{wide} px too wide for a {size}"] if wide > 0 else []
    if before:
        await page.set_viewport_size(before)
    return found


async def too_faint(page: Page) -> list[str]:
    """Text that is too faint, by day and by night: also in drawings and over them, where axe does not decide."""
    found = []
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        text = await page.evaluate(CONTRAST)
        assert text["judged"] > 3, page.url
        found += [f"{scheme}: {line}" for line in text["faint"]]
    return found


async def faults(page: Page, where: str, language: str = "zh_CN", *, axe: bool = True) -> list[str]:
    """Everything on a page that stands in somebody's way, a line each; without ``axe``, what is our own to look at.

    Colours are the same in English, and looked at in Chinese.
    """
    is_chinese = language == "zh_CN"
    outline: dict[str, Any] = await page.evaluate(OUTLINE)
    ids = outline["ids"]
    found = {
        "language": [] if outline["lang"] == TAGS[language] else [outline["lang"]],
        "id twice": sorted({id_ for id_ in ids if ids.count(id_) > 1}),
        "points nowhere": sorted(set(outline["pointing"]) - set(ids)),
        "moves, though nobody wants that": outline["moving"],
        "too faint": await too_faint(page) if is_chinese else [],
        "axe": await violations(page) if axe else [],
        "axe at night": await faint_at_night(page) if axe and is_chinese else [],
        "not in Chinese": await left_in_english(page) if is_chinese else [],
    }
    return [f"{where} ({language}): {what}: {line}" for what, lines in found.items() for line in lines]
