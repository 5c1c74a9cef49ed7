"""axe-core on a page as it stands: WCAG 2.2 A and AA, and its best practices.

It comes in the wheel ``axe-playwright-python``, and into the page through the browser's own debugger, which no content
policy concerns: the product's stays as it is.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}, "preload": False}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "preload": False}
RUN = """async (options) => (await axe.run(document, { ...options, resultTypes: ["violations"] })).violations
  .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`))"""


async def _run(page: Page, options: dict[str, Any]) -> list[str]:
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(AXE_SCRIPT)
    found: list[str] = await page.evaluate(RUN, options)
    return found


async def violations(page: Page) -> list[str]:
    """What axe finds on a page in the colours of the day; a line each.

    In a window as high as the page: axe takes a button for too small that the bar at a telephone's foot hides until
    somebody scrolls.
    """
    window = page.viewport_size
    assert window is not None
    height = await page.evaluate("document.documentElement.scrollHeight")
    await page.set_viewport_size({"width": window["width"], "height": max(window["height"], height)})
    found = await _run(page, EVERYTHING)
    await page.set_viewport_size(window)
    return found


async def faint_at_night(page: Page) -> list[str]:
    """What axe finds of the dark colours."""
    await page.emulate_media(color_scheme="dark")
    found = await _run(page, COLOURS)
    await page.emulate_media(color_scheme="light")
    return found
