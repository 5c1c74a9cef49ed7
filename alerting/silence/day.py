"""The five-minute windows of a day in which somebody moved, and what the last of them says about the next silence.

Hot state: two bitmaps of 288 windows each, and two numbers that follow the person through the day.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from alerting.silence.places import BRIEF, LONG, MOST_A_DAY, parts

WINDOW_S = 300
DAY_S = 86_400
WINDOWS = DAY_S // WINDOW_S
HOUR_WINDOWS = 12
GONE_WINDOWS = 72 * HOUR_WINDOWS
"""A silence of more than three days is a trip or an outage."""

RECENT_WINDOWS = 6
"""Busy or not is read from the last half hour …"""
BUSY_FROM = 4
"""… in which so many windows were active."""
BUSY = 1
CONTEXTS = 6
"""Three kinds of place (``places``), quiet or busy."""

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

    def context(self, kind: int) -> int:
        """In which of the six situations a silence after this window begins: the kind of place, quiet or busy."""
        return kind + (BUSY if self.recent.bit_count() >= BUSY_FROM else 0)


class Day(msgspec.Struct, frozen=True, array_like=True):
    """One local day as bitmaps of its 288 windows; an empty one is all zero.

    Attributes:
        number: Local day since 1970-01-01; 0 before the first.
        seen: Windows in which somebody moved.
        long: Windows that ended at a place after which silences are often long.
        unsure: Active windows after which the silence must not be learned: nobody could hear, or help was needed.
        brief: Windows that ended at a place after which silences are hardly ever long.
        places: By the place where they ended: windows, and those before a silence of an hour or more.
    """

    number: int = 0
    seen: bytes = b""
    long: bytes = b""
    unsure: bytes = b""
    brief: bytes = b""
    places: dict[str, tuple[int, int]] = {}

    def with_active(self, window: int) -> Day:
        """The day with an active window (0-287)."""
        return msgspec.structs.replace(self, seen=_set(self.seen, window))

    def with_over(self, window: int, place: str, kind: int, length: int, *, unsure: bool) -> Day:
        """The day when the silence after this window is over.

        Args:
            window: An active one of this day (0-287).
            place: Where it ended.
            kind: What kind of place that is.
            length: Of the silence, in windows.
            unsure: The silence must not be learned.
        """
        if unsure:
            return msgspec.structs.replace(self, unsure=_set(self.unsure, window), **self._kind(window, kind))
        places = dict(self.places)
        for name in parts(place) if length <= GONE_WINDOWS else ():
            if name in places or len(places) < MOST_A_DAY:
                n, long = places.get(name, (0, 0))
                places[name] = n + 1, long + (length > HOUR_WINDOWS)
        return msgspec.structs.replace(self, places=places, **self._kind(window, kind))

    def _kind(self, window: int, kind: int) -> dict[str, bytes]:
        if kind == LONG:
            return {"long": _set(self.long, window)}
        return {"brief": _set(self.brief, window)} if kind == BRIEF else {}

    def joined(self, other: Day) -> Day:
        """Both halves of the same day."""
        assert self.number == other.number, "halves of one day"
        places = dict(self.places)
        for place, (n, long) in other.places.items():
            mine, mine_long = places.get(place, (0, 0))
            places[place] = mine + n, mine_long + long
        return Day(
            self.number,
            _either(self.seen, other.seen),
            _either(self.long, other.long),
            _either(self.unsure, other.unsure),
            _either(self.brief, other.brief),
            places,
        )

    @property
    def count(self) -> int:
        """Active windows so far."""
        return int.from_bytes(self.seen, "little").bit_count()

    def active(self) -> Iterator[tuple[int, int, bool]]:
        """(window 0-287, kind of place, unsure) of each active window, in order."""
        seen = int.from_bytes(self.seen, "little")
        long, brief = int.from_bytes(self.long, "little"), int.from_bytes(self.brief, "little")
        unsure = int.from_bytes(self.unsure, "little")
        while seen:
            low = seen & -seen
            yield low.bit_length() - 1, LONG if long & low else BRIEF if brief & low else 0, bool(unsure & low)
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
LOW_FROM_DAYS = 2
"""So many normal days must be known before one can be told to be of low activity."""
NORMAL_DAYS = 28
NEW_NORMAL_LEAST, NEW_NORMAL_MOST = 3, 14
"""A run of so many low-activity days with movement (as many as normal ones are known) is how life goes on now."""


def is_new_normal(run: tuple[int, ...], normal: tuple[int, ...]) -> bool:
    """Whether a run of low-activity days, by their active windows, has become this home's life."""
    return len(run) >= min(max(len(normal), NEW_NORMAL_LEAST), NEW_NORMAL_MOST)


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
