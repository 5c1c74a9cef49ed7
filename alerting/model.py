"""The words of the service: priorities, alarms, faults, incidents, outcomes.

An *alarm* is one condition that needs a human; an *incident* is one occurrence at one household, from its first
alarm to closure; a *fault* is equipment that needs care.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec

from alerting.areas.member import Member
from alerting.blind import BlindCause as BlindCause  # noqa: PLC0414 - one of the words of the service
from alerting.blind import BlindEnd as BlindEnd  # noqa: PLC0414 - one of the words of the service
from alerting.dispatch.job import Sent
from alerting.faults import FaultKind as FaultKind  # noqa: PLC0414 - one of the words of the service
from alerting.incidents.timeline import EntryKind as EntryKind  # noqa: PLC0414 - one of the words of the service

PARTITIONS = 256


def partition_of(key: str) -> int:
    """Partition 0-255 of an aggregate's key: CRC-32 modulo 256, the same on every machine and for ever."""
    return zlib.crc32(key.encode()) % PARTITIONS


class Aggregate(StrEnum):
    """What has a state, an order and a partition of its own."""

    HOUSEHOLD = "household"
    DEVICE = "device"
    """A device without a home."""
    RESPONDER = "responder"
    AREA = "area"
    DESK = "desk"
    REGISTRY = "registry"
    CITY = "city"
    """All homes together: what their false alarms may cost."""
    CARE = "care"
    """Visits and calls that are owed to a household."""
    DRILL = "drill"
    """Drills of communications of an area."""


class Priority(IntEnum):
    """How urgent. A lower number is more urgent; P1 is never suppressed or folded away."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4


class RiskTier(StrEnum):
    """The programme's labels 紧急干预, 纳入兜底, 需要关爱, 持续关注. Moves sensitivity and P2/P3, never colours."""

    URGENT = "urgent"
    COVERED = "covered"
    CARE = "care"
    WATCH = "watch"


