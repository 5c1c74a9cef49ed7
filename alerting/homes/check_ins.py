"""Check-ins: after how long a device is late or silent, by its class or, where it is steadier, by its own pauses.

Of its pauses are kept, causal and in four digits: since when this period runs, how many pauses there have been, the
longest one of this period and of the one before, in steps of a tenth and rounded up. A device that was called silent
by its own pauses and came back sooner than its class allows was called wrongly: it begins anew by its class.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from enum import StrEnum

from alerting.equipment_terms import DAY, EquipmentTerms
from alerting.homes import trace
from alerting.homes.trace import BASE, BLANK, DIGITS, MOST, PAUSES, WORTH

PAUSE_FROM_S = 60
"""Shorter ones are one report in several messages."""
STEPS_S = tuple(math.ceil(PAUSE_FROM_S * 1.1**step) for step in range(BASE))
"""How long the pause of each digit is at most: one minute to four days."""
PAUSES_LEAST = 40
"""So many pauses must have been counted before they say anything."""


class CheckInState(StrEnum):
    """How a device stands with its check-in."""

    IN_TIME = "in_time"
    LATE = "late"
    """Its interval has passed. Nothing follows from it."""
    SILENT = "silent"
    """Its time has passed: a fault."""


def paused(known: str, pause_s: int, now_s: int, *, limit_s: int, was_silent: bool, terms: EquipmentTerms) -> str:
    """The trace after a word that came after such a pause.

    Args:
        known: The trace before.
        pause_s: Seconds since the word before.
        now_s: UTC epoch seconds.
        limit_s: After how long its class, or what is set for it, calls it silent.
        was_silent: It had been called silent.
        terms: The centre's.
    """
    today = now_s // DAY % BASE
    if known[PAUSES] in {"", BLANK[PAUSES]}:
        return trace.replaced(known, PAUSES, DIGITS[today] + DIGITS[0] * 3)
    if not PAUSE_FROM_S <= pause_s < limit_s:
        return known  # one report in several messages; or it was away, and that is no pause of its own
    step = min(MOST, bisect_left(STEPS_S, pause_s))
    if was_silent:
        return trace.replaced(known, PAUSES, DIGITS[today] + DIGITS[0] + DIGITS[step] + DIGITS[0])
    since, count, longest, before = (WORTH[digit] for digit in known[PAUSES])
    if (today - since) % BASE >= terms.steady_days:
        since, longest, before = today, step, max(longest, 1)
    after = "".join(DIGITS[it] for it in (since, min(MOST, count + 1), max(longest, step), before))
    return known if after == known[PAUSES] else trace.replaced(known, PAUSES, after)


def longest_pause_s(known: str) -> int:
    """The longest pause that the device is known for, seconds; 0: not known well enough."""
    if not known or known[3] == DIGITS[0] or WORTH[known[1]] < PAUSES_LEAST:
        return 0
    return STEPS_S[max(WORTH[known[2]], WORTH[known[3]])]


def silent_after_s(known: str, role: str, limit_s: int, terms: EquipmentTerms) -> int:
    """After how long without a word the device is silent, seconds.

    Never later than its class, and never sooner where it is not known to be steadier.
    """
    pause_s = longest_pause_s(known)
    if not pause_s:
        return limit_s
    least_s = max(terms.steady_least_s, 2 * terms.check_in_of(role).interval_s)
    return min(limit_s, max(least_s, terms.steady_times * pause_s))
