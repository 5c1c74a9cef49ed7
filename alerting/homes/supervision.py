"""Is the equipment there? Check-ins, batteries, tampering: what is remembered of a device and which faults follow."""

from __future__ import annotations

import msgspec

from alerting.decisions import AnyDecision, FaultCleared, FaultOpened
from alerting.events import DeviceFacts
from alerting.homes import chatter
from alerting.model import Bucket, FaultKind
from alerting.policy import Policy
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

SEES_LIFE = frozenset({"motion", "presence", "door"})
"""Roles that can show that somebody moves."""


UNARMED = 1
TESTED = 2
FAULTY = 4


class DeviceMemory(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of one device: hot state, so short.

    Attributes:
        role: From the registry.
        room: From the registry.
        check_in_s: From the registry: longest time without a word, seconds.
        seen_s: Last sign of life, or when it was enrolled, UTC epoch seconds.
        levels: Last reported levels by kind of signal (``motion`` detected, ``contact`` open …).
        percent: Battery, 0-100; -1 not known.
        volts: Battery; 0 not known.
        lqi: Zigbee link quality 0-255; -1 not known.
        rssi_dbm: Radio; 0 not known.
        low: Battery fault open.
        tamper: Tamper fault open.
        missed: Check-in fault open.
        offline: Bridge says it cannot be reached.
        pressed_s: Last live press, or frame that repeats its flag, UTC epoch seconds with fraction; 0 when cleared.
        boot: Boot id of the last numbered message.
        seq: Highest sequence number within that boot.
        standing: Fall and other alarms it reports as states, and when last, UTC epoch seconds.
        earlier: The same of the boot before, sequence by boot id: what had no receipt then may be repeated now.
        rates: How often it may still ring, by kind of alarm and its own word for it; only of those that rang lately.
        flags: What is rare, as bits: ``UNARMED``; ``TESTED``, its latest press was an announced test; ``FAULTY``, it
            has reported a fault of its own.
    """

    role: str
    room: str
    check_in_s: int
    seen_s: int
    levels: dict[str, str] = {}
    percent: float = -1
    volts: float = 0
    lqi: int = -1
    rssi_dbm: float = 0
    low: bool = False
    tamper: bool = False
    missed: bool = False
    offline: bool = False
    pressed_s: float = 0
    boot: str = ""
    seq: int = -1
    standing: dict[str, int] = {}
    earlier: dict[str, int] = {}
    rates: dict[str, Bucket] = {}
    flags: int = 0

    @property
    def is_armed(self) -> bool:
        """Whether its installation is finished."""
        return not self.flags & UNARMED

    @property
    def is_tested(self) -> bool:
        """Whether the press in ``pressed_s`` was an announced test, so that nothing has rung for it."""
        return bool(self.flags & TESTED)

    def knows(self, facts: DeviceFacts) -> bool:
        """Whether these facts of the registry are in it."""
        known = (self.role, self.room, self.check_in_s, self.is_armed)
        return known == (facts.role, facts.room, facts.check_in_s, facts.armed)

    def flagged(self, flag: int, *, on: bool) -> int:
        """The flags with one of them set or cleared."""
        return self.flags | flag if on else self.flags & ~flag


def enrolled(facts: DeviceFacts, known: DeviceMemory | None, now_s: int) -> DeviceMemory:
    """Memory of a device as the registry now describes it; a new one has been seen when it was enrolled."""
    known = known or DeviceMemory(facts.role, facts.room, facts.check_in_s, now_s)
    flags = known.flagged(UNARMED, on=not facts.armed)
    return msgspec.structs.replace(known, role=facts.role, room=facts.room, check_in_s=facts.check_in_s, flags=flags)


def left(id_: str, device: DeviceMemory) -> list[AnyDecision]:
    """The faults that end because the device is no longer of this home."""
    open_faults = {
        FaultKind.BATTERY_LOW: device.low,
        FaultKind.TAMPER: device.tamper,
        FaultKind.MISSED_CHECK_IN: device.missed,
        FaultKind.OFFLINE: device.offline,
        FaultKind.CHATTERS: chatter.is_chattering(device.rates),
        FaultKind.DEVICE: bool(device.flags & FAULTY),
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


Told = tuple[dict[str, object], list[AnyDecision]]
"""Fields of the memory that change, and the faults that open or clear with them."""


ABOUT_ITSELF = frozenset({Link, Battery, Heartbeat, DeviceInfo})
"""Signals in which a device speaks of itself alone: neither a call for help nor a sign that somebody moved."""


def level_before(device: DeviceMemory, signal: AnySignal) -> str:
    """The level that the device last reported of this kind of signal; empty when none is known."""
    return device.levels.get(kind_of(signal), "")


def heard(
    id_: str, device: DeviceMemory, signal: AnySignal, now_s: int, policy: Policy
) -> tuple[DeviceMemory, list[AnyDecision]]:
    """The device's memory after a signal, and the faults that open or clear with it."""
    to, decisions = _alive(id_, device, signal, now_s)
    to |= _numbered(device, signal)
    said, faults = _said(id_, device, signal, policy)
    to |= said
    return (msgspec.structs.replace(device, **to) if to else device), decisions + faults


def is_own_word(signal: AnySignal) -> bool:
    """Whether it is a live word of the device itself; the bridge's opinion or a retained copy is not."""
    if signal.retained or isinstance(signal, Availability | Provisioning):
        return False
    return not (isinstance(signal, Fault) and signal.scope)  # then the network speaks of the device


def _alive(id_: str, device: DeviceMemory, signal: AnySignal, now_s: int) -> Told:
    """A live word of the device itself is a sign of life."""
    if not is_own_word(signal):
        return {}, []
    to: dict[str, object] = {"seen_s": now_s} if now_s > device.seen_s else {}  # a press may have overtaken this
    faults: list[AnyDecision] = []
    if device.missed:
        to["missed"] = False
        faults.append(FaultCleared(device=id_, kind=FaultKind.MISSED_CHECK_IN))
    if device.offline:
        to["offline"] = False
        faults.append(FaultCleared(device=id_, kind=FaultKind.OFFLINE))
    return to, faults


def _said(id_: str, device: DeviceMemory, signal: AnySignal, policy: Policy) -> Told:
    """What the signal says about the device itself."""
    if isinstance(signal, Motion | Presence | Contact):
        kind = kind_of(signal)
        if signal.buffered or device.levels.get(kind) == signal.state:
            return {}, []
        return {"levels": {**device.levels, kind: signal.state}}, []
    if isinstance(signal, Link):
        radio = {"lqi": signal.lqi, "rssi_dbm": signal.rssi_dbm}
        return {name: value for name, value in radio.items() if value is not None}, []
    if isinstance(signal, Battery):
        return _battery(id_, device, signal, policy)
    if isinstance(signal, Tamper):
        active = signal.state == "active"
        return {"tamper": active}, _turned(id_, FaultKind.TAMPER, was=device.tamper, now=active)
    if isinstance(signal, Availability) and signal.scope != "gateway":
        offline = signal.state == "offline"
        return {"offline": offline}, _turned(id_, FaultKind.OFFLINE, was=device.offline, now=offline)
    if isinstance(signal, Fault):
        faulty: dict[str, object] = {"flags": device.flagged(FAULTY, on=True)}
        return faulty, [FaultOpened(device=id_, kind=FaultKind.DEVICE, detail=signal.code)]
    return {}, []


def _turned(id_: str, kind: FaultKind, *, was: bool, now: bool) -> list[AnyDecision]:
    if was == now:
        return []
    return [FaultOpened(device=id_, kind=kind) if now else FaultCleared(device=id_, kind=kind)]


def _battery(id_: str, device: DeviceMemory, signal: Battery, policy: Policy) -> Told:
    """A device's own flag, or its percentage, opens the fault; only the same kind of statement clears it.

    Many makes send both in each report: a flag that never says low does not contradict a low percentage, nor the
    other way round.
    """
    to: dict[str, object] = {}
    if signal.volts is not None:
        to["volts"] = signal.volts
    was_percent_low = 0 <= device.percent <= policy.battery_low_percent
    percent_low, flag_low = was_percent_low, device.low and not was_percent_low
    if signal.percent is not None:
        to["percent"] = signal.percent
        percent_low = signal.percent <= policy.battery_low_percent
    if signal.low is not None:
        flag_low = signal.low
    elif signal.percent is None:
        return to, []
    to["low"] = percent_low or flag_low
    return to, _turned(id_, FaultKind.BATTERY_LOW, was=device.low, now=percent_low or flag_low)


def check_in_due_s(device: DeviceMemory) -> int:
    """When the device's silence becomes a fault, UTC epoch seconds; 0 when it already is one."""
    return 0 if device.missed else device.seen_s + device.check_in_s


def missed(id_: str, device: DeviceMemory, now_s: int) -> tuple[DeviceMemory, list[AnyDecision]]:
    """The fault of a device that has been silent too long, if it has."""
    due = check_in_due_s(device)
    if due == 0 or now_s < due:
        return device, []
    return msgspec.structs.replace(device, missed=True), [FaultOpened(device=id_, kind=FaultKind.MISSED_CHECK_IN)]


def cannot_be_seen(devices: dict[str, DeviceMemory]) -> bool:
    """Whether every sensor that could show life is silent or cut off (and there is at least one)."""
    eyes = _eyes(devices)
    return bool(eyes) and all(d.missed or d.offline for d in eyes)


def has_eyes(devices: dict[str, DeviceMemory]) -> bool:
    """Whether the home has a sensor that could show life; without one its silence says nothing."""
    return any(d.role in SEES_LIFE for d in devices.values())


def last_seen_s(devices: dict[str, DeviceMemory]) -> int:
    """Last word of any sensor that could show life, UTC epoch seconds; 0 when there is none."""
    return max((d.seen_s for d in _eyes(devices)), default=0)


def last_word_s(devices: dict[str, DeviceMemory]) -> int:
    """Last word of any device, UTC epoch seconds; 0 when there is none."""
    return max((d.seen_s for d in devices.values()), default=0)


def _eyes(devices: dict[str, DeviceMemory]) -> list[DeviceMemory]:
    return [d for d in devices.values() if d.role in SEES_LIFE]
