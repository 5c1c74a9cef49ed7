"""Which homes and devices raise most of the false alarms: where one repair or one visit saves most calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from alerting.figures.course import Course

MOST = 10


class Worst(msgspec.Struct, frozen=True):
    """One home or device.

    Attributes:
        of: Case number of the home, or id of the device.
        home: Case number.
        false: How many of its incidents were false alarms.
        closed: Of so many that were closed, tests left out.
    """

    of: str
    home: str
    false: int
    closed: int


def worst(courses: Iterable[Course], by: Callable[[Course], str], most: int = MOST) -> list[Worst]:
    """Those with most false alarms, the worst first; nobody without one.

    Args:
        courses: Incidents.
        by: Whose an incident is: the home's or the device's; empty is nobody's.
        most: So many at most.
    """
    false, closed, home_of = Counter[str](), Counter[str](), dict[str, str]()
    for it in courses:
        key = by(it)
        if not key or it.outcome is None or it.is_drill:
            continue
        closed[key] += 1
        false[key] += it.was_false
        home_of.setdefault(key, it.home)
    found = [Worst(key, home_of[key], n, closed[key]) for key, n in false.items() if n]
    return sorted(found, key=lambda it: (-it.false, -it.false / it.closed, it.of))[:most]