class AlarmKind(StrEnum):
    """Conditions that need a human."""

    PANIC = "panic"
    FALL = "fall"
    SMOKE = "smoke"
    GAS = "gas"
    MEDICAL = "medical"
    RETAINED_PANIC = "retained_panic"
    """A press found under MQTT's retain flag: perhaps the only trace of a press during an outage."""
    UNCERTAIN = "uncertain"
    """A device raised an alarm of its own that nobody can name."""
    INACTIVITY = "inactivity"
    UNSEEN = "unseen"
    """The home cannot be seen: every sensor that could show life is silent."""
    CANNOT_CALL = "cannot_call"
    """The resident cannot call for help: everything to call with is silent, cut off or nearly empty."""
    MANUAL = "manual"
    """Opened by an operator because somebody telephoned."""
    RULE_FAILED = "rule_failed"
    """The rules could not judge a signal that may be a call for help."""
    AUDIT = "audit"
    """The auditor has found something of the system itself that is not as it must be."""
    FOLLOW_UP = "follow_up"
    """Nobody has answered the follow-up calls after an incident, or nobody has made them."""
    AREA_OUTAGE = "area_outage"
    """Many homes of one area fell silent."""
    AREA_BRIDGE = "area_bridge"
    """A bridge through which many homes speak is gone."""
    AREA_CALLS = "area_calls"
    """Many homes of one area call for help."""


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    VERIFYING = "verifying"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How it ended; mandatory to close."""

    REAL = "real"
    """Help was needed and given."""
    ACCIDENTAL = "accidental"
    """Pressed by mistake."""
    WAS_WELL = "was_well"
    """Nothing had happened: a false alert."""
    TEST = "test"
    EQUIPMENT = "equipment"
    NOT_AT_HOME = "not_at_home"
    OTHER = "other"


class EscalationLevel(StrEnum):
    """To whom an incident climbs that nobody takes."""

    RING = "ring"
    """All consoles, again."""
    SUPERVISOR = "supervisor"
    DUTY = "duty"
    """The duty telephone: the first of the list."""
    CHAIN = "chain"
    """People: all duty telephones, responsible persons, who is on the roster."""
    EVERYBODY = "everybody"
    """Everybody in the chain, on duty or not."""


class Alarm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One condition at one household, with what supports it.

    Attributes:
        kind: What.
        at: When the gateway received it (or the limit passed), UTC.
        device: Registry id of the device, where one said it.
        room: Room of that device.
        device_time: When the device says it happened.
        late_s: Age of a buffered alarm when it arrived, seconds; 0 when live.
        quiet_since: Inactivity: last activity before the silence.
        limit_s: Inactivity: the limit that was passed, seconds.
        limit_source: Inactivity: ``own_rhythm``, ``learning``, ``city``, ``cap``, ``away`` or ``grown``.
        usual_s: Inactivity: the longest usual quiet time for this hour, seconds, where the home's own is known.
        once_in_weeks: Inactivity: so rare, in weeks, a silence this long is here at this time; 0 when not known.
        learned_days: Inactivity: days of the home's own life behind the limit.
        policy_version: Inactivity: edition of the settings by which it was judged.
        edition: Inactivity: number of what was in force of plans, roster, people, budget and price.
        price: Inactivity: what five minutes less delay may cost in this home, in false calls; 0 when not known.
        asked_at: Inactivity: when the home's own device had asked, and nobody answered.
        detail: Device's word for it, caller's words, reason.
        said: Device's word for it, where ``detail`` says why it has no home.
        unasked_s: Inactivity: the limit as it is without a question, where nobody answered in a home that usually
            answers and it therefore rang sooner; 0 otherwise.
        alike_weeks: Inactivity, where at this hour a silence as long as the limit is usual: so rare, in weeks, one is
            after such a moment, by where the last movement was and how busy it had been; 0 otherwise.
        uncounted_s: Inactivity: of the time since ``quiet_since``, what is no silence, because the resident was away or
            nobody could hear, seconds.
    """

    kind: AlarmKind
    at: datetime
    device: str = ""
    room: str = ""
    device_time: datetime | None = None
    late_s: int = 0
    quiet_since: datetime | None = None
    limit_s: int = 0
    limit_source: str = ""
    usual_s: int = 0
    once_in_weeks: float = 0
    learned_days: int = 0
    policy_version: int = 0
    edition: int = 0
    price: float = 0.0
    asked_at: datetime | None = None
    detail: str = ""
    said: str = ""
    unasked_s: int = 0
    alike_weeks: float = 0
    uncounted_s: int = 0

    @property
    def is_for_a_usual_silence(self) -> bool:
        """Inactivity: the limit is learned, and at this hour a silence as long as it is usual all the same."""
        learned = self.limit_source in {"own_rhythm", "learning"}
        return learned and (self.limit_s < self.usual_s or 0 < self.once_in_weeks < 1)


class CallToCome(msgspec.Struct, frozen=True, array_like=True):
    """A page that a step has led to and whose time has not come: a later channel, or the next person.

    Attributes:
        at: When, UTC.
        person: Id of the person.
        channel: Channel.
        step: The step that led to it.
        level: That step's level.
        round: That step's round.
    """

    at: datetime
    person: str
    channel: str
    step: int
    level: EscalationLevel
    round: int = 0


class Ladder(msgspec.Struct, frozen=True, array_like=True):
    """How far an incident that nobody takes has climbed.

    Attributes:
        round: How often the climb has begun.
        step: Steps taken in this round, repeats of the last one included.
        since: When this round began, UTC; None while somebody has the incident.
        again: The latest alarm that rang during this round: the next round counts from it.
        level: How high it has climbed in this round.
        passes: How often all steps of the plan had been taken before this round, since somebody last had it.
        calls: Pages still to come, the next one first.
        accepted_by: Id of the person who has accepted a page; empty: nobody.
        accepted_at: When.
        accepted_until: When that expires.
        ahead_s: By so much the timetable of this round is pulled forward, because pages failed.
        out: Ids of persons who were called in this round and whom no channel of theirs has reached, or who declined.
        declined: Who has declined lately (id), and up to which round and step.
        on_the_way: Id of the person who had accepted before somebody at the desk took it, or it rang again: they may
            be on the way.
    """

    round: int = 0
    step: int = 0
    since: datetime | None = None
    again: datetime | None = None
    level: EscalationLevel | None = None
    passes: int = 0
    calls: tuple[CallToCome, ...] = ()
    accepted_by: str = ""
    accepted_at: datetime | None = None
    accepted_until: datetime | None = None
    ahead_s: float = 0
    out: tuple[str, ...] = ()
    declined: tuple[tuple[str, int, int], ...] = ()
    on_the_way: str = ""


