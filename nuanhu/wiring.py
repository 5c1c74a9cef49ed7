"""The one composition root: every part is made and joined here, for ``run``, ``demo``, benchmarks and tests alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import msgspec

from alerting.casefile import Household, Registry
from alerting.duty import editions
from alerting.events import HistoryLoaded
from alerting.homes.blindness import Blind
from alerting.homes.follow_up import FollowUp
from alerting.policy import Policy
from dashboard.settings import DemoAccount
from gateway.budget.trying import Trials
from gateway.clock import Clock
from gateway.desk.changes import Changes
from gateway.desk.contract import ActivityWindow, QueueRow
from gateway.desk.duty_watch import DutyWatch
from gateway.desk.live_desk import LiveDesk
from gateway.desk.rows import queue_row
from gateway.fallback.backups import Backups
from gateway.fallback.continuity import Pack, pack_of
from gateway.fallback.copies import Copies
from gateway.fallback.snapshot import Snapshot
from gateway.ingest import BrokerAddress, Delivery, Ingest
from gateway.paging.live_outside import OutsideParts
from gateway.paging.phones import Phones
from gateway.registry.sealing import Sealing
from gateway.self_supervision.health import Pulse
from gateway.self_supervision.machine import MachineLook
from gateway.settings import Settings
from gateway.store.batch import Batch
from gateway.store.editions import Saved
from gateway.store.engine import migrate, open_engine, sqlite_url
from gateway.store.equipment import EquipmentReads
from gateway.store.feed import FeedReads
from gateway.store.outgoing import Outgoing
from gateway.store.presence import Presence
from gateway.store.reads import Reads
from gateway.store.registry import homes_of, load_registry, replace_registry
from gateway.store.seat import Seat
from gateway.store.tail import JournalTail
from gateway.writing.directory import Directory
from gateway.writing.effects import Effects
from gateway.writing.judge import Judge
from gateway.writing.recorder import Recollection
from gateway.writing.registering import tell_at_start
from gateway.writing.strangers import Strangers
from gateway.writing.urgency import is_urgent
from gateway.writing.work import HistoryGiven
from gateway.writing.writer import Writer
from nuanhu.replay.trial import put_through
from nuanhu.screens import screens, sign_in_secret
from nuanhu.wiring_audit import auditor_of
from nuanhu.wiring_exchange import exchange_parts
from nuanhu.wiring_outside import outbox_to, outside_parts
from nuanhu.wiring_retention import retention_of
from nuanhu.wiring_telemetry import side_stream

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger(__name__)

UNOBSERVED_FROM = timedelta(minutes=2)


def store_url(settings: Settings) -> str:
    """The address of an installation's store."""
    return settings.store_url or sqlite_url(settings.data / "nuanhu.db")


class Store:
    """The open store of an installation: migrated, ready to read and to be written by one writer."""

    is_stand_in = False

    def __init__(self, settings: Settings) -> None:
        """Open and migrate it."""
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.url = store_url(settings)
        self.seat = Seat(self.url)
        self.engine = open_engine(self.url)
        try:
            migrate(self.seat.engine)
        except BaseException:
            self.close()
            raise
        self._presence = Presence(self.url)
        self._open_reads()

    def _open_reads(self) -> None:
        """What is read of it, whichever engine it is."""
        self.reads = Reads(self.engine)
        self.outgoing = Outgoing(self.engine)
        self.saved = Saved(self.engine)
        self.equipment = EquipmentReads(self.engine)

    def registry(self) -> Registry:
        """What is registered."""
        return load_registry(self.engine)

    def registered(self) -> tuple[Registry, Iterable[Household]]:
        """The same, but for the households, and those one after the other."""
        return load_registry(self.engine, with_homes=False), homes_of(self.engine)

    def register(self, registry: Registry) -> None:
        """Replace what is registered. Before the gateway starts."""
        replace_registry(self.seat.engine, registry)

    def write(self, batch: Batch) -> None:
        """Write a batch in one transaction."""
        self._presence.check()
        batch.commit(self.seat.engine)

    def close(self) -> None:
        """Let go of the files, and of the right to write."""
        self.engine.dispose()
        self.seat.leave()


