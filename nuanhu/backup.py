"""``nuanhu backup`` and ``nuanhu restore``: the whole store as one encrypted file, while running, and back from it."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from gateway.clock import host_time
from gateway.fallback.backup import BackupError, BackupReport, read_backup, restore_backup, write_backup
from gateway.fallback.backups import backup_name
from gateway.settings import SHORTEST_PASSPHRASE, Settings
from gateway.store.engine import StoreError
from nuanhu.errors import UsageError
from nuanhu.run import settings_from
from nuanhu.wiring import store_url


def backup(file: Path | None, settings_file: Path | None) -> BackupReport:
    """Write a back-up, by default into ``backup_folder``.

    Raises:
        UsageError: It cannot be written, or there is no place or no passphrase for it.
    """
    settings, now = settings_from(settings_file), host_time()
    if file is None and not settings.backup_folder:
        raise UsageError("name a FILE, or set backup_folder")
    passphrase = _passphrase(settings, is_new=True)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UsageError(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters: set backup_passphrase")
    try:
        to = file or Path(settings.backup_folder) / backup_name(now)
        return write_backup(store_url(settings), to, passphrase, now)
    except BackupError as wrong:
        raise UsageError(str(wrong)) from wrong


def check(file: Path, settings_file: Path | None) -> BackupReport:
    """Read a back-up to its end.

    Raises:
        UsageError: It cannot be put back.
    """
    try:
        return read_backup(file, _passphrase(settings_from(settings_file)))
    except BackupError as wrong:
        raise UsageError(str(wrong)) from wrong


def restore(file: Path, settings_file: Path | None) -> BackupReport:
    """Make the store of the settings from a back-up.

    Raises:
        UsageError: Something is there already, or the back-up cannot be put back.
    """
    settings = settings_from(settings_file)
    try:
        return restore_backup(file, store_url(settings), _passphrase(settings))
    except BackupError as wrong:
        raise UsageError(str(wrong)) from wrong
    except StoreError as failure:
        raise UsageError(f"the store cannot be opened: {str(failure).partition(chr(10))[0]}") from failure


def _passphrase(settings: Settings, *, is_new: bool = False) -> str:
    """From the settings, else from the keyboard (a new one twice), else the first line of standard input."""
    said = settings.backup_passphrase.get_secret_value()
    if said:
        return said
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    said = getpass.getpass("passphrase: ")
    if is_new and getpass.getpass("once more: ") != said:
        raise UsageError("the two are not the same")
    return said
