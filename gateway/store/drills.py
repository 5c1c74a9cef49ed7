"""Drills of communications, as rows and as questions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    select,
    update,
)

from alerting.duty.drill import DRILL, Called, DrillBegun, DrillEnded, DrillHeard, drill_key
from gateway.drills.asked import DrillCount, DrillView
from gateway.store.bulk import Row, insert_rows, upsert_rows
from gateway.store.keys import in_area
from gateway.store.schema import Text, metadata
from gateway.store.values import ms, when

if TYPE_CHECKING:
    from gateway.store.batch import Batch
    from gateway.store.decision_rows import Place

drill = Table(
    "drill",
    metadata,
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("ended_ms", BigInteger),
    Column("stopped_by", Text, nullable=False),
    PrimaryKeyConstraint("key", "number"),
    Index("drill_by_time", "at_ms"),
    sqlite_with_rowid=False,
)

drill_call = Table(
    "drill_call",
    metadata,
    Column("key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("sent_ms", BigInteger),
    Column("channel", Text, nullable=False),
    Column("delivered_ms", BigInteger),
    Column("seen_ms", BigInteger),
    Column("answered_ms", BigInteger),
    Column("how", Text, nullable=False),
    Column("declined", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    PrimaryKeyConstraint("key", "number", "person"),
    Index("drill_call_by_time", "at_ms"),
    sqlite_with_rowid=False,
)
CHANGES = ("sent_ms", "channel", "delivered_ms", "seen_ms", "answered_ms", "how", "declined", "error")


class DrillRows(msgspec.Struct):
    """What one commit changes in drills.

    Attributes:
        begun: Drills that have begun.
        ended: Which have ended, when and by whom.
        calls: How far it has come with each person, by key, number and person.
    """

    begun: list[Row] = []
    ended: list[Row] = []
    calls: dict[tuple[str, int, str], Row] = {}

    def of(self, key: str) -> DrillRows:
        """Those of one area."""
        calls = {place: row for place, row in self.calls.items() if place[0] == key}
        begun, ended = ([it for it in some if key in it.values()] for some in (self.begun, self.ended))
        return DrillRows(begun, ended, calls)

    @property
    def keys(self) -> set[str]:
        """Keys of the areas."""
        return {str(it["key"]) for it in [*self.begun, *self.calls.values()]} | {str(it["b_key"]) for it in self.ended}

    def write(self, c: Connection) -> None:
        """Write them."""
        insert_rows(c, drill, self.begun)
        upsert_rows(c, drill_call, list(self.calls.values()), CHANGES)
        if self.ended:
            mine = update(drill).where(drill.c.key == bindparam("b_key"), drill.c.number == bindparam("b_number"))
            c.execute(mine.values(ended_ms=bindparam("b_ms"), stopped_by=bindparam("b_by")), self.ended)


def note_begun(batch: Batch, place: Place, begun: DrillBegun) -> None:
    """A drill, and everybody whom it calls."""
    row: Row = {"key": place.key, "number": begun.number, "at_ms": place.at_ms, "until_ms": ms(begun.until)}
    batch.drilled.begun.append({**row, "login": begun.by, "note": begun.note, "ended_ms": None, "stopped_by": ""})
    for person in begun.persons:
        _call(batch, place, begun.number, Called(person))


def note_heard(batch: Batch, place: Place, heard: DrillHeard) -> None:
    """How far it has come with somebody."""
    _call(batch, place, heard.number, heard.called)


def note_ended(batch: Batch, place: Place, ended: DrillEnded) -> None:
    """It is over."""
    mine: Row = {"b_key": place.key, "b_number": ended.number}
    batch.drilled.ended.append({**mine, "b_ms": place.at_ms, "b_by": ended.by})


def _call(batch: Batch, place: Place, number: int, it: Called) -> None:
    row: Row = {"key": place.key, "number": number, "person": it.person, "at_ms": place.at_ms}
    row |= {"sent_ms": it.sent_s * 1000 or None, "channel": it.channel, "delivered_ms": it.delivered_s * 1000 or None}
    row |= {"seen_ms": it.seen_s * 1000 or None, "answered_ms": it.answered_s * 1000 or None}
    row |= {"how": it.how, "declined": it.declined, "error": it.error}
    batch.drilled.calls[place.key, number, it.person] = row


class DrillReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def drills(self, area: str, limit: int) -> list[DrillView]:
        """The drills of an area and of all that lies in it, the latest first."""
        d = drill.c
        latest = _counted().order_by(d.at_ms.desc(), d.key).limit(limit)
        return self._drills(latest.where(in_area(d.key, drill_key(area))) if area else latest)

    def drill(self, area: str, number: int) -> DrillView | None:
        """One of them."""
        d = drill.c
        found = self._drills(_counted().where(d.key == drill_key(area), d.number == number))
        return found[0] if found else None

    def drill_calls(self, area: str, number: int) -> list[tuple[Called, datetime]]:
        """Everybody whom a drill has called, and when they were called first or heard of last."""
        k = drill_call.c
        mine = select(drill_call).where(k.key == drill_key(area), k.number == number).order_by(k.person)
        with self._engine.connect() as c:
            return [(_called(it), when(it.at_ms)) for it in c.execute(mine).all()]

    def _drills(self, statement: Select[Any]) -> list[DrillView]:
        with self._engine.connect() as c:
            return [_view(it) for it in c.execute(statement).all()]


def _counted() -> Select[Any]:
    """Each drill with how many did what."""
    d, k = drill.c, drill_call.c
    in_time = func.sum(case((k.answered_ms <= d.until_ms, 1), else_=0))
    counts = (func.count().label("people"), func.count(k.sent_ms).label("sent"), func.count(k.answered_ms))
    same = and_(k.key == d.key, k.number == d.number)
    columns = [*drill.columns, *counts[:2], counts[2].label("answered"), in_time.label("in_time")]
    return select(*columns).select_from(drill.join(drill_call, same)).group_by(*drill.columns)


def _view(it: Any) -> DrillView:
    return DrillView(
        area=it.key.removeprefix(DRILL),
        number=it.number,
        began_at=when(it.at_ms),
        until=when(it.until_ms),
        by=it.login,
        note=it.note,
        ended_at=when(it.ended_ms) if it.ended_ms is not None else None,
        stopped_by=it.stopped_by,
        count=DrillCount(people=it.people, sent=it.sent, answered=it.answered, in_time=int(it.in_time)),
    )


def _called(it: Any) -> Called:
    return Called(
        it.person,
        sent_s=(it.sent_ms or 0) // 1000,
        channel=it.channel,
        delivered_s=(it.delivered_ms or 0) // 1000,
        seen_s=(it.seen_ms or 0) // 1000,
        answered_s=(it.answered_ms or 0) // 1000,
        how=it.how,
        declined=bool(it.declined),
        error=it.error,
    )
