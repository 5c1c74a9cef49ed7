"""What a directory may open of what is kept sealed: bind keys, install codes, texts and photos of a person."""

from __future__ import annotations

from typing import Protocol


class Seals(Protocol):
    """Bind keys and install codes are kept as this seals them."""

    def seal(self, key: str) -> str:
        """What may be kept of it."""

    def open(self, sealed: str) -> str:
        """The key again; empty when there is none."""

    def seal_text(self, text: str) -> str:
        """What may be kept of a text of a person; the same for the same text."""

    def open_text(self, sealed: str) -> str:
        """The text again; empty when there is none."""

    def seal_bytes(self, content: bytes) -> bytes:
        """What may be kept of a file about a person; empty where nothing may."""

    def open_bytes(self, sealed: bytes) -> bytes:
        """The file again; empty when there is none."""


class Unsealed:
    """Keeps nothing and opens nothing: where no key can be had."""

    def seal(self, _: str) -> str:
        """Nothing is kept."""
        return ""

    def open(self, _: str) -> str:
        """Nothing is known."""
        return ""

    def seal_text(self, _: str) -> str:
        """Nothing is kept."""
        return ""

    def open_text(self, _: str) -> str:
        """Nothing is known."""
        return ""

    def seal_bytes(self, _: bytes) -> bytes:
        """Nothing is kept."""
        return b""

    def open_bytes(self, _: bytes) -> bytes:
        """Nothing is known."""
        return b""


UNSEALED = Unsealed()
