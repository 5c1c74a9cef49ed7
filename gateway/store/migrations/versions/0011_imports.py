"""Lists of homes, found in the history of what is registered."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("registration_by_what", "registration", ["what", "at_ms"])


def downgrade() -> None:
    op.drop_index("registration_by_what", "registration")
