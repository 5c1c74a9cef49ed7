"""What is remembered of one device."""

from __future__ import annotations

import msgspec

from alerting.decisions import AnyDecision, FaultCleared, FaultOpened
from alerting.events import DeviceFacts
from alerting.model import Bucket, FaultKind
from alerting.policy import Policy

SEES_LIFE = frozenset({"motion", "presence", "door"})
"""Roles that can show that somebody moves."""

UNARMED = 1
TESTED = 2
FAULTY = 4
NEVER_HEARD = 8
NEW_CELL = 16
ENDS = 32
WEAK = 64
CLEARS = 128
STUCK = 256
WEAK_ONE = 512
WEAK_MOST = 7
UNREAD_ONE = WEAK_ONE * (WEAK_MOST + 1)
UNREAD_MOST = 3
TROUBLE_ONE = UNREAD_ONE * (UNREAD_MOST + 1)

GONE = 2
Flag = int | bool
"""True or false, in one character."""


class DeviceMemory(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of one device: hot state, so short.

    Attributes:
        role: From the registry.
        room: From the registry.
        check_in_s: Longest time without a word, by the registry, its model or its class, seconds.
        seen_s: Last sign of life, or when it was enrolled, UTC epoch seconds.
        levels: Last reported levels by kind of signal (``motion`` detected, ``contact`` open …).
        percent: Battery, 0-100; -1 not known.
        volts: Battery; 0 not known.
        lqi: Zigbee link quality 0-255; -1 not known.
        rssi_dbm: Radio; 0 not known.
        low: Battery fault open.
        tamper: Tamper fault open.
        missed: Check-in fault open; ``GONE``: and so long that things follow for the home.
        offline: Bridge says it cannot be reached.
        pressed_s: Last live press, or frame that repeats its flag, UTC epoch seconds with fraction; below 0: it has
            ended since.
        boot: Boot id of the last numbered message.
        seq: Highest sequence number within that boot.
        standing: Fall and other alarms it reports as states, and when last, UTC epoch seconds; below 0: the same of an
            announced test, for which nothing has rung.
        earlier: The same of the boot before, sequence by boot id: what had no receipt then may be repeated now.
        rates: How often it may still ring, by kind of alarm and its own word for it; only of those that rang lately.
        flags: What is rare, as bits: ``UNARMED``; ``TESTED``, its latest press was an announced test; ``FAULTY``, it
            has reported a fault of its own; ``NEVER_HEARD`` since it was enrolled; ``NEW_CELL``, its last report was
            of a new battery; ``ENDS``, the battery will be empty soon; ``WEAK`` link, and from ``WEAK_ONE`` on the
            weak reports; ``CLEARS``, it says when nobody is there; ``STUCK``. Above them ``unread``, ``trouble_h``.
        trace: What its words have left behind: its pauses, its last change, its battery.
    """

    role: str
    room: str
    check_in_s: int
    seen_s: int
    levels: dict[str, str] = {}
    percent: float = -1
    volts: float = 0
    lqi: int = -1
    rssi_dbm: float = 0
    low: Flag = 0
    tamper: Flag = 0
    missed: Flag = 0
    offline: Flag = 0
    pressed_s: float = 0
    boot: str = ""
    seq: int = -1
    standing: dict[str, int] = {}
    earlier: dict[str, int] = {}
    rates: dict[str, Bucket] = {}
    flags: int = 0
    trace: str = ""

    @property
    def is_armed(self) -> bool:
        """Whether its installation is finished."""
        return not self.flags & UNARMED

    @property
    def is_tested(self) -> bool:
        """Whether the press in ``pressed_s`` was an announced test, so that nothing has rung for it."""
        return bool(self.flags & TESTED)

    @property
    def weak(self) -> int:
        """So many weak reports more than good ones."""
        return self.flags // WEAK_ONE % (WEAK_MOST + 1)

    @property
    def unread(self) -> int:
        """After so many messages that are read whole it is over that something could not be read; 0: it is."""
        return self.flags // UNREAD_ONE % (UNREAD_MOST + 1)

    @property
    def trouble_h(self) -> int:
        """When it last reported a fault of its own, UTC epoch hours; 0: it has none, or it is not known when."""
        return self.flags // TROUBLE_ONE

    def knows(self, facts: DeviceFacts, policy: Policy) -> bool:
        """Whether these facts of the registry are in it, as the centre's terms have them."""
        known = (self.role, self.room, self.check_in_s, self.is_armed)
        return known == (facts.role, facts.room, limit_of(facts, policy), facts.armed)

    def flagged(self, flag: int, *, on: bool) -> int:
        """The flags with one of them set or cleared."""
        return self.flags | flag if on else self.flags & ~flag


def limit_of(facts: DeviceFacts, policy: Policy) -> int:
    """After how long without a word a device is silent, by the registry, its model or its class, seconds."""
    return policy.equipment.silent_after_s(facts.role, facts.check_in_s, facts.interval_s)


Told = tuple[dict[str, object], list[AnyDecision]]
"""Fields of the memory that change, and the faults that open or clear with them."""


def turned(id_: str, kind: FaultKind, *, was: Flag, now: Flag, detail: str = "") -> list[AnyDecision]:
    """The decision when a fault begins or ends; none when it stays as it is."""
    if bool(was) == bool(now):
        return []
    return [FaultOpened(device=id_, kind=kind, detail=detail) if now else FaultCleared(device=id_, kind=kind)]
