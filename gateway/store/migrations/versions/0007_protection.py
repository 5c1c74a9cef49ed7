"""Spans of each home: protected, or what it lacked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "protection",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger()),
        sa.Column("lacks", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "since_ms"),
        sqlite_with_rowid=False,
    )
    op.create_index("protection_by_end", "protection", ["ended_ms"])


def downgrade() -> None:
    op.drop_table("protection")
