"""Is the equipment there? Check-ins, batteries, tampering: what is remembered of a device and which faults follow."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from alerting.decisions import AnyDecision, FaultCleared, FaultOpened
from alerting.equipment_terms import FOLLOWS_LEAST_S, UNDECLARED_S
from alerting.events import DeviceFacts
from alerting.homes import battery, chatter, check_ins, hubs, symptoms, trouble
from alerting.homes.check_ins import CheckInState
from alerting.homes.device_memory import (
    CLEARS,
    ENDS,
    FAULTY,
    GONE,
    NEVER_HEARD,
    SEES_LIFE,
    STUCK,
    UNARMED,
    WEAK,
    WEAK_MOST,
    WEAK_ONE,
    DeviceMemory,
    Told,
    limit_of,
    turned,
)
from alerting.model import FaultKind
from alerting.policy import Policy
from device_adapters.adapter import CALLERS
from device_adapters.signals import (
    AnySignal,
    Availability,
    Battery,
    Contact,
    DeviceInfo,
    Fault,
    Heartbeat,
    Link,
    Motion,
    Presence,
    Provisioning,
    Tamper,
    kind_of,
)


def enrolled(facts: DeviceFacts, known: DeviceMemory | None, now_s: int, policy: Policy) -> DeviceMemory:
    """Memory of a device as the registry now describes it.

    A new one has its time to speak from now on, and so has one whose time has become shorter.
    """
    limit_s = limit_of(facts, policy)
    if known is not None and limit_s < known.check_in_s and not known.missed:
        known = msgspec.structs.replace(known, seen_s=max(now_s, known.seen_s))
    known = known or DeviceMemory(facts.role, facts.room, limit_s, now_s, flags=NEVER_HEARD)
    flags = known.flagged(UNARMED, on=not facts.armed)
    device = msgspec.structs.replace(known, role=facts.role, room=facts.room, check_in_s=limit_s, flags=flags)
    return missed(facts.id, device, now_s, policy)[0] if known.missed else device


def left(id_: str, device: DeviceMemory) -> list[AnyDecision]:
    """The faults that end because the device is no longer of this home."""
    open_faults = {
        FaultKind.BATTERY_LOW: device.low,
        FaultKind.TAMPER: device.tamper,
        _silence(device): device.missed,
        FaultKind.OFFLINE: device.offline,
        FaultKind.CHATTERS: chatter.is_chattering(device.rates),
        FaultKind.DEVICE: device.flags & FAULTY,
        FaultKind.UNREADABLE: device.unread,
        FaultKind.BATTERY_ENDS: device.flags & ENDS,
        FaultKind.WEAK_LINK: device.flags & WEAK,
        FaultKind.STUCK: device.flags & STUCK,
    }
    return [FaultCleared(device=id_, kind=kind) for kind, is_open in open_faults.items() if is_open]


def is_repeat(device: DeviceMemory, signal: AnySignal) -> bool:
    """A numbered message that is not newer than the newest of its boot: a device without receipts repeats for ever.

    Several signals share one message's number, so of the newest message only the signal that is the event itself is
    known to be a repeat. A number without a boot id may begin again at any time and proves nothing.
    """
    if signal.seq is None or not signal.boot:
        return False
    newest = device.seq if signal.boot == device.boot else device.earlier.get(signal.boot, -1)
    return signal.seq < newest or (signal.seq == newest and signal.event_id is not None)


def _numbered(device: DeviceMemory, signal: AnySignal) -> dict[str, object]:
    """The marks after a numbered message: of this boot, and of the one before."""
    if signal.seq is None or not signal.boot:
        return {}
    if signal.boot == device.boot:
        return {"seq": signal.seq} if signal.seq > device.seq else {}
    if signal.boot in device.earlier:
        return {"earlier": {signal.boot: signal.seq}} if signal.seq > device.earlier[signal.boot] else {}
    earlier = {device.boot: device.seq} if device.boot else {}
    return {"boot": signal.boot, "seq": signal.seq, "earlier": earlier}


ABOUT_ITSELF = frozenset({Link, Battery, Heartbeat, DeviceInfo})
"""Signals in which a device speaks of itself alone: neither a call for help nor a sign that somebody moved."""


def level_before(device: DeviceMemory, signal: AnySignal) -> str:
    """The level that the device last reported of this kind of signal; empty when none is known."""
    if isinstance(signal, Availability):
        return ("online", "offline")[device.offline]
    return device.levels.get(kind_of(signal), "")


def heard(
    id_: str, device: DeviceMemory, signal: AnySignal, now_s: int, policy: Policy
) -> tuple[DeviceMemory, list[AnyDecision]]:
    """The device's memory after a signal, and the faults that open or clear with it."""
    to, decisions = _alive(id_, device, signal, now_s, policy)
    to |= _numbered(device, signal)
    alive = msgspec.structs.replace(device, **to) if to else device
    said, faults = _said(id_, alive, signal, now_s, policy)
    return (msgspec.structs.replace(alive, **said) if said else alive), decisions + faults


