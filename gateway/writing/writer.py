"""The one writer: decode, rules, commit, acknowledge, in a thread of its own.

Nothing is acknowledged or sent to a device before the transaction that holds it is durable. Nothing is shown or
answered before either, with one exception: when the store is away, calls for help ring marked "not recorded".
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

import msgspec

from alerting.commands import Claim
from alerting.events import SaidByCalled, Unobserved
from alerting.model import Aggregate, Incident
from device_adapters.own_protocol import encode_receipt
from gateway.clock import Clock
from gateway.desk.contract import Answer
from gateway.ingest import Delivery
from gateway.paging.outbox import OutboxNews
from gateway.retention import ExpiredGiven
from gateway.store.batch import Batch
from gateway.store.bulk import Row
from gateway.store.values import ms
from gateway.telemetry.cursor import CursorMoved
from gateway.writing import refused
from gateway.writing.effects import Effects
from gateway.writing.inbox import MAX_WAITING, Inbox
from gateway.writing.judge import Judge
from gateway.writing.recorder import Recollection, Recorder
from gateway.writing.registering import take_in, tell_some
from gateway.writing.timers import Timers
from gateway.writing.unrecorded import Judged, Unrecorded
from gateway.writing.urgency import is_call
from gateway.writing.work import CommandAsked, ConsolesTold, HistoryGiven, Work

log = logging.getLogger(__name__)

MOST_A_COMMIT = 1000
IDLE_S = 5.0
ALIVE_EVERY_S = 20
LAG_KEPT_S = 10.0
AWAY_S = 0.25
"""While the store is away the writer looks so often whether it is back."""
MOST_KEPT = 10_000
"""Pieces of ordinary work kept while the store is away. Older ones are given up: a press must get past them."""
SAID_AGAIN_WITHIN = timedelta(minutes=15)
"""So long after a start without the store what it had shown may come again from the broker."""
UNOBSERVED_FROM = timedelta(seconds=30)
"""From so long without a store nobody's silence in it counts: what they did was not judged meanwhile."""

Publish = Callable[[str, bytes], None]
Committed = Callable[[datetime, Effects], None]


