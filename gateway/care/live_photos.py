"""The Desk's side for photos of visits, of a running gateway."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from concurrent.futures import Future

from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.paging.outbox import OutboxNews
from gateway.store.reads import Reads
from gateway.writing.writer import Writer

log = logging.getLogger(__name__)

KEPT_WITHIN_S = 20.0


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
        try:
            sealed = await asyncio.to_thread(self.__seals.seal_bytes, photo)
        except OSError as failure:
            log.warning("a photo cannot be sealed: %s", failure)
            return False
        if not sealed:
            return False
        done: Future[None] = Future()
        at = self.__clock.now()
        note = OutboxNews(lambda judge, _: judge.batch.note_photo(home, number, by, at, sealed), done)
        self.__writer.inbox.put(note)
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
