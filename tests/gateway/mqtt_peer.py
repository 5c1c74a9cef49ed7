"""A plain MQTT client for tests of the broker: connects, publishes, collects what it hears."""

from __future__ import annotations

import queue
import threading
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

WITHIN_S = 40.0


class Peer:
    """One client, MQTT 3.1.1. ``heard`` gives (topic, payload) in order of arrival."""

    def __init__(
        self, port: int, name: str = "", password: str = "", *, client_id: str = "", durable: bool = False
    ) -> None:
        """Connect; ``verdict`` is the broker's reason code, 0 when let in."""
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.verdict: int = -1
        self.session_present = False
        self.gone = threading.Event()
        self._answered = threading.Event()
        self._subscribed = threading.Event()
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=not durable, reconnect_on_failure=False
        )
        if name:
            self._client.username_pw_set(name, password)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_disconnect = lambda *_: self.gone.set()
        self._client.on_message = lambda _c, _u, message: self.heard.put((message.topic, bytes(message.payload)))
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._answered.wait(WITHIN_S), "the broker does not answer"

    def _on_connect(
        self, _client: object, _userdata: object, flags: paho.ConnectFlags, reason: ReasonCode, _more: object
    ) -> None:
        self.verdict = 0 if reason == 0 else reason.value
        self.session_present = flags.session_present
        self._answered.set()

    def subscribe(self, *topics: str, qos: int = 1) -> Self:
        """Subscribe and wait for the broker's word on it, whatever it is."""
        self._subscribed.clear()
        self._client.subscribe([(topic, qos) for topic in topics])
        assert self._subscribed.wait(WITHIN_S)
        return self

    def say(self, topic: str, payload: bytes | str = b"x", *, qos: int = 1, retain: bool = False) -> None:
        """Publish and wait until the broker has acknowledged it."""
        self._client.publish(topic, payload, qos=qos, retain=retain).wait_for_publish(WITHIN_S)

    def next(self) -> tuple[str, bytes]:
        """The next message heard; fails the test when none comes."""
        return self.heard.get(timeout=WITHIN_S)

    def leave(self) -> None:
        """Disconnect in order."""
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> Self:
        """Connected already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect."""
        self.leave()
