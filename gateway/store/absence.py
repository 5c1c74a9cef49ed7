"""Absences, as rows and as questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    bindparam,
    case,
    func,
    null,
    select,
    tuple_,
    update,
)

from alerting.decisions import AbsenceBegun, AbsenceChanged
from gateway.absence.asked import AbsenceRow
from gateway.store.bulk import upsert_rows
from gateway.store.schema import Text, metadata
from gateway.store.values import ms, when

if TYPE_CHECKING:
    from gateway.store.batch import Batch
    from gateway.store.decision_rows import Place

MOST_AT_ONCE = 400
KEY = ("household", "number")

absence = Table(
    "absence",
    metadata,
    Column("household", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("ended_ms", BigInteger),
    Column("how", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    PrimaryKeyConstraint("household", "number"),
    Index("absence_ended", "ended_ms"),
    sqlite_with_rowid=False,
)

OF_A_NEW_ONE = tuple(column.name for column in absence.columns if column.name not in KEY)
"""A home whose state was begun anew counts from one again: nothing of the older row may stay in the newer."""


def note_begun(batch: Batch, place: Place, it: AbsenceBegun) -> None:
    """The row of a new absence."""
    batch.absences.append(
        {
            "household": place.key,
            "number": it.number,
            "at_ms": place.at_ms,
            "kind": it.kind.value,
            "since_ms": ms(it.since),
            "until_ms": ms(it.until),
            "said_by": it.said_by.value,
            "who": it.who,
            "login": it.by,
            "reason": it.reason,
            "stage": it.stage,
            "ended_ms": None,
            "how": "",
            "ended_by": "",
        }
    )


def note_changed(batch: Batch, place: Place, it: AbsenceChanged) -> None:
    """How it stands from now on."""
    batch.absences_changed.append(
        {
            "b_key": place.key,
            "b_number": it.number,
            "b_until": ms(it.until),
            "b_stage": it.stage,
            "b_ended": place.at_ms if it.ended else None,
            "b_how": it.ended.value if it.ended else "",
            "b_by": it.by if it.ended else "",
        }
    )


def write(c: Connection, batch: Batch) -> None:
    """Write what a batch has of them."""
    upsert_rows(c, absence, batch.absences, OF_A_NEW_ONE)
    if batch.absences_changed:
        a = absence.c
        mine = update(absence).where(a.household == bindparam("b_key"), a.number == bindparam("b_number"))
        names = {"until_ms": "b_until", "stage": "b_stage", "how": "b_how", "ended_by": "b_by"}
        values: dict[str, object] = {name: bindparam(value) for name, value in names.items()}
        ended = bindparam("b_ended", type_=BigInteger)
        values["ended_ms"] = case((ended.is_(None), null()), else_=func.coalesce(a.ended_ms, ended))
        c.execute(mine.values(values), batch.absences_changed)  # when it is not asked about any more, it had ended


class AbsenceReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def absence_reasons(self, which: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """In which words these, (household, number) each, were told."""
        a, found = absence.c, dict[tuple[str, int], str]()
        with self._engine.connect() as c:
            for first in range(0, len(which), MOST_AT_ONCE):
                mine = tuple_(a.household, a.number).in_(which[first : first + MOST_AT_ONCE])
                rows = c.execute(select(a.household, a.number, a.reason).where(mine)).all()
                found |= {(row.household, row.number): row.reason for row in rows}
        return found

    def absences_of(self, key: str, limit: int) -> list[AbsenceRow]:
        """Of one home, the latest first."""
        statement = select(absence).where(absence.c.household == key).order_by(absence.c.number.desc()).limit(limit)
        with self._engine.connect() as c:
            rows = c.execute(statement).mappings().all()
        return [
            AbsenceRow(
                key=key,
                number=row["number"],
                stage=row["stage"],
                kind=row["kind"],
                since=when(row["since_ms"]),
                until=when(row["until_ms"]),
                said_by=row["said_by"],
                who=row["who"],
                by=row["login"],
                reason=row["reason"],
                ended_at=when(row["ended_ms"]) if row["ended_ms"] is not None else None,
                how=row["how"],
                ended_by_name=row["ended_by"],
                told_at=when(row["at_ms"]),
            )
            for row in rows
        ]
