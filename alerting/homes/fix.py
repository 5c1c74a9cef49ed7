"""Where a portable alarm was last: one short word in the memory of its home."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from device_adapters.signals import AnySignal, Location


class Fix(msgspec.Struct, frozen=True):
    """A position of a portable alarm.

    Attributes:
        lat: WGS-84 degrees.
        lon: The same.
        accuracy_m: So exact it is, by the device's or its network's own word, metres; 0: not told.
        at: When it was heard, UTC.
    """

    lat: float
    lon: float
    accuracy_m: int
    at: datetime


def noted(known: str, signal: AnySignal, now: datetime) -> str:
    """What is remembered after a signal; no position, none that is valid, or one that was stored first changes nothing.

    Args:
        known: What is remembered so far; empty: nothing.
        signal: What was heard.
        now: When, aware UTC.
    """
    if not isinstance(signal, Location) or not signal.valid or signal.buffered or signal.retained:
        return known
    return f"{signal.lat:.5f} {signal.lon:.5f} {round(signal.accuracy_m or 0)} {int(now.timestamp())}"


def fix_of(known: str) -> Fix | None:
    """The position that is remembered; None: none."""
    if not known:
        return None
    lat, lon, accuracy_m, at_s = known.split(" ")
    return Fix(float(lat), float(lon), int(accuracy_m), datetime.fromtimestamp(int(at_s), UTC))
