"""From claim to close without a mouse; single keys are keys only while nobody is typing."""

from centre import done
from playwright.async_api import Page, expect
from screens import Screens, row_in, stands

from alerting.commands import Note
from alerting.model import EntryKind, IncidentState, Outcome
from gateway.desk.contract import QueueRow
from nuanhu.town.homes import Home


async def _carried_out(page: Page, state: str) -> None:
    """The step was carried out, and the keyboard is with the incident again."""
    await stands(page, state)
    await expect(page.locator("#panel-title")).to_be_focused()


async def _pressed_and_claimed(screens: Screens, page: Page, home: Home) -> QueueRow:
    """A press comes in, and the space bar claims it."""
    row = await screens.pressed(home)
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await page.keyboard.press("Space")
    await _carried_out(page, "claimed")
    return row


STEPS = (
    EntryKind.CLAIMED,
    EntryKind.CALLED,
    EntryKind.DISPATCHED,
    EntryKind.ARRIVED,
    EntryKind.RESOLVED,
    EntryKind.CLOSED,
)


async def test_sign_in_and_claim_to_close_by_keyboard_alone(screens: Screens) -> None:
    page = await screens.visit()
    await screens.sign_in_by_form("zuoxi1", page)
    await screens.connected(page)
    row = await screens.pressed(screens.centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    keys = page.keyboard

    await keys.press("Space")
    await _carried_out(page, "claimed")
    assert (await screens.stored(row))[0].claimed_by == "zuoxi1"

    responder = await _call_and_send(page)

    await keys.press("t")
    await expect(page.locator(".timeline .line-arrived")).to_be_visible()
    await keys.press("r")
    await expect(page.locator("#resolve-text")).to_be_focused()
    await keys.type("人没事，按错了")
    await keys.press("Enter")
    await _carried_out(page, "resolved")

    await keys.press("x")
    await expect(page.locator("#outcome-1")).to_be_focused()
    await keys.press("2")
    await expect(page.locator("#outcome-2")).to_be_checked()
    await keys.press("Enter")
    await stands(page, "closed")
    await expect(page.locator("#queue a.row")).to_have_count(0)
    assert await screens.centre.queue() == []

    incident, timeline = await screens.stored(row)
    assert (incident.state, incident.outcome, incident.responder) == (
        IncidentState.CLOSED,
        Outcome.ACCIDENTAL,
        responder,
    )
    said = [(entry.kind, entry.by) for entry in done(timeline)]
    assert said == [(EntryKind.ALARM, ""), *[(kind, "zuoxi1") for kind in STEPS]]


async def _call_and_send(page: Page) -> str | None:
    """Telephone in vain, then send the first responder; returns whom."""
    await page.keyboard.press("c")
    await expect(page.locator("#call .phone").first).to_be_focused()  # Enter dials; no answer is one key away
    for _ in range(3):
        await page.keyboard.press("Tab")
    await expect(page.locator("#call button[value=no_answer]").first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#call .call-said")).to_contain_text("无人接听")
    await _carried_out(page, "verifying")

    await page.keyboard.press("d")
    sent = page.locator("#send button[name=responder]").first
    await expect(sent).to_be_focused()
    responder = await sent.get_attribute("value")
    await page.keyboard.press("Enter")
    await _carried_out(page, "dispatched")
    return responder


async def test_a_new_press_rings_again_and_must_be_taken_before_closing(screens: Screens) -> None:
    page, home = await screens.sign_in("zuoxi1"), screens.centre.home()
    row = await _pressed_and_claimed(screens, page, home)
    await expect(page.locator("#go-close")).to_be_visible()
    await expect(page).to_have_title("值班台 · 暖护")

    await screens.pressed(home)
    again = row_in(page, "progress", row)
    await expect(again).to_have_class("row p1 is-ringing")
    await expect(again).to_contain_text("再次按下")
    await expect(page).to_have_title("(1) 值班台 · 暖护")
    await expect(page.locator("#go-close")).to_have_count(0)
    await page.keyboard.press("x")
    await expect(page.locator("#close-fold")).to_have_count(0)

    await page.keyboard.press("a")
    await expect(again).not_to_contain_text("再次按下")
    await expect(page).to_have_title("值班台 · 暖护")
    await expect(page.locator("#go-close")).to_be_visible()
    await page.keyboard.press("c")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await stands(page, "verifying")
    await page.keyboard.press("x")
    await expect(page.locator("#outcome-1")).to_be_focused()
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await stands(page, "closed")
    assert (await screens.stored(row))[0].outcome is Outcome.REAL


async def test_a_form_filled_in_before_the_new_press_does_not_close_over_it(screens: Screens) -> None:
    """The outcome was chosen, then the button was pressed once more: it is refused, and the reason stays to be read."""
    screens.expects("409.*/close")
    page, home = await screens.sign_in("zuoxi1"), screens.centre.home()
    row = await _pressed_and_claimed(screens, page, home)
    await page.keyboard.press("x")
    await page.keyboard.press("3")
    await expect(page.locator("#outcome-3")).to_be_checked()
    await screens.pressed(home)
    await expect(row_in(page, "progress", row)).to_contain_text("再次按下")
    await page.keyboard.press("Enter")
    refused = page.locator("#step-refused")
    await expect(refused).to_contain_text("请先受理")
    await screens.centre.ask(Note(key=row.key, incident=row.incident, by="zuoxi2", text="另一位坐席的备注"))
    await expect(page.locator(".timeline")).to_contain_text("另一位坐席的备注")
    await expect(refused).to_contain_text("请先受理")
    await expect(page.locator("#outcome-3")).to_be_checked()
    assert (await screens.stored(row))[0].state is IncidentState.CLAIMED


async def test_the_question_mark_shows_the_keys(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    await page.keyboard.press("?")
    shown = page.get_by_role("dialog", name="快捷键")
    await expect(shown).to_be_visible()
    for key in ("空格", "A", "C", "D", "R", "X", "M", "N"):
        await expect(shown.get_by_text(key, exact=True)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(shown).to_be_hidden()


async def test_single_keys_are_off_while_somebody_writes(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    row = await screens.pressed(screens.centre.home())
    await row_in(page, "unclaimed", row).click()
    await stands(page, "open")
    await page.keyboard.press("m")
    note = page.locator("#note-text")
    await expect(note).to_be_focused()
    written = "a c d n p r t x 1 ? A"
    await page.keyboard.type(written)
    await expect(note).to_have_value(written)
    await expect(note).to_be_focused()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("Enter")
    await expect(page.locator(".timeline .line-note")).to_contain_text(written)
    incident, timeline = await screens.stored(row)
    assert incident.state is IncidentState.OPEN
    assert [entry.kind for entry in timeline] == [EntryKind.ALARM, EntryKind.NOTE]


async def test_the_next_one_is_never_one_s_own_closing_that_waits_for_somebody_else(screens: Screens) -> None:
    page = await screens.sign_in("zuoxi1")
    mine, other = screens.centre.home(), screens.centre.home(nth=1)
    row = await _pressed_and_claimed(screens, page, mine)
    await page.keyboard.press("x")
    await expect(page.locator("#outcome-1")).to_be_focused()
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(row_in(page, "progress", row)).to_contain_text("待第二人确认")
    waiting = await screens.pressed(other)
    await expect(row_in(page, "unclaimed", waiting)).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Space")
    await expect(page.locator("#panel")).to_have_attribute("data-incident", waiting.incident)
    await expect(row_in(page, "progress", waiting)).to_be_visible()
