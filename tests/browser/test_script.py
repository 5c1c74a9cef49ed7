"""The script of an incident: what comes next is one key away, and is recorded by doing it."""

from playwright.async_api import Page, expect
from screens import Screens, stands

from alerting.model import EntryKind


async def _now(page: Page, text: str) -> None:
    await expect(page.locator(".script-now")).to_contain_text(text)


async def test_the_script_leads_by_keyboard_from_the_claim_to_somebody_at_the_door(screens: Screens) -> None:
    home = screens.centre.home()
    row = await screens.pressed(home)
    case = screens.household(home)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await stands(page, "open")
    await page.keyboard.press("a")
    await stands(page, "claimed")
    await _now(page, case.residents[0].name)
    await page.keyboard.press("s")
    await expect(page.locator("#script-next")).to_be_focused()
    for _ in range(2):
        await page.locator(".script-now").get_by_role("button", name="无人接听").first.press("Enter")
        await expect(page.locator(".timeline li").first).to_contain_text("无人接听")
    await _now(page, "第二个号码")
    await page.locator(".script-now").get_by_role("button", name="无人接听").press("Enter")
    await _now(page, "派村级责任人上门")
    await page.keyboard.press("s")
    await page.keyboard.press("Enter")
    await stands(page, "dispatched")
    _, timeline = await screens.stored(row)
    kinds = [entry.kind for entry in timeline if entry.kind in {EntryKind.CALLED, EntryKind.DISPATCHED}]
    assert kinds == [EntryKind.CALLED] * 3 + [EntryKind.DISPATCHED]


async def test_who_says_that_all_is_well_ends_the_search(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    await screens.centre.claim(row)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.locator(".script-now").get_by_role("button", name="平安").click()
    await stands(page, "verifying")
    await expect(page.locator(".script-now")).to_have_count(0)
    await expect(page.locator(".script-mind")).to_contain_text("本人确认平安")
    incident, _ = await screens.stored(row)
    assert incident.contact
