"""One request to a provider, with an end to it: whatever the other side does, it is known in time."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from urllib.parse import urlsplit

import msgspec

LONGEST_ANSWER = 65_536


class Reply(msgspec.Struct, frozen=True):
    """What was answered: HTTP status, and at most the first 64 KiB."""

    status: int
    body: bytes


class NoReplyError(Exception):
    """There was no answer; the message is the word for why: ``no_connection``, ``no_answer`` or ``address``."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], within_s: float, may: Callable[[str], bool] | None = None
) -> Reply:
    """Send a body and wait for the answer. Follows no redirection and uses no proxy.

    Args:
        url: ``http`` or ``https``.
        body: As it is sent.
        headers: Besides length and host.
        within_s: Real seconds for connecting, and again for all that follows, however slowly it trickles in.
        may: Whether an address may be spoken to: asked of the one that was connected to, before anything is said.

    Raises:
        NoReplyError: Nobody took the connection, it must not be spoken to, or no whole answer came in time.
    """
    place = urlsplit(url)
    path = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
    connection = _connection(place.scheme, place.hostname or "", place.port, within_s)
    try:
        connection.connect()
    except (OSError, HTTPException) as failure:
        connection.close()
        raise NoReplyError("no_connection") from failure
    if may is not None and not may(connection.sock.getpeername()[0]):
        connection.close()
        raise NoReplyError("address")
    late = threading.Event()
    hung = threading.Timer(within_s, _cut, (connection, late))
    hung.daemon = True
    hung.start()
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.read(LONGEST_ANSWER))
    except (OSError, HTTPException, ValueError) as failure:
        raise NoReplyError("no_answer") from failure
    finally:
        hung.cancel()
        connection.close()
    if late.is_set():  # what was cut off looks like an answer that has ended
        raise NoReplyError("no_answer")
    return reply


def _connection(scheme: str, host: str, port: int | None, within_s: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=within_s, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=within_s)


def _cut(connection: HTTPConnection, late: threading.Event) -> None:
    """Wake whoever waits for more."""
    late.set()
    with suppress(OSError, AttributeError):  # it may be over just now
        connection.sock.shutdown(SHUT_RDWR)
