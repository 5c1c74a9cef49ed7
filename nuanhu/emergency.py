"""A gateway whose store cannot be opened rings all the same, with the registry of the snapshot, until it can.

The broker keeps everything that was said: nothing is acknowledged meanwhile, so the ordinary gateway hears it all again
and records it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import FastAPI

from alerting.household import HouseholdState, Memory
from gateway.copies import latest_snapshot, snapshot_files
from gateway.desk_line import DeskLine
from gateway.settings import Settings
from gateway.snapshot import Snapshot, SnapshotError
from gateway.store.batch import Batch
from gateway.store.engine import StoreError, memory_engine, migrate
from gateway.store.outgoing import Outgoing
from gateway.store.presence import StoreGoneError
from gateway.store.reads import Reads
from gateway.store.registry import replace_registry
from gateway.store.seat import StoreTakenError
from nuanhu.wiring import Gateway, Store, screens

log = logging.getLogger(__name__)

OPEN_WITHIN_S = 6.0
"""A store that does not open in this time is taken for one that is away. Longer than it takes to find out that another
gateway has it."""
AGAIN_S = 1.0
NUMBERED_FROM = 900_000
"""Incidents of an emergency are numbered from here: their own numbers are in the store, which is not there."""

Companion = Callable[[Gateway], Coroutine[Any, Any, None]]
Make = Callable[[Store, datetime | None], Gateway]


class StandIn(Store):
    """In the place of a store that cannot be opened: the registry of the snapshot, in memory. Takes no commit."""

    is_stand_in = True

    def __init__(self, snapshot: Snapshot) -> None:
        """Fill an empty store in memory with what the snapshot knows."""
        self.engine = memory_engine(f"emergency-{id(self)}")
        self._anchor = self.engine.connect()
        migrate(self.engine)
        replace_registry(self.engine, snapshot.registry)
        self.reads = Reads(self.engine)
        self.outgoing = Outgoing(self.engine)

    def write(self, batch: Batch) -> None:
        """Nothing can be recorded here."""
        raise StoreGoneError(f"the store cannot be opened: {len(batch.journal)} events wait")

    def close(self) -> None:
        """Forget it."""
        self._anchor.close()
        self.engine.dispose()


class Standing:
    """The gateway of an installation from the first moment on: an ordinary one as soon as there is a store.

    Args:
        settings: Where everything is.
        make: Joins a gateway to a store; its clock may not stand before the moment.

    Attributes:
        gateway: The one that runs now.
        emergency: Whether it runs without the store.
    """

    def __init__(self, settings: Settings, make: Make) -> None:
        """Nothing is opened before ``start``."""
        self.gateway: Gateway
        self.emergency = False
        self._settings = settings
        self._make = make
        self._line = DeskLine()
        self._opening: asyncio.Task[None] | None = None
        self._companion: Companion | None = None
        self._beside: asyncio.Future[None] | None = None

    @cached_property
    def app(self) -> FastAPI:
        """The web application, the same for both gateways."""
        gateway = self.gateway
        gateway.app = screens(self._line.desk, self._settings, gateway.policy, speed=gateway.clock.speed)
        return gateway.app

    async def start(self) -> None:
        """Open the store; when that fails or takes too long, go on without it and keep trying.

        Raises:
            StoreError: The store cannot be opened, and there is no snapshot either; or another gateway has it.
            StoreUnusableError: The settings name no store that can be used.
        """
        opening = asyncio.ensure_future(asyncio.to_thread(self._open))
        with suppress(TimeoutError):
            try:
                self._begin(await asyncio.wait_for(asyncio.shield(opening), OPEN_WITHIN_S))
            except StoreTakenError:
                raise
            except (StoreError, OSError) as failure:
                log.error("the store cannot be opened: %s", failure)  # noqa: TRY400
                await self._begin_without(failure)
            else:
                return
        if not opening.done():
            log.error("the store does not open within %.0f s", OPEN_WITHIN_S)
            await self._begin_without(TimeoutError("the store does not open"))
        self._opening = asyncio.create_task(self._take_over(opening))

    def accompany(self, companion: Companion) -> None:
        """Let this run beside the gateway; it begins anew beside another that takes over."""
        self._companion = companion
        self._beside = asyncio.ensure_future(companion(self.gateway))

    async def part(self) -> None:
        """End what runs beside the gateway."""
        if self._beside is not None:
            self._beside.cancel()
            await asyncio.gather(self._beside, return_exceptions=True)
            self._beside = None

    async def stop(self) -> None:
        """End whatever runs."""
        await self.part()
        if self._opening is not None:
            self._opening.cancel()
        await asyncio.to_thread(self.gateway.stop)

    def _begin(self, gateway: Gateway) -> None:
        self.gateway = gateway
        gateway.start()
        self._line.connect(gateway.desk)

    async def _begin_without(self, failure: Exception) -> None:
        try:
            snapshot = await asyncio.to_thread(latest_snapshot, self._settings)
        except SnapshotError as why:
            log.error("%s", why)  # noqa: TRY400
            raise failure from why
        log.error("ringing without the store, with the registry of %s", snapshot.written_at)
        gateway = self._make(StandIn(snapshot), snapshot.written_at)
        for bridge, names in snapshot.names.items():
            gateway.directory.new_names(bridge, names)
        for key in gateway.directory.households:
            gateway.judge.forget(key, Memory(HouseholdState(key=key, incidents=NUMBERED_FROM)))
        self.emergency = True
        self._begin(gateway)

    def _open(self) -> Gateway:
        """In a thread: the store, and an ordinary gateway that has not begun."""
        file, _ = snapshot_files(self._settings)
        database = self._settings.data / "nuanhu.db"
        if not self._settings.store_url and file.exists() and not database.exists():
            raise StoreGoneError(f"{database} is gone; to begin anew without it, remove {file}")
        store = Store(self._settings)
        try:
            self._refuse_empty(store)
            not_before = [store.reads.alive_at(), self.gateway.clock.now() if self.emergency else None]
            return self._make(store, max((moment for moment in not_before if moment is not None), default=None))
        except BaseException:
            store.close()
            raise

    def _refuse_empty(self, store: Store) -> None:
        """A store without a single home, where the snapshot has some, is not the right one."""
        file, _ = snapshot_files(self._settings)
        if store.registry().households or not file.exists():
            return
        if latest_snapshot(self._settings).registry.households:
            raise StoreGoneError("the store is empty, the snapshot is not; to begin anew, remove the snapshot")

    async def _take_over(self, opening: asyncio.Future[Gateway]) -> None:
        """Try until the store is open; then an ordinary gateway takes the place of this one."""
        while True:
            try:
                fresh = await opening
                break
            except Exception as failure:  # noqa: BLE001 - whatever it is, it may pass
                log.info("the store still cannot be opened: %s", failure)
                await asyncio.sleep(AGAIN_S)
                opening = asyncio.ensure_future(asyncio.to_thread(self._open))
        former = self.gateway
        await self.part()
        await asyncio.to_thread(former.stop)
        calls = former.writer.unrecorded.calls()
        fresh.writer.shown_before = {call.incident.key: call.since for call in calls}
        self._begin(fresh)
        self.emergency = False
        former.changes.end()
        if "app" in self.__dict__:  # the screens are served already
            fresh.app = self.app
        if self._companion is not None:
            self.accompany(self._companion)
        log.warning("the store is open: what rang meanwhile comes again from the broker and is recorded")
