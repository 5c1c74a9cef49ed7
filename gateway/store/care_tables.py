"""The tables of care: what is owed to households, what was given, early warnings and referrals."""

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

referral = Table(
    "referral",
    metadata,
    Column("household", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("org", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("offered", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("sent_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("days", Integer, nullable=False),
    Column("accepted_ms", BigInteger),
    Column("answered_ms", BigInteger),
    Column("result", Text, nullable=False),
    Column("rating", Text, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("closed_ms", BigInteger),
    PrimaryKeyConstraint("household", "number"),
    Index("referral_open", "closed_ms", "sent_ms"),
    Index("referral_by_owner", "owner", "closed_ms"),
    Index("referral_by_org", "org", "closed_ms"),
    sqlite_with_rowid=False,
)

referral_step = Table(
    "referral_step",
    metadata,
    Column("partition", SmallInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("household", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("act", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("org", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("partition", "seq", "n"),
    Index("referral_step_of", "household", "number"),
    sqlite_with_rowid=False,
)
