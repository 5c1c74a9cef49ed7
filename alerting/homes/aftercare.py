"""What is done for a home beside its incidents: follow-up calls, notes for the case file, what an outcome teaches."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.commands import AnyCommand, Close, KeepNote, RecordCall, RecordFollowUp, StrikeNote
from alerting.decisions import Answered, AnyDecision, Learned, NoteKept, NoteStruck
from alerting.homes import follow_up, hearing, protection, silence_ends, supervision, testing
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.incidents.afterwards import CallResult
from alerting.incidents.life import is_word_of_the_resident
from alerting.model import Alarm, AlarmKind, Incident, Outcome
from alerting.policy import Policy
from alerting.silence import inactivity, labels

NOT_ANSWERED, NOT_CALLED = "not_answered", "not_called"
"""Why a follow-up has become an incident: detail of its alarm."""

Care = RecordFollowUp | KeepNote | StrikeNote
"""What is asked of a home without any incident being open."""


def asked(memory: Memory, command: Care, now: datetime, policy: Policy) -> Judged:
    """A follow-up call was made, or a note is to be kept or struck out. None of it touches an open incident."""
    hot = memory.hot
    if isinstance(command, KeepNote):
        if not command.text.strip():
            return memory, [Answered(incident=command.incident, refused="no_text")]
        memory, kept = _kept(memory, command.incident, command.text, command.by)
        return memory, [*kept, Answered(incident=command.incident)]
    if isinstance(command, StrikeNote):
        if not 0 < command.number <= hot.notes:
            return memory, [Answered(refused="no_note")]
        return memory, [NoteStruck(number=command.number, by=command.by), Answered()]
    owed, decisions = follow_up.called(hot.follow_up, command, now, policy)
    memory = _with(memory, follow_up=owed)
    if command.result is CallResult.SPOKE and owed is not hot.follow_up:  # who, when and with what result is on record
        memory, ended = silence_ends.heard_well(memory, now)
        decisions = [*decisions[:-1], *ended, decisions[-1]]
    return _raised(memory, decisions, NOT_ANSWERED, now, policy)


def after_command(before: HouseholdState, memory: Memory, command: AnyCommand, now: datetime, policy: Policy) -> Judged:
    """What follows from a command that was carried out: its note, and what a closing or a taking-up brings with it."""
    decisions: list[AnyDecision] = []
    if isinstance(command, Close) and command.case_note.strip():
        memory, decisions = _kept(memory, command.incident, command.case_note, command.by)
    hot = memory.hot
    if before.open is not None and hot.open is None:
        assert hot.closed is not None, "what is not running any more was closed"
        memory = _with(memory, labels=labels.closed(hot.labels, hot.incidents, hot.closed))
        memory, taught = _taught(memory, hot.closed, policy)
        memory = Memory(_after_contact(memory.hot, now), memory.rhythm)
        memory, alone = _stands_alone(memory, hot.closed, now, policy)
        owed, planned = follow_up.planned(hot.follow_up, hot.closed, now, policy)
        wish = before.open.closing
        people = (command.by, "") if wish is None else (wish.by, command.by)
        tests, tested = testing.closed_as_test(hot.tests, hot.closed, hot.devices, *people)
        return _with(memory, follow_up=owed, tests=tests), [*decisions, *taught, *alone, *planned, *tested]
    if before.open is None and hot.open is not None:
        owed, ended = follow_up.taken_up(hot.follow_up, hot.open, now)
        said = labels.taken_up(hot.labels, hot.incidents)
        memory = Memory(_not_helped(before, memory.hot), memory.rhythm)
        tests, untested = testing.taken_up(hot.tests, hot.open, hot.devices, command.by)
        memory, taught = _taught(_with(memory, labels=said, follow_up=owed, tests=tests), hot.open, policy)
        return memory, [*decisions, *taught, *ended, *untested]
    if isinstance(command, RecordCall) and is_word_of_the_resident(command):
        memory, ended = silence_ends.heard_well(memory, now)
        return memory, [*decisions, *ended]
    return memory, decisions


def _stands_alone(memory: Memory, closed: Incident, now: datetime, policy: Policy) -> Judged:
    """What was only a line in something more urgent, and is so still, does not go away with it: its own incident."""
    hot, decisions = memory.hot, list[AnyDecision]()
    mute = protection.why_mute(hot) if hot.mute else ""
    blind = supervision.why_unseen(hot.devices, hot.behind)
    for kind, stands, why in ((AlarmKind.UNSEEN, hot.unseen, blind), (AlarmKind.CANNOT_CALL, bool(mute), mute)):
        was = next((alarm for alarm in closed.alarms if alarm.kind is kind), None)
        is_less = closed.priority < policy.priority_of(kind, hot.tier)
        if stands and is_less and was is not None and was is not closed.alarms[0]:
            memory, rang = hearing.alarmed(memory, Alarm(kind=kind, at=now, detail=why), policy)
            decisions += rang
    return memory, decisions


def _taught(memory: Memory, it: Incident, policy: Policy) -> Judged:
    """What the outcome says of the silence that rang goes into the home's account; without an outcome it is false."""
    label = labels.label_of(it)
    false = label is None or labels.is_false(label)
    starts = {inactivity.began_at(alarm.quiet_since, policy) for alarm in it.alarms if alarm.quiet_since is not None}
    rhythm = memory.rhythm
    for start in sorted(starts):
        rhythm = rhythm.told(start, false=false)
    return (memory, []) if rhythm == memory.rhythm else (Memory(memory.hot, rhythm), [Learned(rhythm=rhythm)])


