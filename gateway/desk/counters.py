"""What the head of every console counts."""

from __future__ import annotations

import msgspec


class Counters(msgspec.Struct, frozen=True, kw_only=True):
    """Totals that never hide anything; all for the viewer's area."""

    unclaimed: int
    in_progress: int
    faults: int
    households: int
    quarantined: int
    blind: int = 0  # homes whose signals may have been missed, not confirmed yet
    follow_ups: int = 0  # calls that are due, late ones among them
    late_follow_ups: int = 0
    absences: int = 0  # homes whose absence is soon over, or in which somebody has moved


class CursorLost(Exception):  # noqa: N818 - an answer, not a fault
    """The cursor is from another start or too old to continue from."""
