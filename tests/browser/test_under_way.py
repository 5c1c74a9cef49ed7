"""What takes longer than a moment shows that it is under way; a file that does not come says so."""

import asyncio

from playwright.async_api import Route, expect
from screens import Screens

SLOW_S = 1.0
NOTE = """() => new MutationObserver(() => {
  const busy = document.getElementById("main").getAttribute("aria-busy");
  if (!document.getElementById("under-way").hidden) sessionStorage.setItem("busy", busy);
}).observe(document.getElementById("main"), { attributes: true })"""


async def slowly(route: Route) -> None:
    await asyncio.sleep(SLOW_S)
    await route.continue_()


async def test_a_page_that_is_long_in_coming_shows_that_it_is_under_way(screens: Screens) -> None:
    page = await screens.sign_in("admin", "/incidents")
    bar = page.get_by_role("progressbar", name="请稍候")
    await expect(bar).to_be_hidden()
    await page.route("**/faults", slowly)
    await page.evaluate(NOTE)
    await page.locator('.rail a[href="/faults"]').click()
    await page.wait_for_url("**/faults")
    assert await page.evaluate("sessionStorage.getItem('busy')") == "true", "while the next page was on its way"
    await expect(bar).to_be_hidden()
    assert await page.locator("#main").get_attribute("aria-busy") is None


async def test_a_file_is_saved_under_its_name_and_one_that_does_not_come_says_so(screens: Screens) -> None:
    page = await screens.sign_in("admin", "/export")
    bar, make = page.locator("#under-way"), page.get_by_role("button", name="生成文件")
    await page.route("**/export", slowly)
    async with page.expect_download() as coming:
        await make.click()
        await expect(bar).to_be_visible()
    file = await coming.value
    assert file.suggested_filename.endswith(".xlsx")
    assert (await file.path()).read_bytes().startswith(b"PK")
    await expect(bar).to_be_hidden()
    await page.get_by_role("checkbox", name="完整内容").check()
    await make.click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(bar).to_be_hidden()
    await page.unroute("**/export")
    await page.route("**/export", lambda route: route.abort())
    screens.expects("409", "ERR_FAILED")
    await make.click()
    await expect(bar).to_have_text("未能完成，请再试一次。")
    assert await page.locator("#main").get_attribute("aria-busy") is None
