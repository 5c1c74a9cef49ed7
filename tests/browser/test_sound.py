"""The sound runs from the start of the shift, and a P1 is heard until somebody has taken it."""

from playwright.async_api import Page, expect
from screens import Screens, row_in, stands

LONGER_THAN_A_PATTERN_MS = 2500
REFUSED = """const Allowed = AudioContext;
window.AudioContext = class extends Allowed {
  constructor() { super(); this.suspend(); }
  resume() { return Promise.reject(new DOMException("refused")); }
};"""
"""As a browser behaves that lets no page be heard, or a machine without a sound card."""


async def _plays(page: Page, pattern: str) -> None:
    await expect(page.locator("#sound")).to_have_attribute("data-plays", pattern)


async def test_the_start_of_the_shift_starts_the_sound(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    hub = screens.centre.gateway.app.state.site.hub
    audio = await page.context.new_cdp_session(page)
    states: list[str] = []
    audio.on("WebAudio.contextCreated", lambda told: states.append(told["context"]["contextState"]))
    audio.on("WebAudio.contextChanged", lambda told: states.append(told["context"]["contextState"]))
    await audio.send("WebAudio.enable")
    await expect(page.locator("#silent")).to_be_visible()
    await screens.pressed(screens.centre.home())
    await expect(page).to_have_title("(1) 值班台 · 暖护")
    await _plays(page, "")
    assert hub.attended == 0

    await page.get_by_role("button", name="开始值班并试听").click()
    await expect(page.locator("#silent")).to_be_hidden()
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    await screens.centre.until(lambda: states and states[-1] == "running", "the browser's audio")
    await screens.centre.until(lambda: hub.attended == 1, "the centre to know that somebody listens")
    await _plays(page, "1")


async def test_a_p1_is_heard_until_it_is_taken_and_cannot_be_muted(screens: Screens) -> None:
    page, home = await screens.sign_in("zuoxi1"), screens.centre.home()
    await page.click("#start-shift")
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    await _plays(page, "")
    row = await screens.pressed(home)
    await _plays(page, "1")
    await page.click("#sound")
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    await page.wait_for_timeout(LONGER_THAN_A_PATTERN_MS)
    await _plays(page, "1")
    await page.focus("#main")
    await page.keyboard.press("Space")
    await expect(row_in(page, "progress", row)).to_be_visible()
    await _plays(page, "")
    await stands(page, "claimed")
    await expect(page.locator("#do-claim")).to_have_count(0)
    await screens.pressed(home)
    await _plays(page, "1")
    await expect(page.locator("#do-claim")).to_be_visible()
    await page.keyboard.press("a")
    await _plays(page, "")


async def test_after_a_reload_nobody_counts_as_listening_until_the_audio_runs_again(screens: Screens) -> None:
    page, hub = await screens.sign_in("zuoxi1"), screens.centre.gateway.app.state.site.hub
    await page.click("#start-shift")
    await screens.centre.until(lambda: hub.attended == 1, "the centre to know that somebody listens")
    await page.reload()
    await screens.connected(page)
    await expect(page.locator("#silent")).to_be_visible()
    await screens.centre.until(lambda: hub.attended == 0, "the centre to know that nobody listens any more")
    row = await screens.pressed(screens.centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await _plays(page, "")
    assert hub.attended == 0, "it is seen, but not heard"
    await page.click("#start-shift")
    await screens.centre.until(lambda: hub.attended == 1, "one press to be enough")
    await _plays(page, "1")


async def test_where_the_browser_refuses_the_audio_nobody_counts_as_listening(screens: Screens) -> None:
    page, hub = await screens.visit("/sign-in"), screens.centre.gateway.app.state.site.hub
    await page.add_init_script(REFUSED)
    await screens.sign_in_by_form("zuoxi1", page)
    await screens.connected(page)
    await page.click("#start-shift")
    await expect(page.locator("#silent")).to_be_visible()
    await page.wait_for_timeout(LONGER_THAN_A_PATTERN_MS)
    assert hub.attended == 0
    assert await page.locator("#sound").get_attribute("aria-pressed") == "false"
