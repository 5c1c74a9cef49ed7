"""Once a day, at an hour of its own, what was kept long enough goes: a little at a time, behind everything else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from alerting.homes.away import Away
from alerting.homes.follow_up import FollowUp
from alerting.homes.state import Memory
from alerting.model import Aggregate
from alerting.silence.inactivity import Quiet
from gateway.clock import Clock
from gateway.store.bulk import Row
from gateway.store.checkpoints import Checkpoint
from gateway.store.erasing import Blanked
from gateway.store.expiry import Expired
from gateway.store.values import encode
from gateway.writing.judge import Judge

log = logging.getLogger(__name__)

IDLE_S = 60.0
BREATH_S = 0.05
LOOK_S = 0.2
STOP_S = 2.0
DAYS_A_YEAR = 365.25


class Forgotten(msgspec.Struct, frozen=True):
    """A household of which no state says any more how its people live."""

    household: str

    def write(self, judge: Judge) -> None:
        """Out of memory and store."""
        states, key = judge.states, self.household
        memory = states.memory_of(key)
        states.before.setdefault(key, memory)
        hot = msgspec.structs.replace(
            memory.hot, away=Away(number=memory.hot.away.number), follow_up=FollowUp(), closed=None, quiet=Quiet()
        )
        states.homes[key] = Memory(hot)
        place: Row = {"aggregate": Aggregate.HOUSEHOLD.value, "key": key}
        judge.batch.blanked.append(Blanked("hot_state", [(place, {"body": encode(hot)})]))
        judge.batch.expired.append(Expired("learned_state", [place]))


Piece = Expired | Checkpoint | Blanked | Forgotten
Find = Callable[[datetime, datetime], Iterator[Piece]]


class ExpiredGiven(msgspec.Struct, frozen=True):
    """What goes or is made blank, or a checkpoint to be kept, on its way to the writer; ``done``: after the commit."""

    rows: Piece
    done: Future[None]

    def write(self, judge: Judge, _now: datetime) -> None:
        """Into the judge's batch."""
        if isinstance(self.rows, Checkpoint):
            judge.batch.checkpoints += self.rows.rows
        elif isinstance(self.rows, Blanked):
            judge.batch.blanked.append(self.rows)
        elif isinstance(self.rows, Forgotten):
            self.rows.write(judge)
        else:
            judge.batch.expired.append(self.rows)


class Retention:
    """Looks for old rows in a thread of its own and hands them to the writer one piece after the other.

    A piece is handed over only while nothing waits to be written, and the next one only when it is done.

    Args:
        find: Given the oldest moment of signals and of records to be kept, yields the day's checkpoints and pieces of
            what is older.
        give: Hands a piece to the writer, behind all that is urgent.
        busy: Whether anything waits to be written.
        clock: Service time.
        hour: Local hour at which it is done.
        utc_offset_s: Local time, seconds east of Greenwich.
        signal_days: How long signals that led to nothing are kept.
        record_years: How long everything else is kept.

    Attributes:
        deleted: Rows deleted since the start.
        rounds: Days on which it was done since the start.
    """

    def __init__(
        self,
        find: Find,
        give: Callable[[ExpiredGiven], None],
        busy: Callable[[], bool],
        clock: Clock,
        *,
        hour: int,
        utc_offset_s: int,
        signal_days: int,
        record_years: int,
    ) -> None:
        """Nothing runs before ``start``."""
        self.deleted = 0
        self.rounds = 0
        self._find = find
        self._give = give
        self._busy = busy
        self._clock = clock
        self._hour = hour
        self._zone = timezone(timedelta(seconds=utc_offset_s))
        self._signals = timedelta(days=signal_days)
        self._records = timedelta(days=record_years * DAYS_A_YEAR)
        self._due = self._next(clock.now())
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
        clock.on_jump(self._woken.set)

    def start(self) -> None:
        """Wait for the hour."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is left goes another day."""
        self._stopping.set()
        self._woken.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_S)

    def _next(self, now: datetime) -> datetime:
        local = now.astimezone(self._zone).replace(hour=self._hour, minute=0, second=0, microsecond=0)
        return (local if local > now else local + timedelta(days=1)).astimezone(UTC)

    def _run(self) -> None:
        while not self._stopping.is_set():
            now = self._clock.now()
            if now >= self._due:
                self._due = self._next(now)
                try:
                    self._round(now)
                except Exception:  # it is done again tomorrow
                    log.exception("what is old could not be deleted")
                self.rounds += 1
            self._woken.wait(min(IDLE_S, self._clock.real_until_s(self._due)))
            self._woken.clear()

    def _round(self, now: datetime) -> None:
        before = self.deleted
        for rows in self._find(now - self._signals, now - self._records):
            while self._busy() and not self._stopping.wait(LOOK_S):
                pass
            if self._stopping.is_set():
                return
            given = ExpiredGiven(rows, Future())
            self._give(given)
            while not given.done.done() and not self._stopping.wait(BREATH_S):
                pass
            self.deleted += len(rows.keys) if isinstance(rows, Expired) else 0
        if self.deleted > before:
            log.info("%d old rows deleted", self.deleted - before)
