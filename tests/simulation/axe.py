"""Stops a gateway in the middle: at the n-th boundary of its way, all its threads end where they stand.

A boundary is just before and just after a call that leaves the program (a statement or a commit handed to the store's
driver, bytes sent to the broker) or that ends one step of the way. With ``deep``, receiving bytes and every function
of the gateway are boundaries as well. They are found by watching the running threads, so that a new statement is a
new boundary by itself.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from centre import Centre
from sqlalchemy import event
from sqlalchemy.pool import Pool

import gateway

DEAD_WITHIN_S = 5.0
WAITS_FOR_GOOD = 5
"""Looks at a thread, 10 ms apart, that find it at the same place."""
STORE_FILES = ("sqlalchemy", "psycopg")
"""Whoever stands there is not waiting for one of us, but for the disk."""
ROOT = Path(gateway.__file__).parents[1]
GATEWAY, WIRING = str(ROOT / "gateway"), str(ROOT / "nuanhu" / "wiring.py")
STORE_CALLS = frozenset({"execute", "executemany", "commit"})
SENDS, RECEIVES = frozenset({"send", "sendall"}), frozenset({"recv"})
STEPS = frozenset({"_on_message", "hear", "committed", "_committed", "publish"})
"""Arrived, judged, acknowledged, consoles told, receipt given to the connection."""
POSTGRESQL = ("psycopg/cursor.py", "psycopg/connection.py")
LEAVES_ALONE, DEVICES = ("asyncio_", "ThreadPoolExecutor"), "-test"


class Killed(SystemExit):
    """Ends a thread as ``kill -9`` ends a process. No ``except Exception`` holds it, and nobody is told of it."""


class Axe:
    """Falls at the n-th boundary after ``arm``; 0 never falls and only counts.

    Attributes:
        count: Boundaries passed since it was armed.
        fell_at: Where it fell; empty while it has not.
    """

    def __init__(self, at: int, broker_port: int, *, deep: bool) -> None:
        self.count = 0
        self.fell_at = ""
        self.dead = threading.Event()
        self._at = at
        self._broker_port = broker_port
        self._deep = deep
        self._armed = False
        self._lock = threading.Lock()

    def arm(self) -> None:
        """Count from here."""
        self._armed = True

    def rest(self) -> None:
        """Never fall any more."""
        self._armed = False

    def watch(self, frame: FrameType, event: str, what: Any) -> None:
        """Called by Python at every call and return of a watched thread."""
        thread = threading.current_thread().name
        if thread.startswith(LEAVES_ALONE) or thread.endswith(DEVICES):
            sys.setprofile(None)
            return
        if self.dead.is_set():
            if frame.f_code.co_filename == threading.__file__:  # else a lock would never be given back
                return
            raise Killed
        if not self._armed or not self._is_boundary(frame, event, what):
            return
        with self._lock:
            self.count += 1
            if self.count != self._at:
                return
            name = what.__name__ if event.startswith("c_") else frame.f_code.co_name
            self.fell_at = f"{self._at}: {event} of {name} in {frame.f_code.co_filename}:{frame.f_lineno} ({thread})"
            self.dead.set()
        raise Killed

    def _is_boundary(self, frame: FrameType, event: str, what: Any) -> bool:
        if event in {"c_call", "c_return"}:
            owner, name = getattr(what, "__self__", None), what.__name__
            if isinstance(owner, sqlite3.Cursor | sqlite3.Connection):
                return name in STORE_CALLS
            counts = name in SENDS or (self._deep and name in RECEIVES)
            return counts and isinstance(owner, socket.socket) and self._leads_to_broker(owner)
        if event not in {"call", "return"}:
            return False
        file, name = frame.f_code.co_filename, frame.f_code.co_name
        if file.endswith(POSTGRESQL):
            return name in STORE_CALLS
        return file.startswith((GATEWAY, WIRING)) and (self._deep or name in STEPS)

    def _leads_to_broker(self, connection: socket.socket) -> bool:
        with suppress(OSError, IndexError):  # not connected; a pipe within this program has no port
            return bool(connection.getpeername()[1] == self._broker_port)
        return False


def _ends_next(thread: threading.Thread) -> None:
    """Let a thread end at its next step, even if ``Killed`` was lost in a finalizer, where Python ignores it."""
    ident = ctypes.c_ulong(thread.ident or 0)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Killed))


@pytest.fixture
def quiet_ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A thread that was killed leaves nothing behind: no report, and no frames that hold on to the store."""
    said = threading.excepthook

    def told(what: threading.ExceptHookArgs) -> None:
        if not isinstance(what.exc_value, Killed):
            said(what)

    monkeypatch.setattr(threading, "excepthook", told)
    yield
    threading.setprofile(None)


class DoomedGateway:
    """A gateway of a centre that an axe hangs over. Opened by ``open``, ended by ``bury`` or by the centre."""

    def __init__(self, centre: Centre, axe: Axe) -> None:
        self.axe = axe
        self._centre = centre
        self._connections: list[Any] = []
        self._others: set[threading.Thread] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Start a gateway whose threads are watched."""
        self._others = set(threading.enumerate())
        tasks = asyncio.all_tasks()
        event.listen(Pool, "connect", self._connected)
        threading.setprofile(self.axe.watch)  # until the end: a thread may be started later
        await self._centre.open_gateway()
        self._tasks = asyncio.all_tasks() - tasks

    def _connected(self, connection: Any, _entry: object) -> None:
        self._connections.append(connection)

    async def _end_of(self, thread: threading.Thread) -> None:
        """Wait until a thread is dead, or waits for somebody who is: should it ever be woken, it dies at once."""
        stands_at, looks = (0, 0), 0
        for _ in range(int(DEAD_WITHIN_S / 0.01)):
            frame = sys._current_frames().get(thread.ident or 0)
            if not thread.is_alive() or frame is None:
                return
            looks = looks + 1 if stands_at == (id(frame), frame.f_lasti) else 0
            stands_at = id(frame), frame.f_lasti
            if looks >= WAITS_FOR_GOOD and not any(part in frame.f_code.co_filename for part in STORE_FILES):
                _ends_next(thread)
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{thread.name} lives on after {self.axe.fell_at}")

    async def bury(self) -> None:
        """The process is gone: threads end without another word, the connection breaks, memory is lost."""
        self.axe.dead.set()
        threading.setprofile(None)
        gateway = self._centre.gateway
        for task in self._tasks:
            task.cancel()
        connection = gateway.ingest._client.socket()
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for bytes; they find themselves dead
        gateway.writer.inbox.wake()
        for thread in set(threading.enumerate()) - self._others:
            if not thread.name.startswith(LEAVES_ALONE) and not thread.name.endswith(DEVICES):
                await self._end_of(thread)
        event.remove(Pool, "connect", self._connected)
        gc.collect()  # a statement that a dead thread's frames still hold would keep the store locked
        for kept in self._connections:
            with suppress(sqlite3.ProgrammingError):  # closed already
                kept.rollback()
            kept.close()  # what was not committed is gone with the one who held it
        gateway.store.close()
