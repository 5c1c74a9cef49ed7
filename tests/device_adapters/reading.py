"""What the tests of this room share: a moment, and decoding by make."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from device_adapters import catalogue
from device_adapters.adapter import NOTHING_KNOWN, Known, Message
from device_adapters.signals import AnySignal, kind_of

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

PREFIXES = {name: adapter.default_prefix for name, adapter in catalogue.ADAPTERS.items()} | {
    "nuanhu": "nuanhu/1/hub-07"
}


def read(make: str, topic: str, payload: Any, *, known: Known = NOTHING_KNOWN, retained: bool = False) -> list[Any]:
    """Signals of a message below the make's prefix; objects become JSON, text stays text."""
    if not isinstance(payload, bytes):
        payload = payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)
    prefix = PREFIXES[make]
    message = Message(topic=f"{prefix}/{topic}", payload=payload, arrived_at=NOW, retained=retained)
    return catalogue.decode(message, catalogue.ADAPTERS[make], prefix, known)


def kinds(signals: list[AnySignal]) -> list[str]:
    """Their kinds, in order."""
    return [kind_of(signal) for signal in signals]
