"""Test mode: one announced step of one device, and the test press that each home owes.

A step is announced for a device: "next: the panic button by the bed". The first live signal of that device that is
what was announced ends it, with the evidence, and raises nothing. All else is real: another signal of the device, a
second press, any other device, a stored or late press, a press before or after. An incident in the home ends it at
once, and none can be announced while one runs. When in doubt it rings.

How a walk test uses it: ``AnnounceStep(key=household, device=id, role=its role, purpose=AnnouncedFor.WALK, by=login)``
for each device in turn; the next announcement of the same person takes the place of the one before. The ledger
(``Desk.home_tests``) tells with which signal, signal strength and battery it was matched.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import msgspec

from alerting.commands import AnnounceStep, EndStep
from alerting.decisions import Answered, AnyDecision, StepAnnounced, StepEnded
from alerting.homes.device_memory import DeviceMemory
from alerting.homes.steps import AnnouncedFor, Evidence, StepEnd
from alerting.incidents.joining import THREATENED
from alerting.model import Alarm as AlarmRaised
from alerting.model import AlarmKind, Incident, Outcome
from alerting.policy import Policy
from alerting.silence.inactivity import moment
from device_adapters.adapter import CALLERS
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Availability,
    Button,
    Contact,
    Fall,
    Fault,
    Motion,
    Panic,
    Presence,
    Test,
    kind_of,
)

LONGEST_S = 900
SHORTEST_S = 30
CLOCK_S = 30
"""A device's clock may be slow by so much; a press that it calls older was made before it was announced."""

Matching = tuple[type, ...]
CALLS: dict[str, Matching] = {
    "panic": (Panic, Test),
    "pendant": (Panic, Test),
    "fall": (Fall, Test),
    "smoke": (Alarm, Test),
    "gas": (Alarm, Test),
}
"""Roles of devices that call for help, and what their test is."""
ALARM_OF_ROLE = {"smoke": frozenset({"smoke"}), "gas": frozenset({"gas", "carbon_monoxide"})}
STEPS: dict[str, Matching] = {
    **CALLS,
    "button": (Button, Panic, Test),
    "motion": (Motion,),
    "presence": (Presence,),
    "door": (Contact,),
    "hub": (Fault, Availability),
}
"""Roles that have a test, and the signals that are one. A hub says that its mains are lost, or its last
will at the broker says that it is gone."""
"""Roles by which a resident calls for help."""


class Announced(msgspec.Struct, frozen=True, array_like=True):
    """The step that is announced.

    Attributes:
        device: Registry id.
        role: Its role.
        purpose: A test press, or a step of a walk test.
        by: Login of who started it.
        since_s: When, UTC epoch seconds with fraction.
        until_s: When it ends by itself, UTC epoch seconds.
    """

    device: str
    role: str
    purpose: AnnouncedFor
    by: str
    since_s: float
    until_s: int


class Tests(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={"announced": "a", "from_s": "f", "pressed": "p", "closed": "c"},
):
    """What is remembered of a home's tests: hot state, so short.

    Attributes:
        announced: The step that is announced; None: none, all is real.
        from_s: Since when the next test press is owed, UTC epoch seconds; 0 = the home has nothing to press.
        pressed: A test press came through then; else the home was fitted.
        closed: The incident that was closed as a test last, its device, when that was pressed (UTC epoch
            milliseconds), and ``from_s`` and ``pressed`` before.
    """

    announced: Announced | None = None
    from_s: int = 0
    pressed: int = 0
    closed: tuple[str, str, int, int, int] | None = None

    @property
    def pressed_s(self) -> int:
        """When a test press last came through, UTC epoch seconds; 0 = never."""
        return self.from_s if self.pressed else 0


Devices = dict[str, DeviceMemory]
Result = tuple[Tests, list[AnyDecision]]


def announce(tests: Tests, command: AnnounceStep, devices: Devices, now: datetime, *, incident: str) -> Result:
    """Somebody starts test mode for one device; ``incident`` is the home's running one.

    Refused: ``incident_open`` (what comes then is real), ``no_device``, ``other_role``, ``no_test`` (nothing of this
    role can be tested), ``no_name``, ``bad_time``, ``test_running`` (another person's).
    """
    word = _refusal(tests, command, devices, now, incident)
    if word:
        return tests, [Answered(incident=incident, refused=word)]
    replaced = _over(tests, StepEnd.REPLACED)
    step = Announced(
        command.device,
        command.role,
        command.purpose,
        command.by,
        now.timestamp(),
        math.ceil(now.timestamp()) + command.for_s,
    )
    told = StepAnnounced(
        device=step.device, role=step.role, purpose=step.purpose, by=step.by, since=now, until=moment(step.until_s)
    )
    return msgspec.structs.replace(tests, announced=step), [*replaced, told, Answered()]


