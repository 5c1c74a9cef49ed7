"""How values lie in the tables: bodies as JSON, times as UTC epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

encode = msgspec.json.Encoder().encode


def ms(moment: datetime) -> int:
    """UTC epoch milliseconds."""
    return int(moment.timestamp() * 1000)


def when(at_ms: int) -> datetime:
    """Aware UTC from epoch milliseconds."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)
