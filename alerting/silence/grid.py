"""The limits that can be chosen, and how far a silence of some length goes beyond them."""

from __future__ import annotations

from bisect import bisect_left

from alerting.silence.day import WINDOWS

GRID = (
    *range(12, 36, 2),
    *range(36, 72, 3),
    *range(72, 144, 6),
    *(144, 156, 168, 192, 240, 288),
)
"""Limits that can be chosen, in five-minute windows: one hour to a day."""
POINTS = len(GRID)
LEAST_WINDOWS, MOST_WINDOWS = GRID[0], GRID[-1]

LENGTH_MOST = WINDOWS * 3
"""Longer silences are taken for as long as this."""
POINTS_PASSED: tuple[int, ...] = tuple(bisect_left(GRID, length) for length in range(LENGTH_MOST + 1))
"""By the length of a silence in windows: how many points of the grid it is longer than."""
PASSED = POINTS + 1
"""So many different numbers of points a silence can be longer than."""


def passed(length_windows: int) -> int:
    """How many points of the grid a silence of this length is longer than."""
    return POINTS_PASSED[min(length_windows, LENGTH_MOST)]
