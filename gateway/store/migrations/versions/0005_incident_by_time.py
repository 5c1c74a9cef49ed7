"""Incidents by when they were opened."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index("incident_by_time", "incident", ["opened_ms"])


def downgrade() -> None:
    op.drop_index("incident_by_time", "incident")
