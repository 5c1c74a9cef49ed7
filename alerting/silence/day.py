"""The five-minute windows of a day in which somebody moved, and what the last of them says about the next silence.

Hot state: two bitmaps of 288 windows each, and two numbers that follow the person through the day.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

WINDOW_S = 300
DAY_S = 86_400
WINDOWS = DAY_S // WINDOW_S

RECENT_WINDOWS = 6
"""Busy or not is read from the last half hour …"""
BUSY_FROM = 4
"""… in which so many windows were active."""
DOOR, BUSY = 2, 1
CONTEXTS = 4

_RECENT_MASK = (1 << RECENT_WINDOWS) - 1


class Pace(msgspec.Struct, frozen=True, array_like=True):
    """How the person went about until the last active window.

    Attributes:
        window: Number of that window (local epoch seconds / 300); 0 before the first.
        recent: Which of the last six windows were active, a bit each, the lowest being this one.
    """

    window: int = 0
    recent: int = 0

    def after(self, window: int) -> Pace:
        """The pace with one more active window; it must not be older than the last."""
        gone = window - self.window
        if gone <= 0:
            return self
        return Pace(window, (self.recent << min(gone, RECENT_WINDOWS) | 1) & _RECENT_MASK)

    def context(self, *, door: bool) -> int:
        """In which of the four situations a silence after this window begins: with a door or not, busy or quiet."""
        return (DOOR if door else 0) + (BUSY if self.recent.bit_count() >= BUSY_FROM else 0)


class Day(msgspec.Struct, frozen=True, array_like=True):
    """One local day as bitmaps of its 288 windows; an empty one is all zero.

    Attributes:
        number: Local day since 1970-01-01; 0 before the first.
        seen: Windows in which somebody moved.
        door: Windows in which an outside door was moved too.
        unsure: Active windows after which the silence must not be learned: nobody could hear, or help was needed.
    """

    number: int = 0
    seen: bytes = b""
    door: bytes = b""
    unsure: bytes = b""

    def with_active(self, window: int, *, door: bool) -> Day:
        """The day with an active window (0-287)."""
        return Day(self.number, _set(self.seen, window), _set(self.door, window) if door else self.door, self.unsure)

    def with_unsure(self, window: int) -> Day:
        """The day with a silence after this window that must not be learned."""
        return Day(self.number, self.seen, self.door, _set(self.unsure, window))

    def joined(self, other: Day) -> Day:
        """Both halves of the same day."""
        assert self.number == other.number, "halves of one day"
        seen, door = _either(self.seen, other.seen), _either(self.door, other.door)
        return Day(self.number, seen, door, _either(self.unsure, other.unsure))

    @property
    def count(self) -> int:
        """Active windows so far."""
        return int.from_bytes(self.seen, "little").bit_count()

    def active(self) -> Iterator[tuple[int, bool, bool]]:
        """(window 0-287, door, unsure) of each active window, in order."""
        seen = int.from_bytes(self.seen, "little")
        door = int.from_bytes(self.door, "little")
        unsure = int.from_bytes(self.unsure, "little")
        while seen:
            low = seen & -seen
            yield low.bit_length() - 1, bool(door & low), bool(unsure & low)
            seen ^= low


def _set(bits: bytes, at: int) -> bytes:
    changed = bytearray(bits or bytes(WINDOWS // 8))
    changed[at >> 3] |= 1 << (at & 7)
    return bytes(changed)


def _either(one: bytes, other: bytes) -> bytes:
    if not one or not other:
        return one or other
    return bytes(a | b for a, b in zip(one, other, strict=True))


LOW_SHARE = 0.25
LOW_FROM_DAYS = 7
NORMAL_DAYS = 28


def is_low(count: int, normal: tuple[int, ...]) -> bool:
    """Whether a day with so many active windows is one of low activity: a trip, a hospital, a dead hub.

    Args:
        count: Active windows of the day.
        normal: The same of the last normal days, at most 28.
    """
    if len(normal) < LOW_FROM_DAYS:
        return False
    ranked, half = sorted(normal), len(normal) // 2
    median = ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2
    return count < LOW_SHARE * median
