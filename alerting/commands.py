"""What people ask of an incident. Commands are events like any other: journalled, judged, answered."""

from __future__ import annotations

from datetime import datetime

from alerting.asked import DESK as DESK  # noqa: PLC0414 - the desk's key, beside what is asked of it
from alerting.asked import Command
from alerting.budget.spending import Budget
from alerting.care.commands import AnswerWarning, PushWarning, RecordCare, TakeBackCare
from alerting.care.referral_commands import AnyReferralCommand
from alerting.dispatch.words import AcceptJob as AcceptJob  # noqa: PLC0414 - of this vocabulary
from alerting.dispatch.words import DeclineJob as DeclineJob  # noqa: PLC0414
from alerting.dispatch.words import ReadRisks as ReadRisks  # noqa: PLC0414
from alerting.dispatch.words import ReportStage as ReportStage  # noqa: PLC0414
from alerting.duty.drill import StartDrill, StopDrill
from alerting.duty.plan import Plan
from alerting.duty.roster import Roster
from alerting.duty.saving import SaveTerms, SaveValues
from alerting.enrolment.commands import AnyRegistryCommand
from alerting.homes.away import AwayKind, SaidBy
from alerting.homes.steps import AnnouncedFor
from alerting.incidents.afterwards import CallResult
from alerting.incidents.script import Script
from alerting.model import Outcome, Priority


class Claim(Command, frozen=True, kw_only=True, omit_defaults=True, tag="claim"):
    """Take the incident (受理). Silences it and acknowledges all its alarms so far."""


class Release(Command, frozen=True, kw_only=True, omit_defaults=True, tag="release"):
    """Undo a claim: back to the queue, ringing."""


class RecordCall(Command, frozen=True, kw_only=True, omit_defaults=True, tag="call"):
    """Somebody was telephoned.

    ``whom`` is a name, or the number of an emergency service; ``result`` is ``well``, ``help``, ``spoke``,
    ``no_answer`` or ``busy``. ``responder`` is the id of who was sent, where it was they who were called: then it says
    nothing of the resident.
    """

    whom: str
    result: str
    responder: str = ""


class Prompt(Command, frozen=True, kw_only=True, omit_defaults=True, tag="prompt"):
    """Let the home's own device ask whether all is well."""


class Dispatch(Command, frozen=True, kw_only=True, omit_defaults=True, tag="dispatch"):
    """Send ``responder`` (responder id) to the home (派单), beside whoever was sent before.

    ``destination`` says where to, when that is not the home; ``spot`` is the same as latitude and longitude, WGS-84.
    """

    responder: str
    destination: str = ""
    spot: tuple[float, float] | None = None


class Recall(Command, frozen=True, kw_only=True, omit_defaults=True, tag="recall"):
    """Undo a dispatch: ``responder`` is called back; empty: the one who is furthest along."""

    responder: str = ""


class RecordArrival(Command, frozen=True, kw_only=True, omit_defaults=True, tag="arrive"):
    """The responder says they are at the door. ``responder`` as in ``Recall``, where the desk says so for them."""

    responder: str = ""


class Resolve(Command, frozen=True, kw_only=True, omit_defaults=True, tag="resolve"):
    """A person has confirmed how the resident is; what is left is to write it up."""

    text: str = ""


class Reopen(Command, frozen=True, kw_only=True, omit_defaults=True, tag="reopen"):
    """Undo a resolve; or take up a closed incident again, as the same one, while that is still possible."""


class Close(Command, frozen=True, kw_only=True, omit_defaults=True, tag="close"):
    """End the incident with its mandatory outcome (结案).

    A P1 without contact with a person is not closed by it: a second person is asked. ``case_note`` is kept with the
    household's case file at once.
    """

    outcome: Outcome
    text: str = ""
    case_note: str = ""


class AgreeToClose(Command, frozen=True, kw_only=True, omit_defaults=True, tag="agree"):
    """The second person agrees: the incident is closed."""


class RefuseToClose(Command, frozen=True, kw_only=True, omit_defaults=True, tag="refuse"):
    """The second person does not agree: back to who wanted to close it. ``text`` says why."""

    text: str = ""


class HoldUntil(Command, frozen=True, kw_only=True, omit_defaults=True, tag="hold"):
    """Put it by for so many seconds, with the reason: then it rings again."""

    for_s: int
    reason: str


class TakeBack(Command, frozen=True, kw_only=True, omit_defaults=True, tag="take_back"):
    """The holder goes on: ends the hold, or withdraws the offer or the wish to close."""


class HandOver(Command, frozen=True, kw_only=True, omit_defaults=True, tag="hand_over"):
    """Offer it to another operator (login). ``shift``: with the whole list, at the end of a shift (交接班)."""

    to: str
    shift: bool = False


class Accept(Command, frozen=True, kw_only=True, omit_defaults=True, tag="accept"):
    """Take what was offered."""


class Decline(Command, frozen=True, kw_only=True, omit_defaults=True, tag="decline"):
    """Do not take what was offered: it stays with who has it."""


class EndShift(Command, frozen=True, kw_only=True, omit_defaults=True, tag="end_shift"):
    """Hand all of one's incidents over to another operator (login), who accepts the list (交接班). Of the desk."""

    to: str


class AcceptShift(Command, frozen=True, kw_only=True, omit_defaults=True, tag="accept_shift"):
    """Take the whole list of ``of`` (login). Of the desk."""

    of: str


