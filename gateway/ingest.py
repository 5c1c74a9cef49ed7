"""From the broker to the writer and back: paho in its network thread, acknowledged by hand after the commit.

A message is acknowledged only when what it led to is committed, oldest first. After a reconnect the broker sends
again whatever was not, so acknowledgements of an earlier connection are forgotten.
"""

from __future__ import annotations

import logging
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
from paho.mqtt.client import PUBACK, Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from device_adapters.adapter import Message
from gateway.clock import Clock
from gateway.self_supervision.hearing import Hearing
from gateway.writing.inbox import MAX_WAITING

log = logging.getLogger(__name__)

SESSION_EXPIRY_S = 14 * 86_400
RECEIVE_MAXIMUM = MAX_WAITING
"""As far ahead as the inbox holds: a press behind so much telemetry is here before any of that is worked off."""

KEEPALIVE_S = 15
RECONNECT_S = (0.1, 2)
"""First and longest pause before another attempt: a broker that was killed is back within a fraction of a second."""


class BrokerAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker is and as whom the gateway signs in."""

    host: str
    port: int
    username: str
    password: str
    client_id: str = "nuanhu-gateway"
    mqtt5: bool = True
    ca_file: str = ""


class Delivery(msgspec.Struct, frozen=True):
    """One message as handed to the writer. ``ordinal`` is its place in the order of acknowledgement, -1 for none."""

    message: Message
    ordinal: int
    arrived_s: float


class Ingest:
    """The gateway's own session at the broker.

    Args:
        address: Where and as whom.
        clock: For arrival times.
        deliver: Called in the network thread with each delivery; may block to hold the broker back.

    Attributes:
        connected: Set while the broker has accepted the gateway.
        subscribed: The broker has confirmed that it will deliver.
        connects: How often a connection was made.
        received: Messages received since the start.
        hearing: When nothing could be received.
    """

    def __init__(self, address: BrokerAddress, clock: Clock, deliver: Callable[[Delivery], None]) -> None:
        """Prepare the session; nothing is sent before ``start``."""
        self._address = address
        self._clock = clock
        self._deliver = deliver
        self._lock = threading.Lock()
        self._pending: deque[tuple[int, int]] = deque()  # (ordinal, mid) in order of arrival
        self._done: set[int] = set()
        self._next = 0
        self.connected = threading.Event()
        self.connects = 0
        self.subscribed = False
        self.received = 0
        self.hearing = Hearing()
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=address.client_id,
            protocol=MQTTv5 if address.mqtt5 else MQTTv311,
            manual_ack=True,
            clean_session=None if address.mqtt5 else False,
        )
        client.username_pw_set(address.username, address.password)
        if address.ca_file:
            client.tls_set(ca_certs=address.ca_file)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_socket_open = no_delay
        client.reconnect_delay_set(*RECONNECT_S)  # type: ignore[arg-type]  # paho sleeps fractions as well
        client.max_queued_messages_set(0)
        self._client = client

    def start(self) -> None:
        """Connect in the background and keep connecting; does not wait."""
        self.hearing.lost(self._clock.now())
        properties: dict[str, Any] = {}
        if self._address.mqtt5:
            connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            connect.SessionExpiryInterval = SESSION_EXPIRY_S
            connect.ReceiveMaximum = RECEIVE_MAXIMUM
            properties = {"clean_start": False, "properties": connect}
        self._client.connect_async(self._address.host, self._address.port, keepalive=KEEPALIVE_S, **properties)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker; the session and what is not acknowledged stay there."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> None:
        """Send to a device, QoS 1. From any thread."""
        self._client.publish(topic, payload, qos=1)

    def committed(self, ordinals: list[int]) -> None:
        """These deliveries are durable: acknowledge as far as the oldest ones allow. From the writer's thread."""
        with self._lock:
            self._done.update(ordinals)
            mids: list[int] = []
            while self._pending and self._pending[0][0] in self._done:
                ordinal, mid = self._pending.popleft()
                self._done.discard(ordinal)
                mids.append(mid)
            if mids:  # under the lock: never after a reconnect has begun a new order
                self._acknowledge(mids)

    def _acknowledge(self, mids: list[int]) -> None:
        """Many acknowledgements as one write: each by itself is two system calls, and a turn at the interpreter."""
        packets = b"".join(struct.pack("!BBH", PUBACK, 2, mid) for mid in mids)
        self._client._packet_queue(PUBACK, packets, mids[-1], 1)  # noqa: SLF001 - the library has no call for many

    def let_go(self, ordinals: set[int]) -> None:
        """These deliveries are given up: acknowledge them before their turn. From the writer's thread.

        The broker sends only so much ahead of what is acknowledged, and a press waits behind it.
        """
        with self._lock:
            mids = [mid for ordinal, mid in self._pending if ordinal in ordinals]
            self._pending = deque(place for place in self._pending if place[0] not in ordinals)
            if mids:
                self._acknowledge(mids)

    def _on_connect(self, client: Client, _userdata: object, _flags: object, reason: Any, _props: object) -> None:
        if reason.is_failure:
            log.warning("broker refused the gateway: %s", reason)
            return
        self.hearing.back(self._clock.now())  # first: what waits at the broker comes before the subscription is asked
        if self._address.mqtt5:
            client.subscribe("#", options=SubscribeOptions(qos=1, noLocal=True, retainHandling=1))
        else:
            client.subscribe("#", qos=1)
        self.connects += 1
        self.connected.set()
        log.info("connected to the broker at %s:%d", self._address.host, self._address.port)

    def _on_subscribe(self, *_: object) -> None:
        self.subscribed = True

    def _on_disconnect(self, *_: object) -> None:
        self.subscribed = False
        self.hearing.lost(self._clock.now())
        with self._lock:
            self._pending.clear()  # the broker sends them again
            self._done.clear()
        self.connected.clear()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        self.received += 1
        ordinal = -1
        if message.qos > 0:
            with self._lock:
                ordinal = self._next
                self._next += 1
                self._pending.append((ordinal, message.mid))
        arrived = Message(message.topic, bytes(message.payload), self._clock.now(), message.retain, message.qos)
        self._deliver(Delivery(arrived, ordinal, self._clock.monotonic_s()))


def no_delay(_client: Client, _userdata: object, sock: Any) -> None:
    """Without this a lone message can wait 40 ms for Nagle and delayed acknowledgement."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
