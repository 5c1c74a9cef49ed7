"""The auditor: looks at the store every few seconds, in a thread of its own, and proves that nothing waits for nobody.

What it finds rings as a P1 of its own and is mended where that is safe; when it cannot look, it says so. That it is
alive is watched from the event loop, and the heartbeat that leaves the machine depends on it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta

import msgspec

from alerting.audit import Check, Finding, Letter, Picture, Watch, findings
from alerting.decisions import PageAsked
from alerting.model import Incident
from alerting.policy import Policy
from gateway.clock import Clock
from gateway.desk.vitals import AuditState
from gateway.paging.outbox import Outbox, OutboxNews
from gateway.self_supervision import mending
from gateway.self_supervision.mending import Read
from gateway.store.engine import StoreError
from gateway.store.evidence import Evidence
from gateway.store.outgoing import Unsent
from gateway.store.values import ms
from gateway.writing.judge import Judge
from gateway.writing.stray_keys import aggregate_of
from gateway.writing.timers import Timer
from gateway.writing.writer import Writer

log = logging.getLogger(__name__)

LOOKS = 4
"""So often in a row a finding must be seen: what is only on its way between two places is gone by then."""
BETWEEN_LOOKS_S = 0.5
WRITER_WITHIN_S = 5.0
MISSED_ROUNDS = 3
"""After so many rounds that did not come to an end the auditor counts as dead."""


class CannotAuditError(Exception):
    """There is nothing to look at: ``store`` or ``writer`` is away."""


class Memory(msgspec.Struct, frozen=True):
    """What the writer's thread has in memory, as it says itself."""

    running: dict[str, Incident]
    armed: dict[tuple[str, str], int]
    queued: frozenset[Timer]
    here: tuple[str, ...]


