"""The screen on the wall: numbers by town, without a name or an address; it stays and comes back by itself."""

from urllib.parse import urlsplit

from playwright.async_api import Page, expect
from screens import Screens, picture
from texts import texts_of

SILENCE_MS = 25_000


async def _nobody_is_named(screens: Screens, page: Page) -> None:
    said = " ".join(await texts_of(page))
    for home in screens.centre.plan.registry.households:
        for secret in (
            home.address,
            home.key,
            *(it.name for it in home.residents),
            *(it.phone for it in home.residents),
        ):
            assert secret not in said, secret
    assert await page.locator("a, audio, video").count() == 0


async def test_it_counts_stays_and_comes_back(screens: Screens) -> None:
    screens.expects("ERR_CONNECTION_REFUSED")
    centre, page = screens.centre, await screens.sign_in("zhuguan", "/wall")
    await expect(page.locator("#wall-unclaimed")).to_have_text("0")
    await expect(page.locator("#wall-answered")).to_have_text("–")
    await page.click("#keep-wall")
    await expect(page.locator("#keep-wall")).to_have_count(0)
    keeps = [it for it in await page.context.cookies() if it["name"] == "nuanhu_wall"]
    await page.context.clear_cookies(name="nuanhu_sign_in")
    row = await screens.pressed(centre.home())
    await expect(page.locator("#wall-unclaimed")).to_have_text("1")
    await expect(page.locator("#wall-oldest .age")).to_be_visible()
    await expect(page.locator(".wall-count").first).to_have_text("1")
    await picture(page, "wall")
    await centre.claim(row)
    await expect(page.locator("#wall-unclaimed")).to_have_text("0")
    await expect(page.locator("#wall-progress")).to_have_text("1")
    await expect(page.locator("#wall-oldest")).to_have_text("–")
    await _nobody_is_named(screens, page)

    await centre.stop_serving()
    await expect(page.locator("#lost")).to_contain_text("连接已中断", timeout=SILENCE_MS)
    await screens.pressed(centre.home(nth=1))
    await centre.serve(port=urlsplit(screens.address).port or 0)
    await expect(page.locator("#lost")).to_be_hidden()
    await expect(page.locator("#wall-unclaimed")).to_have_text("1")
    assert keeps
    await page.goto("/overview")
    assert "/sign-in" in page.url, "the pass of the wall opens nothing else"


async def test_without_scripts_it_is_drawn_anew(screens: Screens) -> None:
    await screens.pressed(screens.centre.home())
    page = await screens.visit("/wall", login="zhuguan", scripts=False)
    await expect(page.locator("#wall-unclaimed")).to_have_text("1")
    assert await page.locator('meta[http-equiv="refresh"]').count() == 1
