"""The months and quarters of which there is a bulletin."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import msgspec

from dashboard.speech import Speech
from dashboard.times import LocalTime
from dashboard.words import mark

MONTHS, QUARTERS = 13, 5
QUARTER = 3
_MONTH = re.compile(r"(20\d{2})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(20\d{2})-Q([1-4])", re.ASCII)


class Term(msgspec.Struct, frozen=True):
    """A month or quarter, as people in the town count it.

    Attributes:
        key: ``2026-11``, or ``2026-Q4``.
        first: First local day.
        last: Last local day.
        since: UTC, included.
        until: UTC, not included.
    """

    key: str
    first: date
    last: date
    since: datetime
    until: datetime

    def told(self, say: Speech) -> str:
        """What it is called."""
        if "Q" in self.key:
            number = (self.first.month + 2) // QUARTER
            return say.gettext(mark("quarter %(number)s of %(year)s"), number=number, year=self.first.year)
        return say.gettext(mark("%(month)s/%(year)s"), month=self.first.month, year=self.first.year)


def term(key: str, times: LocalTime) -> Term | None:
    """The time a key names; None where it names none."""
    if (found := _MONTH.fullmatch(key)) and 1 <= int(found[2]) <= 12:  # noqa: PLR2004 - months
        return _from(int(found[1]), int(found[2]), 1, times)
    if found := _QUARTER.fullmatch(key):
        return _from(int(found[1]), int(found[2]) * QUARTER - 2, QUARTER, times)
    return None


def before(it: Term, times: LocalTime) -> Term:
    """The one before it."""
    day = it.first - timedelta(days=1)
    if "Q" in it.key:
        return _from(day.year, (day.month - 1) // QUARTER * QUARTER + 1, QUARTER, times)
    return _from(day.year, day.month, 1, times)


def terms(now: datetime, times: LocalTime) -> tuple[list[Term], list[Term]]:
    """The latest months and quarters, the one that goes on now first."""
    today = times.local(now).date()
    months = [_from(today.year, today.month, 1, times)]
    quarters = [_from(today.year, (today.month - 1) // QUARTER * QUARTER + 1, QUARTER, times)]
    while len(months) < MONTHS:
        months.append(before(months[-1], times))
    while len(quarters) < QUARTERS:
        quarters.append(before(quarters[-1], times))
    return months, quarters


def _from(year: int, month: int, months: int, times: LocalTime) -> Term:
    after = date(year + (month + months - 1) // 12, (month + months - 1) % 12 + 1, 1)
    first = date(year, month, 1)
    key = f"{year}-Q{(month + 2) // QUARTER}" if months > 1 else f"{year}-{month:02}"
    return Term(key, first, after - timedelta(days=1), times.begins(first), times.begins(after))
