"""Stores as migration leaves them: made once for a run by the gateway's own migration, and copied for each test."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from postgres import PostgresServer

from gateway.settings import Settings
from nuanhu.wiring import Store

FILE = "nuanhu.db"


def put_ready_store(folder: Path) -> None:
    """An embedded store in an installation's folder, unless one is there."""
    file = folder / FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_embedded())


def ready_database(server: PostgresServer) -> str:
    """The address of a new database with the newest schema."""
    return server.database(like=_template(server))


@cache
def _embedded() -> bytes:
    with tempfile.TemporaryDirectory(prefix="nuanhu-") as folder:
        Store(Settings(data=Path(folder))).close()
        return (Path(folder) / FILE).read_bytes()


@cache
def _template(server: PostgresServer) -> str:
    address = server.database()
    with tempfile.TemporaryDirectory(prefix="nuanhu-") as folder:
        Store(Settings(data=Path(folder), store_url=address)).close()
    return address
