"""How long a battery will last: a forecast from what its device reports of it, and a new one known for what it is.

Kept are the day on which this battery was first heard of and its fullest report in each period since, at most six
periods: when there are more, two become one. The fullest report, because a battery sags in the cold and comes back. The
slope is the median of all pairs of periods, so that one odd period moves nothing.
"""

from __future__ import annotations

from itertools import combinations
from statistics import median, median_high

from alerting.equipment_terms import DAY
from alerting.homes.trace import BASE, BLANK, CELL, DIGITS, WORTH, digits, number, replaced

FIRST_PERIOD_DAYS = 7
MOST_PERIODS = 6
FULL = 90
"""Fullness is kept in ninetieths."""
UNKNOWN = 91
LEAST_PERIODS = 4
LEAST_FALL = 3
"""So many ninetieths it must have fallen before the fall says anything."""
FURTHEST_DAYS = 1000
ROUNDED_TO = ((1, 10), (5, 60))
"""To so many days while it is nearer than so many; to ten when it is farther."""
JUMP = 18
"""A battery that is fuller than before by so many ninetieths (20 %) is a new one, if it is nearly as full as ever."""
NEARLY = 0.9
NO_CELL_V, EMPTY_V, FULL_V, OVER_V = 1.5, 2.4, 3.0, 3.35
"""A lithium cell of 3 volts. One of 3.6 V says nothing until it is empty."""


def percent_of(volts: float) -> float | None:
    """How full a cell of 3 V is, 0-100; None for a voltage of another kind of cell."""
    if not NO_CELL_V <= volts < OVER_V:
        return None
    return min(100.0, max(0.0, (volts - EMPTY_V) / (FULL_V - EMPTY_V) * 100))


def _parts(trace: str) -> tuple[int, int, list[int]]:
    """(day of the first report, how often two periods have become one, fullness by period)."""
    kept = trace[CELL]
    if not kept:
        return 0, 0, []
    return number(kept[:2]), WORTH[kept[2]], [WORTH[digit] for digit in kept[3:]]


def _whole(trace: str, day: int, doubled: int, levels: list[int]) -> str:
    return replaced(trace or BLANK, CELL, digits(day, 2) + DIGITS[doubled] + "".join(DIGITS[it] for it in levels))


def looks_new(trace: str, percent: float) -> bool:
    """Whether a report is of a battery fuller than the last one: it takes two such reports to believe it."""
    _, _, levels = _parts(trace)
    known = [level for level in levels if level != UNKNOWN]
    if not known:
        return False
    level = _level(percent)
    return level >= max(known[-2:]) + JUMP and level >= NEARLY * max(known)


def begun(trace: str, percent: float, now_s: int) -> str:
    """The trace with a new battery."""
    return _whole(trace, now_s // DAY % (BASE * BASE), 0, [_level(percent)])


def noted(trace: str, percent: float, now_s: int) -> str:
    """The trace after a report of the same battery."""
    day, doubled, levels = _parts(trace)
    if not levels:
        return begun(trace, percent, now_s)
    level, age_days = _level(percent), (now_s // DAY - day) % (BASE * BASE)
    if age_days > BASE * BASE // 2:  # a moment before its first: a clock was set
        return trace
    period = age_days // (FIRST_PERIOD_DAYS << doubled)
    while period >= MOST_PERIODS:
        levels, doubled, period = _paired(levels), doubled + 1, period // 2
    levels += [UNKNOWN] * (period + 1 - len(levels))
    held = levels[period]
    levels[period] = level if held == UNKNOWN else max(held, level)
    after = _whole(trace, day, doubled, levels)
    return trace if after == trace else after


def _paired(levels: list[int]) -> list[int]:
    pairs = [levels[at : at + 2] for at in range(0, len(levels), 2)]
    return [max((it for it in pair if it != UNKNOWN), default=UNKNOWN) for pair in pairs]


def since_day(trace: str, now_s: int) -> int:
    """Day since the epoch on which this battery was first heard of; 0: never."""
    day, _, levels = _parts(trace)
    today = now_s // DAY
    return today - (today - day) % (BASE * BASE) if levels else 0


def days_left(trace: str, now_s: int) -> int | None:
    """In how many days it will be empty at its pace, rounded; None while there is no evidence, or it is far."""
    day, doubled, levels = _parts(trace)
    period_days = FIRST_PERIOD_DAYS << doubled
    points = [(at * period_days, level) for at, level in enumerate(levels) if level != UNKNOWN]
    if len(points) < LEAST_PERIODS or points[0][1] - points[-1][1] < LEAST_FALL:
        return None
    # of two middle slopes the gentler: with four periods one that is odd has a part in half of the pairs
    a_day = -median_high((b - a) / (t - s) for (s, a), (t, b) in combinations(points, 2))
    if a_day <= 0:
        return None
    now = (now_s // DAY - day) % (BASE * BASE)
    level = median([level + a_day * at for at, level in points]) - a_day * now
    left = max(0.0, level / a_day)
    return None if left > FURTHEST_DAYS else _rounded(left)


def _rounded(days: float) -> int:
    step = next((step for step, below in ROUNDED_TO if days < below), 10)
    return int(days / step + 0.5) * step


def _level(percent: float) -> int:
    return round(min(100.0, max(0.0, percent)) * FULL / 100)
