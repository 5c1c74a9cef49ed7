"""``nuanhu backup`` and ``nuanhu restore``: their arguments, and what they print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nuanhu.printing import print_json

if TYPE_CHECKING:
    from gateway.fallback.backup import BackupReport


def add_backup(commands: Any) -> None:
    """The two commands."""
    backup = commands.add_parser("backup", help="the whole store as one encrypted file, while the gateway runs")
    backup.add_argument("file", type=Path, nargs="?", metavar="FILE", help="where to (default: in backup_folder)")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="a store from a back-up, where there is none")
    restore.add_argument("file", type=Path, metavar="FILE", help="the back-up")
    restore.add_argument("--check", action="store_true", help="read it to its end, and change nothing")
    restore.set_defaults(run=_restore)
    for command in (backup, restore):
        command.add_argument("--settings", type=Path, metavar="FILE", help="settings file (nuanhu.toml)")


def _backup(asked: argparse.Namespace) -> int:
    from nuanhu.backup import backup  # noqa: PLC0415 - each command loads what it needs

    return _tell(backup(asked.file, asked.settings), "written and read back", as_json=asked.json)


def _restore(asked: argparse.Namespace) -> int:
    from nuanhu.backup import check, restore  # noqa: PLC0415 - each command loads what it needs

    if asked.check:
        return _tell(check(asked.file, asked.settings), "can be put back", as_json=asked.json)
    return _tell(restore(asked.file, asked.settings), "put back: start the gateway", as_json=asked.json)


def _tell(report: BackupReport, done: str, *, as_json: bool) -> int:
    if as_json:
        print_json(report)
    else:
        at = report.written_at.astimezone().isoformat(" ", "seconds")
        print(f"{report.file}: {report.bytes} bytes, {report.store} of {report.store_bytes} bytes, as of {at}: {done}")
    return 0
