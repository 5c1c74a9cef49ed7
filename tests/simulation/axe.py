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
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Any

import pytest
from centre import Centre
from sqlalchemy import event
from sqlalchemy.pool import Pool

import gateway

DEAD_WITHIN_S = 20.0
LOOK_S = 0.002
WAIT = threading.Condition.wait.__code__
LIBRARY = (str(Path(threading.__file__).parent), "<frozen ")
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
    """Falls at the n-th boundary after ``arm(n)``; with 0 it never falls and only counts.

    Attributes:
        count: Boundaries passed since it was armed.
        fell_at: Where it fell; empty while it has not.
        waited_for: What each thread (its ident) waited for the last time: a condition, or a queue.
    """

    def __init__(self, broker_port: int, *, deep: bool) -> None:
        self.count = 0
        self.fell_at = ""
        self.dead = threading.Event()
        self.waited_for: dict[int, Any] = {}
        self._struck: set[int] = set()
        self._at = 0
        self._broker_port = broker_port
        self._deep = deep
        self._armed = False
        self._lock = threading.Lock()

    def arm(self, at: int) -> None:
        """Count from here, and fall at this boundary."""
        self.count, self._at, self._armed = 0, at, True

    def rest(self) -> None:
        """Never fall any more."""
        self._armed = False

    def watch(self, frame: FrameType, event: str, what: Any) -> None:
        """Called by Python at every call and return of a watched thread."""
        thread = threading.current_thread().name
        if thread.startswith(LEAVES_ALONE) or thread.endswith(DEVICES):
            sys.setprofile(None)
            return
        self._note_wait(frame, event, what)
        if self.dead.is_set():
            if _may_end(frame, event):
                self._strike()
            return
        if not self._armed or not self._is_boundary(frame, event, what):
            return
        with self._lock:
            self.count += 1
            if self.count != self._at:
                return
            name = what.__name__ if event.startswith("c_") else frame.f_code.co_name
            self.fell_at = f"{self._at}: {event} of {name} in {frame.f_code.co_filename}:{frame.f_lineno} ({thread})"
            self.dead.set()
        self._strike()

    def _strike(self) -> None:
        self._struck.add(threading.get_ident())
        raise Killed(self)  # from here on Python does not watch this thread any more

    def strike_again(self, thread: threading.Thread) -> None:
        """End a thread that was struck and lives on: somebody on its way out has put an exception of his own there."""
        if thread.ident in self._struck:
            ident = ctypes.c_ulong(thread.ident)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Killed))

    def _note_wait(self, frame: FrameType, event: str, what: Any) -> None:
        """Remember what a thread is about to wait for, so that a dead one can be woken to find itself dead."""
        if event == "call" and frame.f_code is WAIT:
            self.waited_for[threading.get_ident()] = frame.f_locals["self"]
        elif event == "c_call" and what.__name__ == "get" and isinstance(what.__self__, SimpleQueue):
            self.waited_for[threading.get_ident()] = what.__self__

    def wake_all(self) -> None:
        """Wake whoever waits."""
        for awaited in list(self.waited_for.values()):
            if isinstance(awaited, SimpleQueue):
                awaited.put(None)
            else:
                with awaited:
                    awaited.notify_all()

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


def _may_end(frame: FrameType, event: str) -> bool:
    """Whether a thread can end here without keeping a lock that all share.

    Python's own code is left first, with the locks given back; out of a wait a thread is driven at once.
    """
    return (event == "return" and frame.f_code is WAIT) or not _is_pythons_own(frame.f_code.co_filename)


@cache
def _is_pythons_own(file: str) -> bool:
    return file == __file__ or (file.startswith(LIBRARY) and "site-packages" not in file)


@pytest.fixture
def quiet_ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A thread that was killed leaves nothing behind: no report, and no frames that hold on to the store."""
    said, ignored = threading.excepthook, sys.unraisablehook

    def told(what: threading.ExceptHookArgs) -> None:
        if not isinstance(what.exc_value, Killed):
            said(what)

    def told_in_a_finalizer(what: Any) -> None:  # Python ignores every exception there: it dies at its next step
        if isinstance(what.exc_value, Killed):
            for axe in what.exc_value.args:
                sys.setprofile(axe.watch)
        else:
            ignored(what)

    monkeypatch.setattr(threading, "excepthook", told)
    monkeypatch.setattr(sys, "unraisablehook", told_in_a_finalizer)
    gc.collect()
    gc.freeze()  # what is there before need not be looked through after every death
    yield
    gc.unfreeze()
    threading.setprofile(None)


class DoomedGateway:
    """A gateway of a centre that an axe hangs over. Opened by ``open``, ended by ``bury`` or by the centre."""

    def __init__(self, centre: Centre, axe: Axe) -> None:
        self.axe = axe
        self._centre = centre
        self._connections: list[Any] = []
        self._others: set[threading.Thread] = set()
        self._wakers: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Start a gateway whose threads are watched."""
        self._others = set(threading.enumerate())
        self._wakers = list(self._centre.clock._wakers)
        tasks = asyncio.all_tasks()
        event.listen(Pool, "connect", self._connected)
        threading.setprofile(self.axe.watch)  # until the end: a thread may be started later
        await self._centre.open_gateway()
        self._tasks = asyncio.all_tasks() - tasks

    def _connected(self, connection: Any, _entry: object) -> None:
        self._connections.append(connection)

    def _alive(self) -> list[threading.Thread]:
        others = set(threading.enumerate()) - self._others
        return [it for it in others if not it.name.startswith(LEAVES_ALONE) and not it.name.endswith(DEVICES)]

    async def _end_of(self, thread: threading.Thread) -> None:
        """Wait until a thread is dead; what it waits for comes at once."""
        for _ in range(int(DEAD_WITHIN_S / LOOK_S)):
            if not thread.is_alive():
                return
            self.axe.wake_all()
            await asyncio.sleep(LOOK_S)
            self.axe.strike_again(thread)
        stands_at = sys._current_frames().get(thread.ident or 0)
        raise AssertionError(f"{thread.name} lives on in {stands_at} after {self.axe.fell_at}")

    async def bury(self) -> None:
        """The process is gone: threads end without another word, the connection breaks, memory is lost."""
        self.axe.dead.set()
        gateway = self._centre.gateway
        for task in self._tasks:
            task.cancel()
        client = gateway.ingest._client
        connection = client.socket()
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for bytes; they find themselves dead
        while threads := self._alive():  # one that was just about to begin comes later, and is watched, too
            for thread in threads:
                await self._end_of(thread)
        threading.setprofile(None)
        client._reset_sockets()
        self._centre.clock._wakers[:] = self._wakers  # nobody is left to be woken, and nothing keeps the dead
        event.remove(Pool, "connect", self._connected)
        gc.collect()  # a statement that a dead thread's frames still hold would keep the store locked
        for kept in self._connections:
            with suppress(gateway.store.engine.dialect.loaded_dbapi.Error):  # closed already
                kept.rollback()
            kept.close()  # what was not committed is gone with the one who held it
        gateway.store.close()
