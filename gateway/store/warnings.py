"""Early warnings, as rows and as questions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Select, and_, bindparam, case, func, select, update
from sqlalchemy import Row as Found

from alerting.care.decided import WarningAnswered, WarningKept
from alerting.care.duty import CareEnd, CareKind, CareStage, home_of
from alerting.care.warning import WarningAnswer, WarningCode
from gateway.care.warnings_asked import WarningCount, WarningRow
from gateway.store import schema
from gateway.store.bulk import Row, upsert_rows
from gateway.store.care_tables import care_duty, care_warning
from gateway.store.keys import in_area
from gateway.store.values import ms, when

if TYPE_CHECKING:
    from gateway.store.batch import Batch
    from gateway.store.decision_rows import Place

KEPT = ("at_ms", "code", "source", "note", "happened_on", "login")


def note_kept(batch: Batch, place: Place, it: WarningKept) -> None:
    """A new early warning."""
    warning = it.warning
    row: Row = {"household": home_of(place.key), "number": warning.number, "at_ms": place.at_ms, "login": warning.by}
    row |= {"code": warning.code.value, "source": warning.source, "note": warning.text}
    row |= {"happened_on": warning.on.isoformat() if warning.on is not None else ""}
    batch.warnings.append({**row, "answer": "", "answer_note": "", "answered_by": "", "answered_ms": None})


def note_answered(batch: Batch, place: Place, it: WarningAnswered) -> None:
    """It is answered."""
    row: Row = {"b_key": home_of(place.key), "b_number": it.number, "b_ms": place.at_ms}
    batch.warnings_answered.append({**row, "b_answer": it.answer.value, "b_note": it.text, "b_by": it.by})


def write(c: Connection, batch: Batch) -> None:
    """Write what a batch has of them."""
    upsert_rows(c, care_warning, batch.warnings, KEPT)
    if batch.warnings_answered:
        w = care_warning.c
        mine = update(care_warning).where(w.household == bindparam("b_key"), w.number == bindparam("b_number"))
        answered = {"answer": "b_answer", "answer_note": "b_note", "answered_by": "b_by", "answered_ms": "b_ms"}
        c.execute(mine.values({name: bindparam(it) for name, it in answered.items()}), batch.warnings_answered)


class WarningReads:
    """Questions about them to one store, from any thread."""

    _engine: Engine

    def warnings_open(self, area: str, limit: int) -> list[WarningRow]:
        """Those not answered yet, the highest stage first, then by when an answer is due."""
        d = care_duty.c
        statement = _with_duty().where(d.ended_ms.is_(None)).order_by(d.stage.desc(), d.due_ms, d.household)
        return self._rows(_in(statement, area).limit(limit))

    def warnings_answered(self, area: str, since: datetime, limit: int) -> list[WarningRow]:
        """Those answered since then, the latest first."""
        w = care_warning.c
        statement = _with_duty().where(w.answered_ms >= ms(since)).order_by(w.answered_ms.desc())
        return self._rows(_in(statement, area).limit(limit))

    def warnings_of(self, homes: Collection[str], *, all_of_them: bool) -> list[WarningRow]:
        """Of these homes, the latest first; the open ones, or all."""
        w = care_warning.c
        statement = _with_duty().where(w.household.in_(homes)).order_by(w.at_ms.desc(), w.number.desc())
        if not all_of_them:
            statement = statement.where(care_duty.c.ended_ms.is_(None))
        return self._rows(statement) if homes else []

    def warnings_pushed(self, by: str, area: str, limit: int) -> list[WarningRow]:
        """Those of an area that came under this login or peer, the latest first."""
        w = care_warning.c
        statement = _with_duty().where(w.login == by).order_by(w.at_ms.desc(), w.household, w.number.desc())
        return self._rows(_in(statement, area).limit(limit))

    def warning_counts(self, area: str, since: datetime, until: datetime) -> list[WarningCount]:
        """By village and code: how many came between two moments, and how many of them were answered, and in time."""
        w, d, h = care_warning.c, care_duty.c, schema.household.c

        def counted(condition: Any) -> Any:
            return func.sum(case((condition, 1), else_=0))

        in_time = d.how == CareEnd.DONE.value
        statement = (
            select(h.area, w.code, func.count(), counted(w.answered_ms.is_not(None)), counted(in_time))
            .select_from(_joined())
            .where(w.at_ms >= ms(since), w.at_ms < ms(until))
            .group_by(h.area, w.code)
        )
        if area:
            statement = statement.where(in_area(h.area, area))
        with self._engine.connect() as c:
            rows = c.execute(statement).all()
        return [
            WarningCount(area=village, code=WarningCode(code), came=int(came), answered=int(done), in_time=int(soon))
            for village, code, came, done, soon in rows
        ]

    def _rows(self, statement: Select[Any]) -> list[WarningRow]:
        with self._engine.connect() as c:
            return [_row(it) for it in c.execute(statement).all()]


def _joined() -> Any:
    w, d, h = care_warning.c, care_duty.c, schema.household
    same = and_(d.household == w.household, d.number == w.number, d.kind == CareKind.WARNING.value)
    return care_warning.join(care_duty, same).join(h, h.c.key == w.household)


def _with_duty() -> Select[Any]:
    d = care_duty.c
    return select(care_warning, d.due_ms, d.stage, d.how).select_from(_joined())


def _in(statement: Select[Any], area: str) -> Select[Any]:
    return statement.where(in_area(schema.household.c.area, area)) if area else statement


def _row(it: Found[Any]) -> WarningRow:
    return WarningRow(
        home=it.household,
        number=it.number,
        at=when(it.at_ms),
        code=WarningCode(it.code),
        source=it.source,
        text=it.note,
        on=date.fromisoformat(it.happened_on) if it.happened_on else None,
        by=it.login,
        due_at=when(it.due_ms),
        stage=CareStage(it.stage),
        answer=WarningAnswer(it.answer) if it.answer else None,
        answer_text=it.answer_note,
        answered_by=it.answered_by,
        answered_at=when(it.answered_ms) if it.answered_ms else None,
        ended=it.how,
    )
