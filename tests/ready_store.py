"""Stores as migration leaves them: made once for a run by the gateway's own migration, and empty for each test."""

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
    """The address of an empty database with the newest schema; it is the test's alone until it is given back."""
    free = _free(server)
    return free.pop() if free else server.database(like=_template(server))


def give_back(server: PostgresServer, address: str) -> None:
    """Whoever is still connected is cut off, and all is emptied for the next test: sooner done than a new database."""
    server.empty(address)
    if server.columns(address) == _columns(server):
        _free(server).append(address)
    else:  # a test of migration
        server.drop(address)


@cache
def _embedded() -> bytes:
    with tempfile.TemporaryDirectory(prefix="nuanhu-") as folder:
        Store(Settings(data=Path(folder))).close()
        return (Path(folder) / FILE).read_bytes()


@cache
def _free(_server: PostgresServer) -> list[str]:
    return []


@cache
def _columns(server: PostgresServer) -> str:
    return server.columns(_template(server))


@cache
def _template(server: PostgresServer) -> str:
    address = server.database()
    with tempfile.TemporaryDirectory(prefix="nuanhu-") as folder:
        Store(Settings(data=Path(folder), store_url=address)).close()
    return address
