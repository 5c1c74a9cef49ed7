"""``nuanhu continuity``: write the pack now, or open one on any laptop while the system is down."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import datetime
from pathlib import Path

import msgspec

from dashboard.continuity import continuity_page
from gateway.clock import SystemClock
from gateway.desk.rows import queue_row
from gateway.fallback.continuity import PackError, pack_of, unseal, write_pack
from gateway.fallback.copies import pack_folder
from gateway.fallback.snapshot import replace_file
from gateway.store.engine import StoreError, StoreUnusableError, open_engine
from gateway.store.look import store_file
from gateway.store.reads import Reads
from gateway.store.registry import load_registry
from gateway.writing.directory import Directory
from nuanhu.errors import UsageError
from nuanhu.run import settings_from
from nuanhu.wiring import store_url

VARIABLE = "NUANHU_CONTINUITY_PASSPHRASE"


class PackReport(msgspec.Struct, frozen=True):
    """What was written or opened."""

    file: str
    written_at: datetime
    homes: int
    open: int


def open_pack(file: Path, out: Path, language: str) -> PackReport:
    """Turn a pack into a page that a browser shows and prints; the passphrase is asked for.

    Raises:
        UsageError: The file is no pack, the passphrase is another, or the page cannot be written.
    """
    if out.exists() and not out.is_file():
        raise UsageError(f"--out {out}: is no file")
    try:
        content = file.read_bytes()
        pack = unseal(content, _passphrase())
        replace_file(out, continuity_page(pack, language).encode())
    except OSError as failure:
        raise UsageError(f"{failure.filename or file}: {failure.strerror}") from failure
    except PackError as wrong:
        raise UsageError(f"{file}: {wrong}") from wrong
    return PackReport(str(out), pack.written_at, len(pack.households), len(pack.rows))


def _passphrase() -> str:
    """From the variable, else from the keyboard, else the first line of standard input."""
    said = os.environ.get(VARIABLE, "")
    if not said:
        said = getpass.getpass("passphrase: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    return said


def write_now(settings_file: Path | None) -> PackReport:
    """Write a pack from the store, beside a gateway that runs or without one.

    Raises:
        UsageError: No passphrase is set, or the store or the folder cannot be used.
    """
    settings = settings_from(settings_file)
    passphrase = settings.continuity_passphrase.get_secret_value()
    if not passphrase:
        raise UsageError(f"set continuity_passphrase (or {VARIABLE}) first: without it nothing is written")
    url = store_url(settings)
    file = store_file(url)
    if file is not None and not file.is_file():
        raise UsageError(f"there is no store at {file}")
    try:
        engine = open_engine(url)
        reads = Reads(engine)
        registry = load_registry(engine)
        directory = Directory(registry, {})
        rows = [queue_row(incident, directory) for incident in reads.open_incidents()]
    except (StoreError, StoreUnusableError) as failure:
        raise UsageError(f"the store cannot be read: {str(failure).partition(chr(10))[0]}") from failure
    rows.sort(key=lambda row: (row.priority, row.opened_at))
    offset_h = settings.policy().utc_offset_s / 3600
    pack = pack_of(registry, tuple(rows), SystemClock().now(), settings.title, offset_h)
    try:
        file = write_pack(pack_folder(settings), pack, passphrase)
    except OSError as failure:
        raise UsageError(f"{failure.filename}: {failure.strerror}") from failure
    return PackReport(str(file), pack.written_at, len(pack.households), len(pack.rows))
