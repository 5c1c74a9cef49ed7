"""The one writer: decode, rules, commit, acknowledge, in a thread of its own.

Nothing is acknowledged, shown, answered or sent to a device before the transaction that holds it is durable.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

import msgspec

from alerting.commands import AnyCommand
from alerting.decisions import PromptAsked
from alerting.events import HistoryLoaded, Unobserved
from alerting.model import Aggregate
from device_adapters.own_protocol import encode_prompt, encode_receipt
from gateway.clock import Clock
from gateway.desk import ActivityWindow, Answer
from gateway.inbox import Inbox
from gateway.ingest import Delivery
from gateway.judge import Effects, Judge
from gateway.store.batch import Batch, ms
from gateway.store.engine import StoreError
from gateway.telemetry.cursor import CursorMoved

log = logging.getLogger(__name__)

MOST_A_COMMIT = 1000
IDLE_S = 5.0
ALIVE_EVERY_S = 20
RETRY_S = (0.1, 0.5, 1.0, 2.0, 5.0)
LAG_KEPT_S = 10.0


class CommandAsked(msgspec.Struct, frozen=True):
    """A command on its way to the writer, and where its answer goes."""

    command: AnyCommand
    once: str
    answer: Future[Answer]


class HistoryGiven(msgspec.Struct, frozen=True):
    """A home's past on its way to the writer."""

    household: str
    event: HistoryLoaded
    windows: list[ActivityWindow]
    done: Future[None]


Work = Delivery | CommandAsked | HistoryGiven | CursorMoved
Publish = Callable[[str, bytes], None]
Committed = Callable[[datetime, Effects], None]


