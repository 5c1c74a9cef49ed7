"""Incidents by when they were opened, and the nightly prices: for what the budget of inactivity alarms came to."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from alerting.model import Incident
from gateway.store import schema
from gateway.store.values import ms, when

_incident = msgspec.json.Decoder(Incident)


def opened_since(engine: Engine, since: datetime) -> list[Incident]:
    """Incidents opened since then, the oldest first."""
    t = schema.incident.c
    with engine.connect() as c:
        bodies = c.scalars(select(t.body).where(t.opened_ms >= ms(since)).order_by(t.opened_ms)).all()
    return [_incident.decode(body) for body in bodies]


def editions_since(engine: Engine, kind: str, since: datetime) -> list[tuple[datetime, bytes]]:
    """When and body of the editions of a kind saved since then, the oldest first."""
    e = schema.edition.c
    statement = select(e.at_ms, e.body).where(e.kind == kind, e.at_ms >= ms(since)).order_by(e.number)
    with engine.connect() as c:
        return [(when(at_ms), bytes(body)) for at_ms, body in c.execute(statement)]