class Hold(msgspec.Struct, frozen=True, omit_defaults=True):
    """Nothing is to be done until then, and why. A new alarm that rings breaks it."""

    until: datetime
    reason: str


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Offered to another operator (login) until then. The holder has it meanwhile."""

    to: str
    until: datetime


class Closing(msgspec.Struct, frozen=True, omit_defaults=True):
    """The holder (login) asks a second person to agree to the closing, until then; ``asked_at`` is when, UTC."""

    by: str
    outcome: Outcome
    text: str
    until: datetime
    asked_at: datetime | None = None


class Bucket(msgspec.Struct, frozen=True, array_like=True):
    """How often a device may still ring for one kind of alarm and its own word for it.

    Attributes:
        tokens: So many times at once.
        at_s: When that was counted, UTC epoch seconds: its latest alarm.
        folded: Alarms that were only counted since it was last quiet.
    """

    tokens: float
    at_s: int
    folded: int = 0


class Folded(msgspec.Struct, frozen=True, array_like=True):
    """Alarms of one device, kind and word that were only counted: how many, and when first and last, UTC."""

    device: str
    kind: AlarmKind
    count: int
    since: datetime
    last: datetime
    detail: str = ""


class Incident(Sent, frozen=True, kw_only=True, omit_defaults=True):
    """One occurrence at one household.

    Attributes:
        id: ``<key>-<n>``: the household's n-th incident.
        key: Key of the aggregate that owns it.
        aggregate: Household, device without a home, or area.
        state: Where it stands.
        priority: Highest of its alarms; only ever rises.
        alarms: What happened, first first; at most ``MAX_ALARMS`` kept here, the gravest always; all in the timeline.
        alarm_count: How many alarms in all.
        unacknowledged: An alarm rang that nobody has taken yet; blocks closing.
        opened_at: UTC.
        rang_at: When it last rang, UTC.
        changed_at: Last change, UTC.
        claimed_by: Login of the operator who holds it.
        outcome: Set on closing.
        closed_at: UTC.
        ladder: How far it has climbed.
        since: When it came into its state, UTC; None: when it was opened.
        step_at: Latest step of its holder, UTC.
        at_console: Its holder works at a console that reports itself.
        gone_since: Since when that console is gone, UTC.
        verified: Somebody was called or asked since it was claimed.
        contact: A person has said how the resident is, or stands there, since the latest P1 alarm.
        hold: Put by until later.
        offer: Offered to another operator.
        closing: A second person is asked to agree to its closing.
        scripts: Edition of the scripts by which it is worked from its beginning to its end; 0: the standard ones.
        folded: Repeated alarms of devices that chatter.
        members: Homes of an area incident.
        waiting_since: When the oldest ring that nobody has taken began, UTC, where it rang again since; else None.
    """

    id: str
    key: str
    aggregate: Aggregate
    state: IncidentState
    priority: Priority
    alarms: tuple[Alarm, ...]
    alarm_count: int
    unacknowledged: bool
    opened_at: datetime
    rang_at: datetime
    changed_at: datetime
    claimed_by: str = ""
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    ladder: Ladder = Ladder()
    since: datetime | None = None
    step_at: datetime | None = None
    at_console: bool = False
    gone_since: datetime | None = None
    verified: bool = False
    contact: bool = False
    hold: Hold | None = None
    offer: Offer | None = None
    closing: Closing | None = None
    scripts: int = 0
    folded: tuple[Folded, ...] = ()
    members: tuple[Member, ...] = ()
    waiting_since: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """Since when it waits to be taken: the oldest ring that nobody has taken; once taken, the last one."""
        return self.waiting_since or self.rang_at

    @property
    def rings(self) -> bool:
        """Whether consoles sound for it: nobody has it, or a second person is wanted."""
        return self.state is not IncidentState.CLOSED and (self.unacknowledged or self.closing is not None)


MAX_ALARMS = 6


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of an incident's timeline. ``by`` is a login, or empty for the system."""

    incident: str
    at: datetime
    kind: EntryKind
    by: str = ""
    text: str = ""
    alarm: Alarm | None = None
