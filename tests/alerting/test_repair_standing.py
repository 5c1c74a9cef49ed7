"""How a fault stands as work: a pure function of the fault, of what people did, and of the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerting.duty.roster import Roster
from alerting.enrolment.repair_standing import spare_days, standing
from alerting.model import FaultKind
from alerting.repair import Repair, RepairAct, RepairDone, RepairState

MONDAY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # 09:00 in the town
ROSTER = Roster(holidays={"2026-01-06": "元旦调休"})


def repaired(at: datetime, **fields: object) -> Repair:
    return Repair(household="WX1", device="d", fault=FaultKind.BATTERY_LOW, at=at, **fields)  # type: ignore[arg-type]


def test_a_holiday_is_no_working_day() -> None:
    assert standing(None, MONDAY, MONDAY, ROSTER).due_at == datetime(2026, 1, 7, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "detail", "days"),
    [
        ("battery_ends", "12|9", 9),
        ("battery_ends", "12|", 0),
        ("battery_ends", "", 0),
        ("battery_ends", "12|999999", 60),
        ("battery_low", "12|9", 0),
        ("missed_check_in", "own|7200", 0),
    ],
)
def test_only_a_forecast_can_wait(kind: str, detail: str, days: int) -> None:
    assert spare_days(kind, detail) == days


def test_a_battery_that_lasts_longer_is_due_later() -> None:
    due = [standing(None, MONDAY, MONDAY, ROSTER, spare=days).due_at for days in (0, 3, 9, 20)]
    assert due == sorted(set(due))
    assert due[2] <= MONDAY + timedelta(days=11)


def test_who_had_taken_it_before_it_was_done_has_not_taken_it_again() -> None:
    done = RepairDone(MONDAY, "anzhuang", RepairAct.BATTERY)
    later = MONDAY + timedelta(hours=3)
    stands = standing(repaired(MONDAY, done=done), later, later, ROSTER)
    assert (stands.state, stands.taken_by, stands.done) == (RepairState.CAME_BACK, "", done)
    again = standing(repaired(later, done=done, taken_by="anzhuang"), later, later, ROSTER)
    assert (again.state, again.taken_by) == (RepairState.TAKEN, "anzhuang")
