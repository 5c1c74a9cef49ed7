"""What homes are found by, in narrow rows of their own; filled from the case files and devices that are there."""

import msgspec
import sqlalchemy as sa
from alembic import op

from alerting.casefile import Device, Household
from gateway.store.finding import device_row, home_row

revision = "0012"
down_revision = "0011"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
AT_ONCE = 1000


def upgrade() -> None:
    table = op.create_table(
        "finding",
        sa.Column("household", TEXT, nullable=False),
        sa.Column("of", TEXT, nullable=False),
        sa.Column("area", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("household", "of"),
        sqlite_with_rowid=False,
    )
    c = op.get_bind()
    areas: dict[str, str] = {}
    for bodies in c.execute(sa.text("SELECT body FROM household")).scalars().partitions(AT_ONCE):
        homes = [msgspec.json.decode(body, type=Household) for body in bodies]
        areas |= {it.key: it.area for it in homes}
        c.execute(table.insert(), [home_row(it) for it in homes])
    for bodies in c.execute(sa.text("SELECT body FROM device")).scalars().partitions(AT_ONCE):
        devices = [msgspec.json.decode(body, type=Device) for body in bodies]
        c.execute(table.insert(), [{**device_row(it), "area": areas.get(it.household, "")} for it in devices])
    op.create_index("finding_of", "finding", ["of"])
    op.execute("ALTER TABLE household DROP COLUMN search")


def downgrade() -> None:
    op.drop_table("finding")
    op.add_column("household", sa.Column("search", TEXT, nullable=False, server_default=""))
