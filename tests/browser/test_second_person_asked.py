"""Whoever may be the second person to a closing sees that on any page of theirs, and answers with one key."""

from __future__ import annotations

import re
from itertools import pairwise

from playwright.async_api import Page, expect
from screens import Screens, row_in, stands

from alerting.model import EntryKind, Outcome
from gateway.desk.contract import QueueRow

RANG, ASKED = re.compile(r"^1:4\d$"), re.compile(r"^0:4\d$")
"""Ages go on between two beats."""
READ_MS = 1100
"""So long it must have been in view before a key agrees to it."""


async def _asked(screens: Screens) -> QueueRow:
    """Half an hour after the press zuoxi1 wishes to close it without having reached anybody; a minute ago."""
    centre = screens.centre
    row = await screens.pressed(centre.home())
    await centre.claim(row)
    await centre.pass_time(seconds=60)
    assert (await centre.close(row, Outcome.ACCIDENTAL)).done
    await centre.pass_time(seconds=40)
    return await centre.row_of(centre.home())


async def _asks(screens: Screens, row: QueueRow) -> Page:
    """zuoxi2 has the question in view."""
    other = await screens.sign_in("zuoxi2", f"/?incident={row.incident}")
    await expect(other.locator("#do-refuse")).to_be_visible()
    return other


async def test_the_request_stands_over_every_page_with_the_keys_and_y_leads_there_and_agrees(screens: Screens) -> None:
    row = await _asked(screens)
    other = await screens.sign_in("zuoxi2", "/households")
    banner = other.locator("#asks-you")
    await expect(banner).to_contain_text(f"请您同意结案：紧急按钮，{row.resident}")
    await expect(banner.locator("kbd").first).to_have_text("Y")
    await expect(banner.locator(".hint-no")).to_be_hidden()  # here N is a new incident
    await expect(banner.locator(".age")).to_have_text(ASKED)
    await other.goto("/")
    await screens.connected(other)
    await expect(banner).to_be_visible()
    await other.keyboard.press("y")
    await stands(other, "claimed")
    await expect(other.locator("#do-agree")).to_be_visible()
    await expect(banner.locator("kbd")).to_have_text(["Y", "N"])
    await expect(banner.locator(".hint-no")).to_be_visible()
    await other.wait_for_timeout(READ_MS)
    await other.keyboard.press("y")
    await expect(banner).to_be_hidden()
    incident, timeline = await screens.stored(row)
    assert (incident.outcome, timeline[-2].kind) == (Outcome.ACCIDENTAL, EntryKind.SECOND_AGREED)


async def test_a_key_pressed_twice_or_held_agrees_to_nothing_unread(screens: Screens) -> None:
    row = await _asked(screens)
    other = await screens.sign_in("zuoxi2")
    await screens.connected(other)
    await expect(other.locator("#asks-you")).to_be_visible()
    await other.keyboard.press("y")
    await stands(other, "claimed")
    await expect(other.locator("#do-agree")).to_be_visible()
    await other.keyboard.down("y")  # a quick second one, held
    await other.wait_for_timeout(READ_MS)
    await other.keyboard.down("y")
    incident, _ = await screens.stored(row)
    assert incident.closing is not None, "agreed to unread"
    await other.keyboard.up("y")
    await other.keyboard.press("y")
    await expect(other.locator("#asks-you")).to_be_hidden()


async def test_n_held_says_no_once_and_stays_on_the_page(screens: Screens) -> None:
    row = await _asked(screens)
    other = await _asks(screens, row)
    await other.keyboard.down("n")
    await expect(other.locator("#do-refuse")).to_have_count(0)
    for _ in range(3):
        await other.keyboard.down("n")
    await expect(other.locator("#panel")).to_have_attribute("data-incident", row.incident)
    assert "incident=" in other.url


async def test_the_wait_counts_from_the_ring_and_the_request_has_its_own(screens: Screens) -> None:
    row = await _asked(screens)
    asker = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await expect(asker.locator("#asks-you")).to_be_hidden()
    await expect(asker.locator(".panel-age .age").first).to_have_text(RANG)
    await expect(asker.locator("#second-since")).to_have_text(ASKED)
    ages = row_in(asker, "progress", row).locator(".age")
    await expect(ages).to_have_text([RANG, ASKED])


async def test_n_says_no_and_it_goes_back_to_who_asked(screens: Screens) -> None:
    row = await _asked(screens)
    other = await screens.sign_in("zuoxi2", f"/?incident={row.incident}")
    await expect(other.locator("#do-refuse kbd")).to_have_text("N")
    await other.keyboard.press("n")
    await expect(other.locator("#do-refuse")).to_have_count(0)
    incident, timeline = await screens.stored(row)
    assert (incident.closing, timeline[-1].kind) == (None, EntryKind.SECOND_REFUSED)


async def test_n_pressed_again_after_the_answer_opens_no_new_incident(screens: Screens) -> None:
    row = await _asked(screens)
    other = await _asks(screens, row)
    await other.keyboard.press("n")
    await expect(other.locator("#do-refuse")).to_have_count(0)
    await other.keyboard.press("n")
    await other.wait_for_timeout(300)
    assert "incident=" in other.url, "still there"
    await expect(other.locator("#panel")).to_have_attribute("data-incident", row.incident)
    await other.wait_for_timeout(2 * READ_MS)
    await other.keyboard.press("n")
    await other.wait_for_url("**/new-incident")


async def test_without_scripts_and_for_a_supervisor_it_is_a_link(screens: Screens) -> None:
    row = await _asked(screens)
    for login, scripts in (("zuoxi2", False), ("zhuguan", True)):
        page = await screens.sign_in(login, "/overview", scripts=scripts)
        await page.locator("#asks-you a").click()
        await expect(page.locator("#do-agree")).to_be_visible()
        await expect(page.locator("#panel")).to_have_attribute("data-incident", row.incident)


async def test_it_hides_no_other_banner(screens: Screens) -> None:
    await _asked(screens)
    other = await screens.sign_in("zuoxi2")
    for banner in ("#asks-you", "#silent"):
        await expect(other.locator(banner)).to_be_visible()
    boxes = [await other.locator(it).bounding_box() for it in ("#asks-you", "#silent", "main")]
    tops = [(it["y"], it["y"] + it["height"]) for it in boxes if it]
    assert all(above[1] <= below[0] + 1 for above, below in pairwise(tops)), tops
