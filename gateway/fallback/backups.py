"""A back-up each night, a few of them kept, and what is not as it should be about them."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from gateway.clock import host_time
from gateway.fallback.backup import NAMES, BackupError, write_backup
from gateway.settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
AGAIN_S = 3600.0
"""So soon it is tried again after a failure."""
NICE = 15
"""Behind everything else on the machine, where the system has such a thing for a thread."""


def backup_files(folder: Path) -> list[Path]:
    """The back-ups in a folder, the newest first: their names begin with their moment."""
    return sorted(folder.glob(NAMES), reverse=True) if folder.is_dir() else []


def backup_name(now: datetime) -> str:
    """The name of a back-up of this moment (UTC)."""
    return f"nuanhu-{now.astimezone(UTC):%Y%m%d-%H%M%S}.backup"


class Backups:
    """Writes one when the hour has passed since the newest: each night, and soon where a night was missed.

    Times are the host's: a copy is as old as it really is, however fast a demo's town lives.

    Args:
        settings: Where to, when, how many, and the passphrase; without folder and passphrase none is written.
        url: Address of the store.
        utc_offset_s: Local time, seconds east of Greenwich.
        now: Real time.
    """

    def __init__(
        self, settings: Settings, url: str, utc_offset_s: int, now: Callable[[], datetime] = host_time
    ) -> None:
        """Nothing is written before ``run``."""
        self._folder = Path(settings.backup_folder) if settings.backup_folder else None
        self._passphrase = settings.backup_passphrase.get_secret_value()
        self._keep = settings.backup_keep
        self._hour = settings.backup_hour
        self._url = url
        self._zone = timezone(timedelta(seconds=utc_offset_s))
        self._now = now
        self._has_failed = False

    def warnings(self) -> list[str]:
        """Words for what is not kept."""
        if self._folder is None or not self._passphrase:
            return ["backup_off"]
        return ["backup_failed"] if self._has_failed else []

    async def run(self) -> None:
        """Write until cancelled."""
        if self._folder is None or not self._passphrase:
            return
        while True:
            if self._is_due(self._folder):
                await self._write(self._folder)
            await asyncio.sleep(AGAIN_S if self._has_failed else LOOK_EVERY_S)

    def _is_due(self, folder: Path) -> bool:
        now = self._now()
        local = now.astimezone(self._zone).replace(hour=self._hour, minute=0, second=0, microsecond=0)
        last = local if local <= now else local - timedelta(days=1)
        try:
            newest = next((file.name for file in backup_files(folder)), "")
        except OSError:
            return True  # what is wrong with the folder is said by the try
        return newest < backup_name(last)

    async def _write(self, folder: Path) -> None:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[str] = loop.create_future()

        def tell(said: str) -> None:
            if not done.done():
                done.set_result(said)

        def write() -> None:
            said = self._written(folder)
            with suppress(RuntimeError):  # the gateway has stopped meanwhile
                loop.call_soon_threadsafe(tell, said)

        threading.Thread(target=write, name="backup", daemon=True).start()
        wrong = await done
        self._has_failed = bool(wrong)
        if wrong:
            log.error("backup_failed: %s", wrong)

    def _written(self, folder: Path) -> str:
        """What went wrong, in a thread of its own; empty when nothing did."""
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        now = self._now()
        try:
            report = write_backup(self._url, folder / backup_name(now), self._passphrase, now)
            for old in backup_files(folder)[self._keep :]:
                old.unlink(missing_ok=True)
        except (BackupError, OSError) as failure:
            return str(failure)
        except Exception as failure:  # whatever it is, it must be seen, and it is tried again
            log.exception("backup")
            return repr(failure)
        log.info("back-up written: %s, %d bytes", report.file, report.bytes)
        return ""