def time_passed(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """A follow-up has become due, or late, or louder."""
    owed, decisions = follow_up.time_passed(memory.hot.follow_up, now, policy)
    if not decisions:
        return memory, []
    return _raised(_with(memory, follow_up=owed), decisions, NOT_CALLED, now, policy)


def _raised(memory: Memory, decisions: list[AnyDecision], why: str, now: datetime, policy: Policy) -> Judged:
    """What nobody could do becomes an incident, after its own decisions and before the answer."""
    if not follow_up.is_used_up(decisions):
        return memory, decisions
    memory, rang = hearing.alarmed(memory, Alarm(kind=AlarmKind.FOLLOW_UP, at=now, detail=why), policy)
    answers = [d for d in decisions if isinstance(d, Answered)]
    return memory, [*(d for d in decisions if not isinstance(d, Answered)), *rang, *answers]


def _kept(memory: Memory, incident: str, text: str, by: str) -> Judged:
    number = memory.hot.notes + 1
    note = NoteKept(number=number, incident=incident, text=text.strip(), by=by)
    return _with(memory, notes=number), [note]


def _with(memory: Memory, **fields: object) -> Memory:
    return Memory(msgspec.structs.replace(memory.hot, **fields), memory.rhythm)


def _after_contact(hot: HouseholdState, now: datetime) -> HouseholdState:
    """Closing means that somebody knows how the person is: the clock of the silence starts again."""
    closed = hot.closed
    assert closed is not None, "what is not running any more was closed"
    if closed.outcome is Outcome.EQUIPMENT or hot.quiet.active_s == 0:
        return hot
    helped = closed.outcome is Outcome.REAL
    quiet = inactivity.seen_well(hot.quiet, int(now.timestamp()), helped=helped)
    return msgspec.structs.replace(hot, quiet=quiet, unseen=False, helped=helped and not hot.quiet.unsure)


def _not_helped(before: HouseholdState, hot: HouseholdState) -> HouseholdState:
    """Taken up again it is open whether help was needed: the silence may be learned, unless it ended meanwhile."""
    closed = before.closed
    if not hot.helped or closed is None or closed.closed_at is None:
        return hot
    is_same = hot.quiet.active_s == int(closed.closed_at.timestamp())
    quiet = msgspec.structs.replace(hot.quiet, unsure=False) if is_same else hot.quiet
    return msgspec.structs.replace(hot, quiet=quiet, helped=False)
