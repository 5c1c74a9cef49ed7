"""What the store itself says is open, due and unsent: read for the auditor, beside whatever memory believes."""

from __future__ import annotations

import msgspec
from sqlalchemy import Engine, func, select

from alerting.model import Incident, IncidentState
from gateway.store import schema
from gateway.store.outgoing import Unsent

_incident = msgspec.json.Decoder(Incident)


class Evidence(msgspec.Struct, frozen=True):
    """One look at the store, in one transaction.

    Attributes:
        incidents: All that are not closed.
        timers: Due moment by aggregate and key, epoch milliseconds.
        unsent: Outbox rows that are neither sent nor over.
        unreadable: Ids of open incidents whose row cannot be read.
    """

    incidents: tuple[Incident, ...]
    timers: dict[tuple[str, str], int]
    unsent: tuple[Unsent, ...]
    unreadable: tuple[str, ...]


def read_evidence(engine: Engine, now_ms: int) -> Evidence:
    """Look; raises ``StoreError`` when the store does not answer.

    Args:
        engine: Reads alone.
        now_ms: Service time, epoch milliseconds: what is not worth sending any more is left out.
    """
    i, t, o, s = schema.incident.c, schema.due_timers.c, schema.outbox.c, schema.sent.c
    tried = select(func.coalesce(func.max(s.attempt), 0)).where(s.partition == o.partition, s.seq == o.seq, s.n == o.n)
    waiting = select(o.partition, o.seq, o.n, o.channel, o.recipient, o.body, o.until_ms, tried.scalar_subquery())
    incidents: list[Incident] = []
    unreadable: list[str] = []
    with engine.connect() as c:
        for id_, body in c.execute(select(i.id, i.body).where(i.state != IncidentState.CLOSED.value)):
            try:
                incidents.append(_incident.decode(body))
            except msgspec.MsgspecError:
                unreadable.append(id_)
        timers = {(aggregate, key): due for aggregate, key, due in c.execute(select(t.aggregate, t.key, t.due_ms))}
        rows = c.execute(waiting.where(o.sent_ms.is_(None), o.until_ms > now_ms)).all()
    unsent = tuple(Unsent((p, q, n), *rest) for p, q, n, *rest in rows)
    return Evidence(tuple(incidents), timers, unsent, tuple(unreadable))
