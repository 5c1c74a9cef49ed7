"""The registry changes while the gateway runs: its history, installations, and devices nobody has registered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "installation",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("household"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registration",
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("after", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "seq", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("registration_by_id", "registration", ["kind", "id", "at_ms"])
    op.create_table(
        "stranger",
        sa.Column("bridge", TEXT, nullable=False),
        sa.Column("inner", TEXT, nullable=False),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("bridge", "inner"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("stranger", "registration", "installation"):
        op.drop_table(table)
