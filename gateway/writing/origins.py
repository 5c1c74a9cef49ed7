"""To whom it goes what somebody asks for, what tells one call for help from every other, and which were judged."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import datetime

from alerting.commands import AnyCommand, Saving
from alerting.duty import editions
from alerting.events import SaidByCalled
from device_adapters.adapter import Adapter, Message
from device_adapters.catalogue import ADAPTERS, adapter_for_topic, without_secrets
from device_adapters.signals import AnySignal
from gateway.store.batch import Batch
from gateway.writing.directory import Directory

Recall = Callable[[str, str], bytes | None]


class JudgedBefore:
    """What was judged once and must not be judged again: in this batch, or in one before it.

    Args:
        recall: Looks up what earlier batches have, by origin and event id; None when it was never judged.
        batch: Where it is written what is judged now.
    """

    def __init__(self, recall: Recall, batch: Batch) -> None:
        """Begin with what is stored."""
        self._recall = recall
        self._batch = batch
        self._here: dict[tuple[str, str], bytes] = {}

    def begin(self, batch: Batch) -> None:
        """What is judged from now on is in this batch."""
        self._batch = batch
        self._here.clear()

    def get(self, origin: str, id_: str) -> bytes | None:
        """What was kept with it; None when it is new."""
        here = self._here.get((origin, id_))
        return here if here is not None else self._recall(origin, id_)

    def has(self, origin: str, id_: str) -> bool:
        """Whether it was judged."""
        return self.get(origin, id_) is not None

    def note(self, origin: str, id_: str, key: str, at: datetime, body: bytes = b"") -> None:
        """It is judged now; ``key`` says whose it is, ``body`` is kept with it."""
        self._here[origin, id_] = body
        self._batch.remember(origin, id_, key, at, body)


def once_of(signal: AnySignal, message: Message) -> str:
    """What tells this call for help from every other of the device; empty when nothing does: then it rings."""
    if signal.event_id:
        return signal.event_id
    if signal.retained:  # the same retained bytes come with every new session: once a day is enough
        body = without_secrets(message.topic, message.payload)
        return f"retained:{message.topic}:{zlib.crc32(body):08x}:{message.arrived_at:%Y-%m-%d}"
    return ""


def addressed(command: AnyCommand | SaidByCalled) -> str:
    """Key of the aggregate to which something goes that somebody asks for."""
    if isinstance(command, SaidByCalled):
        return command.incident.rpartition("-")[0]
    return editions.KEY if isinstance(command, Saving) else command.key


def spoken_by(message: Message, directory: Directory) -> tuple[str, str, Adapter | str]:
    """Who said it: bridge, its prefix, and the adapter that can read it, or why there is none."""
    bridge = directory.bridge_of(message.topic)
    if bridge is not None:
        return bridge.id, bridge.prefix, ADAPTERS.get(bridge.adapter, f"no adapter {bridge.adapter}")
    guessed = adapter_for_topic(message.topic)
    return ("", guessed[1], guessed[0]) if guessed is not None else ("", "", "unknown topic")
