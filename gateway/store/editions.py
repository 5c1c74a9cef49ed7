"""Plans, rosters and people as saved: the latest of each for the start, and the list of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine, and_, func, or_, select

from alerting.decisions import EditionSaved
from alerting.duty.editions import PEOPLE, PEOPLE_CHANGE
from alerting.model import Incident
from gateway.desk.duty_desk import EditionRow
from gateway.store import schema
from gateway.store.inactivity import Opened, editions_since, incidents, opened_since
from gateway.store.values import when


class Saved:
    """Questions to one store about editions; each a short read-only transaction."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def latest(self, upto: int = 2**62) -> list[EditionSaved]:
        """The latest of each kind, in the order of their numbers; with ``upto`` as they were at that number.

        Of the people the latest whole edition, and all changes after it.
        """
        e = schema.edition.c
        newest = select(func.max(e.number)).where(e.number <= upto, e.kind != PEOPLE_CHANGE).group_by(e.kind)
        whole = select(func.coalesce(func.max(e.number), 0)).where(e.number <= upto, e.kind == PEOPLE)
        later = and_(e.kind == PEOPLE_CHANGE, e.number <= upto, e.number > whole.scalar_subquery())
        statement = select(e.number, e.kind, e.body, e.login, e.note).order_by(e.number)
        statement = statement.where(or_(e.number.in_(newest), later))
        with self._engine.connect() as c:
            rows = c.execute(statement).all()
        return [EditionSaved(number=n, kind=k, body=bytes(b).decode(), by=by, note=note) for n, k, b, by, note in rows]

    def history(self, kinds: tuple[str, ...], limit: int = 20) -> list[EditionRow]:
        """The latest editions of these kinds, the latest first."""
        e = schema.edition.c
        statement = select(e.number, e.kind, e.at_ms, e.login, e.note).where(e.kind.in_(kinds))
        with self._engine.connect() as c:
            rows = c.execute(statement.order_by(e.number.desc()).limit(limit)).all()
        return [EditionRow(number=n, kind=k, at=when(at), by=by, note=note) for n, k, at, by, note in rows]

    def since(self, kind: str, since: datetime) -> list[tuple[datetime, bytes]]:
        """When and body of the editions of a kind saved since then, the oldest first."""
        return editions_since(self._engine, kind, since)

    def opened_since(self, since: datetime) -> list[Opened]:
        """Incidents opened since then, the oldest first; without what is in them."""
        return opened_since(self._engine, since)

    def incidents(self, ids: Sequence[str]) -> Iterator[Incident]:
        """These incidents, in no order."""
        return incidents(self._engine, ids)

    def one(self, number: int) -> tuple[str, str] | None:
        """Kind and body of one edition."""
        e = schema.edition.c
        with self._engine.connect() as c:
            row = c.execute(select(e.kind, e.body).where(e.number == number)).first()
        return (row.kind, bytes(row.body).decode()) if row is not None else None
