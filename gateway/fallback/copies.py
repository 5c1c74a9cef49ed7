"""What is kept outside the store for the hour in which it is not there: registry snapshot and continuity pack."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

from alerting.casefile import Household
from gateway.fallback.continuity import Pack, write_pack
from gateway.fallback.snapshot import Snapshot, read_snapshot, write_snapshot
from gateway.settings import Settings

log = logging.getLogger(__name__)

EVERY_S = 3600
AGAIN_S = 60
"""So soon it is tried again after a failure."""
NOT_BEFORE_S = 5
"""What changes within so long is written at once: an import changes much."""
SNAPSHOT_NAME = "registry.snapshot"
KEY_NAME = "snapshot.key"


def snapshot_files(settings: Settings) -> tuple[Path, Path]:
    """Where the snapshot is, and where its key is."""
    folder = Path(settings.snapshot_folder) if settings.snapshot_folder else settings.data
    key_file = Path(settings.snapshot_key_file) if settings.snapshot_key_file else settings.data / KEY_NAME
    return folder / SNAPSHOT_NAME, key_file


def pack_folder(settings: Settings) -> Path:
    """Where the continuity pack is."""
    return Path(settings.continuity_folder) if settings.continuity_folder else settings.data / "continuity"


def latest_snapshot(settings: Settings) -> Snapshot:
    """The latest snapshot of an installation.

    Raises:
        SnapshotError: There is none, or it cannot be read.
    """
    return read_snapshot(*snapshot_files(settings))


class Copies:
    """Writes both at once and then every hour.

    Args:
        settings: Where to, and the pack's passphrase; without one no pack is written.
        snapshot: The registry as it is now, and its households. Asked for from another thread.
        pack: What people need as it is now, made whole by another thread: what it gives is called there.
    """

    def __init__(
        self,
        settings: Settings,
        snapshot: Callable[[], tuple[Snapshot, Collection[Household]]],
        pack: Callable[[], Callable[[], Pack]],
    ) -> None:
        """Nothing is written before ``run``."""
        self._settings = settings
        self._snapshot = snapshot
        self._pack = pack
        self._failed: set[str] = set()
        self._changed = asyncio.Event()

    def soon(self) -> None:
        """The registry has changed: write as soon as ``NOT_BEFORE_S`` is over. From the event loop."""
        self._changed.set()

    def warnings(self) -> list[str]:
        """Words for what is not kept."""
        off = [] if self._settings.continuity_passphrase.get_secret_value() else ["continuity_off"]
        return [*off, *sorted(self._failed)]

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._note("snapshot_failed", lambda: self._write_snapshot)
            await self._note("continuity_failed", lambda: partial(self._write_pack, self._pack()))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), AGAIN_S if self._failed else EVERY_S)
                await asyncio.sleep(NOT_BEFORE_S)
            self._changed.clear()

    async def _note(self, word: str, take: Callable[[], Callable[[], None]]) -> None:
        try:
            await asyncio.to_thread(take())
        except Exception as failure:  # noqa: BLE001 - whatever it is, it must be seen, and it is tried again
            log.error("%s: %s", word, failure)  # noqa: TRY400
            self._failed.add(word)
        else:
            self._failed.discard(word)

    def _write_snapshot(self) -> None:
        snapshot, homes = self._snapshot()
        file, key_file = snapshot_files(self._settings)
        if homes or not file.exists():  # else the one there may be all that is left
            write_snapshot(file, key_file, snapshot, homes)

    def _write_pack(self, whole: Callable[[], Pack]) -> None:
        passphrase = self._settings.continuity_passphrase.get_secret_value()
        if passphrase and (pack := whole()).households:
            write_pack(pack_folder(self._settings), pack, passphrase)
