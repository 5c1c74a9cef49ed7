"""A console that hears nothing says so in red, and has everything when the centre is back."""

from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from screens import Screens, row_in

SILENCE_MS = 15_000


async def _is_red(page: Page) -> bool:
    colour = await page.locator("#lost").evaluate("banner => getComputedStyle(banner).backgroundColor")
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return red > 150 and green < 60 and blue < 60


async def test_a_lost_connection_is_a_red_banner_and_nothing_is_missed(screens: Screens) -> None:
    screens.expects("ERR_CONNECTION_REFUSED", "WebSocket")
    centre, page = screens.centre, await screens.sign_in("zuoxi1")
    await page.click("#start-shift")
    before = await screens.pressed(centre.home(nth=0))
    await expect(row_in(page, "unclaimed", before)).to_be_visible()
    await expect(page.locator("#lost")).to_be_hidden()

    await centre.stop_serving()
    await expect(page.locator("#connection")).not_to_have_attribute("data-state", "live")
    during = await screens.pressed(centre.home(nth=1))
    await centre.claim(before)
    await centre.spoke(before)
    await centre.close(before)
    await expect(page.locator("#lost")).to_be_visible(timeout=SILENCE_MS)
    await expect(page.locator("#lost")).to_contain_text("连接已中断")
    assert await _is_red(page)
    await expect(page.locator("#connection")).to_have_attribute("data-state", "lost")
    await expect(page.locator("#sound")).to_have_attribute("data-plays", "lost")

    await centre.serve(port=urlsplit(screens.address).port or 0)
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(row_in(page, "unclaimed", during)).to_be_visible()
    await expect(page.locator("#queue a.row")).to_have_count(1)
    await expect(page.locator("#sound")).to_have_attribute("data-plays", "1")
    await expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=SILENCE_MS)
    after = await screens.pressed(centre.home(nth=2))
    await expect(row_in(page, "unclaimed", after)).to_be_visible()
