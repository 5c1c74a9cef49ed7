"""What is kept outside the store for the hour in which it is not there: registry snapshot and continuity pack."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from gateway.continuity import Pack, write_pack
from gateway.settings import Settings
from gateway.snapshot import Snapshot, SnapshotError, read_snapshot, write_snapshot

log = logging.getLogger(__name__)

EVERY_S = 3600
AGAIN_S = 60
"""So soon it is tried again after a failure."""
SNAPSHOT_NAME = "registry.snapshot"
KEY_NAME = "snapshot.key"


def snapshot_files(settings: Settings) -> tuple[Path, Path]:
    """Where the snapshot is, and where its key is: the key never leaves ``data``."""
    folder = Path(settings.snapshot_folder) if settings.snapshot_folder else settings.data
    return folder / SNAPSHOT_NAME, settings.data / KEY_NAME


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
        snapshot: The registry as it is now.
        pack: What people need as it is now.
    """

    def __init__(self, settings: Settings, snapshot: Callable[[], Snapshot], pack: Callable[[], Pack]) -> None:
        """Nothing is written before ``run``."""
        self._settings = settings
        self._snapshot = snapshot
        self._pack = pack
        self._failed: set[str] = set()

    def warnings(self) -> list[str]:
        """Words for what is not kept."""
        off = [] if self._settings.continuity_passphrase.get_secret_value() else ["continuity_off"]
        return [*off, *sorted(self._failed)]

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            snapshot, pack = self._snapshot(), self._pack()
            await asyncio.to_thread(self._note, "snapshot_failed", lambda: self._write_snapshot(snapshot))  # noqa: B023
            await asyncio.to_thread(self._note, "continuity_failed", lambda: self._write_pack(pack))  # noqa: B023
            await asyncio.sleep(AGAIN_S if self._failed else EVERY_S)

    def _note(self, word: str, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError:
            log.exception("a copy for the hour without a store could not be written")
            self._failed.add(word)
        else:
            self._failed.discard(word)

    def _write_snapshot(self, snapshot: Snapshot) -> None:
        files = snapshot_files(self._settings)
        if not snapshot.registry.households:
            try:
                if read_snapshot(*files).registry.households:
                    return  # an empty store in the place of the right one: the copy may be all that is left
            except SnapshotError:
                pass
        write_snapshot(*files, snapshot)

    def _write_pack(self, pack: Pack) -> None:
        passphrase = self._settings.continuity_passphrase.get_secret_value()
        if passphrase:
            write_pack(pack_folder(self._settings), pack, passphrase)
