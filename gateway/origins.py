"""Which aggregate something belongs to, and what tells one call for help from every other."""

from __future__ import annotations

import zlib

from alerting import editions
from alerting.commands import AnyCommand, SavePlans, SaveRoster
from alerting.events import AnyEvent, Commanded, PageAccepted
from alerting.model import Aggregate
from device_adapters.adapter import Message
from device_adapters.catalogue import without_secrets
from device_adapters.signals import AnySignal
from gateway.store.keys import bounded

STRAY = "~"
"""First character of the key of a device without a home."""


def once_of(signal: AnySignal, message: Message) -> str:
    """What tells this call for help from every other of the device; empty when nothing does: then it rings."""
    if signal.event_id:
        return signal.event_id
    if signal.retained:  # the same retained bytes come with every new session: once a day is enough
        body = without_secrets(message.topic, message.payload)
        return f"retained:{message.topic}:{zlib.crc32(body):08x}:{message.arrived_at:%Y-%m-%d}"
    return ""


def aggregate_of(key: str) -> Aggregate:
    """Whose key it is."""
    if key == editions.KEY:
        return Aggregate.DESK
    return Aggregate.DEVICE if key.startswith(STRAY) else Aggregate.HOUSEHOLD


def stray_key(bridge: str, signal: AnySignal) -> str:
    """Key of a device without a home."""
    return bounded(f"{STRAY}{bridge or 'unknown'}{STRAY}{signal.device or signal.name}".replace("/", "_"))


def addressed(command: AnyCommand | PageAccepted) -> tuple[str, AnyEvent]:
    """To which aggregate something goes that somebody asks for, and as what."""
    if isinstance(command, PageAccepted):
        return command.incident.rpartition("-")[0], command
    return editions.KEY if isinstance(command, SavePlans | SaveRoster) else command.key, Commanded(command=command)
