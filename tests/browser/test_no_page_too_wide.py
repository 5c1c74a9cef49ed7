"""No page must be pushed sideways, neither at a desk nor on a telephone."""

from datetime import timedelta

import pytest
from playwright.async_api import expect
from screens import Screens, rail_of


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "telephone"])
async def test_every_page_of_the_administrator_fits_its_window(screens: Screens, phone: bool) -> None:
    centre = screens.centre
    await centre.stop_serving()
    await centre.close_gateway()
    centre.clock.advance(timedelta(hours=1))
    await centre.open_gateway()
    screens.address = await centre.serve()
    await screens.pressed(centre.home())
    page = await screens.sign_in("admin", phone=phone)
    key = centre.home().household
    for path in [*await rail_of(page), f"/households/{key}", f"/new-incident?q={key}"]:
        await page.goto(path)
        await expect(page.locator("h1, #panel-title").first).to_be_attached()
        wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        if path == "/blind":
            assert await page.locator("#blind tbody tr").count() > 0
