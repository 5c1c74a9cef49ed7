"""The protocol: false alerts and delay of a home's limits, low-activity days apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import msgspec

from alerting.silence.day import NORMAL_DAYS, WINDOW_S, WINDOWS, is_low

_TOO_LONG = 72 * 12
_LOW_FROM_DAYS = 7
_DAY = range(6 * 12, 22 * 12)


class Grid(msgspec.Struct):
    """A log as silences between active windows.

    Attributes:
        windows: Active windows whose next one is known, numbered from the first midnight.
        gaps: Windows to the next active one; 1 = no silence.
        doors: An outside door was part of the window.
        low: Low-activity days, by day.
        odd: Silences that touch one, or are longer than three days.
    """

    windows: Sequence[int]
    gaps: list[int]
    doors: Sequence[int]
    low: list[bool]
    odd: list[bool]

    @property
    def days(self) -> int:
        """Length of the log."""
        return len(self.low)

    def weeks(self, first_day: int) -> float:
        """Days from this one on that are not of low activity, in weeks."""
        return sum(not low for low in self.low[first_day:]) / 7

    def run_of(self, position: int) -> int:
        """First day of the run of low-activity days that a silence touches; its own day when there is none."""
        start = self.windows[position] // WINDOWS
        end = min((self.windows[position] + self.gaps[position]) // WINDOWS, self.days - 1)
        day = next((d for d in range(start, end + 1) if self.low[d]), start)
        while day > 0 and self.low[day] and self.low[day - 1]:
            day -= 1
        return day


def grid_of(windows: Sequence[int], doors: Sequence[int], last: int) -> Grid:
    """The grid of a log.

    Args:
        windows: Active windows whose next one is known.
        doors: Whether an outside door was part of each.
        last: The last active window.
    """
    gaps = [after - before for before, after in zip(windows, [*windows[1:], last], strict=True)]
    days = windows[-1] // WINDOWS + 1
    counts = [0] * days
    for window in windows:
        counts[window // WINDOWS] += 1
    low: list[bool] = []
    normal: list[int] = []
    for count in counts:
        low.append(len(normal) >= _LOW_FROM_DAYS and is_low(count, tuple(normal[-NORMAL_DAYS:])))
        if not low[-1]:
            normal.append(count)
    until = [0]
    for is_one in low:
        until.append(until[-1] + is_one)
    odd = []
    for window, gap in zip(windows, gaps, strict=True):
        first, end = window // WINDOWS, min((window + gap) // WINDOWS, days - 1)
        odd.append(until[end + 1] > until[first] or gap > _TOO_LONG)
    return Grid(windows, gaps, doors, low, odd)


class Delay(msgspec.Struct, frozen=True):
    """Hours from a collapse to the incident; day is 06-22."""

    mean: float
    day_median: float
    day_p90: float
    night_median: float
    night_p90: float


class Score(msgspec.Struct, frozen=True):
    """Quality of limits over the scored part of a log."""

    false: int
    false_per_week: float
    low_activity_incidents: int
    delay_h: Delay


def score(grid: Grid, limits_s: Sequence[float], alarms: Sequence[int], first_day: int) -> Score | None:
    """Score limits.

    Args:
        grid: The log.
        limits_s: The limit in force after each active window, seconds.
        alarms: Positions of the silences that passed theirs.
        first_day: First day of the scored part.

    Returns:
        None when nothing is left to be scored.
    """
    since = first_day * WINDOWS
    weeks = grid.weeks(first_day)
    day: list[float] = []
    night: list[float] = []
    for window, limit_s in zip(grid.windows, limits_s, strict=True):
        if window >= since and not grid.low[window // WINDOWS]:
            (day if window % WINDOWS in _DAY else night).append(limit_s / 3600)
    if not day and not night:
        return None
    scored = [at for at in alarms if grid.windows[at] >= since]
    false = sum(not grid.odd[at] for at in scored)
    day.sort()
    night.sort()
    return Score(
        false=false,
        false_per_week=false / weeks,
        low_activity_incidents=len({grid.run_of(at) for at in scored if grid.odd[at]}),
        delay_h=Delay(
            mean=(sum(day) + sum(night)) / (len(day) + len(night)),
            day_median=quantile(day, 0.5),
            day_p90=quantile(day, 0.9),
            night_median=quantile(night, 0.5),
            night_p90=quantile(night, 0.9),
        ),
    )


def passed(grid: Grid, limits_s: Sequence[float]) -> list[int]:
    """Positions of the silences longer than their limits."""
    return [at for at, (gap, limit) in enumerate(zip(grid.gaps, limits_s, strict=True)) if gap * WINDOW_S > limit]


def quantile(ranked: Sequence[float], share: float) -> float:
    """By linear interpolation; 0 of nothing."""
    if not ranked:
        return 0.0
    place = share * (len(ranked) - 1)
    low = floor(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)
