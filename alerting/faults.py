"""Why equipment needs care."""

from __future__ import annotations

from enum import StrEnum


class FaultKind(StrEnum):
    """Why equipment needs care."""

    MISSED_CHECK_IN = "missed_check_in"
    BATTERY_LOW = "battery_low"
    TAMPER = "tamper"
    OFFLINE = "offline"
    NOT_JUDGED = "not_judged"
    DEVICE = "device"
    """The device reports trouble of its own."""
    UNREADABLE = "unreadable"
    """Something of what it said could not be read."""
    CHATTERS = "chatters"
    """It raises the same alarm again and again: further ones are only counted."""
    NEVER_SEEN = "never_seen"
    """Not one word since it was enrolled, and its time has passed."""
    BATTERY_ENDS = "battery_ends"
    """At its pace the battery will be empty soon."""
    WEAK_LINK = "weak_link"
    """Its radio is heard badly, report after report."""
    STUCK = "stuck"
    """It is heard, but what it senses does not change any more."""
