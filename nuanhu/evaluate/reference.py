"""What others do, by the same protocol: fixed timer, day/night timer, alert line, silence survival.

Each rule has one knob. Every week the home's own past chooses its setting: the one with the least delay whose false
alerts over the last 26 weeks, with eight more weeks at the target, stay within the target.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from math import exp

import msgspec

from alerting.silence.day import WINDOWS
from nuanhu.evaluate.score import Grid, passed, score

SLOTS = 96
CAP = 576
BACK_WEEKS, AT_TARGET_WEEKS = 26, 8.0
_NIGHT = frozenset(range(22 * 12, 288)) | frozenset(range(6 * 12))


def _spread(low: float, high: float, count: int) -> tuple[float, ...]:
    return tuple(low * (high / low) ** (i / (count - 1)) for i in range(count))


class ReferenceRule(msgspec.Struct, frozen=True):
    """A rule: its settings, and how it makes a table of limits (windows, by quarter hour) for each of them.

    ``tables(grid, upto_day)`` may use only what was over before that day.
    """

    settings: tuple[float, ...]
    tables: Callable[[Grid, int], list[list[int]]]
    at_first: int


class OwnPast:
    """A rule on its way through a home's log: what each of its settings would have come to, week by week.

    Args:
        grid: The log.
        rule: Whose limits.
        first_day: Learning ends here.
    """

    def __init__(self, grid: Grid, rule: ReferenceRule, first_day: int) -> None:
        """Put every setting through the log, once."""
        self._grid, self._rule = grid, rule
        self._weeks: list[list[int]] = []
        self._tables: list[list[list[int]]] = []
        self._false: list[list[int]] = []
        self._waited: list[list[float]] = []
        by_day = _positions_by_day(grid)
        for start in range(first_day, grid.days, 7):
            self._add(rule.tables(grid, start), [at for day in by_day[start : start + 7] for at in day])

    def _add(self, tables: list[list[int]], here: list[int]) -> None:
        grid = self._grid
        counts = [0] * SLOTS
        for at in here:
            counts[grid.windows[at] % WINDOWS // 3] += 1
        silences = [
            (grid.windows[at] % WINDOWS // 3, grid.gaps[at]) for at in here if grid.gaps[at] > 1 and not grid.odd[at]
        ]
        self._weeks.append(here)
        self._tables.append(tables)
        self._false.append([sum(gap > table[slot] for slot, gap in silences) for table in tables])
        self._waited.append([float(sum(n * t for n, t in zip(counts, table, strict=True))) for table in tables])

    def limits_s(self, target: float) -> list[float]:
        """Limits after each active window, chosen each week from the weeks before it, for this target a week."""
        limits_s = [CAP * 300.0] * len(self._grid.windows)
        for week, here in enumerate(self._weeks):
            past = slice(max(week - BACK_WEEKS, 0), week)
            table = self._tables[week][_choose(self._false[past], self._waited[past], target, self._rule.at_first)]
            for at in here:
                limits_s[at] = table[self._grid.windows[at] % WINDOWS // 3] * 300.0
        return limits_s

    def at_rate_h(self, false: int, first_day: int) -> float | None:
        """The least mean delay with no more false alerts than these, hours: only its target is chosen with hindsight.

        None when no target comes to so few.
        """
        found = (
            score(self._grid, limits_s, passed(self._grid, limits_s), first_day)
            for limits_s in map(self.limits_s, TARGETS)
        )
        return min((it.delay_h.mean for it in found if it is not None and it.false <= false), default=None)


def own_choice(grid: Grid, rule: ReferenceRule, first_day: int, target: float) -> list[float]:
    """Limits in seconds after each active window, chosen week by week from the home's own past.

    Args:
        grid: The log.
        rule: Whose limits.
        first_day: Learning ends here.
        target: False alerts per home-week.
    """
    return OwnPast(grid, rule, first_day).limits_s(target)


def _choose(false: Sequence[Sequence[int]], waited: Sequence[Sequence[float]], target: float, at_first: int) -> int:
    if not false:
        return at_first
    rates = [
        (sum(column) + target * AT_TARGET_WEEKS) / (len(false) + AT_TARGET_WEEKS) for column in zip(*false, strict=True)
    ]
    delays = [sum(column) for column in zip(*waited, strict=True)]
    within = [i for i, rate in enumerate(rates) if rate <= target]
    if within:
        return min(within, key=delays.__getitem__)
    return min(range(len(rates)), key=lambda i: (rates[i], delays[i]))


def _positions_by_day(grid: Grid) -> list[list[int]]:
    by_day: list[list[int]] = [[] for _ in range(grid.days)]
    for at, window in enumerate(grid.windows):
        by_day[window // WINDOWS].append(at)
    return by_day


TARGETS = _spread(0.01, 16.0, 33)
"""Targets that are tried to come to a given number of false alerts."""

_FIXED = _spread(1.0, 40.0, 90)
_DAY_NIGHT = _spread(0.7, 24.0, 60)
_LINE = tuple(-0.75 + 3.25 * i / 49 for i in range(50))
_SURVIVAL = _spread(2e-1, 1e-7, 60)
NIGHT_FACTOR = 1.5


def _fixed(_: Grid, __: int) -> list[list[int]]:
    return [[min(CAP, max(1, round(hours * 12)))] * SLOTS for hours in _FIXED]


def _day_night(_: Grid, __: int) -> list[list[int]]:
    lines = ([hours * 12 * (NIGHT_FACTOR if x in _NIGHT else 1.0) for x in range(WINDOWS)] for hours in _DAY_NIGHT)
    return _tables(list(lines))


def _tables(lines: list[list[float]]) -> list[list[int]]:
    """Tables by the start of the silence from lines over the clock that rise from setting to setting."""
    tables = []
    waits = [1] * SLOTS
    for line in lines:
        for slot in range(SLOTS):
            start, wait = slot * 3 + 1, waits[slot]
            while wait < CAP and wait < line[(start + wait) % WINDOWS]:
                wait += 1
            waits[slot] = wait
        tables.append([*waits])
    return tables


LINE_DAYS, LINE_SMOOTH = 60, 6


def _alert_line(grid: Grid, upto: int) -> list[list[int]]:
    """Per clock time the longest silence so far of the last 60 days, widened by half an hour, plus a buffer."""
    since, end = max(upto - LINE_DAYS, 0) * WINDOWS, upto * WINDOWS
    longest = [0] * WINDOWS
    for at in _past(grid, max(upto - LINE_DAYS - 3, 0), upto):
        window, gap = grid.windows[at], grid.gaps[at]
        if gap < 3 or grid.odd[at]:  # noqa: PLR2004 - a quarter hour
            continue
        for x in range(max(window + 1, since), min(window + gap, end)):
            longest[x % WINDOWS] = max(longest[x % WINDOWS], x - window)
    widened = [max(longest[(x + k) % WINDOWS] for k in range(-LINE_SMOOTH, LINE_SMOOTH + 1)) for x in range(WINDOWS)]
    return _tables([[max(line * (1 + t) + 6 * max(0.0, 1 + t), 12) for line in widened] for t in _LINE])


HALF_LIFE_DAYS = 60.0
_SIGMA_SLOTS = 3
_KERNEL = [exp(-0.5 * (k / _SIGMA_SLOTS) ** 2) for k in range(-9, 10)]


def _survival(grid: Grid, upto: int) -> list[list[int]]:
    """P(silence longer than T | it began about this time, it is a quarter hour or more) below a level."""
    weights: list[dict[int, float]] = [{} for _ in range(SLOTS)]
    for at in _past(grid, 0, upto):
        window, gap = grid.windows[at], grid.gaps[at]
        if gap < 3 or grid.odd[at] or window + gap >= upto * WINDOWS:  # noqa: PLR2004 - a quarter hour
            continue
        weight = 0.5 ** ((upto - window // WINDOWS) / HALF_LIFE_DAYS)
        if weight < 0.002:  # noqa: PLR2004 - forgotten
            continue
        slot = window % WINDOWS // 3
        row = weights[slot]
        row[min(gap, CAP)] = row.get(min(gap, CAP), 0.0) + weight
    by_slot = [_levels(_around(weights, slot)) for slot in range(SLOTS)]
    return [[by_slot[slot][i] for slot in range(SLOTS)] for i in range(len(_SURVIVAL))]


def _around(weights: list[dict[int, float]], slot: int) -> dict[int, float]:
    scale = sum(_KERNEL) / sum(k * k for k in _KERNEL)
    near: dict[int, float] = {}
    for step, k in enumerate(_KERNEL, slot - 9):
        for gap, weight in weights[step % SLOTS].items():
            near[gap] = near.get(gap, 0.0) + weight * k * scale
    return near


_FEW, _EXCESS, _EXCESS_WEIGHT = 6.0, 9.0, 2.0


def _levels(near: dict[int, float]) -> list[int]:
    """The limit for each level; below six effective silences the tail is exponential."""
    total = sum(near.values())
    if total <= 0:
        return [CAP] * len(_SURVIVAL)
    longer = [0.0] * (CAP + 1)
    beyond = 0.0
    for gap in range(CAP, -1, -1):
        longer[gap] = beyond
        beyond += near.get(gap, 0.0)
    first = next((t for t in range(1, CAP) if longer[t] < _FEW), CAP - 1) - 1
    mass = longer[max(first, 0)]
    excess = (sum(longer[first:]) + _EXCESS * _EXCESS_WEIGHT) / (mass + _EXCESS_WEIGHT)
    fade = exp(-1 / max(excess, 1.0))
    for t in range(first + 1, CAP + 1):
        longer[t] = longer[t - 1] * fade
    levels, t = [], 1
    for level in _SURVIVAL:
        while t < CAP and longer[t] / total >= level:
            t += 1
        levels.append(t)
    return levels


def _past(grid: Grid, since_day: int, upto_day: int) -> range:
    return range(bisect_left(grid.windows, since_day * WINDOWS), bisect_left(grid.windows, upto_day * WINDOWS))


def _nearest(settings: Sequence[float], wanted: float) -> int:
    return min(range(len(settings)), key=lambda i: abs(settings[i] - wanted))


RULES: dict[str, ReferenceRule] = {
    "fixed timer": ReferenceRule(_FIXED, _fixed, _nearest(_FIXED, 6.2)),
    "day/night timer": ReferenceRule(_DAY_NIGHT, _day_night, _nearest(_DAY_NIGHT, 5.5)),
    "alert line": ReferenceRule(_LINE, _alert_line, _nearest(_LINE, 0.15)),
    "silence survival": ReferenceRule(_SURVIVAL, _survival, _nearest(_SURVIVAL, 1.5e-3)),
}
