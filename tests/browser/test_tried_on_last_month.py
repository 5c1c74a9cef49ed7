"""Another budget is tried on last month in a real browser: watched, reloaded, and put in force from there."""

from looks import faults, too_wide
from playwright.async_api import expect
from screens import LOOKS, PATIENCE_MS, Screens


async def test_a_supervisor_tries_shorter_caps_watches_reloads_and_puts_them_in_force(screens: Screens) -> None:
    centre = screens.centre
    for _ in range(12):
        await centre.move(centre.home())
        await centre.pass_time(hours=5)
    page = await screens.sign_in("zhuguan", "/budget")
    assert await too_wide(page) == []
    await page.get_by_label("白天开始的静默最长时间").fill("3")
    screens.expects("409")
    await page.locator("#try-month").click()
    await expect(page.locator("#reasons")).to_contain_text("须在 4 至 24 小时之间")
    await page.get_by_label("白天开始的静默最长时间").fill("4")
    await page.get_by_label("夜间开始的静默最长时间").fill("4")
    await page.locator("#try-month").click()
    await expect(page).to_have_url(f"{screens.address}/budget/trial")
    await expect(page.locator("#trial-state")).to_contain_text("结束", timeout=3 * PATIENCE_MS)
    await page.reload()
    await expect(page.locator("#trial-numbers li")).to_have_count(4)
    await expect(page.locator("#trial-basis")).to_contain_text("五分钟活动窗口")
    await expect(page.locator("#trial-homes a").first).to_be_visible()
    assert await faults(page, "/budget/trial", "zh_CN", axe=True) == []
    assert await too_wide(page) == []
    if LOOKS:
        await page.screenshot(path=f"{LOOKS}/trial.png", full_page=True)
    await page.get_by_label("修改原因").fill("试算后缩短")
    await page.locator("#trial-save").click()
    await expect(page).to_have_url(f"{screens.address}/budget")
    assert centre.gateway.judge.policy.budget.cap_day_h == 4.0
    await expect(page.get_by_label("白天开始的静默最长时间")).to_have_value("4")
