"""Putting an incident by, handing it over, and the second person: by keyboard, by mouse, and without scripts."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, expect
from screens import Screens, press_at_sight, row_in, stands

from alerting.model import EntryKind, IncidentState, Outcome
from gateway.desk.contract import QueueRow

READ_MS = 1100
"""So long it must have been in view before a key accepts it."""


async def claimed(screens: Screens, page: Page) -> QueueRow:
    """A press that the page's operator takes by keyboard."""
    row = await screens.pressed(screens.centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await page.keyboard.press("Space")
    await stands(page, "claimed")
    return row


async def test_put_by_with_a_reason_by_keyboard_until_its_end(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    row = await claimed(screens, page)
    await page.keyboard.press("h")
    await expect(page.locator("#hold-text")).to_be_focused()
    await page.keyboard.type("女儿二十分钟内到家")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pending")).to_contain_text("暂缓至 08:10：女儿二十分钟内到家")
    await expect(row_in(page, "progress", row)).to_contain_text("暂缓至 08:10")
    await screens.centre.pass_time(seconds=600)
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await stands(page, "open")
    await expect(page.locator("#pending")).to_have_count(0)


async def test_put_by_by_mouse_and_gone_on_with(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    row = await claimed(screens, page)
    await page.get_by_text("更多", exact=True).click()
    await page.click("#go-hold")
    await expect(page.locator("#go-hold")).to_be_hidden()
    await page.fill("#hold-text", "等邻居去看")
    await page.select_option("#hold-for", "300")
    await page.click("#do-hold")
    await expect(page.locator("#pending")).to_contain_text("暂缓至 08:05")
    await page.keyboard.press("b")
    await expect(page.locator("#pending")).to_have_count(0)
    incident, timeline = await screens.stored(row)
    assert incident.hold is None
    assert [entry.kind for entry in timeline][-2:] == [EntryKind.HELD, EntryKind.TAKEN_BACK]


async def test_a_new_press_breaks_the_hold_on_the_screen(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    row = await claimed(screens, page)
    await page.keyboard.press("h")
    await expect(page.locator("#hold-text")).to_be_focused()
    await page.keyboard.type("等女儿")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pending")).to_be_visible()
    await screens.pressed(screens.centre.home())
    await expect(row_in(page, "progress", row)).to_have_class("row p1 is-ringing")
    await expect(page.locator("#pending")).to_have_count(0)
    await expect(page.locator("#do-claim")).to_be_visible()


async def test_handed_over_by_keyboard_and_accepted_by_keyboard(screens: Screens) -> None:
    page, other = await screens.sign_in("zuoxi1"), await screens.sign_in("zuoxi2")
    row = await claimed(screens, page)
    await page.keyboard.press("o")
    await expect(page.locator("#hand-over-to")).to_be_focused()
    await expect(page.locator("#hand-over-to")).to_have_value("zuoxi2")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pending-offer")).to_contain_text("坐席二号")
    await expect(row_in(other, "progress", row)).to_contain_text("移交 坐席二号，待接收")
    await expect(page.locator("#offered-you")).to_be_hidden()
    await expect(other.locator("#offered-you")).to_contain_text(f"坐席一号 移交给您：紧急按钮，{row.resident}")
    second = asyncio.ensure_future(press_at_sight(other, "y", "#do-accept"))  # a quick one: nothing is accepted unread
    await other.keyboard.press("y")
    await second
    await expect(other.locator("#do-accept")).to_be_visible()
    await other.wait_for_timeout(READ_MS)
    assert (await screens.stored(row))[0].offer is not None
    await other.keyboard.press("y")
    await expect(other.locator("#pending-offer")).to_have_count(0)
    await expect(other.locator("#offered-you")).to_be_hidden()
    await expect(other.locator("#go-dispatch")).to_be_visible()
    await expect(page.locator("#go-dispatch")).to_have_count(0)
    assert (await screens.stored(row))[0].claimed_by == "zuoxi2"


async def test_an_offer_stands_over_every_page_and_y_leads_to_it(screens: Screens) -> None:
    page, other = await screens.sign_in("zuoxi1"), await screens.sign_in("zuoxi2", "/households")
    row = await claimed(screens, page)
    await page.keyboard.press("o")
    await page.keyboard.press("Enter")
    band = other.locator("#offered-you")
    await expect(band.locator("a").first).to_have_attribute("data-incident", row.incident)
    await other.keyboard.press("y")
    await expect(other.locator("#do-accept")).to_be_visible()
    await expect(other.locator("#panel")).to_have_attribute("data-incident", row.incident)
    assert (await screens.stored(row))[0].claimed_by == "zuoxi1"
    drawn = await screens.sign_in("zuoxi2", "/households", scripts=False)
    await drawn.locator("#offered-you a").first.click()
    await expect(drawn.locator("#do-accept")).to_be_visible()


async def test_a_whole_shift_is_handed_over_without_scripts(screens: Screens) -> None:
    rows = [await screens.pressed(screens.centre.home(nth=nth)) for nth in range(4)]
    for row in rows:
        await screens.centre.claim(row)
    watching = await screens.sign_in("zuoxi2", "/households")
    page = await screens.sign_in("zuoxi1", "/shift", scripts=False)
    await page.select_option("#shift-to", "zuoxi2")
    await page.click("#do-end")
    await expect(page.locator(".note")).to_contain_text("坐席二号")
    other = await screens.sign_in("zuoxi2", "/shift", scripts=False)
    await expect(other.locator(".open-now li")).to_have_count(4)
    for screen in (watching, other):
        await expect(screen.locator("#offered-you li")).to_have_count(3)
        await expect(screen.locator('#offered-you a[href="/shift"]')).to_be_visible()
    await other.click("#do-accept-zuoxi1")
    await expect(other.locator("#do-accept-zuoxi1")).to_have_count(0)
    await expect(watching.locator("#offered-you")).to_be_hidden()
    assert [(await screens.stored(row))[0].claimed_by for row in rows] == ["zuoxi2"] * 4


async def test_a_second_operator_agrees_by_keyboard(screens: Screens) -> None:
    page, other = await screens.sign_in("zuoxi1"), await screens.sign_in("zuoxi2")
    row = await claimed(screens, page)
    await page.keyboard.press("x")
    await expect(page.locator("#close-fold .note")).to_contain_text("须由第二人")
    await page.keyboard.press("2")
    await page.keyboard.press("Enter")
    await expect(page.locator("#pending-closing")).to_contain_text("待第二人确认")
    await expect(page.locator("#do-agree")).to_have_count(0)
    await expect(row_in(other, "progress", row)).to_have_class("row p1 is-ringing")
    await other.keyboard.press("Space")
    await expect(other.locator("#pending-closing")).to_contain_text("误按")
    assert (await screens.stored(row))[0].claimed_by == "zuoxi1", "the space bar looks, and takes nothing away"
    await other.wait_for_timeout(1100)  # it must have been in view before a key agrees to it
    await other.keyboard.press("y")
    await stands(other, "closed")
    incident, timeline = await screens.stored(row)
    assert (incident.state, incident.outcome) == (IncidentState.CLOSED, Outcome.ACCIDENTAL)
    assert [(entry.kind, entry.by) for entry in timeline][-2:] == [
        (EntryKind.SECOND_AGREED, "zuoxi2"),
        (EntryKind.CLOSED, "zuoxi1"),
    ]


async def test_a_supervisor_elsewhere_does_not_agree_without_scripts(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    row = await claimed(screens, page)
    await screens.centre.close(row, Outcome.TEST)
    boss = await screens.sign_in("zhuguan", "/overview", scripts=False)
    await boss.locator(".note a").first.click()
    await expect(boss.locator("#pending-closing")).to_contain_text("坐席一号")
    await boss.fill("#refuse-text", "先让村里去看一下")
    await boss.click("#do-refuse")
    await expect(boss.locator("#pending-closing")).to_have_count(0)
    await expect(page.locator(".timeline")).to_contain_text("先让村里去看一下")
    await expect(page.locator("#go-close")).to_be_visible()
    assert (await screens.stored(row))[0].claimed_by == "zuoxi1"


async def test_closing_a_browser_ends_the_claim(screens: Screens) -> None:
    """The whole way: the socket goes, the hub tells the desk, the rules let the claim lapse."""
    page = await screens.sign_in("zuoxi1")
    row = await claimed(screens, page)
    desk = screens.centre.gateway.judge.states
    await screens.centre.until(lambda: desk.desk.here == ("zuoxi1",), "the desk to know that zuoxi1 is here")
    held = desk.running_as(row.incident)
    assert held is not None
    assert held.at_console
    await page.goto("about:blank")
    await screens.centre.until(lambda: not desk.desk.here, "the desk to know that zuoxi1 is gone")
    await screens.centre.pass_time(seconds=31)
    incident, timeline = await screens.stored(row)
    assert (incident.state, incident.claimed_by) == (IncidentState.OPEN, "")
    assert (timeline[-1].kind, timeline[-1].text) == (EntryKind.LAPSED, "console")
