"""Pushes the news to one target, in a thread of its own: at least once, in order, for as long as it takes.

Nothing waits for it. What the target has taken is remembered by a cursor in the store; what it does not take is tried
again, further and further apart, and is never dropped: behind it everything waits, and people are told.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

import msgspec

from alerting.peers import Target
from gateway.exchange import cursor
from gateway.exchange.cursor import Cursor, CursorError
from gateway.exchange.events import CONTENT, CloudEvent
from gateway.exchange.feed import Feed, OutOfOrderError, Told
from gateway.notify.signatures import body_mac
from gateway.notify.web import NoReplyError, post
from gateway.store.engine import StoreError

log = logging.getLogger(__name__)

RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)
FAULT_FROM = 6
"""After so many attempts in vain (about a minute) people are told."""
POLL_S = 1.0
WITHIN_S = 10.0
A_TURN = 100

Keep = Callable[[str, str], Future[None]]
"""Makes a target's cursor durable, with the next commit of the one writer."""


class PushState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a target has got.

    Attributes:
        target: Its id.
        taken: Events it has taken since the gateway started.
        skipped: Events that somebody had skipped since then.
        taken_at: When it took the latest.
        error: Why the latest attempt was in vain: ``no_connection``, ``no_answer``, ``address``, ``secret``, ``store``,
            or an HTTP status; empty when it was not.
        attempts: How often the event at hand has been tried in vain.
        failing_since: Since when.
        event: Id of the event at hand, while that is not taken.
        kind: Its kind.
    """

    target: str
    taken: int = 0
    skipped: int = 0
    taken_at: datetime | None = None
    error: str = ""
    attempts: int = 0
    failing_since: datetime | None = None
    event: str = ""
    kind: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether people must see to it."""
        return self.attempts >= FAULT_FROM

    def took(self, now: datetime) -> PushState:
        """It has taken one."""
        return PushState(target=self.target, taken=self.taken + 1, skipped=self.skipped, taken_at=now)

    def left_out(self) -> PushState:
        """Somebody had one skipped."""
        return PushState(target=self.target, taken=self.taken, skipped=self.skipped + 1, taken_at=self.taken_at)

    def failed(self, why: str, now: datetime, event: str = "", kind: str = "") -> PushState:
        """An attempt was in vain; without an event the one at hand is the one before."""
        if why != self.error:
            log.warning("push to %s: %s", self.target, why)
        return msgspec.structs.replace(
            self,
            error=why,
            attempts=self.attempts + 1,
            failing_since=self.failing_since or now,
            event=event or self.event,
            kind=kind or self.kind,
        )


def push(url: str, event: CloudEvent, secret: str, now: datetime, may: Callable[[str], bool]) -> str:
    """Post one event, signed; returns why it was not taken, empty when it was.

    Args:
        url: Where to.
        event: What.
        secret: Signs it.
        now: What the host's clock shows.
        may: Whether an address may be reached.
    """
    body = msgspec.json.encode(event)
    at = str(int(now.timestamp()))
    headers = {
        "Content-Type": CONTENT,
        "User-Agent": "nuanhu",
        "X-Timestamp": at,
        "X-Signature": body_mac(secret, at, body),
    }
    try:
        reply = post(url, body, headers, WITHIN_S, may)
    except NoReplyError as why:
        return str(why)
    return "" if 200 <= reply.status < 300 else str(reply.status)  # noqa: PLR2004 - HTTP's


class Courier:
    """Carries the news to one target until it is stopped.

    Args:
        target: Where.
        feed: The news.
        kept: The cursor the store has of this target; empty: none yet.
        keep: Makes a cursor durable.
        send: Posts an event; the answer is why it was not taken.
        now: Service time.
    """

    def __init__(
        self,
        target: Target,
        feed: Feed,
        kept: Callable[[], str],
        keep: Keep,
        send: Callable[[Target, CloudEvent], str],
        now: Callable[[], datetime],
    ) -> None:
        """Nothing runs before ``start``."""
        self.target = target
        self.state = PushState(target=target.id)
        self._feed = feed
        self._kept = kept
        self._keep = keep
        self._send = send
        self._now = now
        self._at: Cursor | None = None
        self._keeping: Future[None] | None = None
        self._to_keep = ""
        self._stopping = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"push-{target.id}", daemon=True)

    def start(self) -> None:
        """Begin to push."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is on its way is left behind and pushed again next time."""
        self._stopping = True
        self._woken.set()

    def join(self, within_s: float) -> None:
        """Wait for the end."""
        self._thread.join(within_s)

    def change(self, target: Target) -> None:
        """The target is this from now on: something may be skipped."""
        self.target = target
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping:
            try:
                wait_s = self._turn()
            except (StoreError, CursorError, OutOfOrderError) as failure:
                if not isinstance(failure, OutOfOrderError):
                    log.warning("push to %s waits: %s", self.target.id, type(failure).__name__)
                    self._failed("store")
                wait_s = POLL_S
            except Exception:  # it must outlive anything: what is not pushed waits
                log.exception("push to %s failed", self.target.id)
                self._failed("failed")
                wait_s = RETRY_S[-1]
            self._woken.wait(wait_s)
            self._woken.clear()

    def _turn(self) -> float:
        """Push the next events; returns how long to wait, seconds."""
        if self._at is None:
            self._at = cursor.read(self._kept() or self.target.after)
        page = self._feed.page(self._at, A_TURN, self.target.area, self.target.kinds)
        for told in page.told:
            if self._stopping:
                return 0.0
            if not self._carried(told):
                self._keep_on()
                return RETRY_S[min(self.state.attempts, len(RETRY_S)) - 1]
        if page.upto != self._at:
            self._got(page.upto)
        self._keep_on()
        return 0.0 if page.more else POLL_S

    def _carried(self, told: Told) -> bool:
        """Whether an event is behind us."""
        event = told.event
        if event.id == self.target.skip:
            self.state = self.state.left_out()
        else:
            why = self._send(self.target, event)
            if why:
                self._failed(why, event)
                return False
            self.state = self.state.took(self._now())
        self._got(told.upto)
        return True

    def _failed(self, why: str, event: CloudEvent | None = None) -> None:
        of = (event.id, event.type) if event is not None else ("", "")
        self.state = self.state.failed(why, self._now(), *of)

    def _got(self, upto: Cursor) -> None:
        self._at = upto
        self._to_keep = cursor.written(upto)
        self._keep_on()

    def _keep_on(self) -> None:
        """Have the latest cursor kept, one at a time: a busy writer is not handed one for each event."""
        if self._keeping is not None and not self._keeping.done():
            return
        self._keeping = None
        if self._to_keep:
            self._keeping, self._to_keep = self._keep(self.target.id, self._to_keep), ""
