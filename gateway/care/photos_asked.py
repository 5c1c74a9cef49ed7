"""What screens may ask about photos of visits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec


class PhotoOf(StrEnum):
    """What a case file may have a photo of."""

    RESIDENT = "resident"
    ENTRANCE = "entrance"


class HomePhoto(msgspec.Struct, frozen=True):
    """One photo that was put into a case file, or taken out of it: of what, when, by which login."""

    what: str
    at: datetime
    by: str
    is_there: bool


class ScenePhoto(msgspec.Struct, frozen=True):
    """One photo of the scene of an incident: of which, its name, when, and by whom (a responder as in the timeline)."""

    incident: str
    name: str
    at: datetime
    by: str


class Photos(Protocol):
    """Keeping photos and giving them out; nothing is known while the store is away."""

    async def keep_photo(self, home: str, number: int, by: str, photo: bytes) -> bool:
        """Keep the photo of a visit, sealed; False when it could not be kept. The same again changes nothing."""

    async def visits_with_photo(self, home: str) -> Collection[int]:
        """Numbers of the visits at a home of which there is a photo."""

    async def visit_photo(self, home: str, number: int) -> bytes:
        """The photo of a visit; empty when there is none, it was recorded by mistake, or it was sealed elsewhere."""

    async def keep_home_photo(self, home: str, what: PhotoOf, by: str, photo: bytes) -> bool:
        """Put a photo into a case file, sealed; an empty one takes it out. False when it could not be kept."""

    async def home_photos(self, home: str) -> Sequence[HomePhoto]:
        """All photos that a case file ever had, the latest first."""

    async def home_photo(self, home: str, what: PhotoOf) -> bytes:
        """The photo that a case file has of something; empty when there is none, or it was sealed elsewhere."""

    async def keep_scene_photo(self, home: str, incident: str, by: str, photo: bytes) -> bool:
        """Keep a photo of the scene of an incident, sealed, once; False when it could not be kept."""

    async def scene_photos(self, home: str, incident: str = "") -> Sequence[ScenePhoto]:
        """What there is of the scene of an incident, or of all incidents of a home; the oldest first."""

    async def scene_photo(self, home: str, incident: str, name: str) -> bytes:
        """One of them; empty when there is none, it is too old, or it was sealed elsewhere."""
