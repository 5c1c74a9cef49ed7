"""Which messages overtake: by topic, by what is registered of the device, or by a cheap look at the bytes."""

from __future__ import annotations

from device_adapters.adapter import Message
from device_adapters.catalogue import ADAPTERS, can_be_urgent
from gateway.directory import Directory


def is_urgent(message: Message, directory: Directory) -> bool:
    """Whether a message can be a call for help. Wrong only on the side of haste."""
    bridge = directory.bridge_of(message.topic)
    if bridge is None:
        return can_be_urgent(message.topic, message.payload, None)
    if directory.may_call(bridge.id, message.topic):
        return True
    return can_be_urgent(message.topic, message.payload, ADAPTERS.get(bridge.adapter))