class Gateway:
    """A whole gateway in one process: writer, session at the broker, Desk and web application.

    Args:
        settings: Where everything is.
        clock: Service time.
        store: The open store, with its registry.
        broker: The broker's address and the gateway's account there.
        policy: The centre's settings for the rules.
        demo_accounts: Shown on the sign-in page; empty in production.
        broker_title: What the broker is, for people.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        store: Store,
        broker: BrokerAddress,
        *,
        policy: Policy | None = None,
        demo_accounts: tuple[DemoAccount, ...] = (),
        broker_title: str = "mqtt",
    ) -> None:
        """Join the parts; nothing runs before ``start``."""
        self.clock = clock
        self.store = store
        reads = store.reads
        registry, files = store.registered()
        self.directory = Directory(registry, reads.names(), Sealing(settings.data), files)
        self.policy, wrong = self._with_editions(policy or settings.policy())
        homes, strays, areas = reads.memories()
        recollection = Recollection(reads.recalled)
        faults, sequences = reads.open_fault_keys(), reads.last_sequences()
        known = (sequences, faults, recollection, reads.desk(), reads.city(), areas, Strangers(reads.strangers()))
        self.judge = Judge(self.directory, self.policy, homes, strays, *known, reads.caring())
        self.writer = Writer(store.write, self.judge, recollection, clock, reads.timers())
        self.duty = DutyWatch(self.judge, clock, tuple(wrong))
        self.phones = Phones(
            self.policy.duty_phones, store.outgoing.last_tests(), settings.page_test_hour, self.policy.utc_offset_s
        )
        self.outside = self._outside(settings)
        self.outbox = outbox_to(self.outside, clock, self.directory, self.phones, self.writer, self.policy.utc_offset_s)
        self.ingest = Ingest(broker, clock, self._deliver)
        self.changes = self._all_open()
        self.changes.take_beside(self.judge.blind, self.judge.follow_ups, self.directory.people.homes)
        self.telemetry = side_stream(settings, JournalTail(store.engine), self.writer, self.directory, clock)
        self.exchange = exchange_parts(settings, FeedReads(store.engine), self.writer, self.directory, clock)
        self.pulse = self._pulse(broker_title)
        self.pulse.pushing = self.exchange.pushing
        self.pulse.machine = MachineLook(settings, store_url(settings), clock)
        self.pulse.jobs = self.outbox.jobs = self.exchange.jobs
        self.desk, self.trials = self._live_desk(Trials(put_through, store_url(settings)))
        compared = self.writer, self.outbox, self.desk, self.changes
        self.auditor = auditor_of(reads, *compared, clock, settings.audit_every_s)
        self.copies = self.pulse.copies = Copies(settings, self._snapshot, self._pack)
        self.backups = self.pulse.backups = Backups(settings, store_url(settings), self.policy.utc_offset_s)
        today = self.desk.today
        self.retention = retention_of(settings, store, clock, self.writer, self.telemetry, self.policy, today)
        self._settings = settings
        self._demo_accounts = demo_accounts
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @cached_property
    def app(self) -> FastAPI:
        """The web application. Loaded when first asked for: a gateway that comes back listens before it shows."""
        return screens(self.desk, self._settings, self.policy, self._demo_accounts, speed=self.clock.speed)

    def _all_open(self) -> Changes:
        """What is open at the start."""
        stored = {it.id: it for it in self.store.reads.open_incidents()}
        both = {it.id: it for it in self.judge.states.running()} | stored  # a row that cannot be read is in a state
        rows = [queue_row(incident, self.directory) for incident in both.values()]
        changes = Changes(f"{self.clock.now():%Y%m%d%H%M%S%f}", rows, self.directory)
        changes.begin_equipment(self.judge.states.homes, self.clock.now())
        changes.homes = self.directory.areas_of_homes()
        changes.faults = self._fault_areas()
        changes.flood = self.judge.states.desk.inflow.flood
        changes.quarantined = self.store.reads.quarantine_count()
        return changes

    def _live_desk(self, trials: Trials) -> tuple[LiveDesk, Trials]:
        """What screens may ask."""
        told = (self.writer, self.changes, self.pulse, self.clock, self.store.saved)
        parts = (self.duty, self.outside, self.store.equipment, self.exchange)
        desk = LiveDesk(self.directory, self.store.reads, *told, *parts)
        desk.trials = trials
        return desk, trials

    def _pulse(self, broker_title: str) -> Pulse:
        """How everything is."""
        kind = self.store.engine.dialect.name
        ways = self.outside.channels
        return Pulse(
            self.clock, self.writer, self.ingest, broker_title, kind, self.phones, ways, self.duty, self.telemetry
        )

    def _with_editions(self, policy: Policy) -> tuple[Policy, list[str]]:
        """The policy with plans and roster as saved, and what is wrong with them now."""
        stored = editions.loaded(self.store.saved.latest())
        people = self.directory.people
        as_of_now = msgspec.structs.replace(stored, people=people)
        before = people if stored.people == people else stored.people  # as a rule they are the same: once is enough
        usable, wrong = editions.usable(as_of_now, self.clock.now(), policy)
        for reason in wrong:
            log.error("stored plans or roster: %s", reason)
        return msgspec.structs.replace(policy, editions=msgspec.structs.replace(usable, people=before)), wrong

    def _deliver(self, delivery: Delivery) -> None:
        self.writer.inbox.put(delivery, urgent=is_urgent(delivery.message, self.directory))

    def start(self) -> None:
        """Begin on the running event loop: catch up with the registry and the clock, then listen."""
        self._loop = asyncio.get_running_loop()
        self.writer.publish = self.ingest.publish
        self.writer.acknowledge = self.ingest.committed
        self.writer.give_up = self.ingest.let_go
        self.writer.unheard = self.ingest.hearing.part
        self.writer.committed = self._committed
        self.writer.shown = self._shown
        self.outbox.publish = self.ingest.publish
        self.outbox.start(self.store.outgoing.unsent(), self.store.reads.open_incidents())
        now = self.clock.now()
        self.writer.settle(lambda: self.judge.keep_unreadable(self.store.reads.unreadable, now))
        self.writer.settle(lambda: self.judge.people_known(self.directory.people, now, own=not self.store.is_stand_in))
        tell_at_start(self.judge, self.writer.settle, now)
        alive = self.store.reads.alive_at()
        if alive is not None and now - alive > UNOBSERVED_FROM:
            self.writer.tell_unobserved(alive, now)
            self.changes.take_beside(self.judge.blind, self.judge.follow_ups, self.directory.people.homes)
        self.writer.settle(lambda: self.judge.restarted(now))
        self.writer.settle(lambda: self.judge.began_anew(self.store.reads.unreadable, now))
        self.writer.start()
        if not self.store.is_stand_in:
            self.pulse.auditor = self.auditor
            self.auditor.start()
            self.exchange.pushing.start()
        self.ingest.start()
        self.retention.start()
        if self.telemetry is not None:
            self.telemetry.start()
        self._tasks = [self._loop.create_task(self.pulse.watch_loop())]
        if not self.store.is_stand_in:
            self._tasks.append(self._loop.create_task(self.copies.run()))
            self.backups.start()

    def stop(self) -> None:
        """Leave the broker, finish the batch at hand, let go of the store."""
        self.ingest.stop()
        self.trials.close()
        self.auditor.stop()
        self.retention.stop()
        self.exchange.pushing.stop()
        self.exchange.jobs.stop()
        if self.telemetry is not None:
            self.telemetry.stop()
        self.outbox.stop()
        self.writer.stop()
        for task in self._tasks:
            task.cancel()
        self.backups.stop()
        self.store.close()

    def give_history(
        self, household: str, event: HistoryLoaded, windows: list[ActivityWindow], done: Future[None]
    ) -> None:
        """Hand a home's past, put through the rules elsewhere, to the writer; ``done`` is set after the commit."""
        self.writer.inbox.put(HistoryGiven(household, event, windows, done))

    def _snapshot(self) -> tuple[Snapshot, Collection[Household]]:
        beside, names = self.directory.beside_homes, self.directory.names()
        in_force = editions.kept(self.judge.policy.editions)
        snapshot = Snapshot(written_at=self.clock.now(), registry=beside, names=names, editions=in_force)
        return snapshot, self.directory.households.values()

    def _pack(self) -> Callable[[], Pack]:
        now, offset_h, directory = self.clock.now(), self.policy.utc_offset_s / 3600, self.directory
        rows, homes = self.changes.snapshot(now).rows, directory.households.values()
        return partial(pack_of, directory.beside_homes, rows, now, self._settings.title, offset_h, homes)

    def _open_of(self, household: str) -> str:
        """The running incident of a home."""
        return self.changes.open_of(household)

    def _outside(self, settings: Settings) -> OutsideParts:
        """The ways to people who are not at the desk, and their ways back."""
        secret = sign_in_secret(settings, keep=not self.store.is_stand_in).get_secret_value()
        stored = (self.store.outgoing, self.store.reads)
        return outside_parts(
            settings, secret, self.clock, self.directory, stored, self.writer, self._open_of, self.phones
        )

    def _fault_areas(self) -> list[str]:
        """Where each open fault is."""
        cases = self.directory.people.homes
        return [cases[key].area if key in cases else "" for key, _, _ in self.judge.open_faults]

    def _committed(self, at: datetime, effects: Effects) -> None:
        """In the writer's thread, after each commit: hand what consoles must know to the event loop."""
        if effects.changed or effects.faults or effects.quarantined:
            self._pass_on(at, effects, effects.quarantined, None)
        if effects.registered:
            self._on_the_loop(self._tell_registered)
        if effects.blind or effects.canary or effects.follow_ups:
            beside = dict(self.judge.blind), dict(self.judge.follow_ups)
            self._on_the_loop(self._tell_beside, at, *beside, effects.canary)
        if effects.steps or effects.protection:
            self._on_the_loop(self.changes.note_equipment, effects.steps, effects.protection, at)
        if effects.away:
            self._on_the_loop(self.changes.note_away, effects.away, at)
        if effects.flood is not None:
            self._on_the_loop(self.changes.note_flood, effects.flood, at)

    def _on_the_loop(self, tell: Callable[..., None], *what: Any) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended: nobody is left to tell
                self._loop.call_soon_threadsafe(tell, *what)

    def _shown(self, at: datetime, effects: Effects) -> None:
        """In the writer's thread, while the store is away and when it is back: the same, and what is wrong here."""
        self._pass_on(at, effects, 0, self.pulse.health().loud)

    def _pass_on(self, at: datetime, effects: Effects, quarantined: int, wrong: tuple[str, ...] | None) -> None:
        self.outbox.follow(effects.changed)
        holds = self.writer.unrecorded.holds
        changed: list[tuple[QueueRow | None, bool]] = [
            (queue_row(it, self.directory, recorded=not holds(it.id)), it.id in effects.rung)
            for it in effects.changed.values()
        ]
        self._on_the_loop(self._tell, at, changed, self._fault_areas(), quarantined, wrong)

    def _tell(
        self,
        at: datetime,
        changed: list[tuple[QueueRow | None, bool]],
        faults: list[str],
        quarantined: int,
        wrong: tuple[str, ...] | None,
    ) -> None:
        self.changes.faults = faults
        self.changes.quarantined += quarantined
        self.changes.add(at, changed or [(None, False)], wrong)

    def _tell_registered(self) -> None:
        """The registry is another one: what counts homes follows, and so does the copy outside the store."""
        self.changes.homes = self.directory.areas_of_homes()
        self.copies.soon()

    def _tell_beside(self, at: datetime, blind: dict[str, Blind], owed: dict[str, FollowUp], canary: str) -> None:
        """Which homes are not confirmed, which follow-up calls are owed, and that the canary was heard."""
        has_changed = self.changes.take_beside(blind, owed, self.directory.people.homes)
        if canary:
            self.changes.note(at, canary=canary)
        if has_changed:
            self.changes.note(at)
