"""One household: the pure state machine that turns signals, time and commands into decisions.

``step(state, event, now, policy) -> (state, decisions)``. Everything it knows is in its arguments.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.commands import ConfirmSeen, OpenManual, Prompt
from alerting.decisions import (
    Answered,
    AnyDecision,
    Learned,
    PromptAsked,
    Slept,
    Wake,
)
from alerting.events import (
    AnyEvent,
    Commanded,
    Enrolled,
    HistoryLoaded,
    LinkBack,
    LinkLost,
    SignalHeard,
    TimePassed,
    Unobserved,
)
from alerting.homes import blindness, chatter, hearing, supervision, testing, upkeep
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.incidents import casework
from alerting.incidents.casework import Cases
from alerting.model import Alarm, AlarmKind, Incident, Outcome
from alerting.policy import Policy
from alerting.silence import inactivity, labels
from alerting.silence.inactivity import moment


def step(memory: Memory, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to a household.

    Args:
        memory: Hot and learned state before.
        event: What happened.
        now: Service time, aware UTC.
        policy: The centre's settings.

    Returns:
        State after, and decisions in the order in which they were taken.
    """
    if isinstance(event, SignalHeard):
        after, decisions = hearing.message(memory, event, now, policy)
    elif isinstance(event, TimePassed):
        after, decisions = _time_passed(memory, now, policy)
    elif isinstance(event, Commanded):
        after, decisions = _commanded(memory, event, now, policy)
    elif isinstance(event, Enrolled):
        after, decisions = _enrolled(memory, event, now)
    elif isinstance(event, HistoryLoaded):
        after, decisions = _history(memory, event, policy)
    elif isinstance(event, Unobserved):
        after, decisions = _unobserved(memory, event, now, policy)
    elif isinstance(event, LinkLost | LinkBack):
        after, decisions = hearing.with_blind(memory, blindness.linked(memory.hot.blind, event, now, policy))
    elif isinstance(event, casework.Told):
        after, decisions = _with_cases(memory, casework.told(_cases(memory), event, memory.hot.key, now, policy))
    else:
        raise TypeError(f"a household cannot judge {type(event).__name__}")
    if not decisions and after.hot.armed_s and isinstance(event, SignalHeard):
        return after, decisions  # a mere sign of life only makes every wake later
    after, decisions = upkeep.looked_after(after, now, policy, decisions)
    over = casework.is_over(memory.hot.open, after.hot.open, after.hot.armed_s, policy)
    return _armed(after, now, policy, decisions, anew=over)


