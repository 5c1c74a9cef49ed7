"""The rows that make a decision so, beside the decision's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from alerting.care.decided import CareDutyChanged, CareKept, CareStruck, ReferralNoted, WarningAnswered, WarningKept
from alerting.decisions import (
    AbsenceBegun,
    AbsenceChanged,
    ActivitySeen,
    BlindCleared,
    BlindOpened,
    CaseFileOpened,
    EditionSaved,
    FaultCleared,
    FaultOpened,
    FollowUpChanged,
    IncidentChanged,
    Learned,
    Noted,
    NoteKept,
    NoteStruck,
    PageAsked,
    PromptAsked,
    ProtectionChanged,
    Registered,
    Slept,
    StepAnnounced,
    StepEnded,
    Wake,
)
from alerting.dispatch.platform_told import PlatformTold
from alerting.duty.drill import DrillBegun, DrillEnded, DrillHeard
from alerting.silence.day import WINDOW_S
from gateway.store import absence, aftercare, care, drills, referrals, warnings
from gateway.store.bulk import Row
from gateway.store.values import encode, ms

if TYPE_CHECKING:
    from gateway.store.batch import Batch

WAKE = "wake"


class Place(msgspec.Struct, frozen=True):
    """Where and when a decision was taken."""

    partition: int
    seq: int
    n: int
    aggregate: str
    key: str
    at_ms: int

    @property
    def row(self) -> Row:
        """The key of a row that belongs to this decision."""
        return {"partition": self.partition, "seq": self.seq, "n": self.n}


def _wake(batch: Batch, place: Place, wake: Wake) -> None:
    batch.timers[place.aggregate, place.key] = {
        "aggregate": place.aggregate,
        "key": place.key,
        "name": WAKE,
        "partition": place.partition,
        "due_ms": ms(wake.at),
    }


def _slept(batch: Batch, place: Place, _: Slept) -> None:
    batch.timers[place.aggregate, place.key] = None


def _edition(batch: Batch, place: Place, saved: EditionSaved) -> None:
    row: Row = {"number": saved.number, "kind": saved.kind, "at_ms": place.at_ms, "login": saved.by}
    batch.editions.append({**row, "note": saved.note, "body": saved.body.encode()})


def _activity(batch: Batch, place: Place, seen: ActivitySeen) -> None:
    window = int(seen.window.timestamp()) // WINDOW_S
    key = {"household": place.key, "window": window}
    batch.activity[place.key, window] = {**key, "rooms": seen.rooms, "door": seen.door}


def _incident(batch: Batch, place: Place, changed: IncidentChanged) -> None:
    it = changed.incident
    batch.incidents[it.id] = {
        "id": it.id,
        "partition": place.partition,
        "aggregate": place.aggregate,
        "key": place.key,
        "state": it.state.value,
        "priority": int(it.priority),
        "opened_ms": ms(it.opened_at),
        "closed_ms": ms(it.closed_at) if it.closed_at else None,
        "body": encode(it),
    }


def _entry(batch: Batch, place: Place, noted: Noted) -> None:
    entry = noted.entry
    batch.timeline.append(
        {**place.row, "incident": entry.incident, "at_ms": place.at_ms, "body": encode(entry)},
    )


def _learned(batch: Batch, place: Place, learned: Learned) -> None:
    batch.learned[place.aggregate, place.key] = {
        "aggregate": place.aggregate,
        "key": place.key,
        "partition": place.partition,
        "seq": place.seq,
        "body": encode(learned.rhythm),
    }


def _fault(batch: Batch, place: Place, opened: FaultOpened) -> None:
    batch.faults.append(
        {
            "household": place.key,
            "device": opened.device,
            "kind": opened.kind.value,
            "opened_ms": place.at_ms,
            "cleared_ms": None,
            "detail": opened.detail,
        }
    )


def _cleared(batch: Batch, place: Place, cleared: FaultCleared) -> None:
    batch.cleared.append(
        {
            "b_household": place.key,
            "b_device": cleared.device,
            "b_kind": cleared.kind.value,
            "b_ms": place.at_ms,
        }
    )


def _blind(batch: Batch, place: Place, opened: BlindOpened) -> None:
    row = {"household": place.key, "since_ms": ms(opened.since), "cause": opened.cause.value}
    batch.blind.append({**row, "cleared_ms": None, "how": "", "login": "", "note": ""})


def _seen(batch: Batch, place: Place, cleared: BlindCleared) -> None:
    batch.seen.append(
        {
            "b_key": place.key,
            "b_since": ms(cleared.since),
            "b_ms": place.at_ms,
            "b_how": cleared.how.value,
            "b_login": cleared.by,
            "b_note": cleared.text,
        }
    )


def _announced(batch: Batch, place: Place, step: StepAnnounced) -> None:
    row: Row = {"household": place.key, "since_ms": ms(step.since), "device": step.device, "role": step.role}
    who: Row = {"purpose": step.purpose.value, "login": step.by, "until_ms": ms(step.until)}
    batch.tests.append({**row, **who, "ended_ms": None, "how": "", "ended_by": "", "evidence": None})


def _tested(batch: Batch, place: Place, step: StepEnded) -> None:
    batch.tested.append(
        {
            "b_household": place.key,
            "b_since": ms(step.since),
            "b_device": step.device,
            "b_ms": place.at_ms,
            "b_how": step.how.value,
            "b_by": step.ended_by,
            "b_evidence": encode(step.evidence) if step.evidence is not None else None,
        }
    )


def _protection(batch: Batch, place: Place, changed: ProtectionChanged) -> None:
    row: Row = {"household": place.key, "since_ms": place.at_ms, "ended_ms": None}
    batch.protection.append({**row, "lacks": ",".join(changed.lacks)})


def _prompt(batch: Batch, place: Place, asked: PromptAsked) -> None:
    batch.outbox.append(_outgoing(place, "device", asked.device, asked))


def _page(batch: Batch, place: Place, asked: PageAsked) -> None:
    batch.outbox.append(_outgoing(place, "page", asked.to, asked))


def _platform(batch: Batch, place: Place, told: PlatformTold) -> None:
    batch.outbox.append(_outgoing(place, "job", told.peer, told))


def _outgoing(place: Place, channel: str, recipient: str, asked: PromptAsked | PageAsked | PlatformTold) -> Row:
    row: Row = {**place.row, "channel": channel, "recipient": recipient, "body": encode(asked)}
    return {**row, "until_ms": ms(asked.until), "sent_ms": None}


def _registered(batch: Batch, place: Place, done: Registered) -> None:
    batch.books.note(place.row, place.at_ms, done)


def _case_file_opened(batch: Batch, place: Place, opened: CaseFileOpened) -> None:
    batch.books.note_opening(place.at_ms, opened)


MAKE_SO: dict[type, Callable[[Batch, Place, Any], None]] = {
    Wake: _wake,
    Slept: _slept,
    EditionSaved: _edition,
    Registered: _registered,
    CaseFileOpened: _case_file_opened,
    ActivitySeen: _activity,
    IncidentChanged: _incident,
    Noted: _entry,
    Learned: _learned,
    FaultOpened: _fault,
    FaultCleared: _cleared,
    BlindOpened: _blind,
    BlindCleared: _seen,
    FollowUpChanged: aftercare.note_follow_up,
    NoteKept: aftercare.note_kept,
    NoteStruck: aftercare.note_struck,
    AbsenceBegun: absence.note_begun,
    AbsenceChanged: absence.note_changed,
    StepAnnounced: _announced,
    StepEnded: _tested,
    ProtectionChanged: _protection,
    PromptAsked: _prompt,
    PageAsked: _page,
    PlatformTold: _platform,
    CareDutyChanged: care.note_duty,
    CareKept: care.note_kept,
    CareStruck: care.note_struck,
    WarningKept: warnings.note_kept,
    WarningAnswered: warnings.note_answered,
    ReferralNoted: referrals.note,
    DrillBegun: drills.note_begun,
    DrillHeard: drills.note_heard,
    DrillEnded: drills.note_ended,
}
"""The rows of each decision beside its own. ``Rang`` and ``Answered`` have none: consoles are told after the commit."""
