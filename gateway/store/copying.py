"""One consistent copy of a store as bytes while a gateway writes to it, and a store made again from them.

SQLite's own online copy for an embedded store, PostgreSQL's ``pg_dump`` and ``pg_restore`` for one on a server: both
see one moment, and neither keeps the writer waiting.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import URL, inspect

from gateway.store.engine import StoreError, postgresql_engine, store_address
from gateway.store.look import store_file

SQLITE, POSTGRESQL = "sqlite", "postgresql"
PIECE_BYTES = 2**20
RESERVE_BYTES = 300_000_000
"""What a copy leaves free on the store's disk: calls for help go on being recorded meanwhile."""
OWNER_ONLY = 0o600
TOOL_ENDS_WITHIN_S = 10


class CopyError(Exception):
    """The store cannot be copied or put back; the message is one line for people."""


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``.

    Raises:
        StoreUnusableError: The address cannot be used.
    """
    return store_address(url).get_backend_name()


def copied(url: str) -> Iterator[bytes]:
    """A store's content at one moment, in pieces: SQLite's file, or PostgreSQL's archive.

    Raises:
        CopyError: There is no store, no room for the copy, no ``pg_dump``, or it failed.
    """
    file = store_file(url)
    yield from _dumped(store_address(url)) if file is None else _copied(file)


def put_back(url: str, pieces: Iterable[bytes]) -> None:
    """Make a store from what ``copied`` gave. All or nothing.

    Raises:
        CopyError: There is a store already, the content is spoilt, or it cannot be written.
    """
    file = store_file(url)
    if file is None:
        _restore(store_address(url), pieces)
    else:
        _put_in_place(file, pieces)


@contextmanager
def half_done(file: Path) -> Iterator[IO[bytes]]:
    """A file of our own while something is made, gone afterwards; what a crash has left of one is written over.

    Raises:
        CopyError: Somebody makes the same at this moment.
        OSError: It cannot be written.
    """
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY), "r+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise CopyError(f"{file} is being written by another") from taken
        if not _is_at(file, out):
            raise CopyError(f"{file} has just been written by another")
        try:
            out.truncate()
            yield out
        finally:
            if _is_at(file, out):
                file.unlink(missing_ok=True)


def _is_at(file: Path, opened: IO[bytes]) -> bool:
    """Whether what is open lies at that place still."""
    try:
        return os.path.samestat(file.stat(), os.fstat(opened.fileno()))
    except FileNotFoundError:
        return False


def without_leftovers(url: str) -> None:
    """Remove what a process that ended in the middle of a copy has left: it is the whole store, readable.

    Raises:
        CopyError: Another is making a copy just now.
        OSError: It cannot be removed.
    """
    file = store_file(url)
    if file is not None and _copy_of(file).exists():
        with half_done(_copy_of(file)):
            pass


def _copy_of(file: Path) -> Path:
    return file.with_name(f".{file.name}.copy")


def _must_have_room(file: Path) -> None:
    wal = Path(f"{file}-wal")
    needed = file.stat().st_size + (wal.stat().st_size if wal.exists() else 0) + RESERVE_BYTES
    if shutil.disk_usage(file.parent).free < needed:
        raise CopyError(f"no room beside {file} for a copy of it: {needed} bytes must be free")


def must_be_empty(url: str) -> None:
    """Nothing may be where a store is put back.

    Raises:
        CopyError: Something is, or it cannot be looked at.
    """
    file = store_file(url)
    if file is not None:
        there = [it.name for end in ("", "-wal", "-shm", "-journal") if (it := Path(f"{file}{end}")).exists()]
        if there:
            raise CopyError(f"{file.parent} has {', '.join(there)} already: move it away first")
        return
    engine = postgresql_engine(store_address(url), "")
    try:
        if inspect(engine).get_table_names():
            raise CopyError("that database has tables already: name an empty one (createdb)")
    except StoreError as failure:
        raise CopyError(f"the store cannot be opened: {str(failure).partition(chr(10))[0]}") from failure
    finally:
        engine.dispose()


def _copied(file: Path) -> Iterator[bytes]:
    if not file.is_file():
        raise CopyError(f"there is no store at {file}")
    copy = _copy_of(file)
    try:
        with half_done(copy) as source:
            _must_have_room(file)
            with closing(sqlite3.connect(_address(file, "mode=ro"), uri=True)) as store, closing(_opened(copy)) as to:
                to.execute("PRAGMA synchronous=OFF")  # what a crash leaves of it is taken anew
                store.backup(to)  # in one step: one moment, while others write
            _sound(copy)
            while piece := source.read(PIECE_BYTES):
                yield piece
    except (OSError, sqlite3.Error) as failure:
        raise CopyError(f"{file}: {failure}") from failure
    finally:
        for end in ("-wal", "-shm", "-journal"):
            Path(f"{copy}{end}").unlink(missing_ok=True)


def _put_in_place(file: Path, pieces: Iterable[bytes]) -> None:
    must_be_empty(str(URL.create("sqlite", database=str(file))))
    fresh = file.with_name(f".{file.name}.restored")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with half_done(fresh) as out:
            for piece in pieces:
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
            _sound(fresh)
            os.link(fresh, file)  # never over one that has come meanwhile
    except (OSError, sqlite3.Error) as failure:
        raise CopyError(f"{file}: {failure}") from failure


def _address(file: Path, query: str) -> str:
    return f"file:{quote(str(file.resolve()))}?{query}"


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(_address(file, "mode=rw"), uri=True)


def _sound(file: Path) -> None:
    """SQLite's own look at every page of a file that nobody writes to."""
    with closing(sqlite3.connect(_address(file, "mode=ro&immutable=1"), uri=True)) as copy:
        (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise CopyError(f"what was copied is not sound: {said}")


def _dumped(address: URL) -> Iterator[bytes]:
    orders = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--lock-wait-timeout=60000"]
    with TemporaryFile() as said, _tool("pg_dump", orders, address, said, stdout=subprocess.PIPE) as tool:
        try:
            assert tool.stdout is not None
            while piece := tool.stdout.read(PIECE_BYTES):
                yield piece
        finally:
            _end(tool)
        _must_be_done("pg_dump", tool, said)


def _restore(address: URL, pieces: Iterable[bytes]) -> None:
    must_be_empty(address.render_as_string(hide_password=False))
    orders = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    ends = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with TemporaryFile() as said, _tool("pg_restore", orders, address, said, **ends) as tool:
        assert tool.stdin is not None
        try:
            with suppress(BrokenPipeError):  # what it did not like is in its own words
                for piece in pieces:
                    tool.stdin.write(piece)
                tool.stdin.close()
        except BaseException:  # nothing of half an archive stays
            tool.kill()
            raise
        tool.wait()
        _must_be_done("pg_restore", tool, said)


def _tool(name: str, orders: list[str], address: URL, said: IO[bytes], **ends: Any) -> subprocess.Popen[bytes]:
    """One of PostgreSQL's own; the password goes by the environment, where other accounts do not see it."""
    known = (address.username, None, address.host, address.port, address.database, address.query)
    plain = URL.create("postgresql", *known).render_as_string()
    password = {"PGPASSWORD": str(address.password)} if address.password else {}
    try:
        return subprocess.Popen(  # noqa: S603 - a fixed program, and the settings' own address
            [name, *orders, f"--dbname={plain}"], env={**os.environ, **password}, stderr=said, **ends
        )
    except FileNotFoundError as missing:
        raise CopyError(f"{name} is not installed: apt install postgresql-client") from missing


def _end(tool: subprocess.Popen[bytes]) -> None:
    """Wait for one that has said everything; end one that nobody listens to any more."""
    if tool.stdout is not None:
        tool.stdout.close()
    try:
        tool.wait(TOOL_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        tool.kill()
        tool.wait()


def _must_be_done(name: str, tool: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    if tool.returncode:
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines() or [f"ended with {tool.returncode}"]
        raise CopyError(f"{name}: {lines[0]}")
