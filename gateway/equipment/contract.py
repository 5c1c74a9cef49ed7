"""The Desk's side for equipment: test mode and the ledger of tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from alerting.casefile import Device
from alerting.equipment_terms import EquipmentTerms
from alerting.homes.steps import Evidence
from gateway.equipment.repair_desk import RepairDesk


class StepView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One announced step, running or over.

    Attributes:
        household: Case number.
        resident: What people call the home.
        address: As people write it.
        area: Key of its village.
        device: Registry id.
        role: Its role.
        room: Its room.
        purpose: ``press`` or ``walk``.
        by: Login of who started it.
        by_name: What they are called.
        since: UTC.
        until: When it ends by itself, UTC.
        ended_at: When it was over, UTC; None while it runs.
        how: Word of how it ended; empty while it runs.
        ended_by_name: Who ended it before its time.
        evidence: By what it was matched.
    """

    household: str
    resident: str
    address: str
    area: str
    device: str
    role: str
    room: str
    purpose: str
    by: str
    by_name: str
    since: datetime
    until: datetime
    ended_at: datetime | None = None
    how: str = ""
    ended_by_name: str = ""
    evidence: Evidence | None = None


class DeviceHealth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a device is supervised, and what is known of its battery.

    Attributes:
        check_in: ``in_time``, ``late`` or ``silent``; empty: it is not supervised yet.
        late_at: When it will be, or is, late, UTC; of one that is silent, since when it is.
        silent_after_s: So long without a word is a fault.
        own_pause_s: Longest pause that it is known for, where that makes its silence a fault sooner; 0: its class.
        battery_days: In so many days its battery will be empty; None: not known.
        battery_since: Local day from which on this battery is known.
        weak_link: It is heard badly.
        stuck: What it senses does not change any more.
        never_seen: Not one word since it was registered.
    """

    check_in: str = ""
    late_at: datetime | None = None
    silent_after_s: int = 0
    own_pause_s: int = 0
    battery_days: int | None = None
    battery_since: date | None = None
    weak_link: bool = False
    stuck: bool = False
    never_seen: bool = False


class DeviceView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One device of a home with its health as last heard."""

    device: Device
    last_seen_at: datetime | None = None
    battery_percent: float | None = None
    battery_volts: float | None = None
    battery_low: bool = False
    tamper: bool = False
    missed_check_in: bool = False
    health: DeviceHealth = DeviceHealth()
    offline: bool = False
    lqi: int | None = None
    rssi_dbm: float | None = None


class PressRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home in the ledger of test presses.

    ``state`` is ``done``, ``due`` (within the next days) or ``overdue``. ``phones`` are (name, relation, number) as for
    a home to be confirmed; ``devices`` are (id, role, room) of what the resident can press.
    """

    household: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    tier: str
    state: str
    due_at: datetime
    pressed_at: datetime | None = None
    phones: tuple[tuple[str, str, str], ...] = ()
    devices: tuple[tuple[str, str, str], ...] = ()
    running: StepView | None = None


class Goal(msgspec.Struct, frozen=True):
    """The share of homes that should be protected."""

    share: float = 0.995


class ProtectedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One town or village: all its homes, and those that are protected now."""

    key: str
    name: str
    level: str
    homes: int
    protected: int

    @property
    def share(self) -> float:
        """Part of its homes that is protected, 0 to 1."""
        return self.protected / self.homes if self.homes else 1.0


class LackView(msgspec.Struct, frozen=True, kw_only=True):
    """One reason: a word of ``Lack``, and the device where one is meant."""

    word: str
    device: str = ""
    role: str = ""
    room: str = ""


class LackingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One home that is not protected: why, and since when. Without ``lacks`` it was never judged."""

    household: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    tier: str
    since: datetime
    lacks: tuple[LackView, ...]


class ProtectedView(msgspec.Struct, frozen=True, kw_only=True):
    """The live number of an area. ``lacking`` begins with the home that is without protection longest."""

    homes: int
    protected: int
    goal: Goal
    lines: tuple[ProtectedLine, ...]
    lacking: tuple[LackingRow, ...]

    @property
    def share(self) -> float:
        """Part of the homes that is protected, 0 to 1."""
        return self.protected / self.homes if self.homes else 1.0

    @property
    def reached(self) -> bool:
        """Whether that is as much as it should be."""
        return self.share >= self.goal.share


class AvailabilityLine(msgspec.Struct, frozen=True, kw_only=True):
    """A time of one area: home-minutes in which homes were protected, of those in which they were judged."""

    key: str
    name: str
    homes: int
    protected_min: float
    judged_min: float

    @property
    def share(self) -> float:
        """Availability, 0 to 1."""
        return self.protected_min / self.judged_min if self.judged_min else 0.0


class EquipmentDesk(RepairDesk, Protocol):
    """What a screen may ask about equipment."""

    async def announced(self, area: str = "") -> Sequence[StepView]:
        """Steps that are announced now, and those that were over in the last two minutes; oldest first."""

    async def home_tests(self, key: str, limit: int = 50) -> Sequence[StepView]:
        """The ledger of one home, latest first: what runs, and how everything ended."""

    async def protected(self, area: str = "") -> ProtectedView:
        """How many homes are protected now, by town and village, and which are not and why."""

    async def equipment_terms(self) -> tuple[EquipmentTerms, int]:
        """The terms for equipment, and how often a home owes a test press, days."""

    async def availability(self, since: datetime, until: datetime, area: str = "") -> Sequence[AvailabilityLine]:
        """How much of a time the homes were protected, by town."""

    async def presses(self, area: str = "") -> Sequence[PressRow]:
        """Every home that owes test presses: what is overdue first, then what is due next."""