def _refusal(tests: Tests, command: AnnounceStep, devices: Devices, now: datetime, incident: str) -> str:
    device = devices.get(command.device)
    if incident:
        return "incident_open"
    if device is None:
        return "no_device"
    if command.role != device.role:
        return "other_role"
    if command.role not in STEPS:
        return "no_test"
    if not command.by.strip():
        return "no_name"
    if not SHORTEST_S <= command.for_s <= LONGEST_S:
        return "bad_time"
    step = tests.announced
    if step is not None and step.by != command.by and now.timestamp() < step.until_s:
        return "test_running"
    return ""


def end(tests: Tests, command: EndStep, *, incident: str) -> Result:
    """Somebody ends test mode before its time; anybody may, because then all is real again."""
    step = tests.announced
    if step is None or step.device != command.device:
        return tests, [Answered(incident=incident, refused="no_test_running")]
    return _without(tests), [*_over(tests, StepEnd.WITHDRAWN, by=command.by), Answered(incident=incident)]


def time_passed(tests: Tests, now: datetime) -> Result:
    """Test mode ends by itself."""
    step = tests.announced
    if step is None or now.timestamp() < step.until_s:
        return tests, []
    return _without(tests), _over(tests, StepEnd.TIME)


def interrupted(tests: Tests, devices: Devices, *, incident: str) -> Result:
    """An incident began, or the device has left the home or changed its role: all is real."""
    step = tests.announced
    if step is None:
        return tests, []
    device = devices.get(step.device)
    if device is None or device.role != step.role:
        return _without(tests), _over(tests, StepEnd.WITHDRAWN)
    return (_without(tests), _over(tests, StepEnd.INCIDENT)) if incident else (tests, [])


def is_announced(
    tests: Tests, id_: str, signal: AnySignal, alarm: AlarmRaised | None, now: datetime, level_before: str
) -> bool:
    """Whether this signal is exactly what was announced, just now, beyond doubt.

    ``alarm`` is what it would raise; ``level_before`` the level that the device reported before.
    """
    step = tests.announced
    if step is None or step.device != id_ or not step.since_s <= now.timestamp() < step.until_s:
        return False
    if not isinstance(signal, STEPS[step.role]) or signal.retained or signal.buffered or signal.echo:
        return False
    if alarm is not None and alarm.late_s:
        return False
    if signal.device_time is not None and signal.device_time.timestamp() < step.since_s - CLOCK_S:
        return False
    if isinstance(signal, Panic | Fall | Alarm):
        return alarm is not None and _is_plain(signal, step.role)
    return _has_changed(signal, level_before)


def _has_changed(signal: AnySignal, level_before: str) -> bool:
    """Whether it happened just now: a repeated level is no step of a walk test."""
    if isinstance(signal, Motion):
        return signal.state == "detected" and not (signal.level and level_before == "detected")
    if isinstance(signal, Presence):
        return signal.state == "detected" and level_before != "detected"
    if isinstance(signal, Contact):
        return not (signal.level and level_before in {"", signal.state})
    if isinstance(signal, Fault):
        return not signal.scope
    if isinstance(signal, Availability):
        return signal.state == "offline" and level_before != "offline"
    return True


def _is_plain(signal: Panic | Fall | Alarm, role: str) -> bool:
    """Whether a call for help is one that a test makes: a first frame, of the announced kind, not under threat."""
    if isinstance(signal, Alarm):
        return signal.alarm_type in ALARM_OF_ROLE.get(role, frozenset())
    if isinstance(signal, Panic) and signal.ongoing:
        return False
    word = (signal.subtype or "").lower()
    return not any(threat in word for threat in THREATENED)


def matched(tests: Tests, signal: AnySignal, device: DeviceMemory, now: datetime) -> Result:
    """The announced step has come: it closes itself, with the evidence.

    ``device`` is the device's memory after the signal.
    """
    step = tests.announced
    assert step is not None, "only an announced step is matched"
    evidence = Evidence(
        signal=kind_of(signal),
        at=now,
        event_id=signal.event_id or "",
        word=str(getattr(signal, "subtype", None) or getattr(signal, "action", None) or ""),
        device_time=signal.device_time,
        battery_percent=device.percent if device.percent >= 0 else None,
        lqi=device.lqi if device.lqi >= 0 else None,
        rssi_dbm=device.rssi_dbm or None,
    )
    after = msgspec.structs.replace(tests, announced=None)
    if step.role in CALLERS:
        after = msgspec.structs.replace(after, from_s=int(now.timestamp()), pressed=1)
    return after, _over(tests, StepEnd.MATCHED, evidence=evidence)


