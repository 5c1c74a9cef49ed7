"""A filter narrows what an operator looks at: no P1, nothing that rings, no counter, and not what is taken next."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, expect
from screens import Screens, row_in, stands

from alerting.casefile import AreaLevel
from alerting.commands import HoldUntil, OpenManual
from alerting.model import Priority
from gateway.desk.contract import QueueRow
from nuanhu.town.homes import Home


async def taken(screens: Screens, home: Home, by: str, priority: Priority = Priority.P3) -> QueueRow:
    """An incident of this home that somebody has in hand."""
    asked = OpenManual(key=home.household, incident="", by=by, priority=priority, text="来电咨询")
    assert (await screens.centre.ask(asked)).done
    row = await screens.centre.row_of(home)
    if row.claimed_by != by:
        await screens.centre.claim(row, by)
    return await screens.centre.row_of(home)


async def narrow(page: Page, which: str) -> None:
    await page.get_by_role("combobox", name="范围").select_option(label=which)


async def test_what_is_hidden_is_counted_shown_again_by_one_key_and_the_choice_outlives_a_reload(
    screens: Screens,
) -> None:
    centre = screens.centre
    mine, other = await taken(screens, centre.home(nth=0), "zuoxi1"), await taken(screens, centre.home(nth=1), "zuoxi2")
    page = await screens.sign_in("zuoxi1")
    await screens.connected(page)
    await expect(row_in(page, "progress", other)).to_be_visible()
    await page.keyboard.press("f")
    await expect(page.get_by_role("combobox", name="辖区", exact=True)).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    off = page.get_by_role("button", name="筛选隐藏 1 条")
    for _ in range(2):
        await expect(off).to_be_visible()
        await expect(row_in(page, "progress", other)).to_have_count(0)
        await expect(row_in(page, "progress", mine)).to_be_visible()
        await expect(page.locator("[data-counter=in_progress]").first).to_have_text("2")
        await page.reload()
        await screens.connected(page)
    await page.keyboard.press("f")
    await expect(row_in(page, "progress", other)).to_be_visible()
    await expect(off).to_be_hidden()


async def test_a_p1_and_what_rings_are_shown_whatever_was_chosen_and_space_takes_the_most_urgent(
    screens: Screens,
) -> None:
    centre = screens.centre
    other = await taken(screens, centre.home(nth=1), "zuoxi2")
    page = await screens.sign_in("zuoxi1")
    await screens.connected(page)
    await narrow(page, "仅我处置的")
    await expect(page.locator("#progress-filtered")).to_have_text("此处 1 条均不符合筛选条件。")
    await expect(page.locator("#progress-empty")).to_be_hidden()
    pressed = await screens.pressed(centre.home(nth=2))
    await expect(row_in(page, "unclaimed", pressed)).to_be_visible()
    await screens.pressed(centre.home(nth=1))
    again = await centre.row_of(centre.home(nth=1))
    assert (again.incident, again.priority) == (other.incident, Priority.P1)
    await expect(page.locator(f'#queue a.row[data-incident="{other.incident}"]')).to_be_visible()
    await page.keyboard.press("Space")
    await stands(page, "claimed")
    await expect(page.locator("#do-claim")).to_have_count(0)  # it was claimed before, by another
    await expect(row_in(page, "progress", other)).to_be_visible()
    assert (await centre.row_of(centre.home(nth=1))).claimed_by == "zuoxi1", "the oldest of the most urgent"


async def test_of_a_town_only_what_happens_there_is_shown_and_what_is_looked_at_stays(screens: Screens) -> None:
    centre = screens.centre
    row = await taken(screens, centre.home(nth=0), "zuoxi1")
    page = await screens.sign_in("zuoxi1", f"/?incident={row.incident}")
    await screens.connected(page)
    other = await taken(screens, centre.home(nth=1), "zuoxi2")
    towns = page.get_by_role("combobox", name="辖区", exact=True)
    keys = [area.key for area in centre.plan.registry.areas if area.level is AreaLevel.TOWN]
    theirs = next(key for key in keys if other.area.startswith(key))
    elsewhere = next(key for key in keys if not other.area.startswith(key) and not row.area.startswith(key))
    await towns.select_option(elsewhere)
    await expect(row_in(page, "progress", other)).to_have_count(0)
    await expect(row_in(page, "progress", row)).to_be_visible()
    await towns.select_option(theirs)
    await expect(row_in(page, "progress", other)).to_be_visible()


async def test_a_hidden_row_that_rings_again_is_shown(screens: Screens) -> None:
    centre = screens.centre
    other = await taken(screens, centre.home(nth=1), "zuoxi2")
    page = await screens.sign_in("zuoxi1")
    await screens.connected(page)
    await narrow(page, "仅我处置的")
    await expect(row_in(page, "progress", other)).to_have_count(0)
    hold_s = 300
    asked = HoldUntil(key=other.key, incident=other.incident, by="zuoxi2", reason="等家属回电", for_s=hold_s)
    assert (await centre.ask(asked)).done
    await expect(row_in(page, "progress", other)).to_have_count(0)
    await centre.pass_time(seconds=hold_s + 5)
    again = page.locator(f'#queue a.row[data-incident="{other.incident}"]')
    await expect(again).to_be_visible()
    await expect(again).to_have_class(re.compile("is-ringing|is-unclaimed"))


async def test_only_what_nobody_has_in_hand(screens: Screens) -> None:
    centre = screens.centre
    other = await taken(screens, centre.home(nth=0), "zuoxi2")
    page = await screens.sign_in("zuoxi1")
    await screens.connected(page)
    await expect(row_in(page, "progress", other)).to_be_visible()
    await narrow(page, "仅无人受理的")
    await expect(row_in(page, "progress", other)).to_have_count(0)
    nobodys = await screens.pressed(centre.home(nth=1))
    await expect(row_in(page, "unclaimed", nobodys)).to_be_visible()


@pytest.mark.parametrize("kept", ["{broken", "null", "7", '{"town": 3}', '{"length": "1"}'])
async def test_what_was_kept_and_cannot_be_read_narrows_nothing_and_breaks_nothing(screens: Screens, kept: str) -> None:
    before = f"if (location.host) sessionStorage.setItem('nuanhu-filter', {json.dumps(kept)})"
    page = await screens.visit("/", login="zuoxi1", before=before)
    await screens.connected(page)
    row = await screens.pressed(screens.centre.home())
    await expect(row_in(page, "unclaimed", row)).to_be_visible()
    await expect(page.locator("#filter-off")).to_be_hidden()


async def test_where_nothing_can_be_kept_the_filter_works_all_the_same(screens: Screens) -> None:
    closed = "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('closed'); } })"
    other = await taken(screens, screens.centre.home(nth=0), "zuoxi2")
    page = await screens.visit("/", login="zuoxi1", before=closed)
    await screens.connected(page)
    await narrow(page, "仅我处置的")
    await expect(row_in(page, "progress", other)).to_have_count(0)
