"""One connection to the broker under test, asked step by step: every answer is waited for and told."""

from __future__ import annotations

import queue
import socket
import threading
from contextlib import suppress
from typing import Any, Self

import msgspec
from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

ANSWER_WITHIN_S = 5.0
KEEP_ALIVE_S = 30
SESSION_S = 600
"""A session of a check is forgotten after ten minutes, should the check itself not get to that."""


class RefusedError(Exception):
    """The broker did not let us in, or cannot be reached; the message says so in its words."""


class SilentError(Exception):
    """The broker did not answer what it must answer."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A broker. ``ca_file`` is the certificate authority of its TLS; empty: no TLS."""

    host: str
    port: int
    ca_file: str = ""


class Account(msgspec.Struct, frozen=True):
    """Who signs in; without a name: nobody."""

    username: str = ""
    password: str = ""


class Heard(msgspec.Struct, frozen=True):
    """A message as it came. ``retain`` is the flag as it came, ``mid`` its number for the acknowledgement."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    mid: int


class Will(msgspec.Struct, frozen=True):
    """What the broker says when the connection is lost."""

    topic: str
    payload: bytes


class Line:
    """A connection.

    Args:
        place: The broker.
        account: Who signs in.
        client_id: Name of the session.
        mqtt5: MQTT 5, else 3.1.1.
        lasting: The session stays when the connection ends.
        fresh: Begin with a new session.
        will: Spoken by the broker when the connection is lost.
        by_hand: Messages are acknowledged by ``acknowledge`` alone.

    Attributes:
        heard: What came, oldest first.
        session_present: The broker still had the session.
        most_bytes: Longest packet the broker says it takes; 0 when it says nothing.
    """

    def __init__(
        self,
        place: Place,
        account: Account,
        client_id: str,
        *,
        mqtt5: bool = True,
        lasting: bool = False,
        fresh: bool = True,
        will: Will | None = None,
        by_hand: bool = False,
    ) -> None:
        """Connect.

        Raises:
            RefusedError: Not let in, or nobody there.
        """
        self.heard: queue.Queue[Heard] = queue.Queue()
        self.session_present = False
        self.most_bytes = 0
        self._mqtt5 = mqtt5
        self._answers: dict[int, int] = {}
        self._answered = threading.Condition()
        self._verdict: str | None = None
        self._let_in = threading.Event()
        self.lost = threading.Event()
        keeps = None if mqtt5 else fresh or not lasting
        version = MQTTv5 if mqtt5 else MQTTv311
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=version,
            clean_session=keeps,
            manual_ack=by_hand,
            reconnect_on_failure=False,
        )
        if account.username:
            client.username_pw_set(account.username, account.password)
        if place.ca_file:
            client.tls_set(ca_certs=place.ca_file)
        if will is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        client.on_publish = lambda _c, _u, mid, reason, _p: self._answer(mid, reason.value)
        client.on_subscribe = lambda _c, _u, mid, reasons, _p: self._answer(mid, max(r.value for r in reasons))
        client.on_disconnect = lambda *_: self._on_lost()
        self._client = client
        self._connect(place, lasting=lasting, fresh=fresh)

    def _connect(self, place: Place, *, lasting: bool, fresh: bool) -> None:
        more: dict[str, Any] = {}
        if self._mqtt5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = SESSION_S if lasting else 0
            more = {"clean_start": fresh, "properties": properties}
        try:
            self._client.connect(place.host, place.port, KEEP_ALIVE_S, **more)
        except OSError as failure:
            raise RefusedError(f"cannot reach {place.host}:{place.port}: {failure.strerror or failure}") from None
        self._client.loop_start()
        self._let_in.wait(ANSWER_WITHIN_S)
        if self._verdict != "":
            self._client.loop_stop()
            raise RefusedError(self._verdict or "no answer to the connection")

    def _on_connect(self, _client: Client, _userdata: object, flags: Any, reason: Any, properties: Any) -> None:
        self.session_present = flags.session_present
        self.most_bytes = getattr(properties, "MaximumPacketSize", 0) if properties is not None else 0
        self._verdict = str(reason) if reason.is_failure else ""
        self._let_in.set()

    def _on_lost(self) -> None:
        self.lost.set()
        if self._verdict is None:
            self._verdict = "the broker closed the connection"
            self._let_in.set()
        with self._answered:
            self._answered.notify_all()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self.heard.put(Heard(message.topic, bytes(message.payload), message.qos, message.retain, message.mid))

    def _answer(self, mid: int, reason: int) -> None:
        with self._answered:
            self._answers[mid] = reason
            self._answered.notify_all()

    def _await_answer(self, mid: int | None, what: str) -> int:
        with self._answered:
            self._answered.wait_for(lambda: mid in self._answers or self.lost.is_set(), ANSWER_WITHIN_S)
            if mid not in self._answers:
                how = "the connection was closed" if self.lost.is_set() else f"no answer within {ANSWER_WITHIN_S:.0f} s"
                raise SilentError(f"{what}: {how}")
            return self._answers.pop(mid)

    def subscribe(self, wanted: str) -> int:
        """Subscribe with QoS 1; retain flags come as they were published (MQTT 5). Returns the reason, 128+ refused."""
        if self._mqtt5:
            _, mid = self._client.subscribe(wanted, options=SubscribeOptions(qos=1, retainAsPublished=True))
        else:
            _, mid = self._client.subscribe(wanted, qos=1)
        return self._await_answer(mid, "subscription")

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Publish with QoS 1 and wait for the acknowledgement; returns its reason (MQTT 5: 128+ refused).

        Raises:
            SilentError: No acknowledgement came.
        """
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        return self._await_answer(sent.mid, "publish with QoS 1")

    def send(self, topic: str, payload: bytes) -> None:
        """Publish with QoS 1 and go on."""
        self._client.publish(topic, payload, qos=1)

    def next(self, within_s: float = ANSWER_WITHIN_S) -> Heard | None:
        """The next message, or None when none comes in time."""
        with suppress(queue.Empty):
            return self.heard.get(timeout=within_s)
        return None

    def until(self, topic: str, payload: bytes, within_s: float = ANSWER_WITHIN_S) -> Heard | None:
        """The next message that is this one, over others; None when it does not come in time."""
        while (one := self.next(within_s)) is not None:
            if (one.topic, one.payload) == (topic, payload):
                return one
        return None

    def acknowledge(self, one: Heard) -> None:
        """Acknowledge by hand."""
        self._client.ack(one.mid, one.qos)

    def leave(self) -> None:
        """Disconnect in order; a last will is not spoken."""
        self._client.disconnect()
        self._client.loop_stop()

    def break_off(self) -> None:
        """Lose the connection without a word."""
        open_socket = self._client.socket()
        if isinstance(open_socket, socket.socket):
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        self.lost.wait(ANSWER_WITHIN_S)
        self._client.loop_stop()

    def __enter__(self) -> Self:
        """Connected already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect."""
        if not self.lost.is_set():
            self.leave()
