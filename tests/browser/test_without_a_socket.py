"""Where no socket can be had the console asks by itself: it rings, and the desk counts as attended."""

import pytest
from playwright.async_api import Page, expect
from screens import Screens, row_in, stands

REFUSED = """
window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  readyState = 3;
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })));
  }
  send() {}
  close() {}
};
"""
"""A proxy that knows no sockets."""
SWALLOWED = """
window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  readyState = 1;
  constructor() {
    super();
    setTimeout(() => this.dispatchEvent(new Event("open")));
  }
  send() {}
  close() {}
};
"""
"""One that opens them and lets no word through."""
SLOW_MS = 45_000


async def _plays(page: Page, pattern: str) -> None:
    await expect(page.locator("#sound")).to_have_attribute("data-plays", pattern)


@pytest.mark.parametrize("socket", [REFUSED, SWALLOWED], ids=["refused", "swallowed"])
async def test_the_whole_desk_works_by_asking(screens: Screens, socket: str) -> None:
    centre = screens.centre
    page = await screens.visit("/", login="zuoxi1", before=socket)
    await page.click("#start-shift")
    await expect(page.locator("#connection")).to_have_attribute("data-state", "polling", timeout=SLOW_MS)
    await expect(page.locator("#lost")).to_be_hidden()
    row = await screens.pressed(centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await expect(page.locator("#hearsay")).to_contain_text("新报警")
    await _plays(page, "1")
    states = centre.gateway.judge.states
    await centre.until(lambda: states.desk.attended == ("zuoxi1",), "the desk to know that somebody listens")
    await page.focus("#main")
    await page.keyboard.press("Space")
    await expect(row_in(page, "progress", row)).to_be_visible()
    await stands(page, "claimed")
    await _plays(page, "")
    other = await screens.pressed(centre.home(nth=1))
    await expect(row_in(page, "unclaimed", other)).to_be_visible()
    await _plays(page, "1")
