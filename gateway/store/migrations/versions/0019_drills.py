"""Drills of communications, and how far each has come with everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "drill",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("stopped_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("drill_by_time", "drill", ["at_ms"])
    op.create_table(
        "drill_call",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("sent_ms", sa.BigInteger),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("delivered_ms", sa.BigInteger),
        sa.Column("seen_ms", sa.BigInteger),
        sa.Column("answered_ms", sa.BigInteger),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("declined", sa.Boolean, nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", "number", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("drill_call_by_time", "drill_call", ["at_ms"])


def downgrade() -> None:
    op.drop_table("drill_call")
    op.drop_table("drill")
