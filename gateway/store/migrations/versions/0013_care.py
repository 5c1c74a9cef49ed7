"""Visits and calls that are owed to households, and those that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "care_duty",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("since_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.SmallInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("told", TEXT, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("given", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("household", "kind", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("care_duty_open", "care_duty", ["ended_ms", "stage", "due_ms"])
    op.create_table(
        "care_given",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("recorded_ms", sa.BigInteger, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("result", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
        sa.Column("accuracy_m", sa.Integer),
        sa.Column("struck_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("household", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("care_given_by_time", "care_given", ["at_ms"])


def downgrade() -> None:
    op.drop_table("care_given")
    op.drop_table("care_duty")
