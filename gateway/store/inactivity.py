"""Incidents by when they were opened, and the nightly prices: for what the budget of inactivity alarms came to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine, select

from alerting.model import Incident
from gateway.store import schema
from gateway.store.values import ms, when

PAGE = 500
_incident = msgspec.json.Decoder(Incident)


class Opened(NamedTuple):
    """When an incident was opened, and closed last (None: it is open), UTC epoch milliseconds."""

    id: str
    opened_ms: int
    closed_ms: int | None


def opened_since(engine: Engine, since: datetime) -> list[Opened]:
    """Incidents opened since then, the oldest first; without what is in them."""
    t = schema.incident.c
    wanted = select(t.id, t.opened_ms, t.closed_ms).where(t.opened_ms >= ms(since)).order_by(t.opened_ms)
    with engine.connect() as c:
        return [Opened(*row) for row in c.execute(wanted)]


def incidents(engine: Engine, ids: Sequence[str]) -> Iterator[Incident]:
    """These incidents, in no order."""
    t = schema.incident.c
    with engine.connect() as c:
        for first in range(0, len(ids), PAGE):
            for body in c.scalars(select(t.body).where(t.id.in_(ids[first : first + PAGE]))):
                yield _incident.decode(body)


def editions_since(engine: Engine, kind: str, since: datetime) -> list[tuple[datetime, bytes]]:
    """When and body of the editions of a kind saved since then, the oldest first."""
    e = schema.edition.c
    statement = select(e.at_ms, e.body).where(e.kind == kind, e.at_ms >= ms(since)).order_by(e.number)
    with engine.connect() as c:
        return [(when(at_ms), bytes(body)) for at_ms, body in c.execute(statement)]
