"""The ledger of tests: announced steps of devices, and how each ended."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, bindparam, select, update

from alerting.homes.steps import PASSED, Evidence
from device_adapters.adapter import CALLERS
from gateway.store import equipment_tables
from gateway.store.bulk import Row, upsert_rows
from gateway.store.values import ms, when

_evidence = msgspec.json.Decoder(Evidence)


class TestRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger as stored. ``how`` is empty while it runs."""

    household: str
    device: str
    role: str
    purpose: str
    by: str
    since: datetime
    until: datetime
    ended_at: datetime | None
    how: str
    ended_by: str
    evidence: Evidence | None


def write_tests(c: Connection, begun: list[Row], ended: list[Row]) -> None:
    """Steps that were announced, and those that are over."""
    upsert_rows(c, equipment_tables.home_test, begun, ("role", "purpose", "login", "until_ms"))
    if ended:
        t = equipment_tables.home_test.c
        mine = update(equipment_tables.home_test).where(
            t.household == bindparam("b_household"), t.since_ms == bindparam("b_since")
        )
        is_over = {"ended_ms": "b_ms", "how": "b_how", "ended_by": "b_by", "evidence": "b_evidence"}
        mine = mine.where(t.device == bindparam("b_device"))
        c.execute(mine.values({name: bindparam(value) for name, value in is_over.items()}), ended)


class HomeTests:
    """Questions to the ledger, from any thread."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def of_home(self, household: str, limit: int = 50) -> list[TestRow]:
        """Of one home, latest first."""
        t = equipment_tables.home_test
        statement = select(t).where(t.c.household == household).order_by(t.c.since_ms.desc()).limit(limit)
        return self._rows(statement)

    def latest_presses(self, since: datetime) -> dict[str, TestRow]:
        """The latest test press by home that came through since then."""
        t = equipment_tables.home_test
        pressed = t.c.role.in_(sorted(CALLERS)), t.c.how.in_(sorted(PASSED)), t.c.ended_ms >= ms(since)
        statement = select(t).where(*pressed).order_by(t.c.since_ms)
        return {row.household: row for row in self._rows(statement)}

    def _rows(self, statement: object) -> list[TestRow]:
        with self._engine.connect() as c:
            found = c.execute(statement).mappings().all()  # type: ignore[call-overload]
        return [
            TestRow(
                household=r["household"],
                device=r["device"],
                role=r["role"],
                purpose=r["purpose"],
                by=r["login"],
                since=when(r["since_ms"]),
                until=when(r["until_ms"]),
                ended_at=when(r["ended_ms"]) if r["ended_ms"] is not None else None,
                how=r["how"],
                ended_by=r["ended_by"],
                evidence=_evidence.decode(r["evidence"]) if r["evidence"] else None,
            )
            for r in found
        ]
