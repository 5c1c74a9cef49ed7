"""Care that is owed and given, as rows and as questions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, Select, and_, bindparam, case, func, or_, select, update
from sqlalchemy import Row as Found

from alerting.care.decided import CareDutyChanged, CareKept, CareStruck
from alerting.care.duty import MET, CareEnd, CareKind, CareResult, CareStage, home_of
from gateway.care.asked import CareCount, CareRow, GivenRow
from gateway.store import schema
from gateway.store.bulk import Row, upsert_rows
from gateway.store.care_tables import care_duty, care_given
from gateway.store.keys import in_area
from gateway.store.values import ms, when

if TYPE_CHECKING:
    from typing import Any

    from gateway.store.batch import Batch
    from gateway.store.decision_rows import Place

DUTY = ("since_ms", "due_ms", "stage", "tries", "told", "ended_ms", "how", "given")
GIVEN = ("kind", "at_ms", "recorded_ms", "login", "result", "note", "lat", "lon", "accuracy_m")
IN_TIME = (CareEnd.DONE.value, CareEnd.AWAY.value)
BETWEEN = " "
"""Between the ids of persons, which have none."""


def note_duty(batch: Batch, place: Place, it: CareDutyChanged) -> None:
    """The row of a duty as it is now."""
    home, duty = home_of(place.key), it.duty
    batch.care_duties[home, duty.kind, duty.number] = {
        "household": home,
        "kind": duty.kind.value,
        "number": duty.number,
        "since_ms": duty.since_s * 1000,
        "due_ms": duty.due_s * 1000,
        "stage": int(duty.stage),
        "tries": duty.tries,
        "told": BETWEEN.join(duty.told),
        "ended_ms": place.at_ms if it.ended is not None else None,
        "how": it.ended.value if it.ended is not None else "",
        "given": it.given,
    }


def note_kept(batch: Batch, place: Place, it: CareKept) -> None:
    """A visit or call on record."""
    given = it.given
    row: Row = {"household": home_of(place.key), "number": given.number, "kind": given.kind.value}
    row |= {"at_ms": ms(given.at), "recorded_ms": place.at_ms, "login": given.by, "result": given.result.value}
    where: Row = {"lat": given.lat, "lon": given.lon, "accuracy_m": given.accuracy_m}
    batch.care_given.append({**row, **where, "note": given.text, "struck_ms": None})


def note_struck(batch: Batch, place: Place, it: CareStruck) -> None:
    """A visit or call that was recorded by mistake."""
    batch.care_struck.append({"b_key": home_of(place.key), "b_number": it.number, "b_ms": place.at_ms})


def write(c: Connection, batch: Batch) -> None:
    """Write what a batch has of it."""
    upsert_rows(c, care_duty, list(batch.care_duties.values()), DUTY)
    upsert_rows(c, care_given, batch.care_given, GIVEN)
    if batch.care_struck:
        g = care_given.c
        mine = update(care_given).where(g.household == bindparam("b_key"), g.number == bindparam("b_number"))
        c.execute(mine.values(struck_ms=bindparam("b_ms")), batch.care_struck)


class CareReads:
    """Questions about it to one store, from any thread."""

    _engine: Engine

    def care_owed(self, area: str, stage: CareStage, late_ms: int | None, limit: int) -> list[CareRow]:
        """What is owed from a stage on, the highest first; with ``late_ms`` only what was due before then."""
        d = care_duty.c
        statement = select(care_duty).where(d.ended_ms.is_(None), d.stage >= int(stage), _is_of_the_home())
        if late_ms is not None:
            statement = statement.where(d.due_ms < late_ms)
        return self._duties(_within(statement, area).order_by(d.stage.desc(), d.due_ms, d.household).limit(limit))

    def care_of(self, homes: Collection[str]) -> list[CareRow]:
        """What is owed to these homes."""
        d = care_duty.c
        statement = select(care_duty).where(d.ended_ms.is_(None), d.household.in_(homes), _is_of_the_home())
        return self._duties(statement.order_by(d.due_ms, d.household, d.kind)) if homes else []

    def care_counts(self, area: str, since: datetime, now: datetime, until: datetime | None = None) -> list[CareCount]:
        """By village and kind, how it stands."""
        d, h = care_duty.c, schema.household
        is_open, is_late = d.ended_ms.is_(None), d.due_ms < ms(now)

        def counted(*conditions: Any) -> Any:
            return func.sum(case((_all(conditions), 1), else_=0))

        statement = (
            select(
                h.c.area,
                d.kind,
                counted(is_open, ~is_late),
                counted(is_open, is_late),
                counted(is_open, d.stage == int(CareStage.SUPERVISOR)),
                counted(d.how.in_(IN_TIME)),
                counted(d.how == CareEnd.LATE.value),
                counted(d.how == CareEnd.MISSED.value),
            )
            .select_from(care_duty.join(h, h.c.key == d.household))
            .where(or_(is_open, and_(d.ended_ms >= ms(since), d.ended_ms < (ms(until) if until else ms(now) + 1))))
            .group_by(h.c.area, d.kind)
        )
        if area:
            statement = statement.where(in_area(h.c.area, area))
        with self._engine.connect() as c:
            rows = c.execute(statement).all()
        names = ("owed", "late", "of_supervisor", "done", "done_late", "missed")
        return [
            CareCount(area=village, kind=CareKind(kind), **dict(zip(names, map(int, sums), strict=True)))
            for village, kind, *sums in rows
        ]

    def care_given(self, home: str, limit: int) -> list[GivenRow]:
        """Visits and calls at a home, the latest first."""
        g = care_given.c
        statement = select(care_given).where(g.household == home).order_by(g.at_ms.desc(), g.number.desc()).limit(limit)
        return self._given(statement)

    def care_latest(self, homes: Collection[str]) -> list[GivenRow]:
        """Of these homes the latest visit and call at which the resident was met."""
        g = care_given.c
        met = and_(g.household.in_(homes), g.result.in_(sorted(MET)), g.struck_ms.is_(None))
        mine = select(g.household, g.kind, func.max(g.number).label("number")).where(met)
        last = mine.group_by(g.household, g.kind).subquery()
        same = and_(last.c.household == g.household, last.c.number == g.number)
        return self._given(select(care_given).join(last, same)) if homes else []

    def care_needs(self, area: str, since: datetime, limit: int) -> list[GivenRow]:
        """Visits and calls in an area since then that found a need, the latest first."""
        g, h = care_given.c, schema.household.c
        statement = select(care_given).join(schema.household, h.key == g.household)
        statement = statement.where(g.result == CareResult.NEEDS.value, g.struck_ms.is_(None), g.at_ms >= ms(since))
        if area:
            statement = statement.where(in_area(h.area, area))
        return self._given(statement.order_by(g.at_ms.desc()).limit(limit))

    def _given(self, statement: Select[Any]) -> list[GivenRow]:
        with self._engine.connect() as c:
            return [_given(row) for row in c.execute(statement).all()]

    def _duties(self, statement: Select[Any]) -> list[CareRow]:
        with self._engine.connect() as c:
            return [_duty(row) for row in c.execute(statement).all()]


def _is_of_the_home() -> Any:
    """Whoever answers for the home does it: a referral is somebody else's."""
    return care_duty.c.kind != CareKind.REFERRAL.value


