"""What a message does to a household: its devices, its silence, its alarms."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import ActivitySeen, AnyDecision, Learned
from alerting.events import SignalHeard
from alerting.homes import blindness, chatter, follow_up, silence_ends, supervision, testing, trouble
from alerting.homes.device_memory import DeviceMemory
from alerting.homes.fix import noted
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.incidents import incident
from alerting.meaning import alarm_of, is_activity, remembered, tested
from alerting.model import Aggregate, Alarm, EntryKind
from alerting.policy import Policy
from alerting.silence import inactivity
from alerting.silence.day import WINDOW_S
from alerting.silence.inactivity import moment
from device_adapters.adapter import WELL
from device_adapters.signals import Alarm as SelfRaised
from device_adapters.signals import AnySignal, Button, Fall, Panic


def message(memory: Memory, event: SignalHeard, now: datetime, policy: Policy) -> Judged:
    """All that one message says; if it is the first live word after its home was blind, that ends here."""
    after, decisions = _heard(memory, event.device_id, event.signal, now, policy)
    for signal in event.more:
        after, further = _heard(after, event.device_id, signal, now, policy)
        decisions += further
    after, over = _read_whole(after, event, now)
    decisions += over
    if memory.hot.blind.since_s:
        device = memory.hot.devices.get(event.device_id)
        if any(blindness.confirms(device, signal) for signal in (event.signal, *event.more)):
            after, seen = with_blind(after, blindness.heard(after.hot.blind))
            decisions += seen
    return after, decisions


def _read_whole(memory: Memory, event: SignalHeard, now: datetime) -> Judged:
    """A message that was read whole may end the trouble of its device."""
    known = memory.hot.devices[event.device_id]
    device, over = trouble.read(event.device_id, known, (event.signal, *event.more), int(now.timestamp()))
    if device is known:
        return memory, []
    hot = msgspec.structs.replace(memory.hot, devices={**memory.hot.devices, event.device_id: device})
    return Memory(hot, memory.rhythm), over


def _heard(memory: Memory, id_: str, signal: AnySignal, now: datetime, policy: Policy) -> Judged:
    hot = memory.hot
    device = hot.devices.get(id_)
    if device is None:
        raise KeyError(f"device {id_} is not enrolled in {hot.key}")
    if type(signal) in supervision.ABOUT_ITSELF and not (device.missed or device.offline or hot.unseen):
        return _spoke_of_itself(memory, id_, device, signal, now, policy)
    alarm = alarm_of(signal, id_, device, now, policy, running=hot.open)
    if alarm is None and supervision.is_repeat(device, signal):
        return memory, []
    before, same_press = device, isinstance(signal, Panic) and alarm is None
    device, decisions = supervision.heard(id_, before, signal, int(now.timestamp()), policy)
    if isinstance(signal, Panic | Fall | SelfRaised):
        device = remembered(device, signal, now, rang=alarm is not None)
    if testing.is_announced(hot.tests, id_, signal, alarm, now, supervision.level_before(before, signal)):
        tests, closed = testing.matched(hot.tests, signal, device, now)
        hot, alarm = msgspec.structs.replace(hot, tests=tests), None
        decisions += closed
        device = tested(device, signal)
    folds = False
    if alarm is not None:
        token = chatter.taken(device.rates, alarm, hot.open, now, policy)
        decisions += chatter.opened(id_, device.rates, token.rates)
        device, folds = msgspec.structs.replace(device, rates=token.rates), token.folds
    device, faults = supervision.stuck(id_, device, hot.devices, int(now.timestamp()), policy)
    decisions += faults
    hot = msgspec.structs.replace(hot, devices={**hot.devices, id_: device}, fix=noted(hot.fix, signal, now))
    if before.missed or before.offline or hot.unseen:
        hot, seen = seen_again(memory.hot, hot, now, device.room or device.role)
        decisions += seen
    memory = Memory(hot, memory.rhythm)
    if alarm is not None:
        memory, raised = _counted(memory, alarm) if folds else alarmed(memory, alarm, policy)
        decisions += raised
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
    now_s = int(now.timestamp())
    device, decisions = supervision.heard(id_, known, signal, now_s, policy)
    device, faults = supervision.stuck(id_, device, memory.hot.devices, now_s, policy)
    decisions += faults
    if device is known:
        return memory, decisions
    hot = msgspec.structs.replace(memory.hot, devices={**memory.hot.devices, id_: device})
    return Memory(hot, memory.rhythm), decisions


def seen_again(
    before: HouseholdState, after: HouseholdState, now: datetime, by: str
) -> tuple[HouseholdState, list[AnyDecision]]:
    """The home can be seen again: nothing that happened, or did not, since its last sensor's last word is known."""
    was_blind = before.unseen or supervision.cannot_be_seen(before.devices, before.behind)
    if not was_blind or supervision.cannot_be_seen(after.devices, after.behind):
        return after, []
    last_word_s = supervision.last_seen_s(before.devices, before.behind)
    after = msgspec.structs.replace(after, quiet=inactivity.blind(after.quiet, last_word_s, now), unseen=False)
    if after.open is None or not before.unseen:
        return after, []
    running, lines = incident.note(after.open, EntryKind.CLEARED, now, text=by)
    return msgspec.structs.replace(after, open=running), lines


