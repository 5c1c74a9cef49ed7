"""Which time the figures are about, and by what they are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from alerting.casefile import Area, AreaLevel
from alerting.figures.course import Course
from dashboard.figures_words import SHIFTS
from dashboard.pages.care import areas_by
from dashboard.speech import Speech
from dashboard.times import LocalTime

LONGEST = timedelta(days=366)
QUARTER_DAYS = 92
DAY_HOURS = range(8, 20)
DAY = timedelta(days=1)


class Period(msgspec.Struct, frozen=True):
    """A time from one local midnight to another.

    Attributes:
        name: Which was asked for.
        since: UTC, included.
        until: UTC, not included.
        first: First local day.
        last: Last local day.
    """

    name: str
    since: datetime
    until: datetime
    first: date
    last: date


def period_of(name: str, first: str, last: str, now: datetime, times: LocalTime) -> Period:
    """The time that was asked for; what cannot be read is this month. At most a year."""
    today = times.local(now).date()
    monday, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    last_month = (month - DAY).replace(day=1)
    known = {
        "today": (today, today),
        "yesterday": (today - DAY, today - DAY),
        "week": (monday, today),
        "last_week": (monday - timedelta(days=7), monday - DAY),
        "month": (month, today),
        "last_month": (last_month, month - DAY),
        "quarter": (today - timedelta(days=QUARTER_DAYS - 1), today),
    }
    if name == "own":
        try:
            own = date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            own = (month, today)
        known["own"] = own if own[0] <= own[1] < own[0] + LONGEST else (month, today)
    name = name if name in known else "month"
    begins, ends = known[name]
    return Period(name, times.begins(begins), times.begins(ends + DAY), begins, ends)


def grouped(
    courses: Iterable[Course], by: str, areas: Mapping[str, Area], times: LocalTime, say: Speech
) -> list[tuple[str, str, list[Course]]]:
    """(key, name, incidents) of each group, in order; one group of all where nothing tells them apart."""
    towns, villages = areas_by(areas, AreaLevel.TOWN), areas_by(areas, AreaLevel.VILLAGE)

    def name(area: str) -> str:
        return areas[area].name if area in areas else ""

    def when(it: Course) -> datetime:
        return times.local(it.rang_at)

    keys: dict[str, Callable[[Course], str]] = {
        "town": lambda it: towns.get(it.area, ""),
        "village": lambda it: villages.get(it.area, ""),
        "shift": lambda it: "day" if when(it).hour in DAY_HOURS else "night",
        "day": lambda it: when(it).date().isoformat(),
        "week": lambda it: (when(it).date() - timedelta(days=when(it).weekday())).isoformat(),
        "month": lambda it: when(it).date().isoformat()[:7],
    }
    piles: dict[str, list[Course]] = defaultdict(list)
    for it in courses:
        piles[keys[by](it) if by in keys else ""].append(it)
    names = {key: say.gettext(SHIFTS[key]) if by == "shift" else name(key) or key for key in piles}
    return [(key, names[key], piles[key]) for key in sorted(piles)]