class DeclineShift(Command, frozen=True, kw_only=True, omit_defaults=True, tag="decline_shift"):
    """Do not take the list of ``of`` (login), or, by ``of``: withdraw it. All of it stays with ``of``. Of the desk."""

    of: str


class Note(Command, frozen=True, kw_only=True, omit_defaults=True, tag="note"):
    """Write something into the timeline."""

    text: str


class FollowScript(Command, frozen=True, kw_only=True, omit_defaults=True, tag="follow_script"):
    """Go on by another script (its id): what happened is something else than what rang."""

    script: str


class OpenManual(Command, frozen=True, kw_only=True, omit_defaults=True, tag="open"):
    """Open an incident because somebody telephoned; joins the open one if there is one."""

    text: str
    priority: Priority = Priority.P1


class ConfirmSeen(Command, frozen=True, kw_only=True, omit_defaults=True, tag="seen"):
    """The home was telephoned after a time in which its signals may have been missed (盲区核实).

    ``text`` is what was heard. It needs no incident.
    """

    text: str = ""


class RecordFollowUp(Command, frozen=True, kw_only=True, omit_defaults=True, tag="follow_up"):
    """The home was telephoned some time after ``incident`` was closed (回访). ``text`` is what was heard."""

    result: CallResult
    text: str = ""


class KeepNote(Command, frozen=True, kw_only=True, omit_defaults=True, tag="keep_note"):
    """Keep a note with the household's case file; ``incident`` is the one that led to it, if one did."""

    text: str


class StrikeNote(Command, frozen=True, kw_only=True, omit_defaults=True, tag="strike_note"):
    """Strike the note of this number out: it stays, with who struck it out and when."""

    number: int


class AnnounceStep(Command, frozen=True, kw_only=True, omit_defaults=True, tag="announce_step"):
    """Test mode (测试模式) for one device: its next signal of the right kind is a test. ``alerting.homes.testing``.

    A walk test announces one device after another; the same person's next announcement replaces the one before. It
    needs no incident, and is refused while the home has one.

    Attributes:
        device: Registry id.
        role: The device's role, which says what is awaited.
        purpose: A test press, or a step of a walk test.
        for_s: It ends by itself after so long: 30 to 900 seconds.
    """

    device: str
    role: str
    purpose: AnnouncedFor = AnnouncedFor.PRESS
    for_s: int = 900


class EndStep(Command, frozen=True, kw_only=True, omit_defaults=True, tag="end_step"):
    """End the test mode of a device before its time."""

    device: str


class BeginAbsence(Command, frozen=True, kw_only=True, omit_defaults=True, tag="begin_absence"):
    """Nobody is at home until then (外出); the first movement ends it before. It closes no incident.

    Attributes:
        kind: Why.
        until: Its end, UTC; refused beyond ``alerting.homes.away.MOST``.
        since: From when, UTC; None, or a moment that has passed: from now on.
        said_by: Who says so.
        who: Their name.
        reason: In their words.
    """

    kind: AwayKind
    until: datetime
    since: datetime | None = None
    said_by: SaidBy = SaidBy.OPERATOR
    who: str = ""
    reason: str = ""


class ChangeAbsence(Command, frozen=True, kw_only=True, omit_defaults=True, tag="change_absence"):
    """The absence ends then; where a movement has ended it, the resident is away still.

    By anybody but family (``said_by``) it is also confirmed.
    """

    until: datetime
    said_by: SaidBy = SaidBy.OPERATOR


class EndAbsence(Command, frozen=True, kw_only=True, omit_defaults=True, tag="end_absence"):
    """The resident is back, or does not go."""


class InviteRelative(Command, frozen=True, kw_only=True, omit_defaults=True, tag="invite_relative"):
    """A contact of the case file is given a link of their own, until then, by which they can tell of absences."""

    contact: str
    until: datetime


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


class SaveBudget(Command, frozen=True, kw_only=True, omit_defaults=True, tag="save_budget"):
    """This budget of false inactivity alarms is in force from now on; refused with reasons as for plans."""

    budget: Budget
    based_on: int = 0
    note: str = ""


class SaveScripts(Command, frozen=True, kw_only=True, omit_defaults=True, tag="save_scripts"):
    """These scripts are in force from now on, for incidents that begin; refused with reasons as for plans."""

    scripts: tuple[Script, ...]
    based_on: int = 0
    note: str = ""


Saving = SavePlans | SaveRoster | SaveScripts | SaveBudget | SaveValues | SaveTerms
"""Commands to the editions."""

AnyCommand = (
    Claim
    | Release
    | RecordCall
    | Prompt
    | Dispatch
    | Recall
    | RecordArrival
    | AcceptJob
    | DeclineJob
    | ReportStage
    | ReadRisks
    | Resolve
    | Reopen
    | Close
    | AgreeToClose
    | RefuseToClose
    | HoldUntil
    | TakeBack
    | HandOver
    | Accept
    | Decline
    | EndShift
    | AcceptShift
    | DeclineShift
    | Note
    | FollowScript
    | OpenManual
    | ConfirmSeen
    | RecordFollowUp
    | KeepNote
    | StrikeNote
    | AnnounceStep
    | EndStep
    | BeginAbsence
    | ChangeAbsence
    | EndAbsence
    | InviteRelative
    | SavePlans
    | SaveRoster
    | SaveScripts
    | StartDrill
    | StopDrill
    | AnyRegistryCommand
    | SaveBudget
    | SaveValues
    | SaveTerms
    | RecordCare
    | TakeBackCare
    | PushWarning
    | AnswerWarning
    | AnyReferralCommand
)
