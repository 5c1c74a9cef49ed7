"""What each price would come to in one home: false alarms to be expected, and how long its limits would be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import msgspec

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


def curve(
    hulls: Sequence[Sequence[tuple[int, float]]],
    heft: Sequence[float],
    chosen: Sequence[int],
    grid: Sequence[int],
    hope: float,
    most_per_week: float,
) -> Curve:
    """The curve of a home.

    Args:
        hulls: (index into ``grid``, share of active windows followed by a longer silence) of the corners by situation.
        heft: Active windows a week of each.
        chosen: Corner of each that is in force.
        grid: Limits in five-minute windows.
        hope: False alarms that come for each one expected in this home: a price is worth so much less here.
        most_per_week: The home is planned to have no more: beyond, its limits stay where they reach this.
    """
    prices = [price / hope for price in LADDER]
    fewer, longer = [0.0] * (len(prices) + 1), [0.0] * (len(prices) + 1)
    expected = total = waited = 0.0
    for corners, weight in zip(hulls, heft, strict=True):
        total += weight
        first, share = corners[0]
        expected += weight * share
        waited += weight * grid[first]
        for (a, sa), (b, sb) in pairwise(corners):
            steps = grid[b] - grid[a]
            dearer = bisect_left(prices, (sa - sb) / steps)  # at so many prices the step is worth taking
            fewer[dearer] += weight * (sa - sb)
            longer[dearer] += weight * steps
    came: list[int] = []
    limits: list[int] = []
    for at in range(len(prices), 0, -1):
        expected -= fewer[at]
        waited += longer[at]
        came.append(round(max(expected, 0.0) * hope * PER_WEEK))
        limits.append(round(waited / total * 5) if total else 0)
    came.reverse()
    limits.reverse()
    most = round(most_per_week * PER_WEEK)
    within = max((at for at, n in enumerate(came) if n <= most), default=0)
    of_force = [(weight, corners[at]) for weight, corners, at in zip(heft, hulls, chosen, strict=True)]
    return Curve(
        expected=tuple(min(n, most) for n in came),
        limit_min=tuple(limits[min(at, within)] for at in range(len(prices))),
        in_force=round(sum(weight * share for weight, (_, share) in of_force) * hope * PER_WEEK),
        mean_min=round(sum(weight * grid[at] for weight, (at, _) in of_force) / total * 5) if total else 0,
    )
