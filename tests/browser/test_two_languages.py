"""English is complete: what is left of Chinese is people, places and what their case files say. And back again."""

from playwright.async_api import Page, expect
from screens import Screens
from texts import left_in_chinese, of_the_registry


async def _in_english(page: Page, paths: list[str], registered: list[str]) -> None:
    for path in paths:
        await page.goto(path)
        assert await page.get_attribute("html", "lang") == "en", path
        assert await left_in_chinese(page, registered) == [], path


async def test_console_and_incident_in_english_and_back(screens: Screens) -> None:
    home = screens.centre.home()
    page, registered = await screens.sign_in("zuoxi1"), of_the_registry(screens)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("button", name="Start shift", exact=True)).to_be_visible()
    await screens.connected(page)
    row = await screens.pressed(home)
    await screens.pressed(home)
    await expect(page.locator("#unclaimed a.row")).to_contain_text("Emergency button")
    await expect(page.locator("#towns button")).to_have_count(12)
    assert await left_in_chinese(page, registered) == []
    await page.keyboard.press("Space")
    await expect(page.locator("#panel")).to_have_attribute("data-state", "claimed")
    await page.locator("#send button[name=responder]").first.click()
    await expect(page.locator("#panel")).to_have_attribute("data-state", "dispatched")
    assert await left_in_chinese(page, registered) == []
    await _in_english(page, [f"/?incident={row.incident}", f"/incidents/{row.incident}"], registered)

    await page.get_by_role("button", name="中文").click()
    assert await page.get_attribute("html", "lang") == "zh-CN"
    assert page.url.endswith(f"/incidents/{row.incident}")
    await expect(page.locator("#panel-title")).to_contain_text("紧急按钮")
    await expect(page.get_by_role("button", name="English")).to_be_visible()


async def test_the_sign_in_page_speaks_english_too(screens: Screens) -> None:
    screens.expects("401.*/sign-in")
    page = await screens.visit("/sign-in")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_label("Account")).to_be_visible()
    await page.fill("input[name=login]", "zuoxi1")
    await page.fill("input[name=password]", "wrong")
    await page.press("input[name=password]", "Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Account or password is not right.")
    assert await left_in_chinese(page, []) == []
