"""Who is on duty: shifts, holidays, swaps, absences and deputies (AB 岗), as data; every answer a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from alerting.casefile import covers

DAY_MIN = 24 * 60
WEEKEND = frozenset({6, 7})


class DayKind(StrEnum):
    """On which days something holds."""

    ANY = "any"
    WORKING = "working"
    """Monday to Friday without holidays, and the days worked instead (调休)."""
    OFF = "off"
    """All others."""


class Times(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When something holds, by the clock on the wall.

    Attributes:
        from_min: First minute of the day.
        to_min: Minute of the day at which it ends; not later than ``from_min``: on the next day. Both equal: 24 h.
        days: Weekdays on which it begins, 1 = Monday … 7; empty: all.
        on: Kind of day on which it begins.
    """

    from_min: int = 0
    to_min: int = 0
    days: tuple[int, ...] = ()
    on: DayKind = DayKind.ANY

    @property
    def length_min(self) -> int:
        """How long it lasts, minutes: 1 to 24 hours."""
        return (self.to_min - self.from_min) % DAY_MIN or DAY_MIN


class Shift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who stands for a role in an area at which times; the first person is called first."""

    role: str
    persons: tuple[str, ...]
    area: str = ""
    times: Times = Times()


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A role that must never be without anybody in an area at these times."""

    role: str
    area: str = ""
    times: Times = Times()


class Absence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is off between two moments: their deputy stands in."""

    person: str
    since: datetime
    until: datetime
    reason: str = ""


class Swap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``instead`` takes the shifts of ``person`` between two moments."""

    person: str
    instead: str
    since: datetime
    until: datetime


