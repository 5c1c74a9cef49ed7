"""How values lie in the tables: bodies as JSON, times as UTC epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

encode = msgspec.json.Encoder().encode


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def ms(moment: datetime) -> int:
    """UTC epoch milliseconds, rounded down exactly: a wake must not come a millisecond before its moment."""
    return (moment - EPOCH) // MILLISECOND


def when(at_ms: int) -> datetime:
    """Aware UTC from epoch milliseconds."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)
