"""A carrier of the town: a provider of text messages and calls with a real socket, and the telephones behind it.

It takes orders in three tongues, lets the telephones ring, and reports what became of them, as real ones do. What each
telephone does is a script; a telephone by hand rings on the carrier's own page until somebody presses a key there.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec

from gateway.clock import host_time
from gateway.notify import signatures
from gateway.notify.web import NoReplyError, Reply, post
from nuanhu.town import carrier_speech
from nuanhu.town.carrier_page import page
from nuanhu.town.carrier_speech import Ordered, RefusedError

log = logging.getLogger(__name__)

Manner = Literal["presses_1", "presses_2", "answers", "ignores", "off", "busy", "by_hand"]
"""What a telephone does when it is called. A text message arrives unless it is off."""
Mood = Literal["up", "broken", "slow", "refuses", "throttles", "mumbles"]
"""How the carrier is: well, HTTP 500, no answer, no such template, too much just now, no JSON."""

FATE: dict[Manner, tuple[str, str]] = {
    "presses_1": ("answered", "1"),
    "presses_2": ("answered", "2"),
    "answers": ("answered", ""),
    "ignores": ("no_answer", ""),
    "off": ("off", ""),
    "busy": ("busy", ""),
}
RINGS_S = 60.0
TRIES = 5
AGAIN_S = 0.2
SLOW_S = 30.0
MOST_KEPT = 200
LONGEST_ORDER = 65_536


class Item(msgspec.Struct):
    """One message or call that was taken.

    Attributes:
        id: The carrier's.
        order: What was ordered.
        at: When.
        state: ``delivered``, ``off``; of a call also ``ringing``, ``answered``, ``busy``, ``no_answer``.
        key: What was pressed.
    """

    id: str
    order: Ordered
    at: datetime
    state: str = "ringing"
    key: str = ""


class Carrier:
    """One provider.

    Args:
        key: The account's name.
        secret: Signs orders.
        report_to: Where reports go: an address, or for makes without signatures one that ends in a secret word.
        report_secret: Signs reports.
        port: 0: any that is free.
        manner: What telephones do that have no script of their own.

    Attributes:
        items: All that was taken, oldest first.
        orders: How many came, taken or not.
        phones: Script by number.
        mood: How the carrier is.
        answers: HTTP statuses its reports were answered with.
        names: Whose telephone a number is, for the page.
        calls_for_help: Presses a button somewhere in the town; None: the page has no such key.
    """

    def __init__(
        self,
        key: str,
        secret: str,
        report_to: str = "",
        report_secret: str = "",
        *,
        port: int = 0,
        manner: Manner = "answers",
    ) -> None:
        """Prepare; nobody can connect before ``start``."""
        self.key, self.secret = key, secret
        self.report_to, self.report_secret = report_to, report_secret
        self.items: list[Item] = []
        self.orders = 0
        self.phones: dict[str, Manner] = {}
        self.names: dict[str, str] = {}
        self.mood: Mood = "up"
        self.answers: list[int] = []
        self.calls_for_help: Callable[[], object] | None = None
        self._manner = manner
        self._port = port
        self._number = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._serving: threading.Thread | None = None
        self._reports: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._reporting: threading.Thread | None = None
        self._ending = threading.Event()

    def start(self) -> None:
        """Listen, and report from now on."""
        carrier = self

        class Line(_Line):
            """One connection to this carrier."""

            def carrier(self) -> Carrier:
                return carrier

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Line)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._serving.start()
        if self._reporting is None:
            self._reporting = threading.Thread(target=self._report, name="carrier", daemon=True)
            self._reporting.start()

    def go_down(self) -> None:
        """Nobody can connect any more, until ``start``."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def stop(self) -> None:
        """End everything."""
        self._ending.set()
        self.go_down()
        self._reports.put(None)
        if self._reporting is not None:
            self._reporting.join(timeout=10)

    @property
    def url(self) -> str:
        """Where orders go."""
        return f"http://127.0.0.1:{self._port}"

    def texts(self, number: str) -> list[str]:
        """The text messages that a telephone has."""
        return [item.order.text for item in self.kept("sms") if item.order.number == number and item.state != "off"]

    def kept(self, kind: str) -> list[Item]:
        """Messages, or calls, oldest first."""
        with self._lock:
            return [item for item in self.items if item.order.kind == kind]

    def press(self, id_: str, key: str) -> bool:
        """Somebody answers a ringing call by hand and presses a key; an empty key only answers it."""
        with self._lock:
            item = next((item for item in self.items if item.id == id_ and item.state == "ringing"), None)
            if item is not None:
                item.state, item.key = "answered", key
        if item is not None:
            self._tell(item)
        return item is not None

    def take(self, order: Ordered) -> dict[str, Any]:
        """Carry out an order: the telephone gets the message, or rings."""
        manner = self.phones.get(order.number, self._manner)
        with self._lock:
            self._number += 1
            item = Item(f"{self.key}-{self._number}", order, host_time())
            if order.kind == "sms":
                item.state = "off" if manner == "off" else "delivered"
            elif manner != "by_hand":
                item.state, item.key = FATE[manner]
            self.items.append(item)
            del self.items[:-MOST_KEPT]
        if item.state == "ringing":
            late = threading.Timer(RINGS_S, self._missed, (item,))
            late.daemon = True
            late.start()
        else:
            self._tell(item)
        return carrier_speech.taken(order, item.id)

    def _missed(self, item: Item) -> None:
        with self._lock:
            missed = item.state == "ringing"
            item.state = "no_answer" if missed else item.state
        if missed:
            self._tell(item)

    def _tell(self, item: Item) -> None:
        self._reports.put(lambda: self.say(item))

    def say(self, item: Item) -> None:
        """Report what became of an item, now and in this thread; said again it is the same."""
        for body in carrier_speech.report(item.order, item.id, item.state, item.key):
            self.post_report(msgspec.json.encode(body))

    def post_report(self, body: bytes, secret: str | None = None) -> int:
        """Post one report, and again while it is not taken; returns the last HTTP status, 0 for no answer."""
        status = 0
        for _ in range(TRIES):
            at = str(int(host_time().timestamp()))
            signature = signatures.body_mac(self.report_secret if secret is None else secret, at, body)
            headers = {"Content-Type": "application/json", "X-Timestamp": at, "X-Signature": signature}
            reply = self._posted(body, headers)
            status = reply.status if reply is not None else 0
            if status and status < 500:
                break
            if self._ending.wait(AGAIN_S):
                break
        self.answers.append(status)
        return status

    def _posted(self, body: bytes, headers: dict[str, str]) -> Reply | None:
        try:
            return post(self.report_to, body, headers, 5.0) if self.report_to else None
        except NoReplyError as failure:
            log.warning("a report found nobody: %s", failure)
            return None

    def _report(self) -> None:
        while (say := self._reports.get()) is not None:
            try:
                say()
            except Exception:  # the next report must go out all the same
                log.exception("a report failed")

    def wait_slowly(self) -> None:
        """Keep a connection open without an answer, until the end or until the other side has had enough."""
        self._ending.wait(SLOW_S)


