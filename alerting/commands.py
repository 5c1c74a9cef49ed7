"""What people ask of an incident. Commands are events like any other: journalled, judged, answered."""

from __future__ import annotations

import msgspec

from alerting.model import Outcome, Priority
from alerting.plan import Plan
from alerting.roster import Roster


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do"):
    """Asked by an operator of the incident at one key.

    Attributes:
        key: Key of the household (or device without a home) that owns the incident.
        incident: Incident id; empty only for ``OpenManual``.
        by: Login of who asks.
    """

    key: str
    incident: str = ""
    by: str = ""


class Claim(Command, frozen=True, kw_only=True, omit_defaults=True, tag="claim"):
    """Take the incident (受理). Silences it and acknowledges all its alarms so far."""


class Release(Command, frozen=True, kw_only=True, omit_defaults=True, tag="release"):
    """Undo a claim: back to the queue, ringing."""


class RecordCall(Command, frozen=True, kw_only=True, omit_defaults=True, tag="call"):
    """Somebody was telephoned: ``whom`` by name, ``result`` is ``spoke``, ``no_answer`` or ``busy``."""

    whom: str
    result: str


class Prompt(Command, frozen=True, kw_only=True, omit_defaults=True, tag="prompt"):
    """Let the home's own device ask whether all is well."""


class Dispatch(Command, frozen=True, kw_only=True, omit_defaults=True, tag="dispatch"):
    """Send ``responder`` (responder id) to the home (派单)."""

    responder: str


class Recall(Command, frozen=True, kw_only=True, omit_defaults=True, tag="recall"):
    """Undo a dispatch: the responder is called back."""


class RecordArrival(Command, frozen=True, kw_only=True, omit_defaults=True, tag="arrive"):
    """The responder says they are at the door."""


class Resolve(Command, frozen=True, kw_only=True, omit_defaults=True, tag="resolve"):
    """A person has confirmed how the resident is; what is left is to write it up."""

    text: str = ""


class Reopen(Command, frozen=True, kw_only=True, omit_defaults=True, tag="reopen"):
    """Undo a resolve."""


class Close(Command, frozen=True, kw_only=True, omit_defaults=True, tag="close"):
    """End the incident with its mandatory outcome (结案)."""

    outcome: Outcome
    text: str = ""


class Note(Command, frozen=True, kw_only=True, omit_defaults=True, tag="note"):
    """Write something into the timeline."""

    text: str


class OpenManual(Command, frozen=True, kw_only=True, omit_defaults=True, tag="open"):
    """Open an incident because somebody telephoned; joins the open one if there is one."""

    text: str
    priority: Priority = Priority.P1


class ConfirmSeen(Command, frozen=True, kw_only=True, omit_defaults=True, tag="seen"):
    """The home was telephoned after a time in which its signals may have been missed (盲区核实).

    ``text`` is what was heard. It needs no incident.
    """

    text: str = ""


class SavePlans(Command, frozen=True, kw_only=True, omit_defaults=True, tag="save_plans"):
    """These escalation plans are in force from now on; refused with reasons when they cannot be.

    ``based_on`` is the number of the edition that was edited; ``note`` says why.
    """

    plans: tuple[Plan, ...]
    based_on: int = 0
    note: str = ""


class SaveRoster(Command, frozen=True, kw_only=True, omit_defaults=True, tag="save_roster"):
    """This roster is in force from now on; refused with reasons as for plans."""

    roster: Roster
    based_on: int = 0
    note: str = ""


AnyCommand = (
    Claim
    | Release
    | RecordCall
    | Prompt
    | Dispatch
    | Recall
    | RecordArrival
    | Resolve
    | Reopen
    | Close
    | Note
    | OpenManual
    | ConfirmSeen
    | SavePlans
    | SaveRoster
)