def closed_as_test(tests: Tests, it: Incident, devices: Devices, by: str, second: str) -> Result:
    """An incident was closed. If it was nothing but presses of the home's own button, and a test, it counts as one.

    Args:
        tests: Of the home.
        it: The closed incident.
        devices: Of the home.
        by: Login of who closed it.
        second: Login of who agreed, where that was needed.
    """
    first = it.alarms[0]
    device = devices.get(first.device)
    pressed = all(a.kind is AlarmKind.PANIC and a.device == first.device and not a.late_s for a in it.alarms)
    threatened = any(word in a.detail.lower() for a in it.alarms for word in THREATENED)
    whole = it.alarm_count == len(it.alarms)
    is_test = it.outcome is Outcome.TEST and pressed and whole and not threatened
    if not is_test or device is None or device.role not in CALLERS:
        return tests, []
    evidence = Evidence(signal="panic", at=first.at, word=first.detail, device_time=first.device_time, incident=it.id)
    of: dict[str, Any] = {"device": first.device, "role": device.role, "purpose": AnnouncedFor.PRESS, "by": by}
    told: list[AnyDecision] = [
        StepAnnounced(**of, since=first.at, until=first.at),
        StepEnded(**of, since=first.at, how=StepEnd.CLOSED, ended_by=second or by, evidence=evidence),
    ]
    at_s, known = int(first.at.timestamp()), (tests.from_s, tests.pressed)
    closed = (it.id, first.device, round(first.at.timestamp() * 1000), *known)
    after = (max(at_s, tests.from_s), 1) if at_s >= tests.from_s or not tests.pressed else known
    return msgspec.structs.replace(tests, closed=closed, from_s=after[0], pressed=after[1]), told


def taken_up(tests: Tests, it: Incident, devices: Devices, by: str) -> Result:
    """An incident that was closed as a test is taken up again: it was none."""
    if tests.closed is None or tests.closed[0] != it.id:
        return tests, []
    _, id_, at_ms, from_s, pressed = tests.closed
    role = devices[id_].role if id_ in devices else ""
    ended = StepEnded(
        device=id_,
        role=role,
        purpose=AnnouncedFor.PRESS,
        by=by,
        since=datetime.fromtimestamp(at_ms / 1000, moment(0).tzinfo),
        how=StepEnd.WITHDRAWN,
        ended_by=by,
    )
    unchanged = tests.from_s > max(at_ms // 1000, from_s)  # pressed again meanwhile
    back = {} if unchanged else {"from_s": from_s, "pressed": pressed}
    return msgspec.structs.replace(tests, closed=None, **back), [ended]


def _over(tests: Tests, how: StepEnd, *, by: str = "", evidence: Evidence | None = None) -> list[AnyDecision]:
    step = tests.announced
    if step is None:
        return []
    since = datetime.fromtimestamp(step.since_s, moment(0).tzinfo)
    ended = StepEnded(
        device=step.device,
        role=step.role,
        purpose=step.purpose,
        by=step.by,
        since=since,
        how=how,
        ended_by=by,
        evidence=evidence,
    )
    return [ended]


def _without(tests: Tests) -> Tests:
    return msgspec.structs.replace(tests, announced=None)


def owed(tests: Tests, devices: Devices, now_s: int) -> Tests:
    """Since when the home owes test presses: since it has something to press."""
    has_caller = any(device.role in CALLERS for device in devices.values())
    if has_caller == bool(tests.from_s):
        return tests
    return msgspec.structs.replace(tests, from_s=now_s if has_caller else 0, pressed=0)


def press_due_s(tests: Tests, policy: Policy) -> int:
    """When the next test press is overdue, UTC epoch seconds; 0: the home owes none."""
    return tests.from_s + policy.test_every_s if tests.from_s else 0


def is_overdue(tests: Tests, now_s: int, policy: Policy) -> bool:
    """Whether the home's test press is overdue."""
    return 0 < press_due_s(tests, policy) <= now_s


def wakes_s(tests: Tests, now_s: int, policy: Policy) -> list[int]:
    """When something of a home's tests falls due, UTC epoch seconds."""
    press = press_due_s(tests, policy)
    due = [press] if press > now_s else []
    return [*due, tests.announced.until_s] if tests.announced is not None else due
