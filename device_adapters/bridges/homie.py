"""Homie 3, 4 and 5: ``homie/[5/]<device>/<node>/<property>``, attributes with ``$``.

Source: the Homie convention. Properties are named by their makers, and read by their words. Everything is retained but
properties that are declared as momentary.
"""

from __future__ import annotations

from typing import Any

from device_adapters.adapter import Adapter, Known, Message
from device_adapters.bridges.plain_values import is_calm, said_of
from device_adapters.signals import AnySignal, Availability, DeviceInfo, Fault, Heartbeat

_STATES = {"ready": "online", "disconnected": "offline", "lost": "offline"}
_OF_THE_DEVICE = 2
_OF_A_PROPERTY = 3


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one topic; descriptions and commands say nothing."""
    del known
    levels = message.topic[len(prefix) + 1 :].split("/")
    if levels[0] == "5":
        levels = levels[1:]
    if not message.payload or not levels or levels[-1] in {"set", "$target"}:
        return []
    said: dict[str, Any] = {"device": levels[0], "arrived_at": message.arrived_at, "retained": message.retained}
    value = message.payload.decode("utf-8", "replace").strip()
    if len(levels) == _OF_THE_DEVICE and levels[1] == "$state":
        return _state(value, said)
    if levels[1:] == ["$fw", "version"]:
        return [DeviceInfo(firmware=value[:64], **said)]
    if len(levels) != _OF_A_PROPERTY or any(level.startswith("$") for level in levels):
        return []
    words = f"{levels[1]} {levels[2]}"
    return said_of(words, value, said) or said_of(levels[2], value, said) or [Heartbeat(**said)]


def _state(value: str, said: dict[str, Any]) -> list[AnySignal]:
    """A sleeping device is well; one that asks for care is a fault."""
    state: Any = _STATES.get(value)
    if state is not None:
        return [Availability(state=state, **said)]
    return [Fault(code="device", **said)] if value == "alert" else [Heartbeat(**said)]


def urgent(topic: str, payload: bytes) -> bool:
    """Every property that does not plainly say off or a number other than 1."""
    return "/$" not in topic and not is_calm(payload)


ADAPTER = Adapter(name="homie", title="Homie 3, 4, 5", default_prefix="homie", decode=decode, urgent=urgent)
