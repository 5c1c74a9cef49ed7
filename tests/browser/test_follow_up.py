"""A follow-up call is made and recorded without a mouse, and the note of a closing waits for whoever comes next."""

from playwright.async_api import expect
from screens import Screens

from alerting.commands import Close
from alerting.model import Outcome

HARD_OF_HEARING = "按两次门铃，耳背"


async def owed(screens: Screens) -> str:
    """A home whose follow-up call is due; returns its key."""
    centre, home = screens.centre, screens.centre.home()
    row = await screens.pressed(home)
    await centre.claim(row)
    await centre.spoke(row)
    ask = Close(key=row.key, incident=row.incident, by="zuoxi1", outcome=Outcome.REAL, case_note=HARD_OF_HEARING)
    assert (await centre.ask(ask)).done
    await centre.live(home, hours=26)
    return home.household


async def test_by_keyboard_from_the_counter_to_the_recorded_call(screens: Screens) -> None:
    key = await owed(screens)
    page = await screens.sign_in("zuoxi1")
    counter = page.locator('.counters a[href="/follow-ups"]')
    await expect(counter.locator("b")).to_have_text("1")
    await counter.focus()
    await page.keyboard.press("Enter")
    heard = page.locator("#heard-1")
    await expect(heard).to_be_visible()
    await page.locator("#main").focus()
    for _ in range(30):
        if await heard.evaluate("it => it === document.activeElement"):
            break
        await page.keyboard.press("Tab")
    await expect(heard).to_be_focused()
    await page.keyboard.type("已能下床走动")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#follow-up-total")).to_have_text("0")
    await expect(page.locator(".table").last).to_contain_text("已能下床走动")
    assert [it.ended for it in await screens.centre.gateway.desk.follow_ups_done()] == ["spoke"]
    await page.goto(f"/households/{key}")
    await expect(page.locator("#notes")).to_contain_text(HARD_OF_HEARING)


async def test_the_page_fits_a_telephone(screens: Screens) -> None:
    await owed(screens)
    page = await screens.sign_in("zuoxi1", "/follow-ups", phone=True)
    await expect(page.locator("#heard-1")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_at_closing_the_note_is_written_by_keyboard_too(screens: Screens) -> None:
    row = await screens.pressed(screens.centre.home())
    await screens.centre.claim(row)
    await screens.centre.spoke(row)
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await page.keyboard.press("x")
    await expect(page.locator("#close-case-note")).to_be_visible()
    await page.keyboard.press("3")
    await page.locator("#close-case-note").focus()
    await page.keyboard.type(HARD_OF_HEARING)
    await page.locator("#do-close").press("Enter")
    await expect(page.locator("#panel")).to_have_attribute("data-state", "closed")
    notes = await screens.centre.gateway.desk.case_notes(row.household)
    assert [note.text for note in notes] == [HARD_OF_HEARING]