class Roster(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One edition of the roster.

    Attributes:
        shifts: Who stands when.
        posts: What must be covered.
        absences: Who is off.
        swaps: Who stands for whom.
        deputies: Deputy (B) by person (A).
        holidays: Name by date (``2026-02-17``).
        workdays: Days of a weekend on which people work (``2026-02-14``).
        left: People who have left: never called again, whatever else names them.
        utc_offset_s: Local time, seconds east of Greenwich.
    """

    shifts: tuple[Shift, ...] = ()
    posts: tuple[Post, ...] = ()
    absences: tuple[Absence, ...] = ()
    swaps: tuple[Swap, ...] = ()
    deputies: dict[str, str] = {}
    holidays: dict[str, str] = {}
    workdays: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    utc_offset_s: int = 8 * 3600

    @property
    def people(self) -> frozenset[str]:
        """Everybody it calls."""
        standing = {person for shift in self.shifts for person in shift.persons}
        swapped = {person for swap in self.swaps for person in (swap.person, swap.instead)}
        return frozenset(standing | swapped | set(self.deputies) | set(self.deputies.values()))


class Gap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Nobody stands for a role in an area between two moments."""

    role: str
    area: str
    since: datetime
    until: datetime


def everybody(_: str) -> bool:
    """Takes everybody for reachable."""
    return True


def local(roster: Roster, at: datetime) -> datetime:
    """The clock on the wall at a moment, without a zone: for comparing with times of day only."""
    return at.replace(tzinfo=None) - (at.utcoffset() or timedelta()) + timedelta(seconds=roster.utc_offset_s)


def is_working(roster: Roster, day: date) -> bool:
    """Whether a day is a working day in the calendar."""
    if day.isoformat() in roster.workdays:
        return True
    return day.isoweekday() not in WEEKEND and day.isoformat() not in roster.holidays


def next_working_day(roster: Roster, at: datetime, *, from_min: int = 9 * 60) -> datetime:
    """The next working day's beginning of work (09:00) after a moment, UTC as given."""
    wall = local(roster, at)
    for ahead in range(1, 400):
        day = wall.date() + timedelta(days=ahead)
        if is_working(roster, day):
            begins = datetime.combine(day, datetime.min.time()) + timedelta(minutes=from_min)
            return at + (begins - wall)
    return at + timedelta(days=1)  # a calendar without working days: tomorrow


def holds(roster: Roster, times: Times, at: datetime) -> bool:
    """Whether a moment lies within the times: begun today, or yesterday and not over."""
    wall = local(roster, at)
    for day in (wall.date(), wall.date() - timedelta(days=1)):
        begins = datetime.combine(day, datetime.min.time()) + timedelta(minutes=times.from_min)
        if begins_on(roster, times, day) and begins <= wall < begins + timedelta(minutes=times.length_min):
            return True
    return False


def begins_on(roster: Roster, times: Times, day: date) -> bool:
    """Whether something with these times begins on a day of the calendar."""
    if times.days and day.isoweekday() not in times.days:
        return False
    return times.on is DayKind.ANY or (times.on is DayKind.WORKING) == is_working(roster, day)


def is_off(roster: Roster, person: str, at: datetime) -> bool:
    """Whether somebody is absent, or has left."""
    return person in roster.left or any(a.person == person and a.since <= at < a.until for a in roster.absences)


def stand_in(roster: Roster, person: str, at: datetime) -> str:
    """Who stands for somebody: themselves, or the first deputy who is there; empty when nobody is."""
    asked: set[str] = set()
    while person and is_off(roster, person, at):
        asked.add(person)
        person = roster.deputies.get(person, "")
        if person in asked:
            return ""
    return person


def on_duty(roster: Roster, role: str, area: str, at: datetime) -> tuple[str, ...]:
    """Who is on duty for a role in an area, in the order of calling: the nearest area's people first.

    Args:
        roster: The edition in force.
        role: ``supervisor``, ``town``, ``grid`` … as the shifts call it.
        area: Where somebody is wanted; a shift for an area above it counts too.
        at: The moment.
    """
    mine = [shift for shift in roster.shifts if shift.role == role and covers(shift.area, area)]
    mine.sort(key=lambda shift: -len(shift.area))
    found: dict[str, None] = {}
    for shift in mine:
        if holds(roster, shift.times, at):
            for person in shift.persons:
                standing = stand_in(roster, swapped(roster, person, at), at)
                if standing:
                    found[standing] = None
    return tuple(found)


def swapped(roster: Roster, person: str, at: datetime) -> str:
    """Who has taken somebody's shifts at a moment: themselves when nobody has."""
    for swap in roster.swaps:
        if swap.person == person and swap.since <= at < swap.until:
            return swap.instead
    return person


def of_role(roster: Roster, role: str, area: str) -> tuple[str, ...]:
    """Everybody who ever stands for a role in an area, duty or not, and their deputies."""
    standing = [p for s in roster.shifts if s.role == role and covers(s.area, area) for p in s.persons]
    deputies = [roster.deputies[person] for person in standing if person in roster.deputies]
    return tuple(person for person in dict.fromkeys([*standing, *deputies]) if person not in roster.left)


def gaps(
    roster: Roster, since: datetime, until: datetime, can_reach: Callable[[str], bool] = everybody
) -> tuple[Gap, ...]:
    """Where nobody will stand between two moments, the first gap first.

    Args:
        roster: The edition in force.
        since: From when, as a rule now.
        until: Up to when.
        can_reach: Whether a person can be paged at all; who cannot is no cover.
    """
    edges = sorted({since, *(moment for moment in _edges(roster, since, until) if since < moment < until)})
    found: list[Gap] = []
    for post in roster.posts:
        begun: datetime | None = None
        for moment in edges:
            open_ = holds(roster, post.times, moment) and not any(
                can_reach(person) for person in on_duty(roster, post.role, post.area, moment)
            )
            if open_ and begun is None:
                begun = moment
            elif not open_ and begun is not None:
                found.append(Gap(role=post.role, area=post.area, since=begun, until=moment))
                begun = None
        if begun is not None:
            found.append(Gap(role=post.role, area=post.area, since=begun, until=until))
    return tuple(sorted(found, key=lambda gap: (gap.since, gap.area, gap.role)))


def _edges(roster: Roster, since: datetime, until: datetime) -> Iterator[datetime]:
    """All moments at which it may change who stands."""
    spells: tuple[Absence | Swap, ...] = (*roster.absences, *roster.swaps)
    for spell in spells:
        yield spell.since
        yield spell.until
    wall = local(roster, since)
    first = wall.date() - timedelta(days=1)
    begun: tuple[Shift | Post, ...] = (*roster.shifts, *roster.posts)
    times = {(it.times.from_min, it.times.length_min) for it in begun}
    for ahead in range((until - since).days + 3):
        midnight = datetime.combine(first + timedelta(days=ahead), datetime.min.time())
        for from_min, length_min in times:
            begins = since + (midnight + timedelta(minutes=from_min) - wall)
            yield begins
            yield begins + timedelta(minutes=length_min)


def flaws(roster: Roster, known: Callable[[str], bool], areas: frozenset[str]) -> list[str]:
    """Why a roster cannot be used: words with what they are about after a bar; empty when it can.

    Args:
        roster: What is to be saved.
        known: Whether there is such a person.
        areas: Keys of all areas.
    """
    found = [f"unknown_person|{person}" for person in sorted(roster.people) if not known(person)]
    spells: tuple[Absence | Swap, ...] = (*roster.absences, *roster.swaps)
    begun: tuple[Shift | Post, ...] = (*roster.shifts, *roster.posts)
    named = {it.area for it in begun} - {""}
    found += [f"unknown_area|{area}" for area in sorted(named - areas)]
    found += [f"empty_shift|{shift.role}" for shift in roster.shifts if not shift.role or not shift.persons]
    found += [f"ends_before|{spell.person}" for spell in spells if spell.since >= spell.until]
    for times in (it.times for it in begun):
        if not (0 <= times.from_min < DAY_MIN and 0 <= times.to_min <= DAY_MIN):
            found.append("bad_hours|")
        if any(not 1 <= day <= 7 for day in times.days):  # noqa: PLR2004 - days of a week
            found.append("bad_days|")
    for day in (*roster.holidays, *roster.workdays):
        try:
            date.fromisoformat(day)
        except ValueError:
            found.append(f"bad_date|{day}")
    return list(dict.fromkeys(found))
