"""Tells grid platforms of their jobs: signed, at least once, those of one job in order, each in its own thread.

What waits is in the outbox: killed at any moment, it is told after the next start, as the same event.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime

import msgspec

from alerting.dispatch.platform import responder_of
from alerting.dispatch.platform_told import OfferCarried, PlatformNews, PlatformTold
from alerting.model import Incident
from alerting.peers import Party, Peer
from gateway.clock import Clock
from gateway.exchange.courier import PushState
from gateway.exchange.events import CloudEvent
from gateway.paging.outbox import OutboxNews
from gateway.store.bulk import Row
from gateway.store.outgoing import Place, Unsent
from gateway.store.values import ms
from gateway.writing.judge import Judge
from gateway.writing.stray_keys import aggregate_of

log = logging.getLogger(__name__)

RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""An offer is for somebody who waits: what is not taken is tried again at least every half minute."""
IDLE_S = 30.0
LEFT = "platform_left"


class JobLetter(msgspec.Struct):
    """One thing that a platform is told, as it waits.

    Attributes:
        place: Key of its row.
        told: What.
        until_ms: When it is no longer worth telling, epoch milliseconds.
        attempts: How often it was tried.
        error: Why the last try was in vain.
        is_done: It is in the hands of the writer.
    """

    place: Place
    told: PlatformTold
    until_ms: int
    attempts: int = 0
    error: str = ""
    is_done: bool = False

    @property
    def job(self) -> tuple[str, int]:
        """Which job it is about."""
        return self.told.incident, self.told.number


class JobParts(msgspec.Struct, frozen=True, kw_only=True):
    """What a courier needs.

    Attributes:
        parties: Peers by id, as registered now.
        running: A running incident by its id.
        event: What is said of a row.
        send: Says it; the answer is why it was not taken.
        record: Hands what was done to the writer.
        clock: Service time.
    """

    parties: Callable[[], Mapping[str, Party]]
    running: Callable[[str], Incident | None]
    event: Callable[[PlatformTold, Place], CloudEvent]
    send: Callable[[Peer, CloudEvent], str]
    record: Callable[[OutboxNews], None]
    clock: Clock


