"""Somebody telephones: the operator finds the home and opens an incident, without leaving the keyboard."""

from playwright.async_api import expect
from screens import Screens, row_in

from alerting.model import AlarmKind, Priority


async def test_n_opens_an_incident_for_a_home_that_was_searched(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    home = screens.centre.home(nth=2)
    case = screens.household(home)
    await page.keyboard.press("n")
    await expect(page.locator("#q")).to_be_focused()
    await page.keyboard.type(case.residents[0].phone[-6:])
    await page.keyboard.press("Enter")
    found = page.get_by_role("radio", name=case.title)
    await expect(found).to_be_checked()
    await expect(page.locator(".homes-found")).to_contain_text(case.address)

    await page.get_by_label("来电内容").fill("女儿来电：电话一直没人接")
    await page.get_by_role("radio", name="P2").check()
    await page.get_by_role("button", name="登记警情").click()
    await expect(page.locator("#panel-title")).to_contain_text(case.title)
    await expect(page.locator("[data-part=why]")).to_contain_text("女儿来电：电话一直没人接")
    row = await screens.centre.row_of(home)
    await expect(row_in(page, "unclaimed", row)).to_contain_text("电话求助")
    incident, timeline = await screens.stored(row)
    assert (incident.alarms[0].kind, incident.priority) == (AlarmKind.MANUAL, Priority.P2)
    assert timeline[0].by == "zuoxi1"


async def test_a_search_that_finds_nothing_says_what_to_try(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1", "/new-incident")
    await page.fill("#q", "没有这个人")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("没有符合的住户")).to_be_visible()
    await expect(page.get_by_role("button", name="登记警情")).to_have_count(0)
