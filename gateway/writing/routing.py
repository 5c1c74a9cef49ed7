"""From a message to the aggregates that its signals concern: decode, who said it, whose home it is.

Calls for help go one by one and first; what else one device says in one message goes together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from alerting.casefile import Device, DeviceStatus
from alerting.events import CanaryHeard, LinkBack, LinkLost, SignalHeard
from alerting.meaning import calls_for_help
from alerting.model import Aggregate
from device_adapters.adapter import Message, Rejected
from device_adapters.catalogue import decode
from device_adapters.signals import AnySignal, Availability, Provisioning
from gateway.self_supervision import canary
from gateway.writing.directory import Directory
from gateway.writing.origins import once_of, spoken_by
from gateway.writing.stray_keys import stray_key

if TYPE_CHECKING:
    from gateway.writing.judge import Judge


class Routing:
    """Brings what a message says to whom it concerns.

    Args:
        judge: Judges it.
        directory: The registry in memory.
    """

    def __init__(self, judge: Judge, directory: Directory) -> None:
        """Remember both."""
        self._judge = judge
        self._directory = directory

    def hear(self, message: Message) -> None:
        """Judge one message. Never raises: what cannot be used is quarantined with the reason."""
        name, prefix, adapter = spoken_by(message, self._directory)
        if isinstance(adapter, str):
            self._judge.set_aside(message, name, adapter)
            return
        try:
            signals = decode(message, adapter, prefix, self._directory.known_of(name))
        except Rejected as why:
            self._judge.set_aside(message, name, str(why))
            return
        if name == canary.BRIDGE.id:
            self._trial(signals, message)
        else:
            self._route_all(name, signals, message, prefix if adapter.receipts else "")

    def _trial(self, signals: list[AnySignal], message: Message) -> None:
        """The canary: by the way of a press, as far as to what a press means."""
        for signal in signals:
            id_ = signal.event_id
            if id_ and not self._judge.before.has(canary.BRIDGE.id, id_):  # not remembered: said twice it does no harm
                self._judge.judge(Aggregate.DEVICE, canary.KEY, CanaryHeard(id=id_), message.arrived_at)
                self._judge.effects.canary = id_
                self._judge.effects.receipts.append((canary.BRIDGE.prefix, signal.device, id_))

    def _route_all(self, bridge: str, signals: list[AnySignal], message: Message, receipt_prefix: str) -> None:
        """Bring each signal to its aggregate: calls for help one by one and first, the rest of a device together."""
        strange: list[AnySignal] = []
        quiet: dict[str, list[AnySignal]] = {}
        for signal in signals:
            self._judge.signals += 1
            if isinstance(signal, Provisioning) and signal.names is not None:
                self._learn_names(bridge, signal.names)
                continue
            device, named = self._device_of(bridge, signal)
            if device is None:
                strange.append(named)
            if calls_for_help(named):
                self._route_call(bridge, device, named, message, receipt_prefix)
                continue
            if receipt_prefix and named.event_id:
                self._judge.effects.receipts.append((receipt_prefix, named.device, named.event_id))
            if device is not None and device.status is DeviceStatus.ACTIVE:
                quiet.setdefault(device.id, []).append(named)
        for device_id, (first, *more) in quiet.items():
            event = SignalHeard(device_id=device_id, signal=first, more=tuple(more))
            household = self._directory.devices[device_id].household
            self._judge.judge(Aggregate.HOUSEHOLD, household, event, message.arrived_at)
        if strange:
            self._meet(bridge, strange, message)

    def _meet(self, bridge: str, strange: list[AnySignal], message: Message) -> None:
        """What unregistered devices say is set aside, and they are listed; their calls for help ring already."""
        own = [it for it in strange if not _is_of_the_bridge(it)]
        known = self._directory.bridges.get(bridge)
        if known is not None and not known.revoked:
            by_device: dict[str, list[AnySignal]] = {}
            for it in own:
                by_device.setdefault(it.device or it.name, []).append(it)
            for inner, said in by_device.items():
                if inner:
                    self._judge.strangers.hear(bridge, said, message.arrived_at, self._judge.batch.note_stranger)
        if any(not calls_for_help(it) for it in own):
            self._judge.set_aside(message, bridge, "unregistered device" if bridge else "unregistered bridge")

    def _learn_names(self, bridge: str, names: dict[str, str]) -> None:
        if bridge:
            for friendly, inner in self._directory.new_names(bridge, names).items():
                self._judge.batch.names[bridge, friendly] = {"bridge": bridge, "name": friendly, "inner": inner}

    def _device_of(self, bridge: str, signal: AnySignal) -> tuple[Device | None, AnySignal]:
        """The registered device that said it, and the signal with its bridge; a bridge that is a hub is that hub."""
        if isinstance(signal, Availability) and signal.scope == "gateway":
            self._link(bridge, signal)
            hub = self._directory.hub_of(bridge)
            if hub is not None:
                return hub, msgspec.structs.replace(signal, bridge=bridge, scope=None, device=hub.inner)
            return None, signal
        return self._directory.device_of(bridge, signal.device), msgspec.structs.replace(signal, bridge=bridge)

    def _link(self, bridge: str, said: Availability) -> None:
        """A bridge is offline, or online again: its homes that do not know yet are told."""
        assert said.arrived_at is not None, "adapters stamp what they decode"
        lost = said.state == "offline"
        homes = self._directory.homes_behind(bridge)
        event = LinkLost(bridge=bridge, shared=len(homes) > 1) if lost else LinkBack(bridge=bridge)
        for key in homes:
            if self._judge.memory_of(key).hot.blind.cut == ("" if lost else bridge):
                self._judge.judge(Aggregate.HOUSEHOLD, key, event, said.arrived_at)

    def _route_call(
        self, bridge: str, device: Device | None, signal: AnySignal, message: Message, receipt_prefix: str
    ) -> None:
        """A call for help: judged once for its id, at the home of an active device, else as a device without one."""
        origin = f"{bridge}/{signal.device or signal.name}"
        once = once_of(signal, message)
        if not once or not self._judge.before.has(origin, once):
            if device is not None and device.status is DeviceStatus.ACTIVE:
                aggregate, key = Aggregate.HOUSEHOLD, device.household
                event = SignalHeard(device_id=device.id, signal=signal)
            else:
                aggregate, key = Aggregate.DEVICE, stray_key(bridge, signal)
                event = SignalHeard(device_id="", signal=signal, last_home=device.household if device else "")
            self._judge.judge(aggregate, key, event, message.arrived_at)
            if once:
                self._judge.before.note(origin, once, key, message.arrived_at)
        if receipt_prefix and signal.event_id:
            self._judge.effects.receipts.append((receipt_prefix, signal.device, signal.event_id))


def _is_of_the_bridge(signal: AnySignal) -> bool:
    """Whether it is no word of a device, but what a bridge says of itself, or of its devices coming and going."""
    return isinstance(signal, Provisioning) or (isinstance(signal, Availability) and signal.scope is not None)
