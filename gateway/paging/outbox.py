"""What the rules decided to send leaves here: prompts to homes, pages and daily tests to duty telephones.

In threads of its own, so that a slow channel never delays a commit; a telephone never waits for another one. Every try
goes into the sent-log, in one commit with the mark that the row is done. Killed between the two, it is sent once more,
and says so: twice is safe, silence is not.
"""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from queue import SimpleQueue

import msgspec

from alerting.decisions import PageAsked, PromptAsked
from alerting.events import PageTried
from alerting.incidents import neighbours, woken
from alerting.model import Incident, Ladder
from device_adapters.own_protocol import encode_prompt
from gateway.clock import Clock
from gateway.notify import Notifier, Outgoing
from gateway.notify.links import Paged
from gateway.notify.port import KEYS
from gateway.paging.letterhead import Letterhead
from gateway.paging.letters import JOB, JobSender, Lane, Letter, NobodyElse
from gateway.paging.page_text import daily_test_text, daily_test_words, page_text, page_words
from gateway.paging.pages_out import reference_of
from gateway.paging.phones import Phones
from gateway.store.bulk import Row
from gateway.store.outgoing import Place, Unsent
from gateway.store.values import ms
from gateway.writing.directory import Directory
from gateway.writing.judge import Judge

log = logging.getLogger(__name__)

RETRY_S = (5, 10, 20, 30, 60)
IDLE_S = 5.0
LATE_S = 30.0
"""A page that waits to be tried for so long beyond its time has nobody who tries it, real seconds."""
HANGS_S = 60.0
"""A channel that has not answered for so long, real seconds, is a fault, though it may answer yet."""

Write = Callable[[Judge, datetime], None]


class OutboxNews(msgspec.Struct, frozen=True):
    """What was done, on its way to the writer: ``write`` puts it into the batch, ``done`` is set after the commit."""

    write: Write
    done: Future[None]


