"""What is known of any home before it has shown its own rhythm: aggregates of homes whose logs are public.

Counts for a hundred normal days of homes of one resident, each weighing the same: CASAS HH102 and AL (Cook et al.,
*CASAS: A Smart Home in a Box*, Computer 46(7), 2013), van Kasteren houses A and B (UbiComp 2008; 2010). ``without``
leaves a home out, so that figures about it are not made with its own help.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, pairwise

from alerting.silence.day import BUSY
from alerting.silence.grid import PASSED, passed
from alerting.silence.places import BRIEF, LONG
from alerting.silence.stopping import KERNEL, ROWS, SLOTS

DAYS = 4.0
"""The prior weighs as much as so many days of the home's own."""
WEEKS = DAYS / 7
FADES_IN_DAYS = 56
"""After so many days the home speaks for itself alone."""

_BLOCKS = 6
_LENGTHS = (12, 18, 24, 36, 48, 72, 96, 144)
_EDGES = (*_LENGTHS, 200)

_TABLES: dict[str, tuple[tuple[int, ...], ...]] = {
    # four situations (neither, busy, door, both), each with six blocks of four hours from midnight on:
    # active windows, then those followed by a silence longer than 1, 1.5, 2, 3, 4, 6, 8 and 12 hours
    "hh102": (
        (247, 117, 87, 66, 34, 16, 2, 0, 0),
        (246, 82, 52, 32, 8, 2, 0, 0, 0),
        (255, 12, 7, 4, 1, 0, 0, 0, 0),
        (290, 17, 8, 4, 1, 1, 0, 0, 0),
        (326, 8, 3, 1, 0, 0, 0, 0, 0),
        (319, 68, 49, 40, 20, 9, 2, 0, 0),
        (32, 6, 4, 4, 2, 1, 0, 0, 0),
        (42, 3, 2, 1, 0, 0, 0, 0, 0),
        (883, 3, 1, 1, 0, 0, 0, 0, 0),
        (775, 7, 3, 2, 0, 0, 0, 0, 0),
        (1063, 4, 1, 1, 0, 0, 0, 0, 0),
        (994, 27, 9, 4, 2, 0, 0, 0, 0),
        (28, 7, 4, 3, 2, 1, 0, 0, 0),
        (156, 5, 2, 1, 0, 0, 0, 0, 0),
        (301, 7, 4, 3, 1, 0, 0, 0, 0),
        (245, 12, 6, 4, 1, 0, 0, 0, 0),
        (263, 3, 1, 0, 0, 0, 0, 0, 0),
        (147, 5, 2, 1, 1, 0, 0, 0, 0),
        (27, 1, 1, 0, 0, 0, 0, 0, 0),
        (199, 1, 0, 0, 0, 0, 0, 0, 0),
        (1166, 31, 22, 14, 6, 2, 0, 0, 0),
        (1137, 17, 10, 4, 2, 1, 0, 0, 0),
        (1193, 7, 3, 1, 0, 0, 0, 0, 0),
        (755, 5, 1, 0, 0, 0, 0, 0, 0),
    ),
    "al": (
        (573, 93, 40, 20, 3, 0, 0, 0, 0),
        (520, 100, 60, 40, 10, 0, 0, 0, 0),
        (603, 17, 0, 0, 0, 0, 0, 0, 0),
        (563, 30, 17, 10, 0, 0, 0, 0, 0),
        (590, 27, 13, 10, 0, 0, 0, 0, 0),
        (470, 110, 80, 53, 10, 7, 0, 0, 0),
        (73, 30, 7, 7, 7, 3, 0, 0, 0),
        (97, 27, 13, 7, 3, 0, 0, 0, 0),
        (423, 13, 3, 0, 0, 0, 0, 0, 0),
        (323, 33, 13, 7, 0, 0, 0, 0, 0),
        (440, 27, 17, 13, 0, 0, 0, 0, 0),
        (93, 50, 43, 17, 3, 0, 0, 0, 0),
        (3, 0, 0, 0, 0, 0, 0, 0, 0),
        (47, 0, 0, 0, 0, 0, 0, 0, 0),
        (237, 27, 13, 7, 3, 0, 0, 0, 0),
        (170, 57, 43, 37, 17, 3, 0, 0, 0),
        (160, 43, 23, 7, 0, 0, 0, 0, 0),
        (93, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (167, 37, 23, 10, 3, 0, 0, 0, 0),
        (113, 17, 13, 10, 7, 7, 0, 0, 0),
        (20, 13, 10, 10, 3, 3, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
    ),
    "kasteren_a": (
        (100, 36, 36, 36, 32, 32, 12, 0, 0),
        (32, 28, 28, 20, 8, 0, 0, 0, 0),
        (400, 72, 64, 60, 60, 60, 60, 40, 12),
        (64, 8, 0, 0, 0, 0, 0, 0, 0),
        (264, 24, 20, 16, 12, 12, 4, 4, 4),
        (320, 64, 52, 52, 40, 36, 24, 16, 4),
        (4, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (88, 24, 20, 20, 20, 20, 20, 8, 0),
        (4, 4, 4, 4, 4, 4, 4, 4, 0),
        (108, 24, 16, 12, 8, 8, 0, 0, 0),
        (104, 8, 4, 4, 0, 0, 0, 0, 0),
        (40, 24, 24, 24, 20, 20, 8, 4, 0),
        (60, 24, 20, 12, 8, 4, 0, 0, 0),
        (108, 8, 4, 4, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (16, 0, 0, 0, 0, 0, 0, 0, 0),
        (16, 4, 4, 4, 4, 4, 4, 0, 0),
        (4, 4, 4, 4, 4, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (4, 0, 0, 0, 0, 0, 0, 0, 0),
        (8, 4, 0, 0, 0, 0, 0, 0, 0),
    ),
    "kasteren_b": (
        (586, 57, 24, 24, 14, 10, 5, 5, 5),
        (590, 52, 24, 19, 19, 5, 0, 0, 0),
        (514, 19, 14, 10, 10, 5, 0, 0, 0),
        (414, 33, 24, 19, 14, 10, 5, 5, 0),
        (333, 43, 38, 38, 24, 14, 0, 0, 0),
        (486, 24, 14, 10, 10, 5, 0, 0, 0),
        (452, 29, 14, 14, 5, 0, 0, 0, 0),
        (405, 19, 14, 5, 5, 5, 0, 0, 0),
        (1305, 19, 10, 10, 10, 5, 5, 5, 0),
        (1381, 29, 19, 10, 10, 5, 5, 0, 0),
        (1157, 5, 5, 5, 0, 0, 0, 0, 0),
        (810, 14, 10, 5, 5, 5, 5, 5, 5),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0),
    ),
}

HOMES = tuple(_TABLES)


def share(days: int) -> float:
    """What of the prior still counts in a home of which so many days are known."""
    return max(0.0, 1.0 - days / FADES_IN_DAYS)


def counts(without: frozenset[str], lent: float) -> list[float]:
    """Weight of the active windows by row."""
    return [weight * lent for weight in _prepared(without)[0]] if lent else [0.0] * ROWS


def silences(without: frozenset[str], lent: float) -> list[float]:
    """Weight of the silences by row and by ``passed`` of their length, row after row, smoothed over the slots."""
    if not lent:
        return [0.0] * (ROWS * PASSED)
    return [weight * lent for weight in _prepared(without)[1]]


@lru_cache(maxsize=8)
def _prepared(without: frozenset[str]) -> tuple[list[float], list[float]]:
    tables = [table for name, table in _TABLES.items() if name not in without]
    windows = [0.0] * ROWS
    ended = [[0.0] * PASSED for _ in range(ROWS)]
    if not tables:
        return windows, [*chain.from_iterable(ended)]
    share = DAYS / 100 / len(tables) / (SLOTS / _BLOCKS)  # evenly over the hours
    for row in range(ROWS):
        context, slot = divmod(row, SLOTS)
        if context & BRIEF:  # such places show themselves only in the home
            continue
        line = (2 * bool(context & LONG) + bool(context & BUSY)) * _BLOCKS + slot * _BLOCKS // SLOTS
        total = [sum(column) * share for column in zip(*(table[line] for table in tables), strict=True)]
        windows[row] = total[0]
        for i, (at_least, below) in enumerate(pairwise(_EDGES), 1):
            fewer = total[i + 1] if i < len(_LENGTHS) else 0.0
            _spread(ended[row], (total[i] - fewer) * sum(KERNEL), at_least, below)
    return windows, [*chain.from_iterable(ended)]


def _spread(row: list[float], weight: float, at_least: int, below: int) -> None:
    """Silences of a length that is known only roughly."""
    lengths = [at_least + 1 + (below - at_least - 1) * i // 4 for i in range(4)]
    for length in lengths:
        row[passed(length)] += weight / len(lengths)
