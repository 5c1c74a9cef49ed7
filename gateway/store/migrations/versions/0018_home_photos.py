"""Photos of case files, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "home_photo",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("household", "what", "at_ms"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("home_photo")
