"""One household: the pure state machine that turns signals, time and commands into decisions.

``step(state, event, now, policy) -> (state, decisions)``. Everything it knows is in its arguments.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.areas import news as areas
from alerting.commands import ConfirmSeen, OpenManual, Prompt
from alerting.decisions import (
    Answered,
    AnyDecision,
    Learned,
    PromptAsked,
    Slept,
    Wake,
)
from alerting.dispatch import reckoned
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
from alerting.homes import (
    absence,
    aftercare,
    away,
    blindness,
    cared_for,
    chatter,
    follow_up,
    hearing,
    hubs,
    long_silence,
    supervision,
    testing,
    upkeep,
)
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.incidents import casework, neighbours
from alerting.incidents.casework import Cases
from alerting.model import Alarm, AlarmKind
from alerting.policy import Policy
from alerting.silence import inactivity
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
        after, decisions = _enrolled(memory, event, now, policy)
    elif isinstance(event, HistoryLoaded):
        after, decisions = _history(memory, event, policy)
    elif isinstance(event, Unobserved | LinkLost | LinkBack):
        after, decisions = _unheard(memory, event, now, policy)
    elif isinstance(event, cared_for.Told):
        after, decisions = cared_for.told(memory, event, now)
    elif isinstance(event, casework.Told):
        after, decisions = _with_cases(memory, casework.told(_cases(memory), event, memory.hot.key, now, policy))
    else:
        raise TypeError(f"a household cannot judge {type(event).__name__}")
    after, rung = _neighbours_rung(memory, after, now, policy)
    decisions += rung
    decisions += areas.told(memory.hot, after.hot, event, decisions, now, policy)
    decisions += reckoned.told(memory.hot.open, after.hot.open)
    if _is_due_as_before(memory, after, event, decisions, policy):
        return after, decisions
    after, decisions = upkeep.looked_after(after, now, policy, decisions)
    over = casework.is_over(memory.hot.open, after.hot.open, after.hot.armed_s, policy)
    return _armed(after, now, policy, decisions, anew=over)


def _neighbours_rung(before: Memory, after: Memory, now: datetime, policy: Policy) -> Judged:
    """Beside whatever else an alarm leads to, and after it."""
    rung = neighbours.rung(before.hot.open, after.hot.open, now, policy)
    if rung is None:
        return after, []
    return Memory(msgspec.structs.replace(after.hot, open=rung[0]), after.rhythm), rung[1]


def _time_passed(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """Whatever was due by now: missed check-ins first, because silence of a dead sensor is no evidence."""
    hot = msgspec.structs.replace(memory.hot, armed_s=0)
    decisions: list[AnyDecision] = []
    devices = dict(hot.devices)
    for id_, device in hot.devices.items():
        if device.rates:
            rates, faults = chatter.over(id_, device.rates, now, policy)
            devices[id_] = msgspec.structs.replace(device, rates=rates)
            decisions += faults
    memory, kept = upkeep.time_passed(Memory(msgspec.structs.replace(hot, devices=devices), memory.rhythm), now, policy)
    memory, back = absence.time_passed(memory, now)
    decisions += [*kept, *back]
    devices, behind = memory.hot.devices, memory.hot.behind
    blind = supervision.cannot_be_seen(devices, behind)
    if blind and not hot.unseen:
        memory = Memory(msgspec.structs.replace(memory.hot, unseen=True), memory.rhythm)
        unseen = Alarm(kind=AlarmKind.UNSEEN, at=now, detail=supervision.why_unseen(devices, behind))
        memory, raised = hearing.alarmed(memory, unseen, policy)
        decisions += raised
    if not blind and supervision.has_eyes(devices):
        memory, grown = long_silence.pass_time(memory, now, policy)
        decisions += grown
    memory, worked = _with_cases(memory, casework.time_passed(_cases(memory), hot.key, now, policy))
    memory, owed = aftercare.time_passed(memory, now, policy)
    return memory, [*decisions, *worked, *owed]


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
    if isinstance(command, aftercare.Care):
        return aftercare.asked(memory, command, now, policy)
    if isinstance(command, absence.Asked):
        return absence.asked(memory, command, now)
    if isinstance(command, upkeep.Asked):
        return upkeep.asked(memory, command, now)
    hub = next((id_ for id_, d in hot.devices.items() if d.role == "hub"), "")
    if isinstance(command, Prompt) and not hub:
        return memory, [Answered(incident=command.incident, refused="no_prompt_device")]
    memory, decisions = _with_cases(memory, casework.commanded(_cases(memory), event, now, policy, home=hot.key))
    if isinstance(command, Prompt) and decisions and not _refused(decisions):
        until = moment(int(now.timestamp()) + policy.prompt_s)
        asked = PromptAsked(device=hub, id=f"{command.incident}.{int(now.timestamp())}", until=until)
        decisions.insert(0, asked)
    if _refused(decisions):
        return memory, decisions
    memory, after = aftercare.after_command(hot, memory, command, now, policy)
    return memory, [*decisions[:-1], *after, *decisions[-1:]]


def _cases(memory: Memory) -> Cases:
    return Cases(memory.hot.open, memory.hot.closed)


def _with_cases(memory: Memory, after: casework.Result) -> Judged:
    cases, decisions = after
    if cases.open is memory.hot.open and cases.closed is memory.hot.closed:
        return memory, decisions
    hot = msgspec.structs.replace(
        memory.hot, open=cases.open, closed=cases.closed, incidents=cases.most(memory.hot.incidents)
    )
    return Memory(hot, memory.rhythm), decisions


def _refused(decisions: list[AnyDecision]) -> bool:
    return any(isinstance(d, Answered) and d.refused for d in decisions)


def _is_due_as_before(
    before: Memory, after: Memory, event: AnyEvent, decisions: list[AnyDecision], policy: Policy
) -> bool:
    """A mere sign of life only makes every wake later; what was refused, or known already, changes none."""
    if isinstance(event, SignalHeard):
        return not decisions and _wakes_in_time(before.hot, after.hot, event.device_id, policy)
    return after is before and isinstance(event, Commanded | casework.Told)


def _wakes_in_time(before: HouseholdState, hot: HouseholdState, device: str, policy: Policy) -> bool:
    """Whether the home is woken before the device that has spoken would be silent: its time may have become shorter.

    Not if the home can be seen again: then its silence counts from now on; nor if its resident could not call: any word
    may end that.
    """
    if hot.unseen != before.unseen or before.mute:
        return False
    return 0 < hot.armed_s <= (supervision.check_in_due_s(hot.devices[device], policy) or hot.armed_s)


def _enrolled(memory: Memory, event: Enrolled, now: datetime, policy: Policy) -> Judged:
    """The registry's facts; a device that has left takes its open faults along."""
    hot, now_s = memory.hot, int(now.timestamp())
    devices = {f.id: supervision.enrolled(f, hot.devices.get(f.id), now_s, policy) for f in event.devices}
    decisions = [d for id_, known in hot.devices.items() if id_ not in devices for d in supervision.left(id_, known)]
    tests = testing.owed(hot.tests, devices, now_s)
    behind = hubs.behind_of(event.devices)
    enrolled = msgspec.structs.replace(hot, tier=event.tier, devices=devices, tests=tests, behind=behind)
    enrolled, seen = hearing.seen_again(hot, enrolled, now, "")
    return Memory(enrolled, memory.rhythm), [*decisions, *seen]


