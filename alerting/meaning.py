"""What one signal means: is it a call for help, and does it show that somebody moved?"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.homes.device_memory import TESTED, DeviceMemory
from alerting.incidents.joining import is_put_away
from alerting.model import Alarm as AlarmRaised
from alerting.model import AlarmKind, Incident
from alerting.policy import Policy
from device_adapters.signals import Alarm, AnySignal, Button, Contact, Fall, Motion, Panic, Presence

DEVICE_ALARMS: dict[str, AlarmKind] = {
    "smoke": AlarmKind.SMOKE,
    "gas": AlarmKind.GAS,
    "carbon_monoxide": AlarmKind.GAS,
    "medical": AlarmKind.MEDICAL,
}
"""Alarms that devices raise under a name of their own; any other is *uncertain*."""

STANDING_MAX = 4
"""Conditions remembered of one device; a device can invent names without end."""


def calls_for_help(signal: AnySignal) -> bool:
    """Whether the signal can be a person asking for help, so that it must never be lost or delayed."""
    return isinstance(signal, Panic | Fall | Alarm) and signal.state == "active"


def alarm_of(
    signal: AnySignal,
    device_id: str,
    device: DeviceMemory | None,
    now: datetime,
    policy: Policy,
    *,
    running: Incident | None,
) -> AlarmRaised | None:
    """The alarm a signal raises at once, or None.

    A second copy of a press that its bridge sends along is the same press, and so is a report that repeats the flag
    of one already heard; everything else rings, also late. ``running`` is the incident that the alarm would join.
    """
    kind = _kind_of(signal)
    if kind is None:
        return None
    detail = signal.alarm_type if isinstance(signal, Alarm) else ""
    if isinstance(signal, Panic | Fall):
        detail = signal.subtype or ""
    is_worked_on = running is not None and _is_worked_on(running, (device_id, kind, detail))
    if device is not None and _is_known(signal, device, now, policy, is_worked_on=is_worked_on):
        return None
    return AlarmRaised(
        kind=kind,
        at=now,
        device=device_id,
        room=device.room if device is not None else "",
        device_time=signal.device_time,
        late_s=_late_s(signal, now, policy),
        detail=detail,
    )


def _is_worked_on(running: Incident, same: tuple[str, AlarmKind, str]) -> bool:
    """Whether this very condition rings or is in somebody's hands, and nobody thinks that it is over."""
    return not is_put_away(running) and any((it.device, it.kind, it.said or it.detail) == same for it in running.alarms)


def _is_known(signal: AnySignal, device: DeviceMemory, now: datetime, policy: Policy, *, is_worked_on: bool) -> bool:
    """Whether what this signal speaks of has rung already.

    A flag whose first report was lost has not. What is only a state is known for a short time, because a new press,
    fall or fire looks the same when the end of the one before was lost: when in doubt, ring. A fall or fire is known
    for longer while its incident is being worked on, for then it hides nothing.
    """
    if isinstance(signal, Panic):
        since_s = now.timestamp() - abs(device.pressed_s)
        if device.pressed_s < 0:  # it has ended: only a copy can be of it
            return signal.echo and since_s <= policy.echo_s
        if device.is_tested:  # nothing has rung: whatever is more than its copies may be a real press
            return (signal.ongoing or signal.level or signal.echo) and since_s <= policy.echo_s
        if signal.ongoing:
            return since_s <= policy.ongoing_s
        if signal.level:
            return since_s <= policy.repeat_s
        return signal.echo and since_s <= policy.echo_s
    if isinstance(signal, Fall | Alarm) and signal.level:
        reported_s = device.standing.get(_condition(signal), 0)
        if reported_s < 0:  # an announced test: nothing has rung
            return now.timestamp() + reported_s <= policy.echo_s
        return now.timestamp() - reported_s <= (policy.ongoing_s if is_worked_on else policy.repeat_s)
    return False


def remembered(device: DeviceMemory, signal: AnySignal, now: datetime, *, rang: bool) -> DeviceMemory:
    """The device's memory of the calls for help that stand, so that a repeat of one is known for what it is.

    A retained press says nothing about now; a suppressed echo must not make the next one an echo too, and no copy of
    an announced test makes the test's short time longer.
    """
    if isinstance(signal, Panic) and not signal.retained:
        untested = device.flagged(TESTED, on=False)
        if signal.state != "active":
            return msgspec.structs.replace(device, pressed_s=-abs(device.pressed_s) or 0, flags=untested)
        if rang or ((signal.ongoing or signal.level) and not device.is_tested):
            return msgspec.structs.replace(device, pressed_s=now.timestamp(), flags=untested)
    if isinstance(signal, Fall | Alarm) and signal.level:
        name = _condition(signal)
        standing = {known: at_s for known, at_s in device.standing.items() if known != name}
        if signal.state == "active":
            is_copy_of_test = not rang and device.standing.get(name, 0) < 0
            standing[name] = device.standing[name] if is_copy_of_test else int(now.timestamp())
        return msgspec.structs.replace(device, standing=dict([*standing.items()][-STANDING_MAX:]))
    return device


def tested(device: DeviceMemory, signal: AnySignal) -> DeviceMemory:
    """The device's memory when the call just remembered was an announced test: only its copies are known."""
    if isinstance(signal, Panic):
        return msgspec.structs.replace(device, flags=device.flagged(TESTED, on=True))
    if isinstance(signal, Fall | Alarm) and signal.level:
        name = _condition(signal)
        return msgspec.structs.replace(device, standing={**device.standing, name: -device.standing[name]})
    return device


def _condition(signal: Fall | Alarm) -> str:
    return signal.alarm_type if isinstance(signal, Alarm) else "fall"


def _kind_of(signal: AnySignal) -> AlarmKind | None:
    if isinstance(signal, Panic):
        if signal.state != "active":
            return None
        return AlarmKind.RETAINED_PANIC if signal.retained else AlarmKind.PANIC
    if isinstance(signal, Fall):
        return AlarmKind.FALL if signal.state == "active" else None
    if isinstance(signal, Alarm) and signal.state == "active":
        return DEVICE_ALARMS.get(signal.alarm_type, AlarmKind.UNCERTAIN)
    return None


def _late_s(signal: AnySignal, now: datetime, policy: Policy) -> int:
    """Age of a call for help on arrival, seconds; 0 when it is live as far as anybody can tell."""
    if signal.device_time is None:
        return 0
    age_s = int((now - signal.device_time).total_seconds())
    return age_s if age_s >= policy.late_from_s else 0


def is_activity(signal: AnySignal, level_before: str) -> bool:
    """Whether the signal shows that somebody moved just now.

    A level that is merely repeated (a cached ``occupancy: true`` in a report about something else) shows nothing
    new; its end does, because somebody was there until then. A retained or stored report says nothing about now.
    """
    if signal.retained or signal.buffered:
        return False
    if isinstance(signal, Motion):
        return _turned(signal, level_before) if signal.level else signal.state == "detected"
    if isinstance(signal, Presence):
        return _turned(signal, level_before)
    if isinstance(signal, Contact):
        return not (signal.level and level_before in {"", signal.state})
    if isinstance(signal, Panic):
        return signal.state == "active" and not signal.ongoing
    return isinstance(signal, Button)


def _turned(signal: Motion | Presence, level_before: str) -> bool:
    return signal.state != level_before and "detected" in {signal.state, level_before}
