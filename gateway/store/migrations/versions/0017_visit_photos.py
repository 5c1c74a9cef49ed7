"""Photos of visits, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "care_photo",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("household", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("care_photo_by_time", "care_photo", ["at_ms"])


def downgrade() -> None:
    op.drop_table("care_photo")