def is_own_word(signal: AnySignal) -> bool:
    """Whether it is a live word of the device itself; the bridge's opinion or a retained copy is not."""
    if signal.retained or isinstance(signal, Availability | Provisioning):
        return False
    return not (isinstance(signal, Fault) and signal.scope)  # then the network speaks of the device


def _silence(device: DeviceMemory) -> FaultKind:
    """Which fault its silence is."""
    return FaultKind.NEVER_SEEN if device.flags & NEVER_HEARD else FaultKind.MISSED_CHECK_IN


def _alive(id_: str, device: DeviceMemory, signal: AnySignal, now_s: int, policy: Policy) -> Told:
    """A live word of the device itself is a sign of life."""
    if not is_own_word(signal):
        return {}, []
    to: dict[str, object] = {"seen_s": now_s} if now_s > device.seen_s else {}  # a press may have overtaken this
    trace = check_ins.paused(
        device.trace or symptoms.changed("", now_s),
        now_s - device.seen_s,
        now_s,
        limit_s=device.check_in_s,
        was_silent=bool(device.missed),
        terms=policy.equipment,
    )
    if trace is not device.trace:
        to["trace"] = trace
    faults: list[AnyDecision] = []
    if device.missed:
        to["missed"] = 0
        faults.append(FaultCleared(device=id_, kind=_silence(device)))
    if device.offline:
        to["offline"] = 0
        faults.append(FaultCleared(device=id_, kind=FaultKind.OFFLINE))
    if device.flags & NEVER_HEARD:
        to["flags"] = device.flagged(NEVER_HEARD, on=False)
    return to, faults


def _said(id_: str, device: DeviceMemory, signal: AnySignal, now_s: int, policy: Policy) -> Told:
    """What the signal says about the device itself."""
    if isinstance(signal, Motion | Presence | Contact):
        return _sensed(id_, device, signal, now_s)
    if isinstance(signal, Link):
        return _link(id_, device, signal, policy)
    if isinstance(signal, Battery):
        return battery.said(id_, device, signal, now_s, policy)
    if isinstance(signal, Tamper):
        active = signal.state == "active"
        return {"tamper": int(active)}, turned(id_, FaultKind.TAMPER, was=device.tamper, now=active)
    if isinstance(signal, Availability) and signal.scope != "gateway":
        offline = signal.state == "offline"
        return {"offline": int(offline)}, turned(id_, FaultKind.OFFLINE, was=device.offline, now=offline)
    if isinstance(signal, Fault):
        return trouble.said(id_, device, signal, now_s)
    return {}, []


def _sensed(id_: str, device: DeviceMemory, signal: symptoms.Sensed, now_s: int) -> Told:
    """What it senses: its level, and that it is not stuck."""
    kind = kind_of(signal)
    to: dict[str, object] = {}
    faults: list[AnyDecision] = []
    if symptoms.has_changed(signal, device.levels.get(kind, "")):
        trace = symptoms.changed(device.trace, now_s)
        to |= {"trace": trace} if trace is not device.trace else {}
        flags = device.flagged(STUCK, on=False) | (CLEARS if signal.state == "clear" else 0)
        to |= {"flags": flags} if flags != device.flags else {}
        faults = turned(id_, FaultKind.STUCK, was=device.flags & STUCK, now=False)
    if not signal.buffered and device.levels.get(kind) != signal.state:
        to["levels"] = {**device.levels, kind: signal.state}
    return to, faults


def _link(id_: str, device: DeviceMemory, signal: Link, policy: Policy) -> Told:
    """How well it is heard; weak only after several reports, and good only after as many."""
    radio = {"lqi": signal.lqi, "rssi_dbm": None if signal.rssi_dbm is None else round(signal.rssi_dbm)}
    to: dict[str, object] = {name: value for name, value in radio.items() if value is not None}
    step, why = symptoms.weak_word(signal, policy.equipment)
    count = device.weak
    after = min(policy.equipment.weak_reports, WEAK_MOST, max(0, count + step))
    is_weak = bool(device.flags & WEAK)
    weak = after > 0 if is_weak else after >= policy.equipment.weak_reports
    flags = device.flagged(WEAK, on=weak) + (after - count) * WEAK_ONE
    if flags != device.flags:
        to["flags"] = flags
    return to, turned(id_, FaultKind.WEAK_LINK, was=is_weak, now=weak, detail=why)


def stuck(
    id_: str, device: DeviceMemory, devices: Mapping[str, DeviceMemory], now_s: int, policy: Policy
) -> tuple[DeviceMemory, list[AnyDecision]]:
    """The fault of a sensor that has just spoken and is stuck, if it is; it ends with its next change."""
    if device.role not in SEES_LIFE or device.flags & (STUCK | UNARMED | NEVER_HEARD):
        return device, []
    if symptoms.unchanged_h(device.trace, now_s) < policy.equipment.stuck_on_h:
        return device, []
    others_h = [symptoms.unchanged_h(d.trace, now_s) for name, d in devices.items() if name != id_ and _is_eye(d)]
    why = symptoms.stuck_word(
        device.role,
        device.trace,
        occupied=bool(device.flags & CLEARS) and "detected" in device.levels.values(),
        others_h=min(others_h, default=None),
        now_s=now_s,
        terms=policy.equipment,
    )
    if not why:
        return device, []
    stays = msgspec.structs.replace(device, flags=device.flags | STUCK)
    return stays, [FaultOpened(device=id_, kind=FaultKind.STUCK, detail=why)]


