"""What migrations make is what the code believes to be there, on either store."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Text, inspect

from gateway.store import schema
from gateway.store.engine import MIGRATIONS, migrate
from nuanhu.wiring import Store


def test_migrations_lead_to_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    migrate(store.seat.engine)
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_migrations_can_be_taken_back(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.seat.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(store.engine).get_table_names() == ["alembic_version"]


def test_texts_are_sorted_by_their_bytes(store: Store) -> None:
    """PostgreSQL sorts by the database's language if not told otherwise; ``TEXT`` of the migration tells it."""
    found = inspect(store.engine)
    odd = [
        f"{table}.{column['name']}"
        for table in schema.metadata.tables
        for column in found.get_columns(table)
        if isinstance(column["type"], Text)
        and column["type"].collation != ("C" if store.engine.dialect.name == "postgresql" else None)
    ]
    assert odd == []
