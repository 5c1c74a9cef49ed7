"""The Desk: the narrow, typed side of the gateway that people's screens are built on.

Commands go in and are answered after the commit; changes come out by cursor; everything else is a snapshot read.
Nothing behind it (SQL, MQTT, rules) shows through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from alerting.casefile import Area, Household, Responder
from alerting.commands import AnyCommand
from alerting.floods import Flood
from alerting.homes.fix import Fix
from alerting.incidents.values import Values
from alerting.model import Alarm, Entry, FaultKind, Incident, Priority
from gateway.absence.asked import AbsenceDesk
from gateway.aftercare.asked import Aftercare, CaseNote
from gateway.budget.asked import BudgetDesk
from gateway.care.asked import Care
from gateway.desk.counters import Counters as Counters  # noqa: PLC0414 - part of this contract
from gateway.desk.counters import CursorLost as CursorLost  # noqa: PLC0414 - part of this contract
from gateway.desk.duty_desk import ClimbView, DutyDesk, MemberRow, WorkedByScripts
from gateway.desk.vitals import Health
from gateway.equipment.contract import DeviceView as DeviceView  # noqa: PLC0414 - part of this contract
from gateway.equipment.contract import EquipmentDesk, StepView
from gateway.exchange.exchange_desk import ExchangeDesk
from gateway.paging.channel_desk import ChannelDesk
from gateway.paging.outside import Outside
from gateway.registry.assessment_desk import AssessmentDesk
from gateway.registry.case_desk import CaseDesk
from gateway.registry.keeping_desk import KeepingDesk
from gateway.registry.registry_desk import RegistryDesk


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a command, after the commit.

    ``refused`` is empty when it was carried out, else the word of the rule that forbids it
    (``held_by_other``, ``unacknowledged``, ``no_incident``, ``busy``, ``store_away`` …).
    """

    incident: str = ""
    refused: str = ""
    held_by: str = ""
    recorded: bool = True
    """False while the store is away: it is so in memory, and will be recorded when the store is back."""
    reasons: tuple[str, ...] = ()
    """What is wrong with what was to be saved: words, each with what it is about after a bar."""
    made: str = ""
    """Registry id of what was registered or changed."""

    @property
    def done(self) -> bool:
        """Whether the command was carried out."""
        return not self.refused


class QueueRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One incident as the queue shows it. Times are UTC; ``area`` is the village key."""

    incident: str
    key: str
    household: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    tier: str
    state: str
    priority: Priority
    alarms: tuple[Alarm, ...]
    alarm_count: int
    unacknowledged: bool
    opened_at: datetime
    rang_at: datetime
    changed_at: datetime
    claimed_by: str = ""
    claimed_by_name: str = ""
    responder: str = ""
    responder_name: str = ""
    outcome: str = ""
    lat: float | None = None
    lon: float | None = None
    recorded: bool = True
    """False while the store is away and does not have it as it is here."""
    climbed: str = ""
    """How high an incident has climbed that nobody has taken: the word of an escalation level."""
    accepted_by_name: str = ""
    """Who takes care of it by telephone meanwhile, where somebody has accepted a page."""
    accepted_until: datetime | None = None
    held_until: datetime | None = None
    offered_to: str = ""
    offered_to_name: str = ""
    second_person: bool = False
    """Its holder wants to close it, and a second person must agree."""
    second_by: str = ""
    """Login of who wants to close it, and cannot be that second person."""
    second_asked_at: datetime | None = None
    members: tuple[str, ...] = ()
    """Of an area incident: households that are not back yet."""
    homes: int = 0
    """Of an area incident: how many homes it has, those that are back included."""
    waiting_since: datetime | None = None
    """Since when it waits to be taken, where it rang again meanwhile; else that is ``rang_at``."""
    accepted: bool = False
    arrived: bool = False
    """Who was sent has said that they go; and is there."""
    missed: str = ""  # what was expected of who was sent, and does not come: a line of the timeline
    stray: tuple[str, ...] = ()
    """Of a device without a home: what its bridge is called, and what it calls itself there."""
    sent: tuple[str, ...] = ()
    """Ids of all responders who were asked, or are on the way or there."""


class ConsoleSeen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody's consoles as the screens see them now.

    Attributes:
        login: Whose.
        sockets: How many are connected and have lately said something.
        attended: How many of them report their audio running and their queue shown.
        since: When it became so, UTC.
    """

    login: str
    sockets: int
    attended: int
    since: datetime


