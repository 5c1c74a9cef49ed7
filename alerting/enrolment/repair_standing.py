"""How a fault stands as work: the fault as the rules have it, and what people did about it, together. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from alerting.duty.roster import Roster, next_working_day
from alerting.repair import FURTHEST, Repair, RepairDone, RepairState

DAY_ENDS_MIN = 18 * 60
"""A fault is due by the end of work of the next working day, minutes of the local day."""
FORECAST = "battery_ends"
"""The kind of fault that has not happened yet."""
KEPT_FOR = timedelta(days=7)
"""Work that was begun goes on when its fault comes back within this time; later it is work anew."""


class RepairStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How one fault stands as work now.

    ``due_at`` is when it should be in order: what was planned, else the next working day's end. ``done`` is the last
    time that it was finished, also when it has come back since.
    """

    state: RepairState
    due_at: datetime
    taken_by: str = ""
    planned_until: datetime | None = None
    note: str = ""
    done: RepairDone | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been in order by now, and nobody has said that it is."""
        return self.state is not RepairState.DONE and now > self.due_at


def next_days_end(roster: Roster, at: datetime) -> datetime:
    """The end of work of the next working day after a moment."""
    return next_working_day(roster, at, from_min=DAY_ENDS_MIN)


def spare_days(kind: str, detail: str) -> int:
    """For how many days a battery that will end still lasts by its forecast (``percent|days``); else 0."""
    _, _, days = detail.partition("|")
    return min(int(days), FURTHEST.days) if kind == FORECAST and days.isdecimal() else 0


def standing(
    repair: Repair | None, opened_at: datetime, now: datetime, roster: Roster, *, spare: int = 0
) -> RepairStanding:
    """How an open fault stands as work.

    Args:
        repair: What people did about it; None: nothing yet.
        opened_at: When the fault began.
        now: Service time.
        roster: For the calendar of working days.
        spare: Days for which it can wait without harm.
    """
    due_at = next_days_end(roster, opened_at + timedelta(days=max(0, spare - 1)))
    if repair is None:
        return RepairStanding(state=RepairState.OPEN, due_at=due_at)
    done = repair.done
    if done is not None and repair.at <= done.at:
        if opened_at <= done.at and now <= next_days_end(roster, done.at):
            return RepairStanding(state=RepairState.DONE, due_at=due_at, done=done)
        return RepairStanding(state=RepairState.CAME_BACK, due_at=due_at, done=done)
    if opened_at - repair.at > KEPT_FOR:
        return RepairStanding(state=RepairState.OPEN, due_at=due_at, done=done)
    planned = repair.planned_until
    untaken = RepairState.OPEN if done is None else RepairState.CAME_BACK
    state = RepairState.PLANNED if planned else RepairState.TAKEN if repair.taken_by else untaken
    return RepairStanding(
        state=state,
        due_at=planned or due_at,
        taken_by=repair.taken_by,
        planned_until=planned,
        note=repair.note,
        done=done,
    )
