"""The tables of equipment: the ledger of tests, when each home was protected, what people do about faults."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, PrimaryKeyConstraint, Table

from gateway.store.schema import Text, metadata

home_test = Table(
    "home_test",
    metadata,
    Column("household", Text, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("device", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("how", Text, nullable=False),
    Column("ended_by", Text, nullable=False),
    Column("evidence", LargeBinary),
    PrimaryKeyConstraint("household", "since_ms", "device"),
    Index("home_test_by_time", "since_ms"),
    sqlite_with_rowid=False,
)

protection = Table(
    "protection",
    metadata,
    Column("household", Text, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Column("lacks", Text, nullable=False),
    PrimaryKeyConstraint("household", "since_ms"),
    Index("protection_by_end", "ended_ms"),
    sqlite_with_rowid=False,
)

repair = Table(
    "repair",
    metadata,
    Column("key", Text, nullable=False),
    Column("household", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("key"),
    sqlite_with_rowid=False,
)
