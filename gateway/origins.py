"""To whom it goes what somebody asks for, and what tells one call for help from every other."""

from __future__ import annotations

import zlib

from alerting import editions
from alerting.commands import AnyCommand, SavePlans, SaveRoster
from alerting.events import PageAccepted
from device_adapters.adapter import Message
from device_adapters.catalogue import without_secrets
from device_adapters.signals import AnySignal


def once_of(signal: AnySignal, message: Message) -> str:
    """What tells this call for help from every other of the device; empty when nothing does: then it rings."""
    if signal.event_id:
        return signal.event_id
    if signal.retained:  # the same retained bytes come with every new session: once a day is enough
        body = without_secrets(message.topic, message.payload)
        return f"retained:{message.topic}:{zlib.crc32(body):08x}:{message.arrived_at:%Y-%m-%d}"
    return ""


def addressed(command: AnyCommand | PageAccepted) -> str:
    """Key of the aggregate to which something goes that somebody asks for."""
    if isinstance(command, PageAccepted):
        return command.incident.rpartition("-")[0]
    return editions.KEY if isinstance(command, SavePlans | SaveRoster) else command.key
