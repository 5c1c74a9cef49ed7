"""One household: the pure state machine that turns signals, time and commands into decisions.

``step(state, event, now, policy) -> (state, decisions)``. Everything it knows is in its arguments.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting import blindness, escalation, inactivity, incident, outside, supervision
from alerting.blindness import Blind
from alerting.commands import Close, ConfirmSeen, OpenManual, Prompt
from alerting.decisions import (
    ActivitySeen,
    Answered,
    AnyDecision,
    Learned,
    PromptAsked,
    Wake,
)
from alerting.events import (
    AnyEvent,
    CallLogged,
    Commanded,
    Enrolled,
    HistoryLoaded,
    LinkBack,
    LinkLost,
    PageTold,
    PageTried,
    ShownUnrecorded,
    SignalHeard,
    TimePassed,
    Unobserved,
)
from alerting.inactivity import Quiet, moment
from alerting.meaning import alarm_of, is_activity, remembered
from alerting.model import Aggregate, Alarm, AlarmKind, EntryKind, Incident, Outcome, RiskTier
from alerting.policy import Policy
from alerting.rhythm import Rhythm
from alerting.supervision import DeviceMemory
from device_adapters.signals import Alarm as SelfRaised
from device_adapters.signals import AnySignal, Button, Fall, Panic


class HouseholdState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The hot state of one household: at most about 1 KB, written with each commit.

    Attributes:
        key: Case number.
        tier: Urgency label.
        devices: Memory by registry id.
        quiet: What is remembered of movement.
        open: The running incident.
        incidents: How many there have been.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
        unseen: The home-cannot-be-seen alarm has been raised, and the home cannot be seen still.
        blind: Since when its signals may have been missed.
    """

    key: str
    tier: RiskTier = RiskTier.CARE
    devices: dict[str, DeviceMemory] = {}
    quiet: Quiet = Quiet()
    open: Incident | None = None
    incidents: int = 0
    armed_s: int = 0
    unseen: bool = False
    blind: Blind = Blind()


class Memory(msgspec.Struct, frozen=True):
    """A household whole: hot state and learned rhythm, which are stored apart."""

    hot: HouseholdState
    rhythm: Rhythm = Rhythm()


Judged = tuple[Memory, list[AnyDecision]]


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
        after, decisions = _message(memory, event, now, policy)
    elif isinstance(event, TimePassed):
        after, decisions = _time_passed(memory, now, policy)
    elif isinstance(event, Commanded):
        after, decisions = _commanded(memory, event, now, policy)
    elif isinstance(event, Enrolled):
        after, decisions = _enrolled(memory, event, now)
    elif isinstance(event, HistoryLoaded):
        after, decisions = _history(memory, event)
    elif isinstance(event, Unobserved):
        after, decisions = _unobserved(memory, event, now, policy)
    elif isinstance(event, LinkLost | LinkBack):
        after, decisions = _with_blind(memory, blindness.linked(memory.hot.blind, event, now, policy))
    elif isinstance(event, PageTried | PageTold | CallLogged | ShownUnrecorded):
        after, decisions = _told(memory, event, now)
    else:
        raise TypeError(f"a household cannot judge {type(event).__name__}")
    if not decisions and after.hot.armed_s and isinstance(event, SignalHeard):
        return after, decisions  # a mere sign of life only makes every wake later
    return _armed(after, now, policy, decisions)


def _message(memory: Memory, event: SignalHeard, now: datetime, policy: Policy) -> Judged:
    """All that one message says; if it is the first live word after its home was blind, that ends here."""
    after, decisions = _heard(memory, event.device_id, event.signal, now, policy)
    for signal in event.more:
        after, further = _heard(after, event.device_id, signal, now, policy)
        decisions += further
    if memory.hot.blind.since_s:
        device = memory.hot.devices.get(event.device_id)
        if any(blindness.confirms(device, signal) for signal in (event.signal, *event.more)):
            after, seen = _with_blind(after, blindness.heard(after.hot.blind))
            decisions += seen
    return after, decisions


