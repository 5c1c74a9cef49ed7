"""Other systems that exchange case files with the gateway, and how far what is pushed to them has got."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "party",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "push_cursor",
        sa.Column("target", TEXT, nullable=False),
        sa.Column("cursor", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("target"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("push_cursor")
    op.drop_table("party")
