"""Questions about faults: what is open, and when one has been open before."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, RowMapping, select

from gateway.store import schema
from gateway.store.values import when

MOST = 20_000


class FaultSpell(msgspec.Struct, frozen=True):
    """One time that a fault was open; ``cleared_at`` is None while it still is."""

    household: str
    device: str
    kind: str
    opened_at: datetime
    cleared_at: datetime | None
    detail: str


class FaultReads:
    """Questions to one store, from any thread."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def open(self) -> list[FaultSpell]:
        """Every open fault, the oldest first."""
        f = schema.fault
        statement = select(f).where(f.c.cleared_ms.is_(None)).order_by(f.c.opened_ms).limit(MOST)
        with self._engine.connect() as c:
            return [_spell(row) for row in c.execute(statement).mappings()]

    def spells(self, household: str, device: str, kind: str, limit: int) -> list[FaultSpell]:
        """When one kind of fault of one device was open, the latest first."""
        f = schema.fault
        mine = (f.c.household == household, f.c.device == device, f.c.kind == kind)
        statement = select(f).where(*mine).order_by(f.c.opened_ms.desc()).limit(limit)
        with self._engine.connect() as c:
            return [_spell(row) for row in c.execute(statement).mappings()]


def _spell(row: RowMapping) -> FaultSpell:
    cleared = row["cleared_ms"]
    return FaultSpell(
        row["household"],
        row["device"],
        row["kind"],
        when(row["opened_ms"]),
        None if cleared is None else when(cleared),
        row["detail"],
    )