def _heard(memory: Memory, id_: str, signal: AnySignal, now: datetime, policy: Policy) -> Judged:
    hot = memory.hot
    device = hot.devices.get(id_)
    if device is None:
        raise KeyError(f"device {id_} is not enrolled in {hot.key}")
    if type(signal) in supervision.ABOUT_ITSELF and not (device.missed or device.offline):
        return _spoke_of_itself(memory, id_, device, signal, now, policy)
    alarm = alarm_of(signal, id_, device, now, policy)
    if alarm is None and supervision.is_repeat(device, signal):
        return memory, []
    before = device
    device, decisions = supervision.heard(id_, before, signal, int(now.timestamp()), policy)
    if isinstance(signal, Panic | Fall | SelfRaised):
        device = remembered(device, signal, now, rang=alarm is not None)
    hot = msgspec.structs.replace(hot, devices={**hot.devices, id_: device})
    if before.missed or before.offline:
        hot, seen = _seen_again(memory.hot, hot, now, device.room or device.role)
        decisions += seen
    memory = Memory(hot, memory.rhythm)
    if alarm is not None:
        memory, raised = _raise(memory, alarm, policy)
        decisions += raised
    same_press = isinstance(signal, Panic) and alarm is None
    if not same_press and is_activity(signal, supervision.level_before(before, signal)):
        memory, moved = _active(memory, signal, device, now, policy)
        decisions += moved
    return memory, decisions


def _spoke_of_itself(
    memory: Memory, id_: str, known: DeviceMemory, signal: AnySignal, now: datetime, policy: Policy
) -> Judged:
    """The short way for most of what is said: it moves the memory of one device, if anything."""
    if supervision.is_repeat(known, signal):
        return memory, []
    device, decisions = supervision.heard(id_, known, signal, int(now.timestamp()), policy)
    if device is known:
        return memory, decisions
    hot = msgspec.structs.replace(memory.hot, devices={**memory.hot.devices, id_: device})
    return Memory(hot, memory.rhythm), decisions


def _seen_again(
    before: HouseholdState, after: HouseholdState, now: datetime, by: str
) -> tuple[HouseholdState, list[AnyDecision]]:
    """The home can be seen again: nothing that happened, or did not, since its last sensor's last word is known."""
    if not supervision.cannot_be_seen(before.devices) or supervision.cannot_be_seen(after.devices):
        return after, []
    last_word_s = supervision.last_seen_s(before.devices)
    after = msgspec.structs.replace(after, quiet=inactivity.blind(after.quiet, last_word_s, now), unseen=False)
    if after.open is None or not before.unseen:
        return after, []
    running, lines = incident.note(after.open, EntryKind.CLEARED, now, text=by)
    return msgspec.structs.replace(after, open=running), lines


def _active(memory: Memory, signal: AnySignal, device: DeviceMemory, now: datetime, policy: Policy) -> Judged:
    """Somebody moved: the silence ends, and an incident about it learns so."""
    hot, now_s = memory.hot, int(now.timestamp())
    decisions: list[AnyDecision] = []
    door = device.role == "door"
    broke_alarm = hot.quiet.alarmed
    quiet, news = inactivity.moved(hot.quiet, now_s, device.room or device.role, door=door)
    if news:
        window = moment(quiet.window * inactivity.WINDOW_S)
        decisions.append(ActivitySeen(window=window, rooms=quiet.rooms, door=quiet.door))
    grown = inactivity.fitted(quiet, memory.rhythm, now_s, policy)
    rhythm = memory.rhythm
    if grown is not None:
        quiet, rhythm = grown
        decisions.append(Learned(rhythm=rhythm))
    running = hot.open
    if running is not None and broke_alarm:
        running, lines = incident.note(running, EntryKind.ACTIVITY, now, text=device.room or device.role)
        decisions += lines
    if running is not None and isinstance(signal, Button) and signal.action == "well":
        running, lines = incident.note(running, EntryKind.ANSWERED_WELL, now)
        decisions += lines
    return Memory(msgspec.structs.replace(hot, quiet=quiet, open=running), rhythm), decisions