class JobLane:
    """One platform's thread, and what it is to be told.

    Args:
        peer: Its id.
        parts: What is needed.
    """

    def __init__(self, peer: str, parts: JobParts) -> None:
        """Begin."""
        self.peer = peer
        self.state = PushState(target=peer)
        self._parts = parts
        self._letters: dict[Place, JobLetter] = {}
        self._tried: set[Place] = set()
        self._changed = threading.Condition()
        self._stopping = False
        self.thread = threading.Thread(target=self._run, name=f"jobs-{peer}", daemon=True)
        self.thread.start()

    def take(self, letter: JobLetter) -> None:
        """Tell this; what is in hand already is not taken twice."""
        with self._changed:
            self._letters.setdefault(letter.place, letter)
            self._changed.notify_all()

    def waiting(self) -> set[Place]:
        """Rows in hand; none when nobody works on them."""
        with self._changed:
            return set(self._letters) if self.thread.is_alive() else set()

    def stop(self) -> None:
        """End; what is on its way is told again next time."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            letter = self._next()
            if letter is None:
                continue
            try:
                self._tell(letter)
            except Exception:  # the next offer must leave all the same
                log.exception("an offer stumbled; going on")
                letter.attempts += 1
                self._tried.add(letter.place)

    def _next(self) -> JobLetter | None:
        """What is tried now: of each job the oldest alone. None: all was tried, or it ends."""
        with self._changed:
            first: dict[tuple[str, int], JobLetter] = {}
            for place in sorted(self._letters):  # those of one incident are of one partition: by sequence
                first.setdefault(self._letters[place].job, self._letters[place])
            waiting = [it for it in first.values() if not it.is_done]
            ready = [it for it in waiting if it.place not in self._tried]
            if ready:
                return min(ready, key=lambda it: it.attempts)
            wait_s = min((RETRY_S[min(it.attempts, len(RETRY_S)) - 1] for it in waiting), default=IDLE_S)
            if not self._stopping and not self._changed.wait(wait_s):
                self._tried.clear()
            return None

    def _tell(self, letter: JobLetter) -> None:
        """One try."""
        if not self._is_wanted(letter):
            self._done(letter)
            return
        peer = self._parts.parties().get(self.peer)
        event = self._parts.event(letter.told, letter.place)
        takes = isinstance(peer, Peer) and peer.takes_jobs and not peer.revoked
        error = self._parts.send(peer, event) if takes and isinstance(peer, Peer) else LEFT
        letter.attempts += 1
        self._note(letter, error)
        was, letter.error = letter.error, error
        if error == LEFT:
            self._done(letter, error)
        elif error:
            self._tried.add(letter.place)
            if error != was:
                self._tell_error(letter, error)
        else:
            self._tried.clear()  # it is there again: everything that waits is tried now
            self._done(letter, logged=True)

    def _is_wanted(self, letter: JobLetter) -> bool:
        """Not what is too old, nor an offer that nobody waits for any more."""
        if letter.until_ms <= ms(self._parts.clock.now()):
            return False
        if letter.told.what is not PlatformNews.OFFERED:
            return True
        running = self._parts.running(letter.told.incident)
        job = running.job_of(responder_of(self.peer)) if running is not None else None
        return job is not None and job.number == letter.told.number and not job.is_over

    def _tell_error(self, letter: JobLetter, error: str) -> None:
        logged, told = _logged(letter, self._parts.clock.now()), letter.told

        def write(judge: Judge, at: datetime) -> None:
            judge.batch.sent_log.append(logged)
            _carried(judge, told, error, at)

        self._parts.record(OutboxNews(write, Future()))

    def _done(self, letter: JobLetter, error: str = "", *, logged: bool = False) -> None:
        """It is not to be told any more: the mark, and what the rules hear of it, in one commit."""
        partition, seq, n = letter.place
        row = _logged(letter, self._parts.clock.now()) if logged else None

        def write(judge: Judge, at: datetime) -> None:
            with self._changed:
                self._letters.pop(letter.place, None)
                self._changed.notify_all()
            if row is not None:
                judge.batch.sent_log.append(row)
            judge.batch.sent.append({"b_partition": partition, "b_seq": seq, "b_n": n, "b_ms": ms(at)})
            if logged or error:
                _carried(judge, letter.told, error, at)

        letter.is_done = True
        self._parts.record(OutboxNews(write, Future()))

    def _note(self, letter: JobLetter, error: str) -> None:
        now, of = self._parts.clock.now(), (letter.told.incident, f"nuanhu.job.{letter.told.what}")
        self.state = self.state.failed(error, now, *of) if error else self.state.took(now)


def _carried(judge: Judge, told: PlatformTold, error: str, at: datetime) -> None:
    """Let the incident hear of an offer."""
    if told.what is not PlatformNews.OFFERED:
        return
    responder = responder_of(told.peer)
    event = OfferCarried(incident=told.incident, responder=responder, number=told.number, error=error)
    judge.judge(aggregate_of(told.key), told.key, event, at)


def _logged(letter: JobLetter, at: datetime) -> Row:
    partition, seq, n = letter.place
    key: Row = {"partition": partition, "seq": seq, "n": n, "attempt": letter.attempts}
    return {**key, "recipient": letter.told.peer, "at_ms": ms(at), "ok": not letter.error, "error": letter.error}


class JobCourier:
    """Tells all platforms. Rows come from the outbox.

    Args:
        parts: What is needed.
    """

    def __init__(self, parts: JobParts) -> None:
        """A platform's thread begins with the first thing that it is told."""
        self._parts = parts
        self._lanes: dict[str, JobLane] = {}
        self._lock = threading.Lock()

    def take(self, row: Unsent) -> None:
        """Tell a platform of this row."""
        told = msgspec.json.decode(row.body, type=PlatformTold)
        with self._lock:
            lane = self._lanes.get(told.peer)
            if lane is None or not lane.thread.is_alive():
                lane = self._lanes[told.peer] = JobLane(told.peer, self._parts)
        lane.take(JobLetter(row.place, told, row.until_ms, row.attempts))

    def at_work(self) -> set[Place]:
        """Rows that are in hand."""
        return set[Place]().union(*(lane.waiting() for lane in dict(self._lanes).values()))

    def states(self) -> Mapping[str, PushState]:
        """How far each platform has got, by id of the peer. From any thread."""
        return {peer: lane.state for peer, lane in dict(self._lanes).items()}

    def faults(self) -> list[str]:
        """Words for what people must see to."""
        parties = self._parts.parties()
        failing = [it for it in self.states().values() if it.is_fault and not _is_revoked(parties.get(it.target))]
        return ["push_failing"] if failing else []

    def stop(self) -> None:
        """End."""
        for lane in dict(self._lanes).values():
            lane.stop()


def _is_revoked(party: Party | None) -> bool:
    return not isinstance(party, Peer) or party.revoked
