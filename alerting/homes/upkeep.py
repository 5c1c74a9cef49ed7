"""The upkeep of a home's equipment within its step: tests, check-ins, what falls due when."""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.commands import AnnounceStep, EndStep
from alerting.decisions import AnyDecision, ProtectionChanged
from alerting.homes import protection, supervision, testing
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.policy import Policy

Asked = AnnounceStep | EndStep
"""What people ask about a home's equipment."""


def asked(memory: Memory, command: Asked, now: datetime) -> Judged:
    """Somebody asks something about the equipment."""
    hot, running = memory.hot, _running(memory.hot)
    if isinstance(command, AnnounceStep):
        return _with_tests(memory, testing.announce(hot.tests, command, hot.devices, now, incident=running))
    return _with_tests(memory, testing.end(hot.tests, command, incident=running))


def time_passed(memory: Memory, now: datetime) -> Judged:
    """Missed check-ins, and test mode that ends by itself."""
    hot, now_s = memory.hot, int(now.timestamp())
    decisions: list[AnyDecision] = []
    devices = dict(hot.devices)
    for id_, device in hot.devices.items():
        devices[id_], faults = supervision.missed(id_, device, now_s)
        decisions += faults
    hot = msgspec.structs.replace(hot, devices=devices, tests=testing.owed(hot.tests, devices, now_s))
    memory, ended = _with_tests(Memory(hot, memory.rhythm), testing.time_passed(hot.tests, now))
    return memory, decisions + ended


def looked_after(memory: Memory, now: datetime, policy: Policy, decisions: list[AnyDecision]) -> Judged:
    """After an event: an announced step does not go on beside an incident; and is the home protected?

    ``decisions`` are the event's so far.
    """
    memory, interrupted = _with_tests(
        memory, testing.interrupted(memory.hot.tests, memory.hot.devices, incident=_running(memory.hot))
    )
    hot, now_s = memory.hot, int(now.timestamp())
    lacks = protection.lacking(hot.devices, hot.tests, hot.blind, now_s, policy)
    if lacks == hot.lacks:
        return memory, [*decisions, *interrupted] if interrupted else decisions
    hot = msgspec.structs.replace(hot, lacks=lacks, lacks_s=(hot.lacks_s or now_s) if lacks else 0)
    return Memory(hot, memory.rhythm), [*decisions, *interrupted, ProtectionChanged(lacks=lacks)]


def due_s(hot: HouseholdState, now: datetime, policy: Policy) -> list[int]:
    """When something of the equipment falls due, UTC epoch seconds; zeros are nothing."""
    check_ins = [supervision.check_in_due_s(device) for device in hot.devices.values()]
    return check_ins + testing.wakes_s(hot.tests, int(now.timestamp()), policy)


def _running(hot: HouseholdState) -> str:
    return hot.open.id if hot.open is not None else ""


def _with_tests(memory: Memory, after: testing.Result) -> Judged:
    tests, decisions = after
    if tests is memory.hot.tests:
        return memory, decisions
    return Memory(msgspec.structs.replace(memory.hot, tests=tests), memory.rhythm), decisions
