"""The Desk's side for photos of visits and of case files, of a running gateway."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future

from gateway.care.photos_asked import HomePhoto, PhotoOf, ScenePhoto
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.paging.outbox import OutboxNews
from gateway.store.batch import Batch
from gateway.store.home_photos import scene_of
from gateway.store.reads import Reads
from gateway.writing.writer import Writer

log = logging.getLogger(__name__)

KEPT_WITHIN_S = 20.0
NAME_LONG = 16
Note = Callable[[Batch, bytes], None]


class LivePhotos:
    """See ``gateway.care.photos_asked.Photos`` for what each question means.

    Args:
        writer: Writes them; its judge has the registry, whose seals are used.
        reads: Questions to the store.
        clock: Service time.
    """

    def __init__(self, writer: Writer, reads: Reads, clock: Clock) -> None:
        """Answer from these parts."""
        self.__writer = writer
        self.__seals = writer.judge.directory.seals
        self.__reads = reads
        self.__clock = clock
        self.__ask = Asking().ask

    async def keep_photo(self, home: str, number: int, by: str, photo: bytes) -> bool:
        """Keep the photo of a visit."""
        at = self.__clock.now()
        return await self.__kept(photo, lambda batch, sealed: batch.note_photo(home, number, by, at, sealed))

    async def keep_home_photo(self, home: str, what: PhotoOf, by: str, photo: bytes) -> bool:
        """Put a photo into a case file, or take it out."""
        at = self.__clock.now()
        note: Note = lambda batch, sealed: batch.note_home_photo(home, what, by, at, sealed)  # noqa: E731 - as above
        return await self.__kept(photo, note) if photo else await self.__written(b"", note)

    async def __kept(self, photo: bytes, note: Note) -> bool:
        try:
            sealed = await asyncio.to_thread(self.__seals.seal_bytes, photo)
        except OSError as failure:
            log.warning("a photo cannot be sealed: %s", failure)
            return False
        return await self.__written(sealed, note) if sealed else False

    async def __written(self, sealed: bytes, note: Note) -> bool:
        done: Future[None] = Future()
        self.__writer.inbox.put(OutboxNews(lambda judge, _: note(judge.batch, sealed), done))
        try:
            await asyncio.wait_for(asyncio.wrap_future(done), KEPT_WITHIN_S)
        except TimeoutError:
            return False
        return True

    async def visits_with_photo(self, home: str) -> Collection[int]:
        """Numbers of the visits at a home of which there is a photo."""
        return await self.__ask([], self.__reads.visits_with_photo, home)

    async def visit_photo(self, home: str, number: int) -> bytes:
        """The photo of a visit."""
        sealed = await self.__ask(b"", self.__reads.visit_photo, home, number)
        return await asyncio.to_thread(self.__seals.open_bytes, sealed) if sealed else b""

    async def home_photos(self, home: str) -> Sequence[HomePhoto]:
        """All photos that a case file ever had."""
        return await self.__ask([], self.__reads.home_photos, home)

    async def home_photo(self, home: str, what: PhotoOf) -> bytes:
        """The photo that a case file has of something."""
        sealed = await self.__ask(b"", self.__reads.home_photo, home, what.value)
        return await asyncio.to_thread(self.__seals.open_bytes, sealed) if sealed else b""

    async def keep_scene_photo(self, home: str, incident: str, by: str, photo: bytes) -> bool:
        """Keep a photo of the scene of an incident."""
        at, name = self.__clock.now(), hashlib.sha256(photo).hexdigest()[:NAME_LONG]
        if any(it.name == name for it in await self.scene_photos(home, incident)):
            return True
        what = scene_of(incident, name)
        return await self.__kept(photo, lambda batch, sealed: batch.note_home_photo(home, what, by, at, sealed))

    async def scene_photos(self, home: str, incident: str = "") -> Sequence[ScenePhoto]:
        """What there is of the scene of an incident, or of all incidents of a home."""
        return await self.__ask([], self.__reads.scene_photos, home, incident)

    async def scene_photo(self, home: str, incident: str, name: str) -> bytes:
        """One of them."""
        sealed = await self.__ask(b"", self.__reads.home_photo, home, scene_of(incident, name))
        return await asyncio.to_thread(self.__seals.open_bytes, sealed) if sealed else b""
