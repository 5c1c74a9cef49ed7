"""Case files in SQL: who has looked into one with everything shown, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Engine, Index, PrimaryKeyConstraint, Table, case, func, select

from gateway.registry.case_desk import ImportRow, Opening
from gateway.store.schema import Text, metadata, registration
from gateway.store.values import ms, when

IMPORT = "import_households"

case_opening = Table(
    "case_opening",
    metadata,
    Column("household", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("household", "at_ms", "login"),
    Index("case_opening_by_login", "login", "at_ms"),
    sqlite_with_rowid=False,
)


class CaseFiles:
    """Questions about case files, from any thread."""

    def __init__(self, engine: Engine) -> None:
        """Ask through this engine."""
        self._engine = engine

    def openings(self, household: str, limit: int) -> list[Opening]:
        """Who has looked into it, the latest first."""
        o = case_opening.c
        asked = select(o.at_ms, o.login, o.reason, o.note).where(o.household == household)
        with self._engine.connect() as c:
            rows = c.execute(asked.order_by(o.at_ms.desc(), o.login).limit(limit)).all()
        return [Opening(at=when(at), by=login, reason=reason, note=note) for at, login, reason, note in rows]

    def has_opened(self, household: str, login: str, since: datetime) -> bool:
        """Whether somebody has looked into it since then."""
        o = case_opening.c
        asked = select(o.at_ms).where(o.household == household, o.login == login, o.at_ms >= ms(since)).limit(1)
        with self._engine.connect() as c:
            return c.execute(asked).first() is not None

    def imports(self, login: str, limit: int) -> list[ImportRow]:
        """The latest lists of homes, from the history of what is registered; of one login, or of all."""
        r = registration.c
        one = (r.partition, r.seq, r.at_ms, r.login, r.note)
        made = func.sum(case((func.length(r.before) == 0, 1), else_=0))
        asked = select(*one, made.label("made"), func.count().label("homes")).where(r.what == IMPORT).group_by(*one)
        asked = asked.where(r.login == login) if login else asked
        with self._engine.connect() as c:
            rows = c.execute(asked.order_by(r.at_ms.desc(), r.seq.desc()).limit(limit)).all()
        return [
            ImportRow(at=when(it.at_ms), by=it.login, file=it.note, made=it.made, changed=it.homes - it.made)
            for it in rows
        ]