class Writer:
    """Takes work from the inbox, judges it, commits it, and only then lets the world know.

    When a commit fails or takes too long, what it holds is shown as not recorded, and calls for help go on being
    taken, judged and shown; all of it is recorded, acknowledged and receipted in order once the store is back.
    Telemetry waits meanwhile; when that becomes too much, the oldest is acknowledged without having been judged.

    Args:
        write: Writes a batch in one transaction; raises ``StoreError`` when it is not durable.
        judge: The states and rules; used by this thread alone.
        recollection: Where the judge asks whether something was judged before; told here what was.
        clock: Service time.
        timers: (due in epoch milliseconds, aggregate, key) as stored.

    Attributes:
        give_up: Called with the places of deliveries that nobody will judge.
        given_up: How many these were since the store went away.
        committed: Called after each commit with what has become so.
        send: Takes over outbox rows: when they are durable, or, with False, when they are shown as not recorded.
        shown: Called with what must be shown although it is not recorded, and when the store comes back.
        timers: Whom it wakes when.
        shown_before: By key, since when an emergency before this start had shown an incident.
    """

    def __init__(
        self,
        write: Callable[[Batch], None],
        judge: Judge,
        recollection: Recollection,
        clock: Clock,
        timers: list[tuple[int, str, str]],
    ) -> None:
        """Prepare; nothing runs before ``start``."""
        self.inbox: Inbox[Work] = Inbox()
        self.judge = judge
        self.recollection = recollection
        self.commits = 0
        self.commit_s: float | None = None
        """How long the last commit took, real seconds."""
        self.messages = 0
        self.trouble = ""
        self.publish: Publish = lambda _topic, _payload: None
        self.acknowledge: Callable[[list[int]], None] = lambda _ordinals: None
        self.give_up: Callable[[set[int]], None] = lambda _ordinals: None
        self.given_up = 0
        self.unheard: Callable[[datetime], Unobserved | None] = lambda _now: None
        self.committed: Committed = lambda _at, _effects: None
        self.send: Callable[[list[Row], bool], None] = lambda _rows, _recorded: None
        self.shown: Committed = lambda _at, _effects: None
        self.unrecorded = Unrecorded()
        self.shown_before: dict[str, datetime] = {}
        self._recorder = Recorder(write)
        self._recorder.on_settled = self._wake_when_away
        self._clock = clock
        self.timers = Timers(timers, clock)
        self._started = clock.now()
        self._alive = self._started - timedelta(seconds=ALIVE_EVERY_S)
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
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._recorder.stop()
        self.unrecorded.give_up(RuntimeError("the gateway stops"))

    @property
    def order(self) -> int:
        """Odd while commits may become visible out of order; a reading with another number before it is not one."""
        return self._recorder.order

    def heard_once(self) -> list[Delivery]:
        """After ``stop``: calls for help that are not recorded and that no broker will say again."""
        left = [*self.unrecorded.work(), *self.inbox.take(MAX_WAITING, 0, urgent_only=True)]
        return [piece for piece in left if isinstance(piece, Delivery) and piece.ordinal < 0]

    def lag_s(self) -> float:
        """Longest time from arrival to commit in the last seconds, real seconds."""
        at, lag = self._lag
        return lag if self._clock.monotonic_s() - at < LAG_KEPT_S else 0.0

    def settle(self, first: Callable[[], None]) -> None:
        """Judge and commit something before the thread starts: enrolments, the gap while nobody listened."""
        self.judge.begin()
        first()
        self._keep(self._judged([]))

    def _run(self) -> None:
        while not self._stopping:
            try:
                work = self._take()
            except Exception:  # the same
                log.exception("catching up with the store failed")
                continue
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
                self._keep(self._judged([piece]))
            elif isinstance(piece, CommandAsked):
                piece.answer.set_exception(failure)
            else:
                piece.done.set_exception(failure)

    def _take(self) -> list[Work]:
        """The next work; while the store is away only calls for help and commands."""
        if self.unrecorded.since is not None:
            self._catch_up()
        if self.unrecorded.since is None:
            return self.inbox.take(MOST_A_COMMIT, 0 if self.judge.to_tell else self.timers.wait_s(IDLE_S))
        self._make_way()
        work = self.inbox.take(0 if self.unrecorded.is_full else MOST_A_COMMIT, AWAY_S, urgent_only=True)
        calls: list[Work] = []
        for piece in work:
            if isinstance(piece, Delivery) and not is_call(piece.message, self.judge.directory):
                self.inbox.defer(piece)
            else:
                calls.append(piece)
        return calls

    def _make_way(self) -> None:
        """The broker sends only so much ahead of what is acknowledged: without this, a press would wait behind it."""
        gone: set[int] = set()
        for piece in self.inbox.let_go(MOST_KEPT):
            if isinstance(piece, Delivery):
                gone.add(piece.ordinal)
            else:
                self.inbox.defer(piece)
        if gone and not self.given_up:
            log.warning("too much waits for the store: what is no call for help is given up, the oldest first")
        self.given_up += len(gone)
        if gone:
            self.give_up(gone)

    def _once(self, work: list[Work]) -> None:
        """One batch: judge, commit, tell."""
        judge = self.judge
        judge.begin()
        answers: list[tuple[Future[Answer], Answer]] = []
        away = self.unrecorded.since is not None
        deaf = None if away else self.unheard(self._clock.now())
        if deaf is not None:  # first: what was heard since then is news
            judge.unobserved(deaf, deaf.until)
        for piece in work:
            if isinstance(piece, Delivery):
                judge.hear(piece.message)
            elif isinstance(piece, CommandAsked):
                if away and not isinstance(piece.command, Claim | SaidByCalled):
                    piece.answer.set_result(Answer(incident=piece.command.incident, refused="store_away"))
                    continue
                answers.append((piece.answer, judge.command(piece.command, piece.once, self._clock.now())))
            elif isinstance(piece, CursorMoved):
                judge.batch.note_cursor(piece.target, piece.upto)
            elif isinstance(piece, OutboxNews | ExpiredGiven | ConsolesTold):
                piece.write(judge, self._clock.now())
            else:
                judge.history(piece.household, piece.event, piece.windows, self._clock.now())
        if not away:
            self._follow_host()
            self._note_alive(self._clock.now())
            tell_some(self.judge, self._clock.now(), hurries=self.inbox.hurries)
        self._fire_timers(self._clock.now(), climbing_only=away)
        if away and not work and judge.batch.is_empty():
            return
        self._keep(self._judged(work, answers))

    def _follow_host(self) -> None:
        """The machine stood still: whatever fell due meanwhile is due now, and nobody's silence in it counts."""
        paused = self._clock.catch_up()
        if paused is not None:
            self.judge.unobserved(Unobserved(since=paused[0], until=paused[1]), paused[1])

    def _fire_timers(self, now: datetime, *, climbing_only: bool) -> None:
        """Let those aggregates look again whose time has come.

        While the store is away, only those with an incident that nobody has taken: what the others did is not known.
        """

        def may(aggregate: str, key: str) -> bool:
            return not climbing_only or self.judge.climbs(Aggregate(aggregate), key)

        def wake(aggregate: str, key: str) -> None:
            self.judge.time_passed(Aggregate(aggregate), key, now)

        self.timers.fire(now, MOST_A_COMMIT, may, wake)

    def _note_alive(self, now: datetime) -> None:
        if (now - self._alive).total_seconds() >= ALIVE_EVERY_S * self._clock.speed:
            self._alive = now
            self.judge.batch.alive_ms = ms(now)

    def _judged(self, work: list[Work], answers: list[tuple[Future[Answer], Answer]] | None = None) -> Judged:
        return Judged(self._clock.now(), self.judge.batch, self.judge.effects, work, answers or [])

    def _keep(self, judged: Judged) -> None:
        """Commit, then tell; what cannot be committed in time is shown as not recorded, and waits."""
        self.recollection.keep(judged.batch.remembered)
        away, began_s = self.unrecorded.since is not None, self._clock.monotonic_s()
        durable = (not away and judged.batch.is_empty()) or self._recorder.record(judged.batch)
        if durable and not away:
            self.commit_s = self.commit_s if judged.batch.is_empty() else self._clock.monotonic_s() - began_s
            self._recorded(judged) if not judged.batch.refused else self._recorded_apart(judged)
            return
        if not away:
            self.trouble = "store"
            log.error("the store is away: %s", self._recorder.failure or "it takes too long")
        judged.place = self._recorder.given
        self.unrecorded.add(judged)
        self.timers.arm(judged.effects.wakes)
        self.shown(judged.at, judged.effects)
        for future, answer in judged.answers:
            future.set_result(msgspec.structs.replace(answer, recorded=False))
        if judged.batch.outbox:
            self.send(judged.batch.outbox, False)

    def _recorded(self, judged: Judged) -> None:
        """What may follow only now that it is durable."""
        self.commits += not judged.batch.is_empty()
        if judged.effects.registered:
            take_in(self.judge, judged.effects.registered, self._clock.now())
            self._keep(self._judged([]))
        self.committed(judged.at, judged.effects)
        self._tell(judged.work, judged.answers)
        self._follow(judged)
        if self.shown_before and judged.effects.rung:
            self._note_shown_before([judged.effects.changed[id_] for id_ in judged.effects.rung])

    def _note_shown_before(self, rung: list[Incident]) -> None:
        """What an emergency without a store had shown already has come again and is recorded: say so."""
        now = self._clock.now()
        if now - self._started > SAID_AGAIN_WITHIN:
            self.shown_before.clear()
        self.judge.begin()
        for it in rung:
            since = self.shown_before.pop(it.key, None)
            if since is not None:
                self.judge.shown_unrecorded(it, since, now)
        if not self.judge.batch.is_empty():
            self._keep(self._judged([]))

    def _recorded_apart(self, judged: Judged) -> None:
        """Durable but for what the store refused: that is kept as not judged, and only then acknowledged."""
        now = self._clock.now()
        if not judged.place:  # else others were judged upon it meanwhile
            refused.undo(self.judge, judged.batch)
        self._recorded(refused.neighbours(judged))
        self.judge.begin()
        refused.note(self.judge, judged.batch, judged.tries, now)
        self._keep(refused.the_rest(judged, self.judge.batch, self.judge.effects, now))

    def _wake_when_away(self) -> None:
        if self.unrecorded.since is not None:
            self.inbox.wake()

    def _catch_up(self) -> None:
        """While the store is away: follow what has been recorded since, and go back to normal when all is."""
        for judged in self.unrecorded.take(self._recorder.settled):
            changed = {id_: it for id_, it in judged.effects.changed.items() if not self.unrecorded.holds(id_)}
            rest = {"changed": changed, "rung": set(), "wakes": []}  # it rang already, and wakes
            judged.effects = msgspec.structs.replace(judged.effects, **rest)
            self._recorded(judged) if not judged.batch.refused else self._recorded_apart(judged)
        now, since = self._clock.now(), self.unrecorded.since
        if len(self.unrecorded) or since is None:
            return
        log.warning("the store is back; it was away since %s", since)
        calls = self.unrecorded.end()
        self.trouble = ""
        self.judge.begin()
        for call in calls:
            self.judge.shown_unrecorded(call.incident, call.since, now)
        if self.given_up or now - since > UNOBSERVED_FROM:
            self.given_up = 0
            self.judge.unobserved(Unobserved(since=since, until=now), now)
        self._keep(self._judged([]))
        self.shown(now, Effects())

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
            if not future.done():
                future.set_result(answer)
        for piece in work:
            if isinstance(piece, HistoryGiven | ConsolesTold | CursorMoved | OutboxNews | ExpiredGiven):
                piece.done.set_result(None)

    def _follow(self, judged: Judged) -> None:
        """What devices are told, and when to wake."""
        self.timers.arm(judged.effects.wakes)
        now = self._clock.now()
        for prefix, device, event_id in judged.effects.receipts:
            self.publish(*encode_receipt(prefix, device, event_id, now))
        if judged.batch.outbox and not judged.place:  # else it was taken over when it was shown
            self.send(judged.batch.outbox, True)

    def tell_unobserved(self, since: datetime, until: datetime) -> None:
        """Before the start: the gateway was not there to hear between these moments."""
        self.settle(lambda: self.judge.unobserved(Unobserved(since=since, until=until), until))
