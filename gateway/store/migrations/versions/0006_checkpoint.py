"""Dated checkpoints, from which the journal is replayed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("taken_ms", "partition"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("checkpoint")
