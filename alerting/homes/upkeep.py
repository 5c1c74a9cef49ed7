"""The upkeep of a home's equipment within its step: tests, check-ins, what falls due when."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.commands import AnnounceStep, EndStep
from alerting.decisions import AnyDecision, ProtectionChanged
from alerting.homes import hearing, protection, supervision, testing
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.incidents import incident
from alerting.model import Alarm, AlarmKind, EntryKind
from alerting.policy import Policy

Asked = AnnounceStep | EndStep
"""What people ask about a home's equipment."""


def asked(memory: Memory, command: Asked, now: datetime) -> Judged:
    """Somebody asks something about the equipment."""
    hot, running = memory.hot, _running(memory.hot)
    if isinstance(command, AnnounceStep):
        return _with_tests(memory, testing.announce(hot.tests, command, hot.devices, now, incident=running))
    return _with_tests(memory, testing.end(hot.tests, command, incident=running))


def time_passed(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """Missed check-ins, and test mode that ends by itself."""
    hot, now_s = memory.hot, int(now.timestamp())
    decisions: list[AnyDecision] = []
    devices = dict(hot.devices)
    for id_, device in hot.devices.items():
        devices[id_], faults = supervision.missed(id_, device, now_s, policy)
        decisions += faults
    hot = msgspec.structs.replace(hot, devices=devices, tests=testing.owed(hot.tests, devices, now_s))
    memory, ended = _with_tests(Memory(hot, memory.rhythm), testing.time_passed(hot.tests, now))
    return memory, decisions + ended


def looked_after(memory: Memory, now: datetime, policy: Policy, decisions: list[AnyDecision]) -> Judged:
    """After an event: can the resident call? Is the home protected? An announced step ends beside an incident.

    ``decisions`` are the event's so far.
    """
    memory, mute = _call_for_help(memory, now, policy)
    decisions = [*decisions, *mute] if mute else decisions
    memory, interrupted = _with_tests(
        memory, testing.interrupted(memory.hot.tests, memory.hot.devices, incident=_running(memory.hot))
    )
    hot, now_s = memory.hot, int(now.timestamp())
    lacks = protection.lacking(hot, now_s, policy)
    if lacks == hot.lacks:
        return memory, [*decisions, *interrupted] if interrupted else decisions
    hot = msgspec.structs.replace(hot, lacks=lacks, lacks_s=(hot.lacks_s or now_s) if lacks else 0)
    return Memory(hot, memory.rhythm), [*decisions, *interrupted, ProtectionChanged(lacks=lacks)]


def _call_for_help(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """The last means to call for help is gone: an alarm of its own, once; and a line when there is one again."""
    hot, why = memory.hot, protection.why_mute(memory.hot)
    if bool(why) is hot.mute:
        return memory, []
    memory = Memory(msgspec.structs.replace(hot, mute=bool(why)), memory.rhythm)
    if why:
        return hearing.alarmed(memory, Alarm(kind=AlarmKind.CANNOT_CALL, at=now, detail=why), policy)
    if hot.open is None:
        return memory, []
    running, lines = incident.note(hot.open, EntryKind.CLEARED, now, text="panic")
    return Memory(msgspec.structs.replace(memory.hot, open=running), memory.rhythm), lines


def due_s(hot: HouseholdState, now: datetime, policy: Policy) -> list[int]:
    """When something of the equipment falls due, UTC epoch seconds; zeros are nothing."""
    check_ins = [supervision.check_in_due_s(device, policy) for device in hot.devices.values()]
    return check_ins + testing.wakes_s(hot.tests, int(now.timestamp()), policy)


def _running(hot: HouseholdState) -> str:
    return hot.open.id if hot.open is not None else ""


def _with_tests(memory: Memory, after: testing.Result) -> Judged:
    tests, decisions = after
    if tests is memory.hot.tests:
        return memory, decisions
    return Memory(msgspec.structs.replace(memory.hot, tests=tests), memory.rhythm), decisions
