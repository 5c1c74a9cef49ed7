"""The writer's seat: the right to write to a store, which one gateway at a time has.

An embedded store has a lock file beside it. In PostgreSQL the lock belongs to the session of the one connection that
writes, so whoever has lost that connection has lost the right with it, and cannot write half a minute later.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from typing import Any

from sqlalchemy import URL, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from gateway.store.engine import StoreUnusableError, postgresql_engine, sqlite_engine, store_address

FORMER_GONE_WITHIN_S = 2.0
LOOK_EVERY_S = 0.1
LOCK_NUMBER = 20_260_105

TRY = "SELECT pg_try_advisory_lock(%s, hashtext(current_schema()))"
END_FORMER = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND pid <> %s"


class StoreTakenError(SQLAlchemyError):
    """Another gateway writes to this store; the message is one line for people."""

    def __init__(self, address: URL) -> None:
        """Name the store, without its password."""
        shown = address.render_as_string(hide_password=True)
        super().__init__(f"another gateway writes to {shown}: stop it, or choose another store")


class Seat:
    """Taken when it is made, given back by ``leave``, or by the operating system when the process ends.

    Attributes:
        engine: Writes to the store; its transactions take the write lock when they begin.
    """

    def __init__(self, url: str) -> None:
        """Take the seat.

        Args:
            url: As for ``open_engine``.

        Raises:
            StoreTakenError: Somebody else has it, and has not left it within 2 s.
            StoreUnusableError: The address cannot be used.
            StoreError: PostgreSQL does not answer.
            OSError: The folder of an embedded store cannot be used.
        """
        address = store_address(url)
        self._lock: int | None = None
        if address.get_backend_name() == "sqlite":
            self._lock = _lock_file(address)
            self.engine: Engine = sqlite_engine(address).execution_options(begin="BEGIN IMMEDIATE")
            return
        self.engine = _seated(address)
        self.engine.connect().close()  # connecting takes the seat

    def leave(self) -> None:
        """Give it back. Twice is once."""
        self.engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _lock_file(address: URL) -> int:
    """An open, locked file beside the store; the lock ends with the process, however it ends."""
    if not address.database:
        raise StoreUnusableError("store_url names no file: sqlite:///folder/nuanhu.db")
    lock = os.open(f"{address.database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    waiting = threading.Event()
    for _ in range(_looks()):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting.wait(LOOK_EVERY_S)
        else:
            return lock
    os.close(lock)
    raise StoreTakenError(address)


def _seated(address: URL) -> Engine:
    """An engine of one connection, which has the seat whenever there is a connection at all."""
    name = f"nuanhu writer {secrets.token_hex(4)}"
    query = {key: value for key, value in address.query.items() if key != "application_name"}
    mine = address.set(query={**query, "application_name": name})
    engine = postgresql_engine(mine, "", pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _take(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        if not _has_lock(connection, name):
            connection.close()
            raise StoreTakenError(address)

    return engine


def _has_lock(connection: Any, name: str) -> bool:
    """Whether the lock could be had. A session of ours that the server still keeps after a broken line is ended."""
    waiting = threading.Event()
    for _ in range(_looks()):
        row = connection.execute(TRY, [LOCK_NUMBER]).fetchone()
        if row[0]:
            connection.commit()
            return True
        connection.execute(END_FORMER, [name, connection.info.backend_pid])
        connection.commit()
        waiting.wait(LOOK_EVERY_S)
    return False


def _looks() -> int:
    return max(1, int(FORMER_GONE_WITHIN_S / LOOK_EVERY_S))
