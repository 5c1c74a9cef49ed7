"""What the rules decide: the outputs of ``step``. The gateway carries them out, all in the event's transaction."""

from __future__ import annotations

from datetime import datetime

from alerting.budget.spending import Price
from alerting.care.decided import CareDecision
from alerting.casefile import Account, Area, Bridge, Device, Household, Installation, Responder
from alerting.commands import AnyCommand
from alerting.decision import Decision as Decision  # noqa: PLC0414 - of this vocabulary
from alerting.dispatch.platform_told import JobDecision
from alerting.duty.drill import DrillDecision
from alerting.events import (
    AreaReleased,
    AreaTaken,
    HolderCame,
    HolderGone,
    HomeBack,
    HomeCalled,
    HomeSilent,
    IncidentBegan,
)
from alerting.floods import Flood
from alerting.homes.absence_told import AbsenceBegun as AbsenceBegun  # noqa: PLC0414 - of this vocabulary
from alerting.homes.absence_told import AbsenceChanged as AbsenceChanged  # noqa: PLC0414 - of this vocabulary
from alerting.homes.steps import AnnouncedFor, Evidence, StepEnd
from alerting.incidents.afterwards import FollowUpEnd
from alerting.model import BlindCause, BlindEnd, Entry, FaultKind, Incident, Priority
from alerting.paged import PageAsked as PageAsked  # noqa: PLC0414 - of this vocabulary
from alerting.peers import PartySaved as PartySaved  # noqa: PLC0414 - of this vocabulary
from alerting.repair import Repair
from alerting.silence.rhythm import Rhythm


class IncidentChanged(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="incident"):
    """The incident is this from now on."""

    incident: Incident


class Noted(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="entry"):
    """One more line in the timeline."""

    entry: Entry


class Rang(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="ring"):
    """Every console sounds for this incident."""

    incident: str
    priority: Priority


class ActivitySeen(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="activity"):
    """Somebody moved in this five-minute window (its start, UTC).

    ``rooms`` are all rooms seen in it so far, comma-separated; ``door`` says that an outside door was among them.
    A later one for the same window replaces this.
    """

    window: datetime
    rooms: str
    door: bool


class FaultOpened(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="fault"):
    """Equipment needs care. ``device`` is empty for the home as a whole."""

    device: str
    kind: FaultKind
    detail: str = ""


class BatteryReplaced(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="battery_replaced"):
    """A device has a new battery; the one before was heard of for so many days."""

    device: str
    percent: float
    lasted_days: int


class FaultCleared(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="fault_cleared"):
    """It does not any more."""

    device: str
    kind: FaultKind


class BlindOpened(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="blind"):
    """Signals of this home may have been missed since then; it stays work until it is confirmed."""

    since: datetime
    cause: BlindCause


class BlindCleared(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="blind_cleared"):
    """The blind window that began then is confirmed. ``by`` is the login of who telephoned."""

    since: datetime
    how: BlindEnd
    by: str = ""
    text: str = ""


class FollowUpChanged(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="follow_up"):
    """The follow-up call that was planned then is this from now on.

    Attributes:
        incident: After which incident.
        planned_at: When it was planned, UTC: with the household it names this one.
        due_at: When to call, or call again, UTC.
        tries: Calls that nobody answered.
        stage: ``planned``, ``due``, ``late``, or ``waits`` while the home has an incident running.
        ended: How it has ended; None while it is owed.
        by: Login of who called last.
        text: What they wrote.
    """

    incident: str
    planned_at: datetime
    due_at: datetime
    tries: int = 0
    stage: str = "planned"
    ended: FollowUpEnd | None = None
    by: str = ""
    text: str = ""


class NoteKept(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="note_kept"):
    """The household's case file has one more note, its ``number``-th."""

    number: int
    text: str
    incident: str = ""
    by: str = ""


class NoteStruck(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="note_struck"):
    """The household's note of this number is struck out."""

    number: int
    by: str = ""


class StepAnnounced(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="step_announced"):
    """Test mode of one device has begun. ``by`` is the login of who started it."""

    device: str
    role: str
    purpose: AnnouncedFor
    by: str
    since: datetime
    until: datetime


class StepEnded(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="step_ended"):
    """Test mode that began then is over. ``ended_by`` is the login of who ended it before its time."""

    device: str
    role: str
    purpose: AnnouncedFor
    by: str
    since: datetime
    how: StepEnd
    ended_by: str = ""
    evidence: Evidence | None = None


