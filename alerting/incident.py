"""One incident: how alarms join it and what people may do with it in which state.

``open → claimed → dispatched → resolved → closed``. A new call for help joins in whatever state, raises the
incident to P1, rings again and blocks closing until somebody has taken it. Nothing can be deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from alerting import escalation
from alerting.commands import (
    AnyCommand,
    Claim,
    Close,
    Dispatch,
    Note,
    OpenManual,
    Prompt,
    Recall,
    RecordArrival,
    RecordCall,
    Release,
    Reopen,
    Resolve,
)
from alerting.decisions import Answered, AnyDecision, IncidentChanged, Noted, Rang
from alerting.events import ShownUnrecorded
from alerting.model import (
    MAX_ALARMS,
    Aggregate,
    Alarm,
    AlarmKind,
    Entry,
    EntryKind,
    Incident,
    IncidentState,
    Ladder,
    Outcome,
    Priority,
)

OPEN, CLAIMED, DISPATCHED, RESOLVED = (
    IncidentState.OPEN,
    IncidentState.CLAIMED,
    IncidentState.DISPATCHED,
    IncidentState.RESOLVED,
)
RUNNING = frozenset({OPEN, CLAIMED, DISPATCHED, RESOLVED})
HELD = frozenset({CLAIMED, DISPATCHED})

ALLOWED: dict[type[AnyCommand], frozenset[IncidentState]] = {
    Claim: RUNNING,
    Release: frozenset({CLAIMED}),
    RecordCall: RUNNING,
    Prompt: RUNNING,
    Note: RUNNING,
    Dispatch: HELD,
    Recall: frozenset({DISPATCHED}),
    RecordArrival: frozenset({DISPATCHED}),
    Resolve: HELD,
    Reopen: frozenset({RESOLVED}),
    Close: frozenset({CLAIMED, DISPATCHED, RESOLVED}),
}
"""In which states each command is possible."""

HOLDERS_ONLY = (Release, Dispatch, Recall, Resolve, Reopen, Close)
"""Commands that only the operator who holds the incident may give."""

Result = tuple[Incident, list[AnyDecision]]


def numbered(key: str, n: int) -> str:
    """Id of the n-th incident of an aggregate."""
    return f"{key}-{n}"


def begin(key: str, aggregate: Aggregate, n: int, alarm: Alarm, priority: Priority, *, by: str = "") -> Result:
    """A new incident from its first alarm. Rings."""
    incident = Incident(
        id=numbered(key, n),
        key=key,
        aggregate=aggregate,
        state=OPEN,
        priority=priority,
        alarms=(alarm,),
        alarm_count=1,
        unacknowledged=True,
        opened_at=alarm.at,
        rang_at=alarm.at,
        changed_at=alarm.at,
        ladder=escalation.begun(Ladder(), alarm.at),
    )
    entry = Entry(incident=incident.id, at=alarm.at, kind=EntryKind.ALARM, alarm=alarm, by=by)
    return incident, [
        IncidentChanged(incident=incident),
        Noted(entry=entry),
        Rang(incident=incident.id, priority=priority),
    ]


def join(incident: Incident, alarm: Alarm, priority: Priority, *, by: str = "") -> Result:
    """One more alarm in a running incident.

    P1 always rings again, whatever the state. Another kind rings unless something more urgent is known already;
    the same condition again only adds to the timeline.
    """
    assert incident.state in RUNNING, "an alarm cannot join a closed incident"
    same_kind = any(a.kind is alarm.kind for a in incident.alarms)
    rings = priority is Priority.P1 or (not same_kind and priority <= incident.priority)
    state = incident.state
    if rings and state is RESOLVED:  # no longer true
        state = DISPATCHED if incident.responder else CLAIMED
    joined = msgspec.structs.replace(
        incident,
        state=state,
        priority=min(priority, incident.priority),
        alarms=_kept(incident.alarms, alarm),
        alarm_count=incident.alarm_count + 1,
        unacknowledged=incident.unacknowledged or rings,
        rang_at=max(alarm.at, incident.rang_at) if rings else incident.rang_at,
        changed_at=max(alarm.at, incident.changed_at),
        ladder=escalation.rang_again(incident, alarm.at, priority) if rings else incident.ladder,
    )
    again = same_kind and alarm.kind is AlarmKind.PANIC
    kind = EntryKind.PRESSED_AGAIN if again else EntryKind.RAISED if priority < incident.priority else EntryKind.ALARM
    decisions: list[AnyDecision] = [
        IncidentChanged(incident=joined),
        Noted(entry=Entry(incident=incident.id, at=alarm.at, kind=kind, alarm=alarm, by=by)),
    ]
    if rings:
        decisions.append(Rang(incident=incident.id, priority=joined.priority))
    return joined, decisions


def _kept(alarms: tuple[Alarm, ...], alarm: Alarm) -> tuple[Alarm, ...]:
    """The alarms kept in the hot state: the first, and the latest ones."""
    if len(alarms) < MAX_ALARMS:
        return (*alarms, alarm)
    return (alarms[0], *alarms[2:], alarm)


def note(incident: Incident, kind: EntryKind, now: datetime, *, text: str = "", by: str = "") -> Result:
    """A line in the timeline that changes nothing else."""
    noted = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at))
    entry = Entry(incident=incident.id, at=now, kind=kind, text=text, by=by)
    return noted, [IncidentChanged(incident=noted), Noted(entry=entry)]


def shown_unrecorded(incident: Incident | None, event: ShownUnrecorded) -> tuple[Incident | None, list[AnyDecision]]:
    """A line that says since when it was on the consoles although the store did not have it; also if it has ended."""
    line = Noted(entry=Entry(incident=event.incident, at=event.since, kind=EntryKind.SHOWN_UNRECORDED))
    if incident is None or incident.id != event.incident:
        return incident, [line]
    return incident, [IncidentChanged(incident=incident), line]


def refusal(incident: Incident | None, command: AnyCommand) -> Answered | None:
    """Why a command cannot be carried out, or None when it can."""
    if incident is None or incident.id != command.incident:
        return Answered(incident=command.incident, refused="no_incident")
    if incident.state not in ALLOWED[type(command)]:
        return Answered(incident=incident.id, refused="not_claimed" if incident.state is OPEN else "wrong_state")
    if isinstance(command, Dispatch) and not command.responder:
        return Answered(incident=incident.id, refused="unknown_responder")
    other = incident.claimed_by not in {"", command.by}
    if isinstance(command, Claim) and other and not incident.unacknowledged:
        return Answered(incident=incident.id, refused="held_by_other", held_by=incident.claimed_by)
    if isinstance(command, HOLDERS_ONLY) and other and not _is_their_job(incident, command):
        return Answered(incident=incident.id, refused="held_by_other", held_by=incident.claimed_by)
    if incident.unacknowledged and _ends(incident, command):
        return Answered(incident=incident.id, refused="unacknowledged")
    return None


def _is_their_job(incident: Incident, command: AnyCommand) -> bool:
    """The responder who was sent may say that the person is safe."""
    return isinstance(command, Resolve) and bool(incident.responder) and command.by == f"responder:{incident.responder}"


def _ends(incident: Incident, command: AnyCommand) -> bool:
    """Whether the command says that all is known: not before the latest alarm was taken, except by who stands there."""
    return isinstance(command, Close) or (isinstance(command, Resolve) and not _is_their_job(incident, command))


def act(incident: Incident | None, command: AnyCommand, now: datetime) -> tuple[Incident | None, list[AnyDecision]]:
    """Carry out a command on the running incident, or refuse it with the reason.

    Returns the incident afterwards (None once closed) and the decisions, of which the last is the answer.
    """
    refused = refusal(incident, command)
    if refused is not None:
        return incident, [refused]
    assert incident is not None, "an accepted command has an incident"
    after, decisions = ACTS[type(command)](incident, command, now)
    decisions.append(Answered(incident=incident.id))
    if after.state is IncidentState.CLOSED:
        assert after.outcome is not None, "an incident is never closed without an outcome"
        assert not after.unacknowledged, "an incident is never closed while an alarm is unacknowledged"
        return None, decisions
    return after, decisions


def _changed(incident: Incident, now: datetime, kind: EntryKind, by: str, text: str = "", **to: object) -> Result:
    after = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at), **to)
    entry = Entry(incident=incident.id, at=now, kind=kind, by=by, text=text)
    return after, [IncidentChanged(incident=after), Noted(entry=entry)]


def _claim(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    if incident.claimed_by == command.by and not incident.unacknowledged:
        return incident, []  # asked twice
    state = CLAIMED if incident.state is OPEN else incident.state
    ladder = escalation.ended(incident.ladder)
    by = command.by
    return _changed(
        incident, now, EntryKind.CLAIMED, by, state=state, claimed_by=by, unacknowledged=False, ladder=ladder
    )


def _release(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    ladder = escalation.begun(incident.ladder, now)
    after, decisions = _changed(
        incident,
        now,
        EntryKind.RELEASED,
        command.by,
        state=OPEN,
        claimed_by="",
        unacknowledged=True,
        rang_at=now,
        ladder=ladder,
    )
    return after, [*decisions, Rang(incident=incident.id, priority=incident.priority)]


def _call(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    assert isinstance(command, RecordCall), "dispatched by type"
    return _changed(incident, now, EntryKind.CALLED, command.by, f"{command.whom}|{command.result}")


def _prompt(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    return _changed(incident, now, EntryKind.PROMPTED, command.by)


def _note(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    assert isinstance(command, Note), "dispatched by type"
    return _changed(incident, now, EntryKind.NOTE, command.by, command.text)


def _dispatch(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    assert isinstance(command, Dispatch), "dispatched by type"
    return _changed(
        incident,
        now,
        EntryKind.DISPATCHED,
        command.by,
        command.responder,
        state=DISPATCHED,
        responder=command.responder,
        claimed_by=incident.claimed_by or command.by,
    )


def _recall(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    return _changed(incident, now, EntryKind.RECALLED, command.by, incident.responder, state=CLAIMED, responder="")


def _arrive(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    return _changed(incident, now, EntryKind.ARRIVED, command.by, incident.responder)


def _resolve(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    assert isinstance(command, Resolve), "dispatched by type"
    return _changed(incident, now, EntryKind.RESOLVED, command.by, command.text, state=RESOLVED)


def _reopen(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    return _changed(incident, now, EntryKind.REOPENED, command.by, state=DISPATCHED if incident.responder else CLAIMED)


def _close(incident: Incident, command: AnyCommand, now: datetime) -> Result:
    assert isinstance(command, Close), "dispatched by type"
    outcome: Outcome = command.outcome
    return _changed(
        incident,
        now,
        EntryKind.CLOSED,
        command.by,
        f"{outcome}|{command.text}" if command.text else str(outcome),
        state=IncidentState.CLOSED,
        outcome=outcome,
        closed_at=now,
    )


ACTS: dict[type[AnyCommand], Callable[[Incident, AnyCommand, datetime], Result]] = {
    Claim: _claim,
    Release: _release,
    RecordCall: _call,
    Prompt: _prompt,
    Note: _note,
    Dispatch: _dispatch,
    Recall: _recall,
    RecordArrival: _arrive,
    Resolve: _resolve,
    Reopen: _reopen,
    Close: _close,
}
"""What each command does. ``OpenManual`` is an alarm, not an act on an incident."""

assert set(ACTS) == set(ALLOWED), "each command has its states and its act"
assert OpenManual not in ACTS, "a manual incident begins like any other: with an alarm"
