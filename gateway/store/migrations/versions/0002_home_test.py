"""The ledger of tests: each announced step of a device, and how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "home_test",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("device", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger()),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("ended_by", TEXT, nullable=False),
        sa.Column("evidence", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("household", "since_ms", "device"),
        sqlite_with_rowid=False,
    )
    op.create_index("home_test_by_time", "home_test", ["since_ms"])


def downgrade() -> None:
    op.drop_table("home_test")
