"""The first schema: journal, states, incidents, timers, outbox, telemetry and registry."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("login", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("login"),
        sqlite_with_rowid=False,
    )


def _create_activity() -> None:
    op.create_table(
        "activity",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("rooms", TEXT, nullable=False),
        sa.Column("door", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("household", "window"),
        sqlite_with_rowid=False,
    )


def _create_area() -> None:
    op.create_table(
        "area",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )


def _create_blind() -> None:
    op.create_table(
        "blind",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("cleared_ms", sa.BigInteger()),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "since_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("blind_open", "blind", ["cleared_ms", "since_ms"])


def _create_bridge() -> None:
    op.create_table(
        "bridge",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("prefix", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("prefix"),
        sqlite_with_rowid=False,
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("aggregate", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "seq", "n"),
        sqlite_with_rowid=False,
    )


def _create_device() -> None:
    op.create_table(
        "device",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("bridge", TEXT, nullable=False),
        sa.Column("inner", TEXT, nullable=False),
        sa.Column("household", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bridge", "inner"),
        sqlite_with_rowid=False,
    )
    op.create_index("device_by_household", "device", ["household"], unique=False)


def _create_device_name() -> None:
    op.create_table(
        "device_name",
        sa.Column("bridge", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("inner", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("bridge", "name"),
        sqlite_with_rowid=False,
    )


def _create_due_timers() -> None:
    op.create_table(
        "due_timers",
        sa.Column("aggregate", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate", "key", "name"),
        sqlite_with_rowid=False,
    )
    op.create_index("due_timers_by_time", "due_timers", ["due_ms"], unique=False)


def _create_edition() -> None:
    op.create_table(
        "edition",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_with_rowid=False,
    )
    op.create_index("edition_by_kind", "edition", ["kind", "number"], unique=False)


def _create_fault() -> None:
    op.create_table(
        "fault",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("cleared_ms", sa.BigInteger(), nullable=True),
        sa.Column("detail", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "device", "kind", "opened_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("fault_open", "fault", ["cleared_ms", "opened_ms"], unique=False)


def _create_hot_state() -> None:
    op.create_table(
        "hot_state",
        sa.Column("aggregate", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate", "key"),
        sqlite_with_rowid=False,
    )


def _create_household() -> None:
    op.create_table(
        "household",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("area", TEXT, nullable=False),
        sa.Column("tier", TEXT, nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("search", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_index("household_by_area", "household", ["area"], unique=False)


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("aggregate", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("incident_by_key", "incident", ["key", "opened_ms"], unique=False)
    op.create_index("incident_by_state", "incident", ["state", "closed_ms"], unique=False)


def _create_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("aggregate", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("event", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "seq"),
        sqlite_with_rowid=False,
    )


def _create_learned_state() -> None:
    op.create_table(
        "learned_state",
        sa.Column("aggregate", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate", "key"),
        sqlite_with_rowid=False,
    )


def _create_meta() -> None:
    op.create_table(
        "meta",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("partition", "seq", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("outbox_unsent", "outbox", ["sent_ms"], unique=False)


def _create_page_test() -> None:
    op.create_table(
        "page_test",
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("phone", "at_ms"),
        sqlite_with_rowid=False,
    )


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("bridge", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_quarantine_total() -> None:
    op.create_table(
        "quarantine_total",
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reason"),
        sqlite_with_rowid=False,
    )


def _create_remembered() -> None:
    op.create_table(
        "remembered",
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "id"),
        sqlite_with_rowid=False,
    )


def _create_responder() -> None:
    op.create_table(
        "responder",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("area", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )


def _create_sent() -> None:
    op.create_table(
        "sent",
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("partition", "seq", "n", "attempt"),
        sqlite_with_rowid=False,
    )


def _create_telemetry_cursor() -> None:
    op.create_table(
        "telemetry_cursor",
        sa.Column("target", TEXT, nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("target", "partition"),
        sqlite_with_rowid=False,
    )


def _create_timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("incident", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "seq", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("timeline_by_incident", "timeline", ["incident", "seq", "n"], unique=False)


def upgrade() -> None:
    _create_account()
    _create_activity()
    _create_area()
    _create_blind()
    _create_bridge()
    _create_decision()
    _create_device()
    _create_device_name()
    _create_due_timers()
    _create_edition()
    _create_fault()
    _create_hot_state()
    _create_household()
    _create_incident()
    _create_journal()
    _create_learned_state()
    _create_meta()
    _create_outbox()
    _create_page_test()
    _create_quarantine()
    _create_quarantine_total()
    _create_remembered()
    _create_responder()
    _create_sent()
    _create_telemetry_cursor()
    _create_timeline()


def downgrade() -> None:
    for table in sa.inspect(op.get_bind()).get_table_names():
        if table != "alembic_version":
            op.drop_table(table)
