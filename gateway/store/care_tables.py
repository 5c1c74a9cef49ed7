"""The tables of care: what is owed to households, what was given, and early warnings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table

from gateway.store.schema import Text, metadata

care_duty = Table(
    "care_duty",
    metadata,
    Column("household", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("stage", SmallInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("told", Text, nullable=False),
    Column("ended_ms", BigInteger),
    Column("how", Text, nullable=False),
    Column("given", Integer, nullable=False),
    PrimaryKeyConstraint("household", "kind", "number"),
    Index("care_duty_open", "ended_ms", "stage", "due_ms"),
    sqlite_with_rowid=False,
)

care_given = Table(
    "care_given",
    metadata,
    Column("household", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("recorded_ms", BigInteger, nullable=False),
    Column("login", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("accuracy_m", Integer),
    Column("struck_ms", BigInteger),
    PrimaryKeyConstraint("household", "number"),
    Index("care_given_by_time", "at_ms"),
    sqlite_with_rowid=False,
)

care_warning = Table(
    "care_warning",
    metadata,
    Column("household", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("happened_on", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answer_note", Text, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answered_ms", BigInteger),
    PrimaryKeyConstraint("household", "number"),
    Index("care_warning_by_time", "at_ms"),
    sqlite_with_rowid=False,
)
