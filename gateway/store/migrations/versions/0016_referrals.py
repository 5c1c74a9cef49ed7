"""Referrals to departments and organisations, and what was done about each."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("org", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("offered", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("sent_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("accepted_ms", sa.BigInteger),
        sa.Column("answered_ms", sa.BigInteger),
        sa.Column("result", TEXT, nullable=False),
        sa.Column("rating", TEXT, nullable=False),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.Column("closed_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("household", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("referral_open", "referral", ["closed_ms", "sent_ms"])
    op.create_index("referral_by_owner", "referral", ["owner", "closed_ms"])
    op.create_index("referral_by_org", "referral", ["org", "closed_ms"])
    op.create_table(
        "referral_step",
        sa.Column("partition", sa.SmallInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("household", TEXT, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("org", TEXT, nullable=False),
        sa.Column("how", TEXT, nullable=False),
        sa.Column("result", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("partition", "seq", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("referral_step_of", "referral_step", ["household", "number"])


def downgrade() -> None:
    op.drop_table("referral_step")
    op.drop_table("referral")
