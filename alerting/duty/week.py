"""A week of the roster as a grid: for each post whose turn it is on which day, and where nobody can be called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import msgspec

from alerting.duty.chain import CoverGap, Editions, no_cover
from alerting.duty.roster import DAY_MIN, Absence, Post, Roster, Shift, Swap, begins_on, stand_in, swapped

DAYS = 7


class Standing(msgspec.Struct, frozen=True):
    """One person of a turn.

    Attributes:
        person: Whose shift it is.
        taken_by: Who has it after swaps; as a rule the same.
        stands: Who really stands: ``taken_by``, or while they are off their deputy; empty: nobody.
    """

    person: str
    taken_by: str
    stands: str


class Turn(msgspec.Struct, frozen=True):
    """A part of a shift during which the same people stand, UTC; it belongs to the day on which the shift begins."""

    since: datetime
    until: datetime
    persons: tuple[Standing, ...]


class Cell(msgspec.Struct, frozen=True):
    """One day of one row: its turns, and the spans in which nobody can be called."""

    turns: tuple[Turn, ...]
    gaps: tuple[tuple[datetime, datetime], ...]


class Row(msgspec.Struct, frozen=True):
    """A role in an area."""

    role: str
    area: str
    cells: tuple[Cell, ...]


class Week(msgspec.Struct, frozen=True):
    """Seven days from a Monday, local.

    Attributes:
        days: The dates.
        rows: Roles and areas.
        gaps: All hours without cover in them that are not over, the first one first.
    """

    days: tuple[date, ...]
    rows: tuple[Row, ...]
    gaps: tuple[CoverGap, ...]


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def midnight(roster: Roster, day: date) -> datetime:
    """The beginning of a local day, UTC."""
    return datetime.combine(day, time(), UTC) - timedelta(seconds=roster.utc_offset_s)


def week(editions: Editions, first: date, now: datetime) -> Week:
    """The week that begins with a day.

    Args:
        editions: Roster and people, saved or not.
        first: The local date of its Monday.
        now: Gaps that are over by now are left out.
    """
    roster = editions.roster
    days = tuple(first + timedelta(days=n) for n in range(DAYS))
    since, until = midnight(roster, first), midnight(roster, first + timedelta(days=DAYS))
    gaps = no_cover(editions, max(now, since), until) if until > now else ()
    standing: tuple[Shift | Post | CoverGap, ...] = (*roster.shifts, *roster.posts, *gaps)
    places = {(it.role, it.area) for it in standing}
    rows = tuple(
        Row(role, area, tuple(_cell(roster, role, area, day, gaps) for day in days))
        for role, area in sorted(places, key=lambda it: (it[1], it[0]))
    )
    return Week(days, rows, gaps)


def _cell(roster: Roster, role: str, area: str, day: date, gaps: tuple[CoverGap, ...]) -> Cell:
    begins, ends = midnight(roster, day), midnight(roster, day + timedelta(days=1))
    mine = [shift for shift in roster.shifts if (shift.role, shift.area) == (role, area)]
    turns = [turn for shift in mine if begins_on(roster, shift.times, day) for turn in _turns(roster, shift, begins)]
    clipped = [
        (max(gap.since, begins), min(gap.until, ends))
        for gap in gaps
        if (gap.role, gap.area) == (role, area) and gap.since < ends and gap.until > begins
    ]
    return Cell(tuple(sorted(turns, key=lambda turn: turn.since)), tuple(clipped))


def _turns(roster: Roster, shift: Shift, begins: datetime) -> Iterator[Turn]:
    """A shift of one day, cut where somebody else stands."""
    since = begins + timedelta(minutes=shift.times.from_min)
    until = since + timedelta(minutes=min(shift.times.length_min, DAY_MIN))
    spells: tuple[Absence | Swap, ...] = (*roster.absences, *roster.swaps)
    edges = {edge for spell in spells for edge in (spell.since, spell.until) if since < edge < until}
    latest: Turn | None = None
    moments = [since, *sorted(edges), until]
    for start, end in pairwise(moments):
        persons = tuple(_standing(roster, person, start) for person in shift.persons)
        if latest is not None and latest.persons == persons:
            latest = Turn(latest.since, end, persons)
            continue
        if latest is not None:
            yield latest
        latest = Turn(start, end, persons)
    if latest is not None:
        yield latest


def _standing(roster: Roster, person: str, at: datetime) -> Standing:
    taken_by = swapped(roster, person, at)
    return Standing(person, taken_by, stand_in(roster, taken_by, at))
