"""A tab in the background, whose timers the browser holds back, still rings, and notices that it hears nothing."""

from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from screens import Screens, row_in

from dashboard.kept_files import STATIC

SILENCE_MS = 20_000
CAN_HIDE = """
window.hide = () => {
  Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
  Object.defineProperty(document, "hidden", { get: () => true });
  const [later, again] = [window.setTimeout, window.setInterval];
  window.setTimeout = (what, ms, ...more) => later(what, ms + 60_000, ...more);
  window.setInterval = (what, ms, ...more) => again(what, ms + 60_000, ...more);
  for (let id = later(() => {}, 0); id > 0; id -= 1) clearInterval(id); // none that runs already goes on, either
  document.dispatchEvent(new Event("visibilitychange"));
};
"""
"""As Chromium holds back a tab that is hidden for long: the page's own timers run once a minute at most."""


async def _hidden(screens: Screens) -> Page:
    page = await screens.visit("/", login="zuoxi1", before=CAN_HIDE)
    await screens.connected(page)
    await page.click("#start-shift")
    hub = screens.centre.gateway.app.state.site.hub
    await screens.centre.until(lambda: hub.attended == 1, "the centre to know that somebody listens")
    await page.evaluate("window.hide()")
    await screens.centre.until(lambda: hub.attended == 0, "the centre to know that nobody sees it")
    return page


async def test_it_rings_notices_the_silence_and_comes_back(screens: Screens) -> None:
    screens.expects("ERR_CONNECTION_REFUSED", "WebSocket")
    centre, page = screens.centre, await _hidden(screens)
    row = await screens.pressed(centre.home())
    await expect(page.locator("#sound")).to_have_attribute("data-plays", "1")
    await expect(page).to_have_title("(1) 值班台 · 暖护")
    await expect(page.locator("#favicon")).to_have_attribute("href", f"{STATIC}/favicon-alarm.svg")
    await centre.stop_serving()
    await expect(page.locator("#lost")).to_be_visible(timeout=SILENCE_MS)
    await expect(page.locator("#sound")).to_have_attribute("data-plays", "lost")
    await centre.claim(row, "zuoxi2")
    during = await screens.pressed(centre.home(nth=1))
    await centre.serve(port=urlsplit(screens.address).port or 0)
    await expect(row_in(page, "unclaimed", during)).to_be_attached()
    await expect(row_in(page, "progress", row)).to_be_attached()
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(page.locator("#sound")).to_have_attribute("data-plays", "1")


async def test_a_browser_that_refuses_audio_never_counts_as_attended(screens: Screens) -> None:
    refused = "Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });"
    page = await screens.visit("/", login="zuoxi1", before=refused)
    await screens.connected(page)
    await page.click("#start-shift")
    row = await screens.pressed(screens.centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await expect(page.locator("#silent")).to_be_visible()
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    hub = screens.centre.gateway.app.state.site.hub
    assert (hub.operators, hub.attended) == ((1, 0), 0)