class ProtectionChanged(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="protection"):
    """The home is protected from now on, or lacks this: words of ``Lack``, after a bar the device."""

    lacks: tuple[str, ...] = ()


class Wake(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="wake"):
    """Wake this aggregate at this moment. Replaces an earlier wish."""

    at: datetime


class Learned(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="learned"):
    """The home's rhythm was fitted again; written apart from the hot state."""

    rhythm: Rhythm


class PromptAsked(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="prompt"):
    """Ask the resident through this device whether all is well, until then."""

    device: str
    id: str
    until: datetime


class PromptAnswered(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="prompt_answered"):
    """A home that had been asked has answered after so many seconds: by ``motion``, ``well`` or a ``call``."""

    how: str
    after_s: int


class EditionSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="edition"):
    """Plans, roster, people, budget, price or settings are these from now on. ``body`` is JSON."""

    number: int
    kind: str
    body: str
    by: str = ""
    note: str = ""


class DeviceSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="device"):
    """The registry has this device from now on. ``before`` is what it had of it; None when it is new."""

    device: Device
    before: Device | None = None


class BridgeSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="bridge"):
    """The registry has this bridge from now on."""

    bridge: Bridge
    before: Bridge | None = None


class HouseholdSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="home"):
    """The registry has this home from now on."""

    household: Household
    before: Household | None = None


class InstallationSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="installation"):
    """The installation of a home stands so from now on."""

    installation: Installation
    before: Installation | None = None


class RepairSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="repair"):
    """What people do about a fault stands so from now on."""

    repair: Repair
    before: Repair | None = None


class ResponderSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="responder"):
    """The registry has this responder from now on."""

    responder: Responder
    before: Responder | None = None


class AccountSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="account"):
    """The registry has this account from now on."""

    account: Account
    before: Account | None = None


class AreaSaved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="area"):
    """The registry has this area from now on."""

    area: Area
    before: Area | None = None


class AreaRemoved(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="area_removed"):
    """The registry has this area no more."""

    area: Area


RegistryChange = (
    DeviceSaved
    | BridgeSaved
    | HouseholdSaved
    | InstallationSaved
    | RepairSaved
    | PartySaved
    | ResponderSaved
    | AccountSaved
    | AreaSaved
    | AreaRemoved
)
"""What changes the registry; each leaves a row in its history."""


class Registered(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="registered"):
    """Who changed the registry and how: ``what`` is the command's word."""

    by: str
    what: str
    note: str = ""
    changes: tuple[RegistryChange, ...] = ()


class CaseFileOpened(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="case_file_opened"):
    """Somebody looks into a case file with everything shown: who, and why."""

    household: str
    by: str
    reason: str
    note: str = ""


class PriceFound(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="price"):
    """The city tells its price to the editions."""

    price: Price


class Slept(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="slept"):
    """This aggregate need not be woken any more."""


class PassedOn(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="passed_on"):
    """The desk session asks this of another aggregate, on behalf of an operator."""

    command: AnyCommand


class HolderTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="holder"):
    """Tell this to every aggregate whose running incident the event's operator has."""

    event: HolderCame | HolderGone


class AreaTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="area"):
    """Tell this to the area of this key."""

    key: str
    event: HomeSilent | HomeBack | HomeCalled | AreaTaken | AreaReleased


class DeskTold(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="desk_told"):
    """Tell this to the desk session."""

    event: IncidentBegan


class FloodChanged(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="flood"):
    """Flood mode stands like this from now on."""

    flood: Flood


class Answered(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="answer"):
    """What became of a command. ``refused`` is empty when it was carried out; ``reasons`` say more."""

    incident: str = ""
    refused: str = ""
    held_by: str = ""
    reasons: tuple[str, ...] = ()
    made: str = ""
    """Registry id of what was registered or changed."""


AnyDecision = (
    IncidentChanged
    | Noted
    | Rang
    | ActivitySeen
    | FaultOpened
    | FaultCleared
    | BatteryReplaced
    | BlindOpened
    | BlindCleared
    | FollowUpChanged
    | NoteKept
    | NoteStruck
    | StepAnnounced
    | StepEnded
    | ProtectionChanged
    | Wake
    | Learned
    | PromptAsked
    | PromptAnswered
    | AbsenceBegun
    | AbsenceChanged
    | PageAsked
    | PassedOn
    | HolderTold
    | AreaTold
    | DeskTold
    | FloodChanged
    | EditionSaved
    | Registered
    | CaseFileOpened
    | PriceFound
    | Slept
    | CareDecision
    | DrillDecision
    | JobDecision
    | Answered
)