def _active(memory: Memory, signal: AnySignal, device: DeviceMemory, now: datetime, policy: Policy) -> Judged:
    """Somebody moved: the silence ends, and an incident about it learns so."""
    if memory.hot.open is not None and memory.hot.open.arrived and not isinstance(signal, Button | Panic):
        return _moved_by_others(memory)
    hot, now_s = memory.hot, int(now.timestamp())
    decisions: list[AnyDecision] = []
    door = device.role == "door"
    broke_alarm = hot.quiet.alarmed
    quiet, news = inactivity.moved(
        hot.quiet,
        now_s,
        device.room or device.role,
        door=door,
        utc_offset_s=policy.utc_offset_s,
        places=memory.rhythm.places,
    )
    if news:
        window = moment(quiet.window * WINDOW_S)
        decisions.append(ActivitySeen(window=window, rooms=quiet.rooms, door=quiet.door))
    urgent = isinstance(signal, Panic)  # a call for help does not wait for a fit
    learned = memory.rhythm
    grown = None if urgent else inactivity.fitted(quiet, learned, hot.tier, policy, asks=hot.has_hub, home=hot.key)
    rhythm = memory.rhythm
    if grown is not None:
        quiet, rhythm = grown
        decisions.append(Learned(rhythm=rhythm))
    running = hot.open
    if running is not None and broke_alarm:
        running, lines = incident.note(running, EntryKind.ACTIVITY, now, text=device.room or device.role)
        decisions += lines
    well = isinstance(signal, Button) and signal.action == WELL
    if running is not None and well:
        running, lines = incident.answered_well(running, now)
        decisions += lines
    after = Memory(msgspec.structs.replace(hot, quiet=quiet, open=running), rhythm)
    after, ended = silence_ends.ended(after, now, WELL if well else "motion")
    return after, decisions + ended


def _moved_by_others(memory: Memory) -> Judged:
    """Somebody who was sent is in the home: who moves there is not known, so it neither ends a silence nor teaches."""
    if memory.hot.quiet.unsure:
        return memory, []
    quiet = msgspec.structs.replace(memory.hot.quiet, unsure=True)
    return Memory(msgspec.structs.replace(memory.hot, quiet=quiet), memory.rhythm), []


def alarmed(memory: Memory, alarm: Alarm, policy: Policy, *, by: str = "") -> Judged:
    """An alarm begins an incident or joins the running one."""
    hot = memory.hot
    priority = policy.priority_of(alarm.kind, hot.tier)
    if hot.open is None:
        n, scripts = hot.incidents + 1, policy.editions.scripts_number
        running, decisions = incident.begin(hot.key, Aggregate.HOUSEHOLD, n, alarm, priority, by=by, scripts=scripts)
        owed, waits = follow_up.began(hot.follow_up)
        decisions += waits
        hot = msgspec.structs.replace(hot, open=running, incidents=hot.incidents + 1, follow_up=owed)
    else:
        running, decisions = incident.join(hot.open, alarm, priority, policy.priorities, by=by)
        hot = msgspec.structs.replace(hot, open=running)
    assert hot.open is not None, "after an alarm there is a running incident"
    return Memory(hot, memory.rhythm), decisions


def _counted(memory: Memory, alarm: Alarm) -> Judged:
    """An alarm of a device that chatters: one more in its incident."""
    assert memory.hot.open is not None, "only what runs can take it"
    running, decisions = chatter.folded(memory.hot.open, alarm)
    return Memory(msgspec.structs.replace(memory.hot, open=running), memory.rhythm), decisions


def with_blind(memory: Memory, after: blindness.Result) -> Judged:
    """The memory with what is known of its blind window."""
    blind, decisions = after
    return Memory(msgspec.structs.replace(memory.hot, blind=blind), memory.rhythm), decisions
