"""A back-up each night, a few of them kept, and what is not as it should be about them."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec

from gateway.clock import host_time
from gateway.desk.vitals import Kept
from gateway.fallback.backup import BackupError, write_backup
from gateway.settings import Settings
from gateway.store.copying import CopyError, without_leftovers

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
AGAIN_S = 3600.0
"""So soon it is tried again after a failure."""
STOP_S = 1.0
NICE = 15
"""Behind everything else on the machine, where the system has such a thing for a thread."""
NAME = re.compile(r"nuanhu-\d{8}-\d{6}\.backup")


def backup_files(folder: Path, now: datetime) -> list[Path]:
    """The nightly back-ups in a folder, the newest first, but for those of a moment that has not come.

    Raises:
        OSError: The folder cannot be looked into.
    """
    names = (it.name for it in folder.iterdir() if NAME.fullmatch(it.name) and it.name <= backup_name(now))
    return [folder / name for name in sorted(names, reverse=True)]


def backup_name(now: datetime) -> str:
    """The name of a back-up of this moment (UTC)."""
    return f"nuanhu-{now.astimezone(UTC):%Y%m%d-%H%M%S}.backup"


class Newest(msgspec.Struct, frozen=True):
    """The newest back-up that is there: of when, and its size."""

    at: datetime
    size_bytes: int


class Backups:
    """Writes one when the hour has passed since the newest: each night, and soon where a night was missed.

    All of it in a thread of its own: a folder on a disk that hangs keeps nobody waiting. Times are the host's: a copy
    is as old as it really is, however fast a demo's town lives.

    Args:
        settings: Where to, when, how many, and the passphrase; without folder and passphrase none is written.
        url: Address of the store.
        utc_offset_s: Local time, seconds east of Greenwich.
        now: Real time.
    """

    def __init__(
        self, settings: Settings, url: str, utc_offset_s: int, now: Callable[[], datetime] = host_time
    ) -> None:
        """Nothing is written before ``start``."""
        self._folder = Path(settings.backup_folder)
        self._passphrase = settings.backup_passphrase.get_secret_value()
        self._is_on = bool(settings.backup_folder and self._passphrase)
        self._keep = settings.backup_keep
        self._hour = settings.backup_hour
        self._url = url
        self._zone = timezone(timedelta(seconds=utc_offset_s))
        self._now = now
        self._has_failed = False
        self._newest: Newest | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backups", daemon=True)

    def warnings(self) -> list[str]:
        """Words for what is not kept."""
        if not self._is_on:
            return ["backup_off"]
        return ["backup_failed"] if self._has_failed else []

    def kept(self) -> Kept | None:
        """The newest one, as it was seen last; None when there is none."""
        seen = self._newest
        if seen is None:
            return None
        age_s = max(0.0, (self._now() - seen.at).total_seconds())
        return Kept(name="backup", age_s=age_s, size_bytes=seen.size_bytes)

    def start(self) -> None:
        """Begin to look and to write, where that is set up."""
        with suppress(OSError, CopyError):
            without_leftovers(self._url)
        if self._is_on:
            self._thread.start()

    def stop(self) -> None:
        """End. One that is being written is left: it is taken anew at the next start."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def _run(self) -> None:
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        while not self._stopping.is_set():
            try:
                self._look()
            except (BackupError, OSError) as failure:
                log.error("backup_failed: %s", failure)  # noqa: TRY400 - a line says it
                self._has_failed = True
            except Exception:  # whatever it is, it must be seen, and it is tried again
                log.exception("backup_failed")
                self._has_failed = True
            self._stopping.wait(AGAIN_S if self._has_failed else LOOK_EVERY_S)

    def _look(self) -> None:
        """Write one if it is due, and see what is there."""
        now = self._now()
        local = now.astimezone(self._zone).replace(hour=self._hour, minute=0, second=0, microsecond=0)
        last = local if local <= now else local - timedelta(days=1)
        there = backup_files(self._folder, now)
        if not there or there[0].name < backup_name(last):
            report = write_backup(self._url, self._folder / backup_name(now), self._passphrase, now)
            log.info("back-up written: %s, %d bytes", report.file, report.bytes)
            there = backup_files(self._folder, now)
            for old in there[self._keep :]:
                old.unlink(missing_ok=True)
        self._has_failed = False
        at = datetime.strptime(there[0].name, "nuanhu-%Y%m%d-%H%M%S.backup").replace(tzinfo=UTC)
        self._newest = Newest(at, there[0].stat().st_size)
