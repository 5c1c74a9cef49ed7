"""Nothing typed is lost: keys do nothing meanwhile, and a change of the incident takes nothing away."""

from playwright.async_api import expect
from screens import Screens, row_in, stands


async def test_keys_do_nothing_while_somebody_types_and_a_change_takes_nothing_away(screens: Screens) -> None:
    home = screens.centre.home()
    row = await screens.pressed(home)
    await screens.centre.claim(row)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.click("#note-text")
    await page.keyboard.type("a c d x ")
    await stands(page, "claimed")
    await screens.pressed(home)
    await expect(page.locator("#do-claim")).to_be_visible()
    await expect(page.locator("#note-text")).to_be_focused()
    await expect(page.locator("#note-text")).to_have_value("a c d x ")
    await page.keyboard.type("后记")
    await page.keyboard.press("Enter")
    await expect(page.locator(".timeline li").first).to_contain_text("a c d x 后记")
    await expect(page.locator("#note-text")).to_have_value("")


async def test_another_s_claim_shows_in_the_open_incident(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await stands(page, "open")
    await screens.centre.claim(row, by="zuoxi2")
    await stands(page, "claimed")
    await expect(row_in(page, "progress", row)).to_contain_text("坐席二号")
    await expect(page.locator(".steps")).to_contain_text("坐席二号")
    await expect(page.locator("#do-claim")).to_have_count(0)
