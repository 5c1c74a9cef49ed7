"""A gateway whose store cannot be opened rings all the same, with the registry of the snapshot, until it can.

The broker keeps everything that was said: nothing is acknowledged meanwhile, so the ordinary gateway hears it all again
and records it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
from fastapi import FastAPI

from alerting.casefile import Household, Registry
from alerting.duty import editions
from alerting.homes.state import HouseholdState, Memory
from alerting.model import Aggregate
from gateway.desk.desk_line import DeskLine
from gateway.fallback.copies import latest_snapshot, snapshot_files
from gateway.fallback.snapshot import Snapshot, SnapshotError
from gateway.ingest import Delivery
from gateway.settings import Settings
from gateway.store.batch import Batch
from gateway.store.engine import StoreUnusableError, memory_engine, migrate
from gateway.store.look import holds_homes, store_file
from gateway.store.presence import StoreGoneError
from gateway.store.registry import replace_registry
from gateway.store.seat import StoreTakenError
from gateway.writing.unrecorded import NUMBERED_FROM
from nuanhu.screens import load_screens, screens, sign_in_secret
from nuanhu.wiring import Gateway, Store, store_url

log = logging.getLogger(__name__)

OPEN_WITHIN_S = 2.5
"""A store that does not open in this time is taken for one that is away. Longer than it takes to find out that another
gateway has it."""
SLOW_FROM_S = 1.0
"""From here on the time is used: the screens are loaded, which takes almost as long again."""
AGAIN_S = 1.0
TAKEN_TIMES = 10
"""So often the store may be found taken before this gateway leaves: it may be a session that has died."""

Companion = Callable[[Gateway], Coroutine[Any, Any, None]]
Make = Callable[[Store, datetime | None], Gateway]


class StandIn(Store):
    """In the place of a store that cannot be opened: what the snapshot has, in memory. Takes no commit."""

    is_stand_in = True

    def __init__(self, snapshot: Snapshot) -> None:
        """Fill an empty store in memory with what the snapshot knows."""
        self.engine = memory_engine(f"emergency-{id(self)}")
        self._anchor = self.engine.connect()
        migrate(self.engine)
        replace_registry(self.engine, snapshot.registry)
        self._open_reads()
        in_force = Batch()
        for n, edition in enumerate(snapshot.editions):
            in_force.note_decision((0, 0, Aggregate.DESK, editions.KEY), n, snapshot.written_at, edition)
        in_force.commit(self.engine)
        self._registry = snapshot.registry

    def registry(self) -> Registry:
        """As it was when the snapshot was written."""
        return self._registry

    def registered(self) -> tuple[Registry, Iterable[Household]]:
        """The same, and its households."""
        return self._registry, self._registry.households

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
        displaced: Raises ``StoreTakenError`` when another gateway turns out to have the store: this one must end.
    """

    def __init__(self, settings: Settings, make: Make) -> None:
        """Nothing is opened before ``start``."""
        self.gateway: Gateway
        self.emergency = False
        self.displaced: asyncio.Future[None] = asyncio.Future()
        self._settings = settings
        self._make = make
        self._line = DeskLine()
        self._one_begins = asyncio.Lock()
        self._snapshot: Snapshot | None = None
        self._seen: object = None
        self._shown: dict[str, datetime] = {}
        self._ended = False
        self._opening: asyncio.Task[None] | None = None
        self._loading: asyncio.Task[Any] | None = None
        self._companion: Companion | None = None
        self._beside: asyncio.Future[None] | None = None

    @cached_property
    def app(self) -> FastAPI:
        """The web application, the same for both gateways."""
        gateway = self.gateway
        secret = sign_in_secret(self._settings, keep=not self.emergency)
        settings = self._settings.model_copy(update={"secret": secret})
        gateway.app = screens(self._line.desk, settings, gateway.policy, speed=gateway.clock.speed)
        return gateway.app

    async def start(self) -> None:
        """Open the store; when that fails or takes too long, go on without it and keep trying.

        Raises:
            StoreTakenError: Another gateway has the store.
            StoreUnusableError: The settings name no store that can be used.
            Exception: The store cannot be opened, and there is no snapshot either.
        """
        opening = asyncio.create_task(self._change_over())
        await asyncio.wait({opening}, timeout=SLOW_FROM_S)
        if not opening.done():
            self._loading = asyncio.create_task(asyncio.to_thread(load_screens))
            await asyncio.wait({opening}, timeout=OPEN_WITHIN_S - SLOW_FROM_S)
        failure = opening.exception() if opening.done() else TimeoutError(f"no answer within {OPEN_WITHIN_S} s")
        if failure is None:
            return
        if isinstance(failure, StoreTakenError | StoreUnusableError):
            raise failure
        log.error("the store cannot be opened: %s", str(failure).partition("\n")[0])
        try:
            self._snapshot = await asyncio.to_thread(latest_snapshot, self._settings)
        except SnapshotError as why:
            log.error("nothing to ring with meanwhile: %s", why)  # noqa: TRY400
            await opening
            return
        async with self._one_begins:
            if not (opening.done() and opening.exception() is None):
                self._ring_without(self._snapshot, [])
        self._opening = asyncio.create_task(self._keep_opening(opening))

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
        self._ended = True
        await self.part()
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        await asyncio.to_thread(self.gateway.stop)

    def _ring_without(self, snapshot: Snapshot, left: list[Delivery]) -> None:
        """Begin a gateway with the registry of the snapshot; ``left`` is what another such gateway has to pass on."""
        log.error("ringing without the store, with the registry of %s", snapshot.written_at)
        gateway = self._make(StandIn(snapshot), snapshot.written_at)
        gateway.pulse.registry_at = snapshot.written_at
        for bridge, names in snapshot.names.items():
            gateway.directory.new_names(bridge, names)
        for key in gateway.directory.households:
            gateway.judge.states.put_back(key, Memory(HouseholdState(key=key, incidents=NUMBERED_FROM)))
        self.emergency = True
        self._begin(gateway, left)

    def _begin(self, gateway: Gateway, left: list[Delivery]) -> None:
        at_s = gateway.clock.monotonic_s()
        for delivery in left:
            gateway.writer.inbox.put(msgspec.structs.replace(delivery, arrived_s=at_s), urgent=True)
        gateway.start()
        self.gateway = gateway
        self._line.connect(gateway.desk)
        if "app" in self.__dict__:  # the screens are served already
            gateway.app = self.app
        if self._companion is not None:
            self.accompany(self._companion)

    async def _keep_opening(self, opening: asyncio.Task[None]) -> None:
        """Try until an ordinary gateway has taken over, or another one has the store."""
        taken = 0
        while True:
            try:
                await opening
            except StoreTakenError as failure:
                taken += 1
                if taken == TAKEN_TIMES:
                    self.displaced.set_exception(failure)
                    return
            except Exception as failure:  # noqa: BLE001 - whatever it is, it may pass
                taken = 0
                log.info("the store still cannot be opened: %s", str(failure).partition("\n")[0])
            else:
                return
            await asyncio.sleep(AGAIN_S)
            opening = asyncio.create_task(self._change_over())

    async def _change_over(self) -> None:
        """Open the store; then an ordinary gateway takes the place of the one that rings without it, if any."""
        fresh = await asyncio.to_thread(self._open)
        async with self._one_begins:
            former = self.gateway if self.emergency else None
            left = await self._end(former) if former is not None else []
            fresh.writer.shown_before = dict(self._shown)
            try:
                self._begin(fresh, left)
            except Exception:
                await asyncio.to_thread(fresh.stop)
                if self._snapshot is not None and former is not None:
                    self._ring_without(self._snapshot, left)
                raise
            finally:
                if former is not None:
                    former.changes.end()
            self.emergency = False
        if former is not None:
            log.warning("the store is open: what rang meanwhile comes again from the broker and is recorded")

    async def _end(self, former: Gateway) -> list[Delivery]:
        """End the gateway without a store; returns the calls for help that no broker says again."""
        await self.part()
        try:
            await asyncio.to_thread(former.stop)
        except Exception:
            log.exception("the gateway without the store did not end in order")
        for call in former.writer.unrecorded.calls():
            self._shown.setdefault(call.incident.key, call.since)
        return former.writer.heard_once()

    def _open(self) -> Gateway:
        """In a thread: the store, and an ordinary gateway that has not begun."""
        self._look()
        store = Store(self._settings)
        try:
            not_before = [store.reads.alive_at(), self.gateway.clock.now() if self.emergency else None]
            fresh = self._make(store, max((moment for moment in not_before if moment is not None), default=None))
        except BaseException:
            store.close()
            raise
        if self._ended:
            store.close()
            raise asyncio.CancelledError
        return fresh

    def _look(self) -> None:
        """Raise unless this is the right store, and whole: nothing may be written to another, or to half of a copy."""
        url = store_url(self._settings)
        file = store_file(url)
        found = file.stat() if file is not None and file.exists() else None
        before, self._seen = self._seen, found and (found.st_ino, found.st_size, found.st_mtime_ns)
        if self.emergency and self._seen != before:
            raise StoreGoneError("the store's file has just changed: it may still be on its way")
        snapshot, _ = snapshot_files(self._settings)
        if file is not None and found is None and self.emergency:
            raise StoreGoneError(f"{file} is not there")
        if holds_homes(url) or not snapshot.exists():
            return
        try:
            expected = bool(latest_snapshot(self._settings).registry.households)
        except SnapshotError:
            expected = True
        if expected:
            raise StoreGoneError(f"no home is in the store; to begin anew without those there were, remove {snapshot}")
