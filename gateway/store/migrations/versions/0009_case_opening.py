"""Who has looked into a case file with everything shown, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "case_opening",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "at_ms", "login"),
        sqlite_with_rowid=False,
    )
    op.create_index("case_opening_by_login", "case_opening", ["login", "at_ms"])


def downgrade() -> None:
    op.drop_table("case_opening")
