"""Early warnings of other departments, and how they were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "care_warning",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("happened_on", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.Column("answer_note", TEXT, nullable=False),
        sa.Column("answered_by", TEXT, nullable=False),
        sa.Column("answered_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("household", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("care_warning_by_time", "care_warning", ["at_ms"])


def downgrade() -> None:
    op.drop_table("care_warning")