def _history(memory: Memory, event: HistoryLoaded, policy: Policy) -> Judged:
    """The past ends where live signals have begun: the later activity counts."""
    hot = memory.hot
    quiet, rhythm = inactivity.with_past(
        hot.quiet, event.quiet, event.rhythm, hot.tier, policy, asks=hot.has_hub, home=hot.key
    )
    return Memory(msgspec.structs.replace(hot, quiet=quiet), rhythm), [Learned(rhythm=rhythm)]


def _unheard(memory: Memory, event: Unobserved | LinkLost | LinkBack, now: datetime, policy: Policy) -> Judged:
    """Why nothing is heard of a home."""
    if isinstance(event, Unobserved):
        return _unobserved(memory, event, now, policy)
    return hearing.with_blind(memory, blindness.linked(memory.hot.blind, event, now, policy))


def _unobserved(memory: Memory, event: Unobserved, now: datetime, policy: Policy) -> Judged:
    """Add the part of the gap that lies in the present silence to what is not counted; no device is late for it."""
    hot = memory.hot
    until = min(event.until, now)
    since_s, until_s = int(event.since.timestamp()), int(until.timestamp())
    quiet = inactivity.blind(hot.quiet, since_s, until)
    devices = {  # a silent hub moves along: sensors behind it must not seem heard after its last word
        id_: d
        if d.missed and d.role != "hub"
        else msgspec.structs.replace(d, seen_s=d.seen_s + max(0, until_s - max(since_s, d.seen_s)))
        for id_, d in hot.devices.items()
    }
    memory = Memory(msgspec.structs.replace(hot, quiet=quiet, devices=devices), memory.rhythm)
    return hearing.with_blind(memory, blindness.unobserved(hot.blind, event, policy))


def _armed(memory: Memory, now: datetime, policy: Policy, decisions: list[AnyDecision], *, anew: bool) -> Judged:
    """Name the next wake time. A wake that has become later is left to fire early: that saves a write a signal.

    ``anew``: but not the timer of a climb that is over; that goes with what ended it.
    """
    hot = msgspec.structs.replace(memory.hot, armed_s=0) if anew else memory.hot
    due: list[float] = [*upkeep.due_s(hot, now, policy)]
    due += [
        long_silence.due_s(memory, now, policy),
        casework.due_s(hot.open, policy),
        follow_up.due_s(hot.follow_up, policy),
    ]
    due += [away.due_s(hot.away)]
    due.append(chatter.due_s((d.rates for d in hot.devices.values()), policy))
    next_s = min((d for d in due if d), default=0)
    if next_s and (hot.armed_s == 0 or next_s < hot.armed_s):
        next_s = next_s if next_s > now.timestamp() else int(now.timestamp()) + 1
        hot = msgspec.structs.replace(hot, armed_s=next_s)
        return Memory(hot, memory.rhythm), [*decisions, Wake(at=moment(next_s))]
    return Memory(hot, memory.rhythm), [*decisions, Slept()] if anew else decisions