def silent_after_s(device: DeviceMemory, policy: Policy) -> int:
    """After how long without a word the device is silent, by what is set for it or its own pauses, seconds."""
    return check_ins.silent_after_s(device.trace, device.role, device.check_in_s, policy.equipment)


def check_in_due_s(device: DeviceMemory, policy: Policy) -> int:
    """When the device's silence becomes a fault, then one from which things follow, UTC epoch seconds; 0: it has."""
    if device.missed == GONE:
        return 0
    return device.seen_s + (follows_after_s(device, policy) if device.missed else silent_after_s(device, policy))


def follows_after_s(device: DeviceMemory, policy: Policy) -> int:
    """After how long without a word a device counts as unable to see or to call, seconds; never before it is silent.

    What sees life is judged by what is set or declared alone: its own pauses are those of the resident.
    """
    silent_s = silent_after_s(device, policy)
    if device.role == "hub":
        return silent_s + hubs.grace_s(silent_s)
    if device.role in CALLERS:
        return max(silent_s, min(device.check_in_s, FOLLOWS_LEAST_S))
    if device.role not in SEES_LIFE:
        return silent_s
    is_declared = device.check_in_s != policy.equipment.check_in_of(device.role).silent_s
    return device.check_in_s if is_declared else max(device.check_in_s, UNDECLARED_S)


def stands(device: DeviceMemory, now_s: int, policy: Policy) -> tuple[CheckInState, int]:
    """How a device stands with its check-in, and since when or until when, UTC epoch seconds."""
    silent_s = silent_after_s(device, policy)
    late_s = device.seen_s + policy.equipment.late_after_s(device.role, silent_s)
    if device.missed or now_s >= device.seen_s + silent_s:
        return CheckInState.SILENT, device.seen_s + silent_s
    return (CheckInState.LATE if now_s >= late_s else CheckInState.IN_TIME), late_s


def missed(id_: str, device: DeviceMemory, now_s: int, policy: Policy) -> tuple[DeviceMemory, list[AnyDecision]]:
    """The fault of a device that has been silent too long, if it has, and once so long that things follow."""
    due = check_in_due_s(device, policy)
    if due == 0 or now_s < due:
        return device, []
    gone = now_s >= device.seen_s + follows_after_s(device, policy)
    if device.missed:
        return (msgspec.structs.replace(device, missed=GONE) if gone else device), []
    for_s = due - device.seen_s
    detail = f"{'own' if for_s < device.check_in_s else 'class'}|{for_s}"
    silent = msgspec.structs.replace(device, missed=GONE if gone else 1)
    return silent, [FaultOpened(device=id_, kind=_silence(device), detail=detail)]


def cannot_be_seen(devices: Mapping[str, DeviceMemory], behind: hubs.Behind) -> bool:
    """Whether every sensor that could show life (there is one) is silent for long or cut off, or the hub is gone."""
    if hubs.gone(devices, behind):
        return True
    eyes, cut = _eyes(devices), hubs.cut_off(devices, behind)
    return bool(eyes) and all(d.missed == GONE or d.offline or id_ in cut for id_, d in eyes.items())


def why_unseen(devices: Mapping[str, DeviceMemory], behind: hubs.Behind) -> str:
    """Why the home cannot be seen, a word and a hub; empty when it is its sensors.

    ``hub``: it is gone, and nothing at all comes through. ``sensors``: those behind it do not, other devices may.
    """
    if hub := hubs.gone(devices, behind):
        return f"hub|{hub}"
    eyes = _eyes(devices)
    return next((f"sensors|{hub}" for id_, hub in hubs.cut_off(devices, behind).items() if id_ in eyes), "")


def has_eyes(devices: Mapping[str, DeviceMemory]) -> bool:
    """Whether the home has a sensor that could show life; without one its silence says nothing."""
    return any(d.role in SEES_LIFE for d in devices.values())


def last_seen_s(devices: Mapping[str, DeviceMemory], behind: hubs.Behind) -> int:
    """Until when the home could be seen: the last word of its sensors, or of the hub that is gone; 0 without either."""
    hub, cut = hubs.gone(devices, behind), hubs.cut_off(devices, behind)
    saw = [max(d.seen_s, devices[cut[id_]].seen_s if id_ in cut else 0) for id_, d in _eyes(devices).items()]
    return max([*saw, *([devices[hub].seen_s] if hub else [])], default=0)


def last_word_s(devices: dict[str, DeviceMemory]) -> int:
    """Last word of any device, UTC epoch seconds; 0 when there is none."""
    return max((d.seen_s for d in devices.values()), default=0)


def _eyes(devices: Mapping[str, DeviceMemory]) -> dict[str, DeviceMemory]:
    return {id_: d for id_, d in devices.items() if _is_eye(d)}


def _is_eye(device: DeviceMemory) -> bool:
    return device.role in SEES_LIFE
