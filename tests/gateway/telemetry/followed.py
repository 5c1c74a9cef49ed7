"""A journal written by hand in a real store, and side streams that follow it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ready_store import put_ready_store

from alerting.events import AnyEvent, SignalHeard
from alerting.model import Aggregate, partition_of
from device_adapters.signals import AnySignal
from gateway.clock import ScriptedClock
from gateway.settings import Settings
from gateway.store.batch import Batch
from gateway.store.tail import JournalTail
from gateway.telemetry.influx import Influx
from gateway.telemetry.stream import SideStream
from nuanhu.wiring import Store

MORNING = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
WAIT_S = 30.0


class Followed:
    """A journal; what is added stands in the next batch until ``commit``."""

    def __init__(self, folder: Path) -> None:
        self.clock = ScriptedClock(MORNING)
        put_ready_store(folder)
        self.store = Store(Settings(data=folder))
        self.rows = 0
        self.order = 0
        self._sequences: dict[int, int] = {}
        self._batch = Batch()
        self._streams: list[SideStream] = []

    def close(self) -> None:
        for stream in self._streams:
            stream.stop()
        self.store.close()

    def add(self, home: str, event: AnyEvent, at: datetime, *, failed: str = "") -> None:
        """One event of a home, judged unless ``failed`` says why not."""
        partition = partition_of(home)
        seq = self._sequences[partition] = self._sequences.get(partition, 0) + 1
        self._batch.note_event((partition, seq, Aggregate.HOUSEHOLD, home), at, event, policy=1, failed=failed)
        self.rows += 1

    def hear(self, home: str, device: str, *signals: AnySignal, failed: str = "") -> None:
        """One message of a device, arrived when its first signal says so."""
        at = signals[0].arrived_at or self.clock.now()
        self.add(home, SignalHeard(device_id=device, signal=signals[0], more=signals[1:]), at, failed=failed)

    def commit(self) -> None:
        self.store.write(self._batch)
        self._batch = Batch()

    def cursor(self, stream_target: Influx) -> int:
        """How many rows the stored cursor has passed."""
        return sum(JournalTail(self.store.engine).cursor(stream_target.name).values())

    def stream(self, target: Influx) -> SideStream:
        """A side stream that follows this journal; its cursor is stored at once."""

        def keep(name: str, upto: dict[int, int]) -> Future[None]:
            batch = Batch()
            batch.note_cursor(name, upto)
            self.store.write(batch)
            done: Future[None] = Future()
            done.set_result(None)
            return done

        def room_of(device: str) -> str:
            return f"room-{device[-1]}"

        stream = SideStream(JournalTail(self.store.engine), target, keep, self.clock, room_of, lambda: self.order)
        self._streams.append(stream)
        stream.start()
        return stream

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait; a millisecond of the script passes at each look, which also ends the stream's own waiting."""
        for _ in range(int(WAIT_S / 0.01)):
            if true():
                return
            time.sleep(0.01)
            self.clock.advance(timedelta(milliseconds=1))
        raise AssertionError(f"waited in vain for {what}")

    def until_carried(self, stream: SideStream) -> None:
        self.until(lambda: self.is_carried(stream), "all rows to be carried")

    def is_carried(self, stream: SideStream) -> bool:
        """Whether the target has everything that is committed."""
        before = stream.turns
        self.until(lambda: stream.turns > before + 1, "two more turns")
        state = stream.state()
        return state.waiting == 0 and not state.error
