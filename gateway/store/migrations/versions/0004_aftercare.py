"""What comes after an incident: follow-up calls and notes of case files."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("planned_ms", sa.BigInteger(), nullable=False),
        sa.Column("incident", TEXT, nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("household", "planned_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("follow_up_ended", "follow_up", ["ended_ms"])
    op.create_table(
        "case_note",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("incident", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("struck_ms", sa.BigInteger(), nullable=True),
        sa.Column("struck_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "number"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("case_note")
    op.drop_table("follow_up")
