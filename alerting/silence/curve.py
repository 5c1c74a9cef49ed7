"""What each price would come to in one home: false alarms to be expected, and how long its limits would be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

LADDER = tuple(1e-6 * 2**step for step in range(12))
"""Prices at which homes say what they would come to: false alarms for five minutes less delay, per active window."""

PER_WEEK = 100_000
"""Curves hold whole numbers, so that sums over homes are the same in whatever order: this many are one alarm a week."""


class Hull(NamedTuple):
    """Lower convex hull of a curve S: its first value, and the steps by which waiting can become longer.

    ``steps``: what each saves for a window of waiting, how much less S is after it, and to which point it leads.
    """

    first: float
    steps: list[tuple[float, float, int]]


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
    hulls: Sequence[Hull],
    heft: Sequence[float],
    chosen: Sequence[int],
    grid: Sequence[int],
    hope: float,
    most_per_week: float,
) -> Curve:
    """The curve of a home.

    Args:
        hulls: Of each situation.
        heft: Active windows a week of each.
        chosen: Point of ``grid`` of each that is in force.
        grid: Limits in five-minute windows.
        hope: False alarms that come for each one expected in this home: a price is worth so much less here.
        most_per_week: The home is planned to have no more: beyond, its limits stay where they reach this.
    """
    prices = [price / hope for price in LADDER]
    fewer, longer = [0.0] * (len(prices) + 1), [0.0] * (len(prices) + 1)
    expected = in_force = 0.0
    for hull, weight, point in zip(hulls, heft, chosen, strict=True):
        expected += weight * hull.first
        in_force += weight * hull.first
        for saved, less, to in hull.steps:
            dearer = bisect_left(prices, saved)  # at so many prices the step is worth taking
            fewer[dearer] += weight * less
            longer[dearer] += weight * less / saved
            if to <= point:
                in_force -= weight * less
    total = sum(heft)
    waited = total * grid[0]
    came: list[int] = []
    limits: list[int] = []
    for at in range(len(prices), 0, -1):
        expected -= fewer[at]
        waited += longer[at]
        came.append(round(max(expected, 0.0) * hope * PER_WEEK))
        limits.append(round(waited / total * 5) if total else 0)
    came.reverse()
    limits.reverse()
    mean = sum(weight * grid[point] for weight, point in zip(heft, chosen, strict=True)) / total if total else 0.0
    kept, within = _kept_within(came, limits, round(most_per_week * PER_WEEK))
    return Curve(
        expected=kept,
        limit_min=within,
        in_force=round(max(in_force, 0.0) * hope * PER_WEEK),
        mean_min=round(mean * 5),
    )


def _kept_within(came: list[int], limits: list[int], most: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both rows of a curve, where nothing more is planned than ``most``: beyond it the limits stay as there."""
    within = max((at for at, n in enumerate(came) if n <= most), default=0)
    last = limits[within]
    if within + 1 < len(came):  # between these two
        step = (most - came[within]) / max(came[within + 1] - came[within], 1)
        last = round(last + (limits[within + 1] - last) * min(max(step, 0.0), 1.0))
    kept = (limit if at <= within else last for at, limit in enumerate(limits))
    return tuple(min(n, most) for n in came), tuple(kept)
