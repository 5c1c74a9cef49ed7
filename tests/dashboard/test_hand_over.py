"""The hand-over sheet: of the shift that ends, with what is open, what there was, and what comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from centre import Centre
from on_duty import case

from alerting.casefile import Role
from alerting.commands import BeginAbsence
from alerting.homes.away import AwayKind
from alerting.model import Outcome
from dashboard.pages.hand_over import shift_at
from dashboard.times import LocalTime
from tests.dashboard.visitor import arrived

TOWN = LocalTime(8)


def part(page: str, name: str) -> str:
    """One section."""
    return page.partition(f'<section class="card" id="{name}">')[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("now", "begins"),
    [("05T08:00", "05 08"), ("05T19:59", "05 08"), ("05T20:00", "05 20"), ("05T07:59", "04 20")],
)
def test_a_shift_begins_at_eight_and_at_twenty(now: str, begins: str) -> None:
    at = datetime.fromisoformat(f"2026-01-{now}").replace(tzinfo=TOWN.zone)
    shift = shift_at(at.astimezone(UTC), TOWN, before=False)
    assert f"{TOWN.local(shift.since):%d %H}" == begins
    assert shift.until - shift.since == timedelta(hours=12)
    assert shift_at(at.astimezone(UTC), TOWN, before=True).until == shift.since


async def test_it_says_what_is_open_what_there_was_and_what_comes(centre: Centre) -> None:
    closed, still, away = centre.home(), centre.home(nth=1), centre.home(nth=2)
    await centre.press(closed)
    row = await centre.row_of(closed)
    await centre.claim(row)
    await centre.spoke(row)
    assert (await centre.close(row, Outcome.ACCIDENTAL)).done
    await centre.press(still)
    now = centre.clock.now()
    begun = BeginAbsence(
        key=away.household, by="zuoxi1", kind=AwayKind.TRAVEL, since=now, until=now + timedelta(hours=6)
    )
    assert (await centre.ask(begun)).done
    page = await arrived(centre, "op", Role.OPERATOR).go("/hand-over?which=now")
    assert case(centre, still).title in part(page, "open")
    assert case(centre, closed).title not in part(page, "open")
    assert case(centre, closed).title in part(page, "was")
    assert "误按" in part(page, "was") or "误报" in part(page, "was")
    assert case(centre, away).title in part(page, "comes")
    before = await arrived(centre, "op2", Role.OPERATOR).go("/hand-over?which=before")
    assert case(centre, closed).title not in part(before, "was")
    assert case(centre, still).title in part(before, "open"), "what is open is open whatever shift is looked at"


async def test_a_town_has_a_sheet_of_its_own(centre: Centre) -> None:
    mine, other = case(centre, centre.home()), case(centre, centre.home(nth=1))
    await centre.press(centre.home(nth=1))
    await centre.row_of(centre.home(nth=1))
    page = await arrived(centre, "chief", Role.SUPERVISOR, area=mine.area.rpartition(".")[0]).go("/hand-over?which=now")
    assert other.title not in page
    assert (await arrived(centre, "goer", Role.RESPONDER).web.get("/hand-over")).status_code == 403
