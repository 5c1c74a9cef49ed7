"""Absences: nobody at home until then."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("said_by", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("ended_ms", sa.BigInteger()),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("ended_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("absence_ended", "absence", ["ended_ms"])


def downgrade() -> None:
    op.drop_table("absence")
