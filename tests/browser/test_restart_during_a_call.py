"""The gateway is stopped and started while somebody telephones: the call is recorded, and nothing is missing."""

from datetime import timedelta
from urllib.parse import urlsplit

from playwright.async_api import expect
from screens import Screens, row_in, stands

from alerting.model import EntryKind

BACK_MS = 45_000


async def test_the_call_goes_on_and_what_came_meanwhile_is_there(screens: Screens) -> None:
    screens.expects("ERR_CONNECTION_REFUSED", "WebSocket", "status of 50")
    centre, page = screens.centre, await screens.sign_in("zuoxi1")
    await page.click("#start-shift")
    row = await screens.pressed(centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await page.focus("#main")
    await page.keyboard.press("Space")
    await stands(page, "claimed")
    await page.keyboard.press("c")
    await page.keyboard.press("m")
    await page.keyboard.type("老人说头晕")

    await centre.stop_serving()
    await centre.close_gateway()
    await centre.event(centre.home(nth=1), "panic", "panic", settle=False)
    centre.clock.advance(timedelta(seconds=5))
    await centre.open_gateway()
    await centre.serve(port=urlsplit(screens.address).port or 0)

    await expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=BACK_MS)
    during = await centre.row_of(centre.home(nth=1))
    await expect(row_in(page, "unclaimed", during)).to_be_visible()
    await expect(row_in(page, "progress", row)).to_be_visible()
    await expect(page.locator("#note-text")).to_have_value("老人说头晕")
    await expect(page.locator("#sound")).to_have_attribute("data-plays", "1")
    await page.click("#do-note")
    await page.locator('[data-part="call"] button[value="help"]').first.click()
    await stands(page, "verifying")
    _, timeline = await screens.stored(row)
    kinds = [it.kind for it in timeline]
    assert kinds.count(EntryKind.CALLED) == 1
    assert [it.text for it in timeline if it.kind is EntryKind.NOTE] == ["老人说头晕"]