class Auditor:
    """Compares store, memory, senders and consoles, round after round.

    Args:
        read: Looks into the store, at an epoch millisecond.
        state_of: What the store has of one aggregate.
        writer: Says what is in memory, and writes down what is found.
        outbox: The senders.
        watches: Whose consoles are here.
        shown: By incident id, whether the consoles are shown that it rings.
        clock: Service time.
        every_s: So often, seconds.
    """

    def __init__(
        self,
        read: Callable[[int], Evidence],
        state_of: Read,
        writer: Writer,
        outbox: Outbox,
        watches: Callable[[], Sequence[Watch]],
        shown: Callable[[], dict[str, bool]],
        clock: Clock,
        every_s: float,
    ) -> None:
        """Look at nothing yet."""
        self._read = read
        self._state_of = state_of
        self._writer = writer
        self._outbox = outbox
        self._watches = watches
        self._shown = shown
        self._clock = clock
        self._every_s = every_s
        self._state = AuditState()
        self._missed_s = 0.0
        self._changed = threading.Condition()
        self._stopping = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="auditor", daemon=True)
        clock.on_jump(self._wake)

    def start(self) -> None:
        """Begin."""
        self._state = AuditState(on=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the look at hand."""
        self._stopping = True
        self._ended.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def tick(self, passed_s: float) -> None:
        """So much real time has passed; only a round that came to an end begins the count anew."""
        self._missed_s += passed_s

    @property
    def is_missing(self) -> bool:
        """Whether no round has come to an end for too long: the auditor is dead, hangs, or has nothing to look at."""
        return self._state.on and self._missed_s > MISSED_ROUNDS * self._every_s

    @property
    def proves(self) -> bool:
        """Whether the latest round came to an end, lately."""
        return self._state.on and not self.is_missing and not self._state.trouble and self._state.last_at is not None

    def state(self) -> AuditState:
        """What the latest round has seen."""
        return msgspec.structs.replace(self._state, missing=self.is_missing)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        due = self._clock.now()
        while not self._stopping:
            try:
                self._round()
            except (CannotAuditError, StoreError) as why:
                trouble = str(why) if isinstance(why, CannotAuditError) else "store"
                log.warning("cannot audit: %s", why)
                self._state = msgspec.structs.replace(self._state, trouble=trouble)
            except Exception:  # the auditor must outlive anything
                log.exception("the auditor stumbled; going on")
                self._state = msgspec.structs.replace(self._state, trouble="auditor")
            due = self._clock.now() + timedelta(seconds=self._every_s * self._clock.speed)
            with self._changed:
                if not self._stopping:
                    self._changed.wait(min(self._every_s, self._clock.real_until_s(due)))

    def _round(self) -> None:
        """Look, look again at what was found, and tell."""
        picture, evidence = self._look()
        policy = self._writer.judge.policy
        found = _found(picture, evidence, policy)
        for _ in range(LOOKS - 1):
            if not found or self._stopping:
                break
            self._ended.wait(BETWEEN_LOOKS_S)
            picture, evidence = self._look()
            again = _found(picture, evidence, policy)
            found = [it for it in found if it in again]
        if self._stopping:
            return
        self._tell(found, evidence)
        self._missed_s = 0.0
        self._state = AuditState(
            on=True,
            last_at=picture.now,
            rounds=self._state.rounds + 1,
            incidents=len(picture.stored),
            timers=len(picture.timers),
            letters=len(picture.letters),
            consoles=len(picture.consoles),
            findings=tuple(found),
        )

    def _look(self) -> tuple[Picture, Evidence]:
        if self._writer.trouble == "store":
            raise CannotAuditError("store")
        memory = self._ask_writer()
        now = self._clock.now()
        evidence = self._read(ms(now))
        at_work = self._outbox.at_work()
        return Picture(
            now=now,
            stored=evidence.incidents,
            timers=evidence.timers,
            running=memory.running,
            armed=memory.armed,
            queued=memory.queued,
            letters=tuple(_letter(row, is_at_work=row.place in at_work) for row in evidence.unsent),
            is_sending=self._outbox.is_alive,
            consoles=tuple(self._watches()),
            here=memory.here,
            shown=self._shown(),
            speed=self._clock.speed,
        ), evidence

    def _ask_writer(self) -> Memory:
        """A copy of what is in memory, made by the only thread that may touch it."""
        seen: list[Memory] = []

        def write(judge: Judge, _at: datetime) -> None:
            running = {it.id: it for it in judge.states.running()}
            seen.append(Memory(running, *self._writer.timers.seen(), judge.states.desk.here))

        self._put(write)
        return seen[0]

    def _put(self, write: Callable[[Judge, datetime], None]) -> None:
        """Through the writer, past any backlog; raises ``CannotAuditError`` when it does not come to it."""
        news = OutboxNews(write, Future())
        # a backlog that drains is no dead writer; but what is judged while the store is away must not be looked through
        self._writer.inbox.put(news, urgent=self._writer.unrecorded.since is None)
        try:
            news.done.result(WRITER_WITHIN_S)
        except Exception as failure:
            raise CannotAuditError("store" if self._writer.trouble == "store" else "writer") from failure

    def _tell(self, found: list[Finding], evidence: Evidence) -> None:
        """Ring for what is new, mend what can be, and say what is mended."""
        for finding in found:
            log.error("the auditor found: %s", finding.text)
        if not found and not self._state.findings and self._state.rounds:
            return

        stored = {it.id: it for it in evidence.incidents}
        states = {finding: mending.lost(finding, self._state_of) for finding in found}

        def write(judge: Judge, at: datetime) -> None:
            for check in Check:
                judge.audited(check, tuple(it for it in found if it.check == check), at)
            for finding in found:
                if finding.check == Check.MEMORY:
                    mending.mend(judge, finding, stored.get(finding.incident), states[finding], at)
                else:
                    self._mend(judge, finding, at)

        self._put(write)
        self._send(found, evidence)

    def _send(self, found: list[Finding], evidence: Evidence) -> None:
        """Pages that nobody has in hand are handed over again, and a dead sender is replaced."""
        lost = {(it.key, it.incident, it.about) for it in found if it.check == Check.SENDER}
        if not lost:
            return
        at_work = self._outbox.at_work()
        letters = [(row, _letter(row, is_at_work=False)) for row in evidence.unsent if row.place not in at_work]
        rows = [row for row, letter in letters if (letter.key, letter.incident, letter.recipient) in lost]
        self._outbox.take_up(rows)

    def _mend(self, judge: Judge, finding: Finding, at: datetime) -> None:
        """In the writer's thread: the aggregate looks again, or the consoles are told again."""
        if finding.check in {Check.NEXT_STEP, Check.TURN}:
            aggregate = aggregate_of(finding.key)
            self._writer.timers.forget(aggregate.value, finding.key)
            judge.time_passed(aggregate, finding.key, at)
        elif finding.check == Check.SHOWN:
            judge.show_again(finding.incident)


def _found(picture: Picture, evidence: Evidence, policy: Policy) -> list[Finding]:
    unreadable = [Finding(Check.MEMORY, "unreadable", "", it) for it in evidence.unreadable]
    return [*findings(picture, policy), *unreadable]


def _letter(row: Unsent, *, is_at_work: bool) -> Letter:
    if row.channel != "page":
        return Letter("", "", row.recipient, is_at_work)
    asked = msgspec.json.decode(row.body, type=PageAsked)
    return Letter(asked.key, asked.incident, asked.name or row.recipient, is_at_work)
