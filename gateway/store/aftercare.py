"""Follow-up calls and notes of case files, as rows and as questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Engine, bindparam, select, update

from alerting.decisions import FollowUpChanged, NoteKept, NoteStruck
from alerting.model import Incident
from gateway.aftercare.asked import CaseNote, FollowUpRow
from gateway.store import schema
from gateway.store.bulk import Row, upsert_rows
from gateway.store.keys import in_area
from gateway.store.values import ms, when

if TYPE_CHECKING:
    from gateway.store.batch import Batch
    from gateway.store.decision_rows import Place

Ends = dict[str, tuple[str, datetime | None]]
"""By incident: its outcome, and when it was closed."""

FOLLOW_UP = ("due_ms", "tries", "stage", "how", "login", "note", "ended_ms")

_incident = msgspec.json.Decoder(Incident)


def note_follow_up(batch: Batch, place: Place, it: FollowUpChanged) -> None:
    """The row of a follow-up as it is now."""
    batch.follow_ups[place.key, ms(it.planned_at)] = {
        "household": place.key,
        "planned_ms": ms(it.planned_at),
        "incident": it.incident,
        "due_ms": ms(it.due_at),
        "tries": it.tries,
        "stage": it.stage,
        "how": it.ended.value if it.ended else "",
        "login": it.by,
        "note": it.text,
        "ended_ms": place.at_ms if it.ended else None,
    }


def note_kept(batch: Batch, place: Place, it: NoteKept) -> None:
    """A new note of a case file."""
    row: Row = {"household": place.key, "number": it.number, "at_ms": place.at_ms, "login": it.by}
    batch.notes.append({**row, "incident": it.incident, "note": it.text, "struck_ms": None, "struck_by": ""})


def note_struck(batch: Batch, place: Place, it: NoteStruck) -> None:
    """A note struck out; the first to do so counts."""
    batch.struck.append({"b_key": place.key, "b_number": it.number, "b_ms": place.at_ms, "b_login": it.by})


def write(c: Connection, batch: Batch) -> None:
    """Write what a batch has of them."""
    upsert_rows(c, schema.follow_up, list(batch.follow_ups.values()), FOLLOW_UP)
    upsert_rows(c, schema.case_note, batch.notes, ("at_ms", "login", "incident", "note"))
    if batch.struck:
        n = schema.case_note.c
        mine = update(schema.case_note).where(n.household == bindparam("b_key"), n.number == bindparam("b_number"))
        first = mine.where(n.struck_ms.is_(None))
        c.execute(first.values(struck_ms=bindparam("b_ms"), struck_by=bindparam("b_login")), batch.struck)


class AftercareReads:
    """Questions about them to one store, from any thread."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def follow_ups_done(self, area: str, limit: int) -> list[FollowUpRow]:
        """Those that have ended, the latest first."""
        f, h = schema.follow_up, schema.household
        statement = select(f).where(f.c.ended_ms.is_not(None)).order_by(f.c.ended_ms.desc()).limit(limit)
        if area:
            statement = statement.join(h, h.c.key == f.c.household).where(in_area(h.c.area, area))
        with self._engine.connect() as c:
            rows = c.execute(statement).mappings().all()
        return [
            FollowUpRow(
                key=row["household"],
                incident=row["incident"],
                planned_at=when(row["planned_ms"]),
                due_at=when(row["due_ms"]),
                tries=row["tries"],
                stage=row["stage"],
                ended=row["how"],
                ended_at=when(row["ended_ms"]),
                by=row["login"],
                text=row["note"],
            )
            for row in rows
        ]

    def ends_of(self, incidents: Sequence[str]) -> Ends:
        """Outcome and moment of closing of these incidents, where they are closed."""
        i = schema.incident.c
        with self._engine.connect() as c:
            bodies = c.scalars(select(i.body).where(i.id.in_(incidents))).all() if incidents else []
        found = [_incident.decode(body) for body in bodies]
        return {it.id: (it.outcome.value, it.closed_at) for it in found if it.outcome is not None}

    def case_notes(self, key: str) -> list[CaseNote]:
        """Notes of a household, the latest first."""
        n = schema.case_note
        statement = select(n).where(n.c.household == key).order_by(n.c.number.desc())
        with self._engine.connect() as c:
            rows = c.execute(statement).mappings().all()
        return [
            CaseNote(
                number=row["number"],
                at=when(row["at_ms"]),
                by=row["login"],
                text=row["note"],
                incident=row["incident"],
                struck_at=when(row["struck_ms"]) if row["struck_ms"] else None,
                struck_by=row["struck_by"],
            )
            for row in rows
        ]