class _Line(BaseHTTPRequestHandler):
    """One connection: orders from gateways, and the page for people."""

    timeout = 10

    def carrier(self) -> Carrier:
        """Whose line this is."""
        raise TypeError("made by a carrier alone")

    def do_GET(self) -> None:
        """Whose telephone rings."""
        carrier = self.carrier()
        with carrier._lock:  # noqa: SLF001 - the same file
            items = list(carrier.items)
        self._answer(
            200,
            page(items, carrier.names, can_call=carrier.calls_for_help is not None).encode(),
            "text/html; charset=utf-8",
        )

    def do_POST(self) -> None:
        """An order, or a key pressed on the page."""
        carrier, path = self.carrier(), urlsplit(self.path).path
        length = int(self.headers.get("content-length", "0") or 0)
        body = self.rfile.read(min(length, LONGEST_ORDER))
        if path == "/press":
            form = parse_qs(body.decode())
            if form.get("call") and carrier.calls_for_help is not None:
                carrier.calls_for_help()
            carrier.press(form.get("id", [""])[0], form.get("key", [""])[0])
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        carrier.orders += 1
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._order(carrier, path, headers, body)

    def _order(self, carrier: Carrier, path: str, headers: dict[str, str], body: bytes) -> None:
        mood = carrier.mood
        if mood == "slow":
            carrier.wait_slowly()
            return
        if mood in {"broken", "mumbles"}:
            self._answer(500 if mood == "broken" else 200, b"<h1>oops</h1>", "text/html")
            return
        try:
            order = carrier_speech.heard(path, headers, body, carrier.key, carrier.secret, host_time())
        except RefusedError as why:
            make: carrier_speech.Make = "tencent" if "TC3" in headers.get("authorization", "") else "plain"
            make = "aliyun" if "form" in headers.get("content-type", "") else make
            self._answer(403 if make == "plain" else 200, json.dumps(carrier_speech.refused(make, str(why))).encode())
            return
        if mood in {"refuses", "throttles"}:
            words = carrier_speech.NO_TEMPLATE if mood == "refuses" else carrier_speech.LATER
            self._answer(200, json.dumps(carrier_speech.refused(order.make, words[order.make])).encode())
            return
        self._answer(200, json.dumps(carrier.take(order)).encode())

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        with suppress(OSError):  # whoever asked may have had enough
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not on anybody's screen."""
