"""What the machine itself says: room on the disk, size of the store, copies outside of it, versions of the parts."""

from __future__ import annotations

import platform
import shutil
import threading
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from gateway.clock import Clock, host_time
from gateway.desk.vitals import Kept, Machine
from gateway.fallback.continuity import FILE_NAME
from gateway.fallback.copies import pack_folder, snapshot_files
from gateway.settings import Settings
from gateway.store.engine import SQLITE_VERSION
from gateway.store.look import store_file

LOOK_EVERY_S = 5.0
HANGS_S = 60.0
"""A look that lasts so long will not end: what was seen before it says nothing any more."""
BESIDE = ("", "-wal")
PARTS = ("paho-mqtt", "fastapi", "sqlalchemy")


class MachineLook:
    """Looks at most every few seconds, in a thread of its own: a folder on a disk that hangs keeps nobody waiting.

    Args:
        settings: Where things are.
        store_url: Address of the store.
        clock: Real time for how often.
    """

    def __init__(self, settings: Settings, store_url: str, clock: Clock) -> None:
        """The first look has begun."""
        self._settings = settings
        self._file = store_file(store_url)
        self._clock = clock
        self._lock = threading.Lock()
        self._versions = _versions(sqlite=self._file is not None)
        self._seen: Machine | None = None
        self._began_s = clock.monotonic_s()
        self._looking = self._begin()

    def state(self, commit_s: float | None) -> Machine | None:
        """As it was seen last; None before that, and where it cannot be looked at or hangs."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            lasts_s = now_s - self._began_s
            if lasts_s >= LOOK_EVERY_S and not self._looking.is_alive():
                self._began_s, self._looking = now_s, self._begin()
            elif lasts_s >= HANGS_S:
                return None
            seen = self._seen
        return msgspec.structs.replace(seen, commit_s=commit_s) if seen is not None else None

    def _begin(self) -> threading.Thread:
        thread = threading.Thread(target=self._look_once, name="machine", daemon=True)
        thread.start()
        return thread

    def _look_once(self) -> None:
        try:
            self._seen = self._look()
        except OSError:
            self._seen = None

    def _look(self) -> Machine:
        folder = self._file.parent if self._file is not None else self._settings.data
        usage = shutil.disk_usage(folder)
        places = {"snapshot": snapshot_files(self._settings)[0], "pack": pack_folder(self._settings) / FILE_NAME}
        return Machine(
            free_bytes=usage.free,
            total_bytes=usage.total,
            store_bytes=None if self._file is None else sum(map(_size, _files(self._file))),
            commit_s=None,
            kept=tuple(kept for name, place in places.items() if (kept := _kept(name, place)) is not None),
            versions=self._versions,
        )


def _files(store: Path) -> list[Path]:
    return [store.with_name(f"{store.name}{end}") for end in BESIDE]


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _kept(name: str, file: Path) -> Kept | None:
    if not file.is_file():
        return None
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    age_s = max(0.0, (host_time() - at).total_seconds())
    return Kept(name=name, age_s=age_s, size_bytes=_size(file))


def _versions(*, sqlite: bool) -> dict[str, str]:
    found = {"python": platform.python_version()}
    if sqlite:
        found["sqlite"] = SQLITE_VERSION
    for part in PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            continue
    return found
