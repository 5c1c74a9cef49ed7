"""What each price would come to in one home: false alarms to be expected, and how long its limits would be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import repeat
from operator import getitem, mul

import msgspec

from alerting.silence.hulls import Hulls

LADDER = tuple(1e-6 * 2**step for step in range(12))
"""Prices at which homes say what they would come to: false alarms for five minutes less delay, per active window."""

PER_WEEK = 100_000
"""Curves hold whole numbers, so that sums over homes are the same in whatever order: this many are one alarm a week."""


class Curve(msgspec.Struct, frozen=True, array_like=True):
    """By price of ``LADDER``.

    Attributes:
        expected: False alarms a week that would come, as the home's own past corrects them; ``PER_WEEK`` are one.
        limit_min: Mean limit over the home's active moments, minutes.
        in_force: As ``expected``, with the limits that were chosen.
        mean_min: As ``limit_min``, of the limits that were chosen.
    """

    expected: tuple[int, ...] = ()
    limit_min: tuple[int, ...] = ()
    in_force: int = 0
    mean_min: int = 0


def curve(hulls: Hulls, heft: Sequence[float], taken: Sequence[int], hope: float, most_per_week: float) -> Curve | None:
    """The curve of a home; None when the hulls do not reach as far.

    Args:
        hulls: Of each situation.
        heft: Active windows a week of each.
        taken: Corner of each hull that is in force.
        hope: False alarms that come for each one expected in this home: a price is worth so much less here.
        most_per_week: The home is planned to have no more: beyond, its limits stay where they reach this.
    """
    slopes, heights, waits = hulls.slopes, hulls.heights, hulls.limits
    total = sum(heft) or 1.0

    def at(corners: Sequence[int]) -> tuple[int, int]:
        expected = sum(map(mul, heft, map(getitem, heights, corners)))
        waited = sum(map(mul, heft, map(getitem, waits, corners)))
        return round(expected * hope * PER_WEEK), round(waited / total * 5)

    most = round(most_per_week * PER_WEEK)
    came, limits = list[int](), list[int]()
    for price in LADDER:
        if price / hope > hulls.steepest:
            return None
        expected, limit_min = at([*map(bisect_right, slopes, repeat(-price / hope))])
        came.append(expected)
        limits.append(limit_min)
        if expected > most:  # a higher price brings no fewer: what is planned stays as it is here
            break
    in_force, mean_min = at(taken)
    kept, within = _kept_within(came, limits, most)
    return Curve(expected=kept, limit_min=within, in_force=in_force, mean_min=mean_min)


def _kept_within(came: list[int], limits: list[int], most: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both rows of a curve, where nothing more is planned than ``most``: beyond it the limits stay as there.

    The rows given end with the first price that has more.
    """
    within = max((at for at, n in enumerate(came) if n <= most), default=0)
    last = limits[within]
    if within + 1 < len(came):  # between these two
        step = (most - came[within]) / max(came[within + 1] - came[within], 1)
        last = round(last + (limits[within + 1] - last) * min(max(step, 0.0), 1.0))
    beyond = len(LADDER) - within - 1
    return (*(min(n, most) for n in came[: within + 1]), *[most] * beyond), (*limits[: within + 1], *[last] * beyond)
