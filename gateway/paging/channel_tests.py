"""Messages that are tests: sent beside the outbox, known by their own numbers, and never about an incident."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from gateway.bounds import Bucket
from gateway.clock import Clock
from gateway.notify.channels import Channels
from gateway.notify.port import Outgoing
from gateway.notify.reports import Report
from gateway.paging.channel_desk import TestSend, TestStep
from gateway.paging.letterhead import Letterhead

log = logging.getLogger(__name__)

MARK = "channel-test-"
"""What their references begin with: none of a page does."""
MOST_KEPT, MOST_STEPS = 40, 12
AT_ONCE, A_SECOND = 6.0, 1 / 60
SHOWN = 4


def is_test(reference: str) -> bool:
    """Whether a reference is a test's, and no page's."""
    return reference.startswith(MARK)


class ChannelTests:
    """Sends tests and remembers what became of them, since the start. Used by several threads.

    Args:
        channels: The ways.
        clock: Service time.
        head: What the centre puts on every page.
        record: Writes down that one was sent: whom, when, why it was not taken (empty: it was).
    """

    def __init__(
        self, channels: Channels, clock: Clock, head: Letterhead, record: Callable[[str, datetime, str], None]
    ) -> None:
        """None was sent yet."""
        self._channels = channels
        self._clock = clock
        self._head = head
        self._record = record
        self._lock = threading.Lock()
        self._number = 0
        self._kept: deque[TestSend] = deque(maxlen=MOST_KEPT)
        self._bucket = Bucket(clock.now, AT_ONCE, A_SECOND)

    def all(self) -> Sequence[TestSend]:
        """The latest first."""
        with self._lock:
            return tuple(reversed(self._kept))

    def may(self, by: str) -> bool:
        """Whether somebody may send one more now; counts it."""
        return self._bucket.lets(by)

    def send(self, by: str, channel: str, name: str, address: str = "") -> TestSend:
        """Begin one; what becomes of it is told later.

        Args:
            by: Login of whoever asks.
            channel: ``phone`` (``name`` is of the settings), ``push``, ``sms`` or ``voice``.
            name: Whom, for people.
            address: Where, but for ``phone``.
        """
        now = self._clock.now()
        with self._lock:
            self._number += 1
            test = TestSend(id=self._number, by=by, to=name, channel=channel, steps=(TestStep(now, "asked"),))
            self._kept.append(test)
        page = Outgoing(
            recipient=name,
            text=self._text(test, now),
            channel="" if channel == "phone" else channel,
            address=address,
            reference=f"{MARK}{test.id}",
            words=self._words(test, now),
        )
        threading.Thread(target=self._carry, args=(test.id, page), name="channel test", daemon=True).start()
        return test

    def told(self, report: Report, reference: str) -> None:
        """A provider tells what became of one."""
        what = {"delivered": "delivered", "failed": "failed"}.get(report.what, "pressed")
        number = reference.removeprefix(MARK)
        self._step(int(number) if number.isdecimal() else 0, what, report.detail)

    def _carry(self, id_: int, page: Outgoing) -> None:
        sent = self._channels.send(page)
        at = self._clock.now()
        self._step(id_, "taken" if sent.error is None else "not_taken", sent.error or sent.carrier)
        test = next((it for it in self.all() if it.id == id_), None)
        if test is not None:
            log.info("test %d by %s to %s by %s: %s", id_, test.by, test.to, test.channel, sent.error or "taken")
            self._record(f"{MARK}{test.by}|{test.channel}|{test.to}", at, sent.error or "")

    def _step(self, id_: int, what: str, detail: str) -> None:
        step = TestStep(self._clock.now(), what, detail)
        with self._lock:
            for n, test in enumerate(self._kept):
                said = any((it.what, it.detail) == (what, detail) for it in test.steps)
                if test.id == id_ and not said and len(test.steps) < MOST_STEPS:
                    self._kept[n] = msgspec.structs.replace(test, steps=(*test.steps, step))

    def _text(self, test: TestSend, now: datetime) -> str:
        at = f"{self._head.local(now):%m-%d %H:%M}"
        title = self._head.title or "暖护"
        return f"【{title}】通道测试第 {test.id} 号（不是警情，无需处理）：{test.by} 于 {at} 发出。"

    def _words(self, test: TestSend, now: datetime) -> dict[str, str]:
        """The test in single words, for the places of a provider's template."""
        words = {"centre": self._head.title or "暖护", "priority": "测试", "kind": "通道测试（不是警情）"}
        more = {"since": f"{self._head.local(now):%m-%d %H:%M}", "place": "无需处理", "incident": f"测试{test.id}"}
        return words | more | {"desk_phone": self._head.desk_phone}
