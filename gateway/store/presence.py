"""Whether the file that an embedded store writes to is still the one that a restart would open."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from gateway.store.engine import store_address


class StoreGoneError(SQLAlchemyError):
    """The file of an embedded store is not there, or another lies in its place; the message is one line for people."""


class Presence:
    """SQLite goes on writing to a file that was moved or deleted, and nobody would find what it wrote.

    Args:
        url: Address of the open store.
    """

    def __init__(self, url: str) -> None:
        """Remember which file it is."""
        address = store_address(url)
        is_file = address.get_backend_name() == "sqlite" and bool(address.database)
        self._file = Path(address.database or "") if is_file else None
        self._is = self._looks()

    def check(self) -> None:
        """Raise ``StoreGoneError`` unless the file is still the same. Costs a look at the folder, 2 µs."""
        if self._file is not None and self._looks() != self._is:
            raise StoreGoneError(f"{self._file} is gone, or another file lies in its place")

    def _looks(self) -> tuple[int, int] | None:
        if self._file is None:
            return None
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