class Outbox:
    """Sends what was committed, and tries again what a channel does not take, until somebody has the incident.

    Args:
        clock: Service time.
        directory: Names and addresses, for the text.
        notifier: The channels to the duty telephones.
        phones: What is known of these.
        head: What the centre puts on every page.
        record: Hands what was done to the writer.

    Attributes:
        address_of: Address of a person on a channel now; empty when they are not to be paged any more.
        publish: Says something to a device by topic; does not wait.
        link: Writes the link for whom a page goes to.
        jobs: Sends what grid platforms are told of their jobs.
    """

    def __init__(
        self,
        clock: Clock,
        directory: Directory,
        notifier: Notifier,
        phones: Phones,
        head: Letterhead,
        record: Callable[[OutboxNews], None],
    ) -> None:
        """Prepare; nothing leaves before ``start``."""
        self.record = record
        self.publish: Callable[[str, bytes], None] = lambda _topic, _payload: None
        self.link: Callable[[Paged, datetime], str] = lambda _page, _now: ""
        self._clock = clock
        self._directory = directory
        self._notifier = notifier
        self.address_of: Callable[[str, str], str] = directory.addresses.of
        self._phones = phones
        self._head = head
        self.jobs: JobSender = NobodyElse()
        self._heap: list[Letter] = []
        self._number = 0
        self._climbing: dict[str, Ladder] = {}
        self._beside: dict[str, Incident] = {}
        self._testing: set[str] = set()
        self._known: dict[Place, Letter] = {}
        self._lanes: dict[str, Lane] = {}
        self._busy: dict[str, float] = {}  # recipient: since when its channel has not answered, monotonic
        self._changed = threading.Condition()
        self._woken = self._stopping = False
        self._thread = self._sender()
        clock.on_jump(self._wake)

    def start(self, unsent: Sequence[Unsent], running: Iterable[Incident]) -> None:
        """Begin to send.

        Args:
            unsent: What an earlier run decided and has not marked as done.
            running: Incidents that are not closed.
        """
        self.follow({incident.id: incident for incident in running})
        for row in unsent:
            self._put(row, may_repeat=row.channel == "page")
        self._thread.start()

    def stop(self) -> None:
        """End. What was not sent stays in the store."""
        self._stopping = True
        self._wake()
        for lane in self._lanes.values():
            lane.work.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout=10)

    def add(self, rows: Iterable[Row], recorded: bool) -> None:
        """Take over outbox rows.

        Args:
            rows: As written.
            recorded: Whether they are durable. If not, they are sent all the same, and may be sent again.
        """
        for r in rows:
            place = (r["partition"], r["seq"], r["n"])
            row = Unsent(place, r["channel"], r["recipient"], r["body"], r["until_ms"])  # type: ignore[arg-type]
            self._put(row, may_repeat=not recorded)
        self._wake()

    def follow(self, changed: Mapping[str, Incident]) -> None:
        """Learn how incidents stand: once somebody has one, its pages need not be sent, nor those to who declines."""
        with self._changed:
            for incident in changed.values():
                was = self._climbing.pop(incident.id, None)
                self._beside.pop(incident.id, None)
                self._beside |= {incident.id: incident} if neighbours.asked_beside(incident) else {}
                if incident.ladder.since is not None:
                    self._climbing[incident.id] = incident.ladder
                if was is not None and (incident.ladder.since is None or was.declined != incident.ladder.declined):
                    for letter in self._heap:  # whatever waits to be tried again is only marked, and now
                        if isinstance(letter.asked, PageAsked) and letter.asked.incident == incident.id:
                            letter.due = letter.due if self._is_wanted(letter.asked) else self._clock.now()
            heapq.heapify(self._heap)
        self._wake()

    def _is_wanted(self, asked: PageAsked) -> bool:
        """Whether nobody has the incident yet, nor has whom it is for declined. Under the lock."""
        if not asked.incident:  # further operators
            return True
        if asked.of_job or asked.of_neighbour:
            return woken.is_worth_sending(self._beside.get(asked.incident), asked)
        ladder, this = self._climbing.get(asked.incident), (asked.round, asked.step)
        return ladder is not None and all(to != asked.to or this > (*upto,) for to, *upto in ladder.declined)

    def _put(self, row: Unsent, *, may_repeat: bool) -> None:
        if row.channel == JOB:
            self.jobs.take(row)
            return
        asked = msgspec.json.decode(row.body, type=PageAsked | PromptAsked)
        with self._changed:
            self._number += 1
            letter = Letter(self._clock.now(), self._number, row.place, row.recipient, asked, row.attempts)
            letter.may_repeat = may_repeat
            self._known[row.place] = letter
            heapq.heappush(self._heap, letter)

    @property
    def is_alive(self) -> bool:
        """Whether the thread that sends lives. From any thread."""
        return self._thread.is_alive()

    def at_work(self) -> set[Place]:
        """Rows that a sender has in hand: its thread lives, and none waits for longer than it should. Any thread."""
        late = self._clock.now() - timedelta(seconds=LATE_S * self._clock.speed)
        with self._changed:
            lanes = {recipient for recipient, lane in self._lanes.items() if lane.thread.is_alive()}
            if not self._thread.is_alive():
                return set()
            return self.jobs.at_work() | {
                place
                for place, letter in self._known.items()
                if (letter.recipient in lanes if letter.in_lane else letter.due > late)
            }

    def take_up(self, unsent: Iterable[Unsent]) -> None:
        """Send these rows that nobody has in hand; a sender whose thread has died is replaced. Any thread."""
        if self._stopping:
            return
        with self._changed:
            if not self._thread.is_alive():
                self._thread = self._sender()
                self._thread.start()
            lost = {row.place for row in unsent}
            self._heap = [letter for letter in self._heap if letter.place not in lost]
            heapq.heapify(self._heap)
        for row in unsent:
            self._put(row, may_repeat=row.channel == "page")
        self._wake()

    def _sender(self) -> threading.Thread:
        return threading.Thread(target=self._run, name="outbox", daemon=True)

    def _wake(self) -> None:
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._tend()
            except Exception:  # the outbox must outlive anything
                log.exception("the outbox stumbled; going on")
            with self._changed:
                if not self._woken:
                    self._changed.wait(self._wait_s())
                self._woken = False

    def _wait_s(self) -> float:
        """Real seconds until something is due. Under the lock."""
        now = self._clock.now()
        due = [self._phones.test_due(view.name, now) for view in self._phones.views() if view.name not in self._testing]
        due += [letter.due for letter in self._heap[:1]]
        return min([IDLE_S, *(self._clock.real_until_s(moment) for moment in due)])

    def _tend(self) -> None:
        """Hand everything that is due to the lane of its recipient."""
        now = self._clock.now()
        with self._changed:
            due: list[Letter] = []
            while self._heap and self._heap[0].due <= now:
                due.append(heapq.heappop(self._heap))
        for letter in due:
            if isinstance(letter.asked, PromptAsked):
                self._ask_home(letter, letter.asked, now)
            else:
                letter.in_lane = True
                self._in_lane(letter.recipient, self._page, letter, letter.asked)
        for recipient, since_s in list(self._busy.items()):
            if self._clock.monotonic_s() - since_s > HANGS_S:
                self._phones.paged(recipient, now, "hangs")
        for view in self._phones.views():
            if view.name not in self._testing and self._phones.test_due(view.name, now) <= now:
                self._testing.add(view.name)
                self._in_lane(view.name, self._test, view.name)

    def _in_lane(self, recipient: str, do: Callable[..., None], *what: object) -> None:
        """Let the recipient's own thread do something."""
        lane = self._lanes.get(recipient)
        if lane is None or not lane.thread.is_alive():
            lane = self._lanes[recipient] = Lane(recipient, lane.work if lane is not None else SimpleQueue())
        lane.work.put(lambda: do(*what))

    def _ask_home(self, letter: Letter, asked: PromptAsked, now: datetime) -> None:
        """Ask through a home's device; a prompt that is past its time is only marked."""
        device = self._directory.devices.get(asked.device)
        if device is not None and asked.until > now:
            prefix = self._directory.bridges[device.bridge].prefix
            self.publish(*encode_prompt(prefix, device.inner, asked.id, asked.until))
        self._tell(lambda judge, at: self._mark(judge, letter, at))

    def _mark(self, judge: Judge, letter: Letter, at: datetime) -> None:
        """It is done. In the writer's thread."""
        with self._changed:
            if self._known.get(letter.place) is letter:
                del self._known[letter.place]
        judge.batch.sent.append(_done(letter.place, at))

    def _page(self, letter: Letter, asked: PageAsked) -> None:
        """One try, in the lane of the telephone."""
        with self._changed:
            wanted = self._is_wanted(asked)
        now = self._clock.now()
        if not wanted:
            self._tell(lambda judge, at: self._mark(judge, letter, at))
            return
        if asked.until <= now:
            self._give_up(letter, asked, letter.error or "too_late")
            return
        if asked.channel and not self.address_of(letter.recipient, asked.channel):
            self._give_up(letter, asked, "person_left")
            return
        retry, error = self._send(self._outgoing(letter, asked, now))
        self._phones.paged(letter.recipient, now, error or "")
        letter.attempts += 1
        first_failure, letter.error, letter.may_repeat = not letter.error, error or "", True
        if error is not None and not retry:
            self._give_up(letter, asked, error, tried_at=now)
            return
        self._record_try(letter, asked, now, is_news=error is None or first_failure)
        if error is not None:
            wait_s = RETRY_S[min(letter.attempts, len(RETRY_S)) - 1]
            with self._changed:
                letter.due = min(now + timedelta(seconds=wait_s), asked.until)
                letter.in_lane = False
                heapq.heappush(self._heap, letter)
            self._wake()

    def _outgoing(self, letter: Letter, asked: PageAsked, now: datetime) -> Outgoing:
        """The page with everything a channel may need."""
        to, name, reference = letter.recipient, asked.name or letter.recipient, reference_of(letter.place)
        page = Paged(reference=reference, incident=asked.incident, key=asked.key, person=to, name=name)
        has_link = (asked.incident and not asked.of_neighbour and not asked.not_wanted) or asked.is_drill
        link = self.link(page, now) if has_link else ""
        return Outgoing(
            recipient=to,
            name=name,
            channel=asked.channel,
            address=self.address_of(to, asked.channel) if asked.channel else "",
            text=page_text(asked, self._directory, self._head, may_repeat=letter.may_repeat, link=link),
            reference=reference,
            keys={} if asked.not_wanted else KEYS,
            words=page_words(asked, self._directory, self._head, link),
        )

    def _send(self, page: Outgoing) -> tuple[bool, str | None]:
        self._busy[page.recipient] = self._clock.monotonic_s()
        try:
            sent = self._notifier.send(page)
        finally:
            self._busy.pop(page.recipient, None)
        return sent.retry, sent.error

    def _record_try(self, letter: Letter, asked: PageAsked, now: datetime, *, is_news: bool) -> None:
        """The sent-log and, when it was taken, the mark, in one commit; in the timeline only what is news."""
        logged, error = _logged(letter, now), letter.error

        def write(judge: Judge, at: datetime) -> None:
            judge.batch.sent_log.append(logged)
            if not error:
                self._mark(judge, letter, at)
            if is_news:
                judge.page_tried(asked.key, _tried(asked, error), at)

        self._tell(write)

    def _give_up(self, letter: Letter, asked: PageAsked, error: str, tried_at: datetime | None = None) -> None:
        """It is not tried any more, and that is said aloud."""
        log.error("page to %s about %s given up: %s", letter.recipient, asked.incident, error)
        logged = _logged(letter, tried_at) if tried_at is not None else None

        def write(judge: Judge, at: datetime) -> None:
            if logged is not None:
                judge.batch.sent_log.append(logged)
            self._mark(judge, letter, at)
            judge.page_tried(asked.key, _tried(asked, error, gave_up=True), at)

        self._tell(write)

    def _tell(self, write: Write) -> None:
        self.record(OutboxNews(write, Future()))

    def _test(self, name: str) -> None:
        """The daily test, in the lane of the telephone."""
        now = self._clock.now()
        text, words = daily_test_text(name, now, self._head), daily_test_words(self._head, now)
        _, error = self._send(Outgoing(recipient=name, text=text, keys={}, words=words))
        self._phones.tested(name, now, error or "")
        row: Row = {"phone": name, "at_ms": ms(now), "ok": error is None, "error": error or ""}
        self._tell(lambda judge, _at: judge.batch.page_tests.append(row))
        self._testing.discard(name)
        self._wake()


def _tried(asked: PageAsked, error: str, *, gave_up: bool = False) -> PageTried:
    return PageTried(
        incident=asked.incident,
        to=asked.name or asked.to,
        error=error,
        gave_up=gave_up,
        channel=asked.channel,
        person=asked.to,
        round=asked.round,
        step=asked.step,
    )


def _done(place: Place, at: datetime) -> Row:
    partition, seq, n = place
    return {"b_partition": partition, "b_seq": seq, "b_n": n, "b_ms": ms(at)}


def _logged(letter: Letter, at: datetime) -> Row:
    partition, seq, n = letter.place
    key: Row = {"partition": partition, "seq": seq, "n": n, "attempt": letter.attempts}
    return {**key, "recipient": letter.recipient, "at_ms": ms(at), "ok": not letter.error, "error": letter.error}
