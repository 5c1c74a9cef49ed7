"""What screens may ask about photos of visits."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class Photos(Protocol):
    """Keeping photos and giving them out; nothing is known while the store is away."""

    async def keep_photo(self, home: str, number: int, by: str, photo: bytes) -> bool:
        """Keep the photo of a visit, sealed; False when it could not be kept. The same again changes nothing."""

    async def visits_with_photo(self, home: str) -> Collection[int]:
        """Numbers of the visits at a home of which there is a photo."""

    async def visit_photo(self, home: str, number: int) -> bytes:
        """The photo of a visit; empty when there is none, it was recorded by mistake, or it was sealed elsewhere."""
