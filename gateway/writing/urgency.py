"""Which messages overtake (by topic, registry, or a cheap look at the bytes), and which are calls for help."""

from __future__ import annotations

from alerting.meaning import calls_for_help
from device_adapters.adapter import Message, Rejected
from device_adapters.catalogue import ADAPTERS, adapter_for_topic, can_be_urgent, decode
from gateway.self_supervision import canary
from gateway.writing.directory import Directory


def is_urgent(message: Message, directory: Directory) -> bool:
    """Whether a message can be a call for help. Wrong only on the side of haste."""
    bridge = directory.bridge_of(message.topic)
    if bridge is None:
        return can_be_urgent(message.topic, message.payload, None)
    if directory.may_call(bridge.id, message.topic):
        return True
    return can_be_urgent(message.topic, message.payload, ADAPTERS.get(bridge.adapter))


def is_call(message: Message, directory: Directory) -> bool:
    """Whether somebody in a home calls for help in this message: read in full, so that nothing else is taken for it."""
    bridge = directory.bridge_of(message.topic)
    if bridge is None:
        guessed = adapter_for_topic(message.topic)
        adapter, prefix, name = (*guessed, "") if guessed is not None else (None, "", "")
    else:
        adapter, prefix, name = ADAPTERS.get(bridge.adapter), bridge.prefix, bridge.id
    if adapter is None or name == canary.BRIDGE.id:
        return False
    try:
        return any(map(calls_for_help, decode(message, adapter, prefix, directory.known_of(name))))
    except Rejected:
        return False  # set aside by the judge, later
