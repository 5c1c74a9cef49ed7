"""What the rules decide: the outputs of ``step``. The gateway carries them out, all in the event's transaction."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.model import Entry, FaultKind, Incident, Priority
from alerting.rhythm import Rhythm


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="decision"):
    """One thing to be made so."""


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


class FaultCleared(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="fault_cleared"):
    """It does not any more."""

    device: str
    kind: FaultKind


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


class Answered(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="answer"):
    """What became of a command. ``refused`` is empty when it was carried out."""

    incident: str = ""
    refused: str = ""
    held_by: str = ""


AnyDecision = (
    IncidentChanged | Noted | Rang | ActivitySeen | FaultOpened | FaultCleared | Wake | Learned | PromptAsked | Answered
)