def _time_passed(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """Whatever was due by now: missed check-ins first, because silence of a dead sensor is no evidence."""
    hot, now_s = memory.hot, int(now.timestamp())
    hot = msgspec.structs.replace(hot, armed_s=0)
    decisions: list[AnyDecision] = []
    devices = dict(hot.devices)
    for id_, device in hot.devices.items():
        if device.rates:
            rates, faults = chatter.over(id_, device.rates, now, policy)
            devices[id_] = msgspec.structs.replace(device, rates=rates)
            decisions += faults
    memory, kept = upkeep.time_passed(Memory(msgspec.structs.replace(hot, devices=devices), memory.rhythm), now)
    decisions += kept
    devices = memory.hot.devices
    blind = supervision.cannot_be_seen(devices)
    if blind and not hot.unseen:
        memory = Memory(msgspec.structs.replace(memory.hot, unseen=True), memory.rhythm)
        memory, raised = hearing.alarmed(memory, Alarm(kind=AlarmKind.UNSEEN, at=now), policy)
        decisions += raised
    due = inactivity.due_s(hot.quiet, memory.rhythm, hot.tier, policy)
    if due and now_s >= due and not blind and supervision.has_eyes(devices):
        limit = inactivity.present_limit(hot.quiet, memory.rhythm, hot.tier, policy)
        quiet = inactivity.alarmed(hot.quiet)
        memory = Memory(msgspec.structs.replace(memory.hot, quiet=quiet), memory.rhythm)
        at_window = inactivity.local_window(quiet.active_s, policy)
        alarm = Alarm(
            kind=AlarmKind.INACTIVITY,
            at=now,
            room=quiet.rooms.rsplit(",", 1)[-1],
            quiet_since=moment(quiet.active_s),
            limit_s=limit.limit_s,
            limit_source=limit.source,
            usual_s=memory.rhythm.usual_s(inactivity.local_hour(quiet.active_s, policy)),
            once_in_weeks=memory.rhythm.once_in_weeks(at_window, limit.limit_s),
            learned_days=memory.rhythm.days,
            policy_version=policy.version,
        )
        memory, raised = hearing.alarmed(memory, alarm, policy)
        decisions += raised
    memory, worked = _with_cases(memory, casework.time_passed(_cases(memory), hot.key, now, policy))
    return memory, decisions + worked


def _commanded(memory: Memory, event: Commanded, now: datetime, policy: Policy) -> Judged:
    command, hot = event.command, memory.hot
    if isinstance(command, OpenManual):
        alarm = Alarm(kind=AlarmKind.MANUAL, at=now, detail=command.text)
        manual = msgspec.structs.replace(policy, priorities={**policy.priorities, AlarmKind.MANUAL: command.priority})
        memory, decisions = hearing.alarmed(memory, alarm, manual, by=command.by)
        assert memory.hot.open is not None, "a manual incident is open"
        return memory, [*decisions, Answered(incident=memory.hot.open.id)]
    if isinstance(command, ConfirmSeen):
        memory, decisions = hearing.with_blind(memory, blindness.called(hot.blind, now, command.by, command.text))
        return memory, [*decisions, Answered(refused="" if decisions else "not_blind")]
    if isinstance(command, upkeep.Asked):
        return upkeep.asked(memory, command, now)
    hub = next((id_ for id_, d in hot.devices.items() if d.role == "hub"), "")
    if isinstance(command, Prompt) and not hub:
        return memory, [Answered(incident=command.incident, refused="no_prompt_device")]
    memory, decisions = _with_cases(memory, casework.commanded(_cases(memory), event, now, policy))
    if isinstance(command, Prompt) and decisions and not _refused(decisions):
        until = moment(int(now.timestamp()) + policy.prompt_s)
        asked = PromptAsked(device=hub, id=f"{command.incident}.{int(now.timestamp())}", until=until)
        decisions.insert(0, asked)
    if hot.open is not None and memory.hot.open is None:
        memory, taught = _taught(memory, memory.hot.closed, policy)
        memory = Memory(_after_contact(memory.hot, now), memory.rhythm)
        decisions += taught
    elif hot.open is None and memory.hot.open is not None:  # taken up again
        memory, taught = _taught(Memory(_taken_up(memory.hot), memory.rhythm), memory.hot.open, policy)
        decisions += taught
    return memory, decisions


def _taught(memory: Memory, it: Incident | None, policy: Policy) -> Judged:
    """What the outcome says of the silence that rang goes into the home's account; without an outcome it is false."""
    assert it is not None, "an incident has just been closed, or taken up again"
    label = labels.label_of(it)
    false = label is None or labels.is_false(label)
    starts = {inactivity.began_at(alarm.quiet_since, policy) for alarm in it.alarms if alarm.quiet_since is not None}
    rhythm = memory.rhythm
    for start in sorted(starts):
        rhythm = rhythm.told(start, false=false)
    return (memory, []) if rhythm == memory.rhythm else (Memory(memory.hot, rhythm), [Learned(rhythm=rhythm)])


def _cases(memory: Memory) -> Cases:
    return Cases(memory.hot.open, memory.hot.closed)


def _with_cases(memory: Memory, after: casework.Result) -> Judged:
    cases, decisions = after
    hot = msgspec.structs.replace(memory.hot, open=cases.open, closed=cases.closed)
    return Memory(hot, memory.rhythm), decisions


def _after_contact(hot: HouseholdState, now: datetime) -> HouseholdState:
    """Closing means that somebody knows how the person is: the clock of the silence starts again."""
    closed = hot.closed
    assert closed is not None, "what is not running any more was closed"
    hot = msgspec.structs.replace(hot, labels=labels.closed(hot.labels, hot.incidents, closed))
    if closed.outcome is Outcome.EQUIPMENT or hot.quiet.active_s == 0:
        return hot
    quiet = inactivity.seen_well(hot.quiet, int(now.timestamp()), helped=closed.outcome is Outcome.REAL)
    return msgspec.structs.replace(hot, quiet=quiet, unseen=False)


def _taken_up(hot: HouseholdState) -> HouseholdState:
    """What the outcome had said of the silence is open again."""
    return msgspec.structs.replace(hot, labels=labels.taken_up(hot.labels, hot.incidents))


def _refused(decisions: list[AnyDecision]) -> bool:
    return any(isinstance(d, Answered) and d.refused for d in decisions)


def _enrolled(memory: Memory, event: Enrolled, now: datetime) -> Judged:
    """The registry's facts; a device that has left takes its open faults along."""
    hot, now_s = memory.hot, int(now.timestamp())
    devices = {f.id: supervision.enrolled(f, hot.devices.get(f.id), now_s) for f in event.devices}
    decisions = [d for id_, known in hot.devices.items() if id_ not in devices for d in supervision.left(id_, known)]
    tests = testing.owed(hot.tests, devices, now_s)
    enrolled = msgspec.structs.replace(hot, tier=event.tier, devices=devices, tests=tests)
    enrolled, seen = hearing.seen_again(hot, enrolled, now, "")
    return Memory(enrolled, memory.rhythm), [*decisions, *seen]


def _history(memory: Memory, event: HistoryLoaded, policy: Policy) -> Judged:
    """The past ends where live signals have begun: the later activity counts."""
    hot = memory.hot
    quiet, rhythm = inactivity.with_past(hot.quiet, event.quiet, event.rhythm, hot.tier, policy)
    return Memory(msgspec.structs.replace(hot, quiet=quiet), rhythm), [Learned(rhythm=rhythm)]


def _unobserved(memory: Memory, event: Unobserved, now: datetime, policy: Policy) -> Judged:
    """Add the part of the gap that lies in the present silence to what is not counted; no device is late for it."""
    hot = memory.hot
    until = min(event.until, now)
    since_s, until_s = int(event.since.timestamp()), int(until.timestamp())
    quiet = inactivity.blind(hot.quiet, since_s, until)
    devices = {
        id_: d if d.missed else msgspec.structs.replace(d, seen_s=d.seen_s + max(0, until_s - max(since_s, d.seen_s)))
        for id_, d in hot.devices.items()
    }
    memory = Memory(msgspec.structs.replace(hot, quiet=quiet, devices=devices), memory.rhythm)
    return hearing.with_blind(memory, blindness.unobserved(hot.blind, event, policy))


def _armed(memory: Memory, now: datetime, policy: Policy, decisions: list[AnyDecision], *, anew: bool) -> Judged:
    """Name the next wake time. A wake that has become later is left to fire early: that saves a write a signal.

    ``anew``: but not the timer of a climb that is over; that goes with what ended it.
    """
    hot = msgspec.structs.replace(memory.hot, armed_s=0) if anew else memory.hot
    due = upkeep.due_s(hot, now, policy)
    if not hot.unseen and supervision.has_eyes(hot.devices):
        due.append(inactivity.due_s(hot.quiet, memory.rhythm, hot.tier, policy))
    due.append(casework.due_s(hot.open, policy))
    due.append(chatter.due_s((d.rates for d in hot.devices.values()), policy))
    next_s = min((d for d in due if d), default=0)
    if next_s and (hot.armed_s == 0 or next_s < hot.armed_s):
        next_s = max(next_s, int(now.timestamp()) + 1)
        hot = msgspec.structs.replace(hot, armed_s=next_s)
        return Memory(hot, memory.rhythm), [*decisions, Wake(at=moment(next_s))]
    return Memory(hot, memory.rhythm), [*decisions, Slept()] if anew else decisions