def _all(conditions: tuple[Any, ...]) -> Any:
    first, *rest = conditions
    for it in rest:
        first = first & it
    return first


def _within(statement: Select[Any], area: str) -> Select[Any]:
    """Only homes of an area; empty: all that are registered."""
    h = schema.household
    joined = statement.join(h, h.c.key == care_duty.c.household)
    return joined.where(in_area(h.c.area, area)) if area else joined


def _duty(row: Found[Any]) -> CareRow:
    return CareRow(
        home=row.household,
        kind=CareKind(row.kind),
        number=row.number,
        since=when(row.since_ms),
        due_at=when(row.due_ms),
        stage=CareStage(row.stage),
        tries=row.tries,
        told=tuple(row.told.split(BETWEEN)) if row.told else (),
        ended_at=when(row.ended_ms) if row.ended_ms else None,
        ended=row.how,
    )


def _given(row: Found[Any]) -> GivenRow:
    return GivenRow(
        home=row.household,
        number=row.number,
        kind=CareKind(row.kind),
        at=when(row.at_ms),
        recorded_at=when(row.recorded_ms),
        by=row.login,
        result=CareResult(row.result),
        text=row.note,
        lat=row.lat,
        lon=row.lon,
        accuracy_m=row.accuracy_m,
        struck_at=when(row.struck_ms) if row.struck_ms else None,
    )
