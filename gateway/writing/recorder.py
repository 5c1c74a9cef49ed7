"""Batches into the store, one after the other, in a thread of its own: who hands one over is never held up for long."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from gateway.store.apart import apart, is_in_the_rows, said_of
from gateway.store.batch import Batch
from gateway.store.bulk import Row
from gateway.store.engine import StoreError

log = logging.getLogger(__name__)

BOUND_S = 2.0
"""A commit that takes longer is taken for one that failed: what it holds is shown as not recorded."""
RETRY_S = (0.1, 0.5, 1.0)
SAID_EVERY = 60
"""Attempts between two lines in the log."""
RECALL_S = 0.5
RECALLED_KEPT = 20_000


class Recorder:
    """Writes batches in order and never gives one up.

    A batch that the store refuses for the sake of a row, which no retry can mend, is taken apart: what can be written
    is, one home at a time, and the batch says whose rows were refused.

    Args:
        write: Writes a batch in one transaction; raises ``StoreError`` when it is not durable. The same batch may be
            given again: nobody knows of a commit that broke off whether it had arrived.

    Attributes:
        given: Batches handed over since the start: the place of the latest.
        settled: The place up to which all are durable.
        failure: Why the oldest batch could not be written at the last attempt; empty while all is well.
        on_settled: Called in the recorder's thread whenever a batch has become durable.
        bound_s: A commit that takes longer is taken for one that failed.
        order: Odd while a batch that was taken apart is being written: only then may a later sequence number of a
            partition become visible before an earlier one.
    """

    def __init__(self, write: Callable[[Batch], None]) -> None:
        """Prepare; the thread begins with the first batch."""
        self.given = 0
        self.settled = 0
        self.failure = ""
        self.on_settled: Callable[[], None] = lambda: None
        self.bound_s = BOUND_S
        self.order = 0
        self._write = write
        self._waiting: deque[Batch] = deque()
        self._changed = threading.Condition()
        self._parts: deque[Batch] = deque()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def record(self, batch: Batch) -> bool:
        """Hand a batch over; whether it was durable within ``bound_s``. If not, it is written as soon as that works.

        Behind others that wait already it waits its turn, and the answer is no at once.
        """
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
                self._thread.start()
            self.given += 1
            place = self.given
            self._waiting.append(batch)
            self._changed.notify_all()
            if len(self._waiting) > 1:
                return False
            self._changed.wait_for(lambda: self.settled >= place or self.failure, self.bound_s)
            return self.settled >= place

    def stop(self) -> None:
        """Make no new attempt; what is not recorded stays so."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(BOUND_S)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping.is_set())
                if not self._waiting:
                    return
                batch = self._waiting[0]
            attempt = 0
            while not self._written(batch, attempt):
                if self._stopping.wait(RETRY_S[min(attempt, len(RETRY_S) - 1)]):
                    return
                attempt += 1
            self.on_settled()

    def _written(self, batch: Batch, attempt: int) -> bool:
        """One attempt."""
        try:
            self._write_apart(batch)
        except Exception as failure:  # noqa: BLE001 - the recorder must outlive anything
            with self._changed:
                self.failure = f"{type(failure).__name__}: {failure}"
                self._changed.notify_all()
            if attempt % SAID_EVERY == 0:
                log.error("the store does not take a commit (attempt %d): %s", attempt + 1, failure)  # noqa: TRY400
            return False
        with self._changed:
            self._settle()
        return True

    def _write_apart(self, batch: Batch) -> None:
        """Write a batch, in parts if need be; what is written stays so, also when the store goes away in between."""
        self._parts = self._parts or deque([batch])
        while self._parts:
            part = self._parts[0]
            try:
                self._write(part)
            except Exception as failure:
                if not is_in_the_rows(failure):
                    raise
                smaller = apart(part)
                self._parts.popleft()
                if len(smaller) > 1:
                    self._parts.extendleft(reversed(smaller))
                    self.order |= 1
                    continue
                log.error("the store refuses what it is given: %s", said_of(failure))  # noqa: TRY400 - names people
                batch.refused.update({str(row["key"]): said_of(failure) for row in part.journal})
            else:
                self._parts.popleft()
        self.order += self.order & 1

    def _settle(self) -> None:
        self._waiting.popleft()
        self.settled += 1
        self.failure = ""
        self._changed.notify_all()


class Recollection:
    """Whether something was judged before: from memory first, then from the store, and never waiting long for it.

    When the store cannot say, the answer is that it was not: in doubt it rings.

    Args:
        ask: The store's answer to (origin, id); None when it was never judged.

    Attributes:
        bound_s: So long an answer is waited for.
    """

    def __init__(self, ask: Callable[[str, str], bytes | None]) -> None:
        """Nothing is in memory yet; the thread begins with the first question."""
        self.bound_s = RECALL_S
        self._ask = ask
        self._kept: dict[tuple[str, str], bytes] = {}
        self._question: tuple[str, str, Future[bytes | None]] | None = None
        self._asked = threading.Semaphore(0)
        self._thread: threading.Thread | None = None

    def __call__(self, origin: str, id_: str) -> bytes | None:
        """What is remembered of an event; None when it was never judged, or nobody can say."""
        kept = self._kept.get((origin, id_))
        if kept is not None:
            return kept
        if self._question is not None:  # the thread still waits for an earlier answer
            return None
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recollection", daemon=True)
            self._thread.start()
        answer: Future[bytes | None] = Future()
        self._question = (origin, id_, answer)
        self._asked.release()
        try:
            return answer.result(self.bound_s)
        except (StoreError, TimeoutError) as failure:
            log.warning("the store cannot say whether %s was judged before: %r", id_, failure)
            return None

    def keep(self, rows: Iterable[Row]) -> None:
        """Remember without the store, the latest ones at least."""
        for row in rows:
            self._kept[str(row["origin"]), str(row["id"])] = row["body"]  # type: ignore[assignment]
        while len(self._kept) > RECALLED_KEPT:
            del self._kept[next(iter(self._kept))]

    def _run(self) -> None:
        while True:
            self._asked.acquire()
            if self._question is None:
                continue
            origin, id_, answer = self._question
            try:
                found = self._ask(origin, id_)
            except Exception as failure:  # noqa: BLE001 - whatever it was, it is the answer
                self._question = None
                answer.set_exception(failure)
            else:
                self._question = None
                answer.set_result(found)