def _raise(memory: Memory, alarm: Alarm, policy: Policy, *, by: str = "") -> Judged:
    """An alarm begins an incident or joins the running one."""
    hot = memory.hot
    priority = policy.priority_of(alarm.kind, hot.tier)
    if hot.open is None:
        running, decisions = incident.begin(hot.key, Aggregate.HOUSEHOLD, hot.incidents + 1, alarm, priority, by=by)
        hot = msgspec.structs.replace(hot, open=running, incidents=hot.incidents + 1)
    else:
        running, decisions = incident.join(hot.open, alarm, priority, by=by)
        hot = msgspec.structs.replace(hot, open=running)
    assert hot.open is not None, "after an alarm there is a running incident"
    return Memory(hot, memory.rhythm), decisions


def _time_passed(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """Whatever was due by now: missed check-ins first, because silence of a dead sensor is no evidence."""
    hot, now_s = memory.hot, int(now.timestamp())
    hot = msgspec.structs.replace(hot, armed_s=0)
    decisions: list[AnyDecision] = []
    devices = dict(hot.devices)
    for id_, device in hot.devices.items():
        devices[id_], faults = supervision.missed(id_, device, now_s)
        decisions += faults
    memory = Memory(msgspec.structs.replace(hot, devices=devices), memory.rhythm)
    blind = supervision.cannot_be_seen(devices)
    if blind and not hot.unseen:
        memory = Memory(msgspec.structs.replace(memory.hot, unseen=True), memory.rhythm)
        memory, raised = _raise(memory, Alarm(kind=AlarmKind.UNSEEN, at=now), policy)
        decisions += raised
    due = inactivity.due_s(hot.quiet, memory.rhythm, hot.tier, policy)
    if due and now_s >= due and not blind and supervision.has_eyes(devices):
        quiet = msgspec.structs.replace(hot.quiet, alarmed=True)
        memory = Memory(msgspec.structs.replace(memory.hot, quiet=quiet), memory.rhythm)
        limit = inactivity.limit_for(quiet.active_s, memory.rhythm, hot.tier, policy)
        alarm = Alarm(
            kind=AlarmKind.INACTIVITY,
            at=now,
            room=quiet.rooms.rsplit(",", 1)[-1],
            quiet_since=moment(quiet.active_s),
            limit_s=limit.limit_s,
            limit_source=limit.source,
            usual_s=limit.usual_s,
        )
        memory, raised = _raise(memory, alarm, policy)
        decisions += raised
    if memory.hot.open is not None:
        running, climbed = escalation.climb(memory.hot.open, hot.key, now, policy)
        memory = Memory(msgspec.structs.replace(memory.hot, open=running), memory.rhythm)
        decisions += climbed
    return memory, decisions


def _commanded(memory: Memory, event: Commanded, now: datetime, policy: Policy) -> Judged:
    command, hot = event.command, memory.hot
    if isinstance(command, OpenManual):
        alarm = Alarm(kind=AlarmKind.MANUAL, at=now, detail=command.text)
        manual = msgspec.structs.replace(policy, priorities={**policy.priorities, AlarmKind.MANUAL: command.priority})
        memory, decisions = _raise(memory, alarm, manual, by=command.by)
        assert memory.hot.open is not None, "a manual incident is open"
        return memory, [*decisions, Answered(incident=memory.hot.open.id)]
    if isinstance(command, ConfirmSeen):
        memory, decisions = _with_blind(memory, blindness.called(hot.blind, now, command.by, command.text))
        return memory, [*decisions, Answered(refused="" if decisions else "not_blind")]
    hub = next((id_ for id_, d in hot.devices.items() if d.role == "hub"), "")
    if isinstance(command, Prompt) and not hub:
        return memory, [Answered(incident=command.incident, refused="no_prompt_device")]
    running, decisions = incident.act(hot.open, command, now)
    hot = msgspec.structs.replace(hot, open=running)
    if isinstance(command, Prompt) and decisions and not _refused(decisions):
        until = moment(int(now.timestamp()) + policy.prompt_s)
        asked = PromptAsked(device=hub, id=f"{command.incident}.{int(now.timestamp())}", until=until)
        decisions.insert(0, asked)
    if isinstance(command, Close) and not _refused(decisions):
        hot = _after_contact(hot, command, now)
    return Memory(hot, memory.rhythm), decisions


def _after_contact(hot: HouseholdState, command: Close, now: datetime) -> HouseholdState:
    """Closing means that somebody knows how the person is: the clock of the silence starts again."""
    if command.outcome is Outcome.EQUIPMENT or hot.quiet.active_s == 0:
        return hot
    quiet = msgspec.structs.replace(hot.quiet, active_s=int(now.timestamp()), alarmed=False, blind_s=0)
    return msgspec.structs.replace(hot, quiet=quiet, unseen=False)


def _refused(decisions: list[AnyDecision]) -> bool:
    return any(isinstance(d, Answered) and d.refused for d in decisions)


def _enrolled(memory: Memory, event: Enrolled, now: datetime) -> Judged:
    """The registry's facts; a device that has left takes its open faults along."""
    hot, now_s = memory.hot, int(now.timestamp())
    devices = {f.id: supervision.enrolled(f, hot.devices.get(f.id), now_s) for f in event.devices}
    decisions = [d for id_, known in hot.devices.items() if id_ not in devices for d in supervision.left(id_, known)]
    enrolled = msgspec.structs.replace(hot, tier=event.tier, devices=devices)
    enrolled, seen = _seen_again(hot, enrolled, now, "")
    return Memory(enrolled, memory.rhythm), [*decisions, *seen]


def _history(memory: Memory, event: HistoryLoaded) -> Judged:
    """The past ends where live signals have begun: the later activity counts."""
    quiet = memory.hot.quiet
    if event.last_active_at is not None and int(event.last_active_at.timestamp()) > quiet.active_s:
        active_s = int(event.last_active_at.timestamp())
        quiet = Quiet(active_s=active_s, window=active_s // inactivity.WINDOW_S, fit_day=quiet.fit_day)
    quiet = msgspec.structs.replace(quiet, tail=(*event.tail, *quiet.tail)[-inactivity.TAIL_MAX :])
    hot = msgspec.structs.replace(memory.hot, quiet=quiet)
    return Memory(hot, event.rhythm), [Learned(rhythm=event.rhythm)]


def _with_blind(memory: Memory, after: blindness.Result) -> Judged:
    blind, decisions = after
    return Memory(msgspec.structs.replace(memory.hot, blind=blind), memory.rhythm), decisions


def _told(memory: Memory, event: PageTried | PageTold | CallLogged | ShownUnrecorded, now: datetime) -> Judged:
    """What became of an incident outside the rules: a line of its timeline."""
    if isinstance(event, PageTried):
        running, decisions = escalation.tried(memory.hot.open, event, now)
    elif isinstance(event, PageTold | CallLogged):
        running, decisions = outside.told(memory.hot.open, event, now)
    else:
        running, decisions = incident.shown_unrecorded(memory.hot.open, event)
    return Memory(msgspec.structs.replace(memory.hot, open=running), memory.rhythm), decisions


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
    return _with_blind(memory, blindness.unobserved(hot.blind, event, policy))


def _armed(memory: Memory, now: datetime, policy: Policy, decisions: list[AnyDecision]) -> Judged:
    """Name the next wake time. A wake that has become later is left to fire early: that saves a write a signal."""
    hot = memory.hot
    due = [supervision.check_in_due_s(d) for d in hot.devices.values()]
    if not hot.unseen and supervision.has_eyes(hot.devices):
        due.append(inactivity.due_s(hot.quiet, memory.rhythm, hot.tier, policy))
    due.append(escalation.due_s(hot.open, policy))
    next_s = min((d for d in due if d), default=0)
    if next_s and (hot.armed_s == 0 or next_s < hot.armed_s):
        next_s = max(next_s, int(now.timestamp()) + 1)
        hot = msgspec.structs.replace(hot, armed_s=next_s)
        return Memory(hot, memory.rhythm), [*decisions, Wake(at=moment(next_s))]
    return memory, decisions
