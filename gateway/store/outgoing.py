"""What has to leave the house and what has left: the outbox, the sent-log and the daily tests."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, and_, func, select

from gateway.store import schema
from gateway.store.values import when

Place = tuple[int, int, int]
"""Partition, sequence and number of a decision: the key of its outbox row."""


class Unsent(msgspec.Struct, frozen=True):
    """One row of the outbox that is not done.

    Attributes:
        place: Its key.
        channel: ``device`` or ``page``.
        recipient: Device id, or name of a duty telephone.
        body: The decision as JSON.
        until_ms: When it is no longer worth sending, UTC epoch milliseconds.
        attempts: How often the sent-log holds it.
    """

    place: Place
    channel: str
    recipient: str
    body: bytes
    until_ms: int
    attempts: int = 0


class LastTest(msgspec.Struct, frozen=True):
    """The latest daily test of a duty telephone."""

    at: datetime
    ok: bool
    error: str


class Outgoing:
    """Questions to one store about what leaves the house; each a short read-only transaction."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def unsent(self) -> list[Unsent]:
        """What an earlier run decided and has not marked as done, in order."""
        o, s = schema.outbox.c, schema.sent.c
        mine = and_(s.partition == o.partition, s.seq == o.seq, s.n == o.n)
        attempts = select(func.coalesce(func.max(s.attempt), 0)).where(mine).scalar_subquery()
        statement = select(o.partition, o.seq, o.n, o.channel, o.recipient, o.body, o.until_ms, attempts)
        with self._engine.connect() as c:
            rows = c.execute(statement.where(o.sent_ms.is_(None)).order_by(o.until_ms, o.seq)).all()
        return [
            Unsent((p, s_, n), channel, to, body, until, tried) for p, s_, n, channel, to, body, until, tried in rows
        ]

    def body_at(self, place: Place) -> bytes | None:
        """The decision of one outbox row as JSON, sent or not; None when there is no such page."""
        o = schema.outbox.c
        partition, seq, n = place
        mine = and_(o.partition == partition, o.seq == seq, o.n == n, o.channel == "page")
        with self._engine.connect() as c:
            body: bytes | None = c.execute(select(o.body).where(mine)).scalar()
        return body

    def sent_log(self, place: Place) -> list[tuple[int, str, datetime, bool, str]]:
        """Attempts at one outbox row: (attempt, recipient, when, taken, error), first first."""
        s = schema.sent.c
        partition, seq, n = place
        statement = select(s.attempt, s.recipient, s.at_ms, s.ok, s.error).order_by(s.attempt)
        with self._engine.connect() as c:
            rows = c.execute(statement.where(s.partition == partition, s.seq == seq, s.n == n)).all()
        return [(attempt, to, when(at), ok, error) for attempt, to, at, ok, error in rows]

    def last_tests(self) -> dict[str, LastTest]:
        """The latest daily test by telephone."""
        t = schema.page_test.c
        last = select(t.phone, func.max(t.at_ms).label("at_ms")).group_by(t.phone).subquery()
        mine = and_(last.c.phone == t.phone, last.c.at_ms == t.at_ms)
        with self._engine.connect() as c:
            rows = c.execute(
                select(t.phone, t.at_ms, t.ok, t.error).select_from(schema.page_test.join(last, mine))
            ).all()
        return {phone: LastTest(when(at), ok, error) for phone, at, ok, error in rows}
