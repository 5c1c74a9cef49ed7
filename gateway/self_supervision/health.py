"""How the gateway itself is: broker, store, lag of the writer and of the event loop."""

from __future__ import annotations

import asyncio
from datetime import datetime

from gateway.clock import Clock
from gateway.desk.duty_watch import DutyWatch
from gateway.desk.vitals import AuditState, Health
from gateway.exchange.job_courier import JobCourier
from gateway.exchange.pushing import Pushing
from gateway.fallback.backups import Backups
from gateway.fallback.copies import Copies
from gateway.ingest import Ingest
from gateway.notify import Channels
from gateway.paging.phones import Phones
from gateway.self_supervision.auditor import Auditor
from gateway.self_supervision.canary import Canary
from gateway.self_supervision.machine import MachineLook
from gateway.telemetry.stream import SideStream
from gateway.writing.writer import Writer

LOOP_BEAT_S = 0.5
LOOP_LAG_FAULT_S = 1.0
WRITER_LAG_FAULT_S = 5.0
HOST_STEP_FAULT_S = 2.0


class Pulse:
    """Watches the parts and says in words what is wrong now.

    A loop that was later than ``loop_lag_fault_s`` is a fault.
    ``canary`` is what is known of the trial presses, ``auditor`` looks for what waits for nobody, ``copies`` is what is
    kept for the hour without a store, ``backups`` copies the store at night, ``pushing`` brings news to other systems,
    ``jobs`` those to grid platforms, and ``registry_at`` is of when the registry is, where the store could not be
    opened.

    Args:
        clock: Service time.
        writer: The writer.
        ingest: The session at the broker.
        broker: What the broker is, for people.
        store: Kind of store, for people.
        phones: The duty telephones.
        channels: The ways to them.
        duty: Looks ahead for gaps in cover.
        telemetry: The side stream to a time-series store, where one is set up.
    """

    def __init__(
        self,
        clock: Clock,
        writer: Writer,
        ingest: Ingest,
        broker: str,
        store: str,
        phones: Phones,
        channels: Channels,
        duty: DutyWatch,
        telemetry: SideStream | None = None,
    ) -> None:
        """Begin to count."""
        self._telemetry = telemetry
        self._phones = phones
        self._channels = channels
        self._duty = duty
        self._clock = clock
        self._writer = writer
        self._ingest = ingest
        self._broker = broker
        self._store = store
        self._started: datetime = clock.now()
        self._loop_lag_s = 0.0
        self.loop_lag_fault_s = LOOP_LAG_FAULT_S
        self.canary = Canary(clock)
        self.auditor: Auditor | None = None
        self.copies: Copies | None = None
        self.backups: Backups | None = None
        self.pushing: Pushing | None = None
        self.jobs: JobCourier | None = None
        self.registry_at: datetime | None = None
        self.machine: MachineLook | None = None
        self.backfill_done = 0
        self.backfill_total = 0

    async def watch_loop(self) -> None:
        """Measure how late the event loop is; runs until cancelled."""
        loop = asyncio.get_running_loop()  # by its own clock: a service clock that is moved makes no loop late
        while True:
            before = loop.time()
            await asyncio.sleep(LOOP_BEAT_S)
            late = loop.time() - before - LOOP_BEAT_S
            self._loop_lag_s = max(late, self._loop_lag_s * 0.8, 0.0)
            if self.auditor is not None:
                self.auditor.tick(LOOP_BEAT_S)

    def health(self) -> Health:
        """The state now."""
        gaps = self._duty.gaps()
        return Health(
            started_at=self._started,
            now=self._clock.now(),
            broker_connected=self._ingest.connected.is_set(),
            broker=self._broker,
            store=self._store,
            messages=self._writer.messages,
            commits=self._writer.commits,
            writer_lag_s=round(self._writer.lag_s(), 4),
            loop_lag_s=round(self._loop_lag_s, 4),
            queue_length=len(self._writer.inbox),
            faults=tuple(self._faults()),
            canary=self.canary.state(),
            audit=self.auditor.state() if self.auditor is not None else AuditState(),
            warnings=(*self._warnings(), *(["no_cover"] if gaps else [])),
            gaps=gaps,
            backfill_done=self.backfill_done,
            backfill_total=self.backfill_total,
            speed=self._clock.speed,
            phones=self._phones.views(),
            providers=self._channels.views(),
            registry_at=self.registry_at,
            machine=self.machine.state(self._writer.commit_s) if self.machine is not None else None,
            backup=self.backups.kept() if self.backups is not None else None,
            telemetry=self._telemetry.state() if self._telemetry is not None else None,
        )

    def _faults(self) -> list[str]:
        """What keeps presses from people, so that a restart or an engineer is needed now: ``/healthz`` answers 503."""
        faults: list[str] = []
        if self.canary.is_missing:
            faults.append("canary")
        if not self._ingest.connected.is_set():
            faults.append("broker")
        if self.registry_at is not None:
            faults.append("store_unopened")
        elif self._writer.trouble == "store":
            faults.append("store")
        if self._writer.lag_s() > WRITER_LAG_FAULT_S:
            faults.append("writer_lag")
        if self._loop_lag_s > self.loop_lag_fault_s:
            faults.append("loop_lag")
        return faults

    def _warnings(self) -> list[str]:
        """What people must see to while presses come through: no reason to restart a gateway that works."""
        warnings = [*self._phones.faults(), *self._channels.faults()]
        if self._writer.trouble == "writer":
            warnings.append("writer")
        if abs(self._clock.host_step_s()) > HOST_STEP_FAULT_S:
            warnings.append("clock_step")
        if self._duty.wrong:
            warnings.append("bad_plans")
        if self._telemetry is not None:
            warnings += self._telemetry.faults()
        if self.pushing is not None:
            warnings += self.pushing.faults()
        if self.jobs is not None and "push_failing" not in warnings:
            warnings += self.jobs.faults()
        warnings += self._audit_warnings()
        if self.copies is not None:
            warnings += self.copies.warnings()
        if self.backups is not None:
            warnings += self.backups.warnings()
        return warnings + self.canary.warnings()

    def _audit_warnings(self) -> list[str]:
        if self.auditor is None:
            return ["cannot_audit"]
        words = ["auditor"] if self.auditor.is_missing else []
        seen = self.auditor.state()
        words += ["cannot_audit"] if seen.trouble else []
        return [*words, "audit_found"] if seen.findings else words
