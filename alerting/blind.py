"""Why signals of a home may have been missed, and how such a blind window ended."""

from __future__ import annotations

from enum import StrEnum


class BlindCause(StrEnum):
    """Why signals of a home may have been missed."""

    GATEWAY = "gateway"
    """The gateway was away, stood still, or could not write."""
    BROKER = "broker"
    """The gateway had lost the broker."""
    LINK = "link"
    """The home's own link was down."""


class BlindEnd(StrEnum):
    """How a blind window ended."""

    SIGNAL = "signal"
    """The home spoke again."""
    CALL = "call"
    """Somebody telephoned."""
    BRIEF = "brief"
    """The link was back within a moment."""