class Writer:
    """Takes work from the inbox, judges it, commits it, and only then lets the world know.

    Args:
        write: Writes a batch in one transaction; raises ``StoreError`` when it is not durable.
        judge: The states and rules; used by this thread alone.
        clock: Service time.
        timers: (due in epoch milliseconds, aggregate, key) as stored.
        unsent: Outbox rows of an earlier run.
    """

    def __init__(
        self,
        write: Callable[[Batch], None],
        judge: Judge,
        clock: Clock,
        timers: list[tuple[int, str, str]],
        unsent: list[tuple[tuple[int, int, int], str, str, bytes, int]],
    ) -> None:
        """Prepare; nothing runs before ``start``."""
        self.inbox: Inbox[Work] = Inbox()
        self.judge = judge
        self.commits = 0
        self.messages = 0
        self.trouble = ""
        self.publish: Publish = lambda _topic, _payload: None
        self.acknowledge: Callable[[list[int]], None] = lambda _ordinals: None
        self.committed: Committed = lambda _at, _effects: None
        self._write = write
        self._clock = clock
        self._heap = list(timers)
        heapq.heapify(self._heap)
        self._armed = {(aggregate, key): due for due, aggregate, key in timers}
        self._unsent = unsent
        self._alive = clock.now() - timedelta(seconds=ALIVE_EVERY_S)
        self._lag: tuple[float, float] = (0.0, 0.0)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        clock.on_jump(self.inbox.wake)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand and end. What is still waiting stays unacknowledged at the broker."""
        self._stopping = True
        self.inbox.close()
        self._thread.join(timeout=10)

    def lag_s(self) -> float:
        """Longest time from arrival to commit in the last seconds, real seconds."""
        at, lag = self._lag
        return lag if self._clock.monotonic_s() - at < LAG_KEPT_S else 0.0

    def settle(self, first: Callable[[], None]) -> None:
        """Judge and commit something before the thread starts: enrolments, the gap while nobody listened."""
        self.judge.begin()
        first()
        self._commit(self.judge.batch)
        self._follow(self.judge.effects)

    def _run(self) -> None:
        self._send_unsent()
        while not self._stopping:
            work = self.inbox.take(MOST_A_COMMIT, self._wait_s())
            try:
                self._once(work)
            except Exception:  # the writer must outlive anything
                log.exception("a batch of %d failed: each piece on its own", len(work))
                self.trouble = "writer"
                for piece in work:
                    self._alone(piece)

    def _alone(self, piece: Work) -> None:
        """A piece of a failed batch by itself; when it fails again it is set aside with the reason."""
        try:
            self._once([piece])
        except Exception as failure:
            log.exception("set aside")
            self.judge.begin()
            if isinstance(piece, Delivery):
                reason = f"writer failed: {type(failure).__name__}"
                self.judge.set_aside(piece.message, "", reason)
                self._commit(self.judge.batch)
                self._tell([piece], [])
            elif isinstance(piece, CommandAsked):
                piece.answer.set_exception(failure)
            else:
                piece.done.set_exception(failure)

    def _wait_s(self) -> float:
        if not self._heap:
            return IDLE_S
        due = datetime.fromtimestamp(self._heap[0][0] / 1000, self._clock.now().tzinfo)
        return min(IDLE_S, self._clock.real_until_s(due))

    def _once(self, work: list[Work]) -> None:
        """One batch: judge, commit, tell."""
        judge = self.judge
        judge.begin()
        answers: list[tuple[Future[Answer], Answer]] = []
        for piece in work:
            if isinstance(piece, Delivery):
                judge.hear(piece.message)
            elif isinstance(piece, CommandAsked):
                answers.append((piece.answer, judge.command(piece.command, piece.once, self._clock.now())))
            elif isinstance(piece, CursorMoved):
                judge.batch.note_cursor(piece.target, piece.upto)
            else:
                judge.history(piece.household, piece.event, piece.windows, self._clock.now())
        self._follow_host()
        now = self._clock.now()
        self._fire_timers(now)
        self._note_alive(now)
        if not judge.batch.is_empty():
            self._commit(judge.batch)
        self.committed(now, judge.effects)
        self._tell(work, answers)
        self._follow(judge.effects)

    def _follow_host(self) -> None:
        """The machine stood still: whatever fell due meanwhile is due now, and nobody's silence in it counts."""
        paused = self._clock.catch_up()
        if paused is not None:
            self.judge.unobserved(Unobserved(since=paused[0], until=paused[1]), paused[1])

    def _fire_timers(self, now: datetime) -> None:
        now_ms = ms(now)
        fired = 0
        while self._heap and self._heap[0][0] <= now_ms and fired < MOST_A_COMMIT:
            due, aggregate, key = heapq.heappop(self._heap)
            if self._armed.get((aggregate, key)) == due:
                del self._armed[aggregate, key]
                self.judge.time_passed(Aggregate(aggregate), key, now)
                fired += 1

    def _note_alive(self, now: datetime) -> None:
        if (now - self._alive).total_seconds() >= ALIVE_EVERY_S * self._clock.speed:
            self._alive = now
            self.judge.batch.alive_ms = ms(now)

    def _commit(self, batch: Batch) -> None:
        """Write until it is written: nothing may be lost, and nothing may go on without it."""
        attempt = 0
        while True:
            try:
                self._write(batch)
            except StoreError as failure:
                self.trouble = "store"
                log.error("the store does not take a commit (attempt %d): %s", attempt + 1, failure)  # noqa: TRY400
                if self._stopping:
                    raise
                threading.Event().wait(RETRY_S[min(attempt, len(RETRY_S) - 1)])
                attempt += 1
            else:
                self.commits += 1
                if self.trouble == "store":
                    self.trouble = ""
                return

    def _tell(self, work: list[Work], answers: list[tuple[Future[Answer], Answer]]) -> None:
        """Acknowledge and answer what is durable now."""
        deliveries = [piece for piece in work if isinstance(piece, Delivery)]
        if deliveries:
            self.acknowledge([d.ordinal for d in deliveries if d.ordinal >= 0])
            self.messages += len(deliveries)
            at = self._clock.monotonic_s()
            lag = at - min(d.arrived_s for d in deliveries)
            self._lag = (at, max(lag, self.lag_s()))
        for future, answer in answers:
            future.set_result(answer)
        for piece in work:
            if isinstance(piece, HistoryGiven | CursorMoved):
                piece.done.set_result(None)

    def _follow(self, effects: Effects) -> None:
        """What devices are told, and when to wake."""
        for due, aggregate, key in effects.wakes:
            if self._armed.get((aggregate, key)) != due:
                self._armed[aggregate, key] = due
                heapq.heappush(self._heap, (due, aggregate, key))
        now = self._clock.now()
        for prefix, device, event_id in effects.receipts:
            self.publish(*encode_receipt(prefix, device, event_id, now))
        rows = self.judge.batch.outbox
        self._send([((r["partition"], r["seq"], r["n"]), r["recipient"], r["body"], r["until_ms"]) for r in rows])  # type: ignore[misc]

    def _send_unsent(self) -> None:
        """What an earlier run decided and may not have sent."""
        self._send(
            [(place, to, body, until) for place, channel, to, body, until in self._unsent if channel == "device"]
        )

    def _send(self, rows: list[tuple[tuple[int, int, int], str, bytes, int]]) -> None:
        """Ask through devices; a prompt that is past its time is only marked."""
        if not rows:
            return
        now = self._clock.now()
        done = Batch()
        for (partition, seq, n), device_id, body, until_ms in rows:
            asked = msgspec.json.decode(body, type=PromptAsked)
            device = self.judge.directory.devices.get(device_id)
            if device is not None and until_ms > ms(now):
                prefix = self.judge.directory.bridges[device.bridge].prefix
                self.publish(*encode_prompt(prefix, device.inner, asked.id, asked.until))
            done.sent.append({"b_partition": partition, "b_seq": seq, "b_n": n, "b_ms": ms(now)})
        self._commit(done)

    def tell_unobserved(self, since: datetime, until: datetime) -> None:
        """Before the start: the gateway was not there to hear between these moments."""
        self.settle(lambda: self.judge.unobserved(Unobserved(since=since, until=until), until))
