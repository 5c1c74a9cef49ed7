"""Spans of each home, protected or not: one after the other without a gap, so that any month can be counted exactly."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, bindparam, or_, select, update

from gateway.store import equipment_tables
from gateway.store.bulk import Row, upsert_rows
from gateway.store.values import ms, when


class Span(msgspec.Struct, frozen=True):
    """How a home stood from a moment on. ``lacks`` is empty while it was protected; None ended: it still is so."""

    household: str
    since: datetime
    ended: datetime | None
    lacks: tuple[str, ...]


def write_protection(c: Connection, changes: list[Row]) -> None:
    """Each change ends the home's span before it and begins another. Of two at one moment the later stays."""
    latest = {(row["household"], row["since_ms"]): row for row in changes}
    p = equipment_tables.protection.c
    mine = update(equipment_tables.protection).where(p.household == bindparam("b_household"), p.ended_ms.is_(None))
    end = mine.where(p.since_ms < bindparam("b_since")).values(ended_ms=bindparam("b_since"))
    for row in latest.values():  # one home may change twice in a batch
        c.execute(end, {"b_household": row["household"], "b_since": row["since_ms"]})
        upsert_rows(c, equipment_tables.protection, [row], ("lacks",))


class ProtectionSpans:
    """Questions about spans, from any thread."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def between(self, since: datetime, until: datetime) -> list[Span]:
        """All spans that overlap a time, by home, oldest first."""
        t = equipment_tables.protection
        overlaps = t.c.since_ms < ms(until), or_(t.c.ended_ms.is_(None), t.c.ended_ms > ms(since))
        with self._engine.connect() as c:
            rows = c.execute(select(t).where(*overlaps).order_by(t.c.household, t.c.since_ms)).mappings().all()
        return [
            Span(
                r["household"],
                when(r["since_ms"]),
                when(r["ended_ms"]) if r["ended_ms"] is not None else None,
                tuple(lack for lack in r["lacks"].split(",") if lack),
            )
            for r in rows
        ]
