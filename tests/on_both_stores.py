"""The store of a test, once as SQLite and once as PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgres import PostgresServer
from ready_store import give_back, ready_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A test runs on either store. ``@only_sqlite`` names those that are about SQLite's own ways to fail."""
    if request.param == "sqlite":
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    address = ready_database(server)
    yield address
    give_back(server, address)


only_sqlite = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
