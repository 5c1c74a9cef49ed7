"""A household leaves the programme: its case file is kept for a time, in which it may come back, and then erased."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from alerting.casefile import Household

ERASE_AFTER_DAYS = 30
ERASE_WITHIN_DAYS = (7, 365)
"""Bounds of the time between leaving and erasure, days. Ours: long enough to notice a mistake; and the law asks that
what has lost its purpose is deleted without being asked (PIPL, article 47)."""


class Leaving(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A household has left.

    Attributes:
        on: Local day.
        by: Login of who said so.
        why: In words, without names.
        erase_on: From this local day on what is known of its people is erased.
        erased_on: Local day on which that was done; None: not yet, it can be taken back.
    """

    on: date
    by: str
    why: str
    erase_on: date
    erased_on: date | None = None


def is_erased(home: Household | None) -> bool:
    """Whether only what is counted is left of a household: it is never filled in again."""
    return home is not None and home.left is not None and home.left.erased_on is not None


def erase_on(left_on: date, after_days: int) -> date:
    """When a household that leaves on this day is erased.

    Raises:
        ValueError: The time is out of bounds.
    """
    least, most = ERASE_WITHIN_DAYS
    if not least <= after_days <= most:
        raise ValueError(f"{after_days} days are not {least} to {most}")
    return left_on + timedelta(days=after_days)