class ShiftView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shift's list that waits to be accepted: whose, by whom, until when, and what is on it."""

    of: str
    of_name: str
    to: str
    to_name: str
    until: datetime
    rows: tuple[QueueRow, ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything open at one moment, and the cursor from which changes continue."""

    cursor: str
    at: datetime
    rows: tuple[QueueRow, ...]
    counters: Counters
    flood: Flood = Flood()


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something changed after ``cursor``'s predecessor.

    ``row`` is the incident as it is now (a closed one carries state ``closed`` and leaves the queue);
    ``rings``: every console must sound for it; ``counters``: city-wide totals; ``wrong``: own faults that have changed.
    """

    cursor: str
    at: datetime
    row: QueueRow | None = None
    rings: bool = False
    counters: Counters | None = None
    canary: str = ""
    """Event id of the gateway's own trial press, when this is that it was heard, and nothing else."""
    wrong: tuple[str, ...] | None = None
    steps: tuple[StepView, ...] | None = None
    """Devices in test mode, where that has just changed."""
    flood: Flood | None = None
    """How flood mode stands, where that has just changed."""


class FaultView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One open or past fault of a device or home."""

    household: str
    resident: str
    area: str
    address: str
    kind: FaultKind
    opened_at: datetime
    device: str = ""
    room: str = ""
    role: str = ""
    cleared_at: datetime | None = None
    detail: str = ""


class ActivityWindow(msgspec.Struct, frozen=True):
    """Five minutes in which somebody moved. ``rooms`` are room words, ``door`` an outside door."""

    start: datetime
    rooms: tuple[str, ...]
    door: bool


class RhythmView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The inactivity judgement of a home now.

    ``limits_s`` holds 24 limits, by local hour in which a silence begins; ``usual_s`` the longest usual silence
    by hour, 0 where not known yet. ``source`` says why the present limit is what it is. ``budget_per_week`` false
    alarms it may have, ``is_own`` as a number of its own; ``spent_per_week`` it had lately, None before a week is
    known.
    """

    quiet_since: datetime | None
    limit_s: int
    source: str
    limits_s: tuple[int, ...]
    usual_s: tuple[int, ...]
    learned_days: int
    judged_at: datetime
    """When the limit will be (or was) passed if nothing moves: the next judgement."""
    budget_per_week: float = 0.0
    is_own: bool = False
    spent_per_week: float | None = None


class HouseholdView(msgspec.Struct, frozen=True, kw_only=True):
    """A home with its people, devices, rhythm and past."""

    household: Household
    areas: tuple[Area, ...]
    """City, district, town, village, in this order."""
    responders: tuple[Responder, ...]
    """Who may be sent, nearest duty first: village, town, then the others of the town."""
    devices: tuple[DeviceView, ...]
    rhythm: RhythmView | None
    incidents: tuple[QueueRow, ...]
    """Latest first, at most 20."""
    notes: tuple[CaseNote, ...] = ()  # latest first
    fix: Fix | None = None
    """Where its portable alarm was last."""


class IncidentView(WorkedByScripts, frozen=True, kw_only=True):
    """One incident, whole. ``home`` is absent for a device without a home."""

    incident: Incident
    row: QueueRow
    timeline: tuple[Entry, ...]
    home: HouseholdView | None
    stray: str = ""
    """What is known of a device without a home: bridge and inner id."""
    last_home: Household | None = None
    """The home that such a device last belonged to, where it had one."""
    climb: ClimbView | None = None
    """Who is called and what comes next, while nobody has it."""
    members: tuple[MemberRow, ...] = ()
    """Of an area incident: its homes."""
    responders: tuple[Responder, ...] = ()
    """Of an area incident: who answers for the area."""
    named: tuple[Responder, ...] = ()
    """Who was sent, or stands in its timeline, wherever they answer for."""

    @property
    def people(self) -> dict[str, Responder]:
        """By id, everybody who answers for the place, or was sent there from elsewhere."""
        return {it.id: it for it in (*(self.home.responders if self.home else self.responders), *self.named)}


class HouseholdRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home in a list."""

    key: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    tier: str
    last_active_at: datetime | None = None
    open_incident: str = ""
    open_faults: int = 0
    lat: float = 0.0
    lon: float = 0.0
    complete_percent: int = 0
    """How complete the case file is."""
    consent: str = ""
    """How the household stands to the sensors: ``given``, ``withdrawn``, ``none``."""
    left: bool = False


class QuarantineRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message that could not be used, with the reason. ``head`` is its first bytes, made printable."""

    at: datetime
    topic: str
    bridge: str
    reason: str
    size: int
    head: str


class QuarantineView(msgspec.Struct, frozen=True, kw_only=True):
    """What was set aside: totals by reason since the beginning, and the latest messages."""

    total: int
    by_reason: dict[str, int]
    rows: tuple[QuarantineRow, ...]


class BlindRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One home whose signals may have been missed since then.

    ``phones`` are (name, relation, number): the residents first, then whom to call for them, in order.
    """

    key: str
    resident: str
    address: str
    area: str
    town: str
    village: str
    tier: str
    since: datetime
    cause: str
    phones: tuple[tuple[str, str, str], ...] = ()
    open_incident: str = ""


class Desk(
    DutyDesk,
    EquipmentDesk,
    RegistryDesk,
    CaseDesk,
    AssessmentDesk,
    KeepingDesk,
    Outside,
    ChannelDesk,
    Aftercare,
    AbsenceDesk,
    BudgetDesk,
    Care,
    ExchangeDesk,
    Protocol,
):
    """What a screen may ask. Every read is short and sees only what was committed.

    ``area`` is a key prefix that limits what is seen; empty means the whole city. All times are aware UTC.
    """

    def now(self) -> datetime:
        """Service time."""

    async def submit(self, command: AnyCommand, *, once: str = "") -> Answer:
        """Carry out a command; answers after the commit. The same ``once`` key twice gives the first answer again."""

    async def consoles(self, seen: Sequence[ConsoleSeen]) -> None:
        """Tell whose consoles are here: everybody who is, each time. Only what is news is written down."""

    async def shifts(self) -> Sequence[ShiftView]:
        """Lists of whole shifts that wait to be accepted."""

    async def values(self) -> Values:
        """Times of the work on an incident."""

    def changes(self, after: str) -> AsyncIterator[Change]:
        """Changes after a cursor, then as they come. Raises ``CursorLost`` when it is too old: take a snapshot."""

    async def snapshot(self, area: str = "") -> Snapshot:
        """All open incidents and the cursor to go on from."""

    async def incident(self, incident: str) -> IncidentView | None:
        """One incident, open or closed."""

    async def closed(self, area: str = "", limit: int = 200) -> Sequence[QueueRow]:
        """Closed incidents, latest first."""

    async def household(self, key: str) -> HouseholdView | None:
        """One home."""

    async def households(self, area: str = "", text: str = "", limit: int = 200) -> Sequence[HouseholdRow]:
        """Homes whose name, address, case number or phone contains ``text``."""

    async def activity(self, key: str, since: datetime, until: datetime) -> Sequence[ActivityWindow]:
        """Active five-minute windows of a home, oldest first."""

    async def blind(self, area: str = "") -> Sequence[BlindRow]:
        """Homes whose signals may have been missed, not confirmed yet: by risk tier, then place."""

    async def faults(self, area: str = "", *, limit: int = 500) -> Sequence[FaultView]:
        """Open faults, latest first."""

    async def quarantine(self, limit: int = 100) -> QuarantineView:
        """What could not be used and why."""

    async def health(self) -> Health:
        """How the gateway itself is."""
