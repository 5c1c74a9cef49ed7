"""The side stream: from the journal to the time-series store, at whatever pace that store can take.

Nothing waits for it. It reads what is committed, in a thread of its own, and remembers by a cursor a partition how far
the store had safely got. A store that was away is filled in from there; a point written twice is the same point.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import msgspec

from gateway.clock import Clock
from gateway.desk.vitals import Telemetry
from gateway.store.tail import JournalRow, JournalTail
from gateway.telemetry.influx import Influx, NotTakenError
from gateway.telemetry.points import EPOCH, MILLISECOND, Point, points_of

log = logging.getLogger(__name__)

MOST_A_TURN = 2_000
FEWEST_A_TURN = 50
POLL_S = 1.0
BREATH_S = 0.05
SLICE = 50
SLICE_BREATH_S = 0.001
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
SETTLED_S = 10.0
BEHIND_S = 600.0
STOP_S = 1.0
SET_ASIDE = "telemetry_refused"

Keep = Callable[[str, dict[int, int]], Future[None]]
Lines = Sequence[tuple[JournalRow, str]]


class SideStream:
    """Carries points to a target for ever.

    Args:
        tail: The journal.
        target: Where points go.
        keep: Makes a cursor durable, with the next commit of the one writer: the store has no second one.
        clock: Service time.
        room_of: Room of a registered device by its id.
        order: See ``Writer.order``: what is seen while commits become visible out of order is not carried.

    Attributes:
        turns: Looks at the journal since start, whatever came of them.
    """

    def __init__(
        self,
        tail: JournalTail,
        target: Influx,
        keep: Keep,
        clock: Clock,
        room_of: Callable[[str], str],
        order: Callable[[], int],
    ) -> None:
        """Nothing runs before ``start``."""
        self.turns = 0
        self._tail = tail
        self._target = target
        self._keep = keep
        self._clock = clock
        self._room_of = room_of
        self._order = order
        self._opened = False
        self._kept: dict[int, int] = {}
        self._sent: dict[int, int] = {}
        self._trail: deque[tuple[float, dict[int, int]]] = deque()
        self._keeping: tuple[Future[None], dict[int, int]] | None = None
        self._most = MOST_A_TURN
        self._oldest_ms: int | None = None
        self._waiting = self._written = self._refused = 0
        self._error = ""
        self._asks = False
        self._stopping = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        clock.on_jump(self._woken.set)

    def start(self) -> None:
        """Begin to follow the journal."""
        self._thread.start()

    def stop(self) -> None:
        """End. A request that nobody answers is left behind: what it holds is written again next time."""
        self._stopping = True
        self._woken.set()
        self._thread.join(timeout=STOP_S)

    def state(self) -> Telemetry:
        """How far the target has got, for people."""
        return Telemetry(
            behind_s=round(self._behind_s(), 1),
            waiting=self._waiting,
            written=self._written,
            refused=self._refused,
            error=self._error,
        )

    def safely_has(self) -> dict[int, int]:
        """How far the target safely has each partition, as the store remembers it. From any thread."""
        return self._tail.cursor(self._target.name)

    def faults(self) -> list[str]:
        """Words for what is wrong now."""
        words = ["telemetry_refused"] if self._asks else []
        return [*words, "telemetry_behind"] if self._behind_s() > BEHIND_S else words

    def _behind_s(self) -> float:
        oldest_ms = self._oldest_ms
        if oldest_ms is None:
            return 0.0
        return max(0.0, (self._clock.now() - EPOCH - oldest_ms * MILLISECOND).total_seconds() / self._clock.speed)

    def _run(self) -> None:
        failures = 0
        while not self._stopping:
            try:
                more = self._turn()
            except Exception as failure:  # noqa: BLE001 - noted and tried again, whatever it is
                wait_s = max(RETRY_S[min(failures, len(RETRY_S) - 1)], self._note(failure))
                failures += 1
            else:
                wait_s = BREATH_S if more else POLL_S
                failures = 0
            self.turns += 1
            self._woken.wait(wait_s)
            self._woken.clear()

    def _turn(self) -> bool:
        """Carry the next rows; returns whether more are waiting."""
        if not self._opened:
            self._kept = self._tail.cursor(self._target.name)
            self._sent = dict(self._kept)
            self._target.open()
            self._opened = True
        order = self._order()
        piece = self._tail.after(self._sent, self._most)
        if order & 1 or self._order() != order:  # a row before those seen may come: the cursor would pass it by
            return False
        self._oldest_ms = min((row.at_ms for row in piece.rows), default=None)
        self._waiting = len(piece.rows) + piece.left
        lines = self._lines(piece.rows)
        if self._stopping:
            return False
        if lines:
            self._deliver(lines)
            self._most = min(MOST_A_TURN, self._most * 2)
        self._error, self._asks = "", False
        self._sent.update(piece.upto)
        self._waiting = piece.left
        if not piece.left:
            self._oldest_ms = None
        self._keep_settled(piece.upto)
        return piece.left > 0

    def _lines(self, rows: list[JournalRow]) -> list[tuple[JournalRow, str]]:
        """The rows' points, a little at a time: while this thread computes, the writer's cannot."""
        lines: list[tuple[JournalRow, str]] = []
        for first in range(0, len(rows), SLICE):
            for row in rows[first : first + SLICE]:
                try:
                    lines += [(row, self._target.line(point)) for point in points_of(row, self._room_of)]
                except (msgspec.MsgspecError, ValueError, OverflowError):
                    self._refused += 1  # what cannot be read now cannot be read later
                    log.warning("no point from journal row %d/%d: it cannot be read", row.partition, row.seq)
            if first + SLICE < len(rows):
                threading.Event().wait(SLICE_BREATH_S)
        return lines

    def _deliver(self, lines: Lines) -> None:
        """Write all of them; a point the store will not have is found by halving and set aside."""
        try:
            self._target.write([line for _, line in lines])
        except NotTakenError as answer:
            if not answer.points:
                raise
            if len(lines) > 1:
                half = len(lines) // 2
                self._deliver(lines[:half])
                self._deliver(lines[half:])
            else:
                self._set_aside(lines[0][0], answer)
        else:
            self._written += len(lines)

    def _set_aside(self, row: JournalRow, answer: NotTakenError) -> None:
        """Go on without one point, but only when the store takes another in its place: else the fault is not in it."""
        now_ns = (self._clock.now() - EPOCH) // MILLISECOND * 1_000_000 + row.seq % 1000
        marker = Point(SET_ASIDE, {}, {"partition": float(row.partition), "seq": float(row.seq)}, now_ns)
        try:
            self._target.write([self._target.line(marker)])
        except NotTakenError as why:
            raise NotTakenError(str(why), asks=why.asks or why.points, gone=why.gone, slow=why.slow) from answer
        self._refused += 1
        log.warning("the telemetry store refuses a point of journal row %d/%d: %s", row.partition, row.seq, answer)

    def _note(self, failure: Exception) -> float:
        """Remember why it stands still; returns how long the store asks to be left alone, seconds."""
        text = str(failure) if isinstance(failure, NotTakenError) else type(failure).__name__
        if text != self._error:
            log.warning("telemetry waits: %s", text, exc_info=not isinstance(failure, NotTakenError))
        self._error = text
        if not isinstance(failure, NotTakenError):
            return 0.0
        self._asks = failure.asks
        if failure.slow:
            self._most = max(FEWEST_A_TURN, self._most // 2)
        if failure.gone:  # what it took just before may not have reached its disk
            self._sent = dict(self._kept)
            self._trail.clear()
        return failure.retry_after_s

    def _keep_settled(self, upto: dict[int, int]) -> None:
        """Keep as cursor what the store took a while ago and has been there since."""
        now_s = self._clock.monotonic_s()
        if upto:
            self._trail.append((now_s, upto))
        if self._keeping is not None:
            done, settled = self._keeping
            if not done.done():
                return
            self._keeping = None
            if done.exception() is None:
                self._kept.update(settled)
            else:
                self._trail.appendleft((0.0, settled))
        settled = {}
        while self._trail and self._trail[0][0] <= now_s - SETTLED_S:
            settled.update(self._trail.popleft()[1])
        if settled:
            self._keeping = (self._keep(self._target.name, settled), settled)
