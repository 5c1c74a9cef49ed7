"""A supervisor writes a step, walks through the unsaved script with the panel's keys, and puts it in force."""

from playwright.async_api import expect
from screens import Screens, picture

PHONE_WIDTH = 390


async def test_edited_tried_by_the_same_keys_and_saved(screens: Screens) -> None:
    screens.expects("409")
    page = await screens.sign_in("zhuguan", "/scripts")
    await expect(page.locator("h1")).to_contain_text("处置脚本")
    await picture(page, "scripts")
    await page.locator("#script-panic").get_by_role("link", name="编辑").click()
    await page.locator("#card-1").get_by_role("button", name="在其后添加一步").click()
    card = page.locator("#card-2")
    await card.locator("textarea").first.fill("听三十秒，有没有呼吸声或求救声。")
    await page.locator("#do-save").click()
    await expect(page.locator("#reasons")).to_contain_text("紧急呼叫 第 2 步: 缺少中文或英文内容")
    await picture(page, "scripts-refused")
    await card.locator("textarea").nth(1).fill("Listen for thirty seconds: breathing, a call?")
    await page.locator("#do-try").click()
    await expect(page.locator(".script-mind")).to_contain_text("听三十秒")
    await page.wait_for_load_state()
    await page.keyboard.press("a")
    await expect(page.locator(".line-claimed")).to_have_count(1)
    await page.wait_for_load_state()
    await page.keyboard.press("s")
    await expect(page.locator("#script-next")).to_be_focused()
    for n in (1, 2):
        await page.locator(".script-now").get_by_role("button", name="无人接听").first.press("Enter")
        await expect(page.locator(".line-called")).to_have_count(n)
        await page.wait_for_load_state()
    await page.keyboard.press("c")
    await expect(page.locator("#script-next")).to_be_focused()
    await picture(page, "scripts-trial")
    await page.locator("#back-to-edit").click()
    await expect(card.locator("textarea").first).to_have_value("听三十秒，有没有呼吸声或求救声。")
    await page.locator("#do-save").click()
    await expect(page.locator("#script-panic")).to_contain_text("听三十秒")
    assert await screens.centre.queue() == []
    await page.locator("#editions").get_by_role("link", name="查看差异").first.click()
    await expect(page.locator("#changed")).to_contain_text("新增: 听三十秒")
    await picture(page, "scripts-edition")


async def test_it_fits_a_phone_without_scripts(screens: Screens) -> None:
    page = await screens.sign_in("zhuguan", "/scripts/edit?script=inactivity", scripts=False, phone=True)
    await picture(page, "scripts-phone")
    await page.locator("#card-3").get_by_role("button", name="上移").click()
    await expect(page.locator("#card-2 textarea").first).to_have_value("一分钟内拨打第二个号码。")
    await page.locator("#do-try").click()
    await page.locator("#do-claim").click()
    await expect(page.locator(".line-claimed")).to_have_count(1)
    await page.wait_for_load_state()  # with all of its styles
    await picture(page, "scripts-phone-trial")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
