"""``nuanhu bench broker``: what lines of mosquitto/mosquitto.conf buy, each measured against what it replaces."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.broker import BrokerUser
from gateway.broker.access import BrokerError
from gateway.broker.make import Listener
from gateway.broker.mosquitto import MOSQUITTO
from gateway.broker.port import choose_port
from gateway.clock import SystemClock
from nuanhu.bench.stage import HOST, machine

ACCOUNT, SECRET = "bench", "for-the-bench-only"
TOPIC = "nuanhu/1/bench/up/x/event"
BODY_BYTES = 200
RATE = 1_000
KILLED_AFTER_S = 2.0
SPREAD_S = 0.37
"""Each kill is so much later in the second than the one before."""

PINGS, PING_PAUSE_S = 100, 0.03
WAITING_SAID = 5_000
SPEED_SAID = 5_000
WITHIN_S = 60.0
SILENT_S = 2.0

CLOCK = SystemClock()


class Variant(msgspec.Struct, frozen=True):
    """Our configuration with some settings changed; none: as it is. An empty value takes the line out."""

    name: str
    changed: dict[str, str] = {}


class Loss(msgspec.Struct, frozen=True):
    """Of messages that the broker had acknowledged. ``longest_s``: acknowledged so long before the kill, yet lost."""

    variant: str
    acknowledged: int
    lost: int
    longest_s: float
    acknowledged_msg_s: int


class BenchReport(msgspec.Struct, frozen=True, kw_only=True):
    """All measurements. ``waiting_kept``: of 5,000 messages, by variant; ``idle_p99_ms``: a lone round trip."""

    kills: int
    killed: tuple[Loss, ...]
    waiting_kept: dict[str, int]
    qos0_kept: dict[str, int]
    idle_p50_ms: dict[str, float]
    idle_p99_ms: dict[str, float]
    machine: str


AS_IT_IS = Variant("as it is")
KILLED = (
    AS_IT_IS,
    Variant("autosave_interval 1800 (default)", {"autosave_interval": "1800"}),
    Variant("autosave_on_changes, interval 1", {"autosave_interval": "autosave_interval 1\nautosave_on_changes true"}),
)


def bench_broker(kills: int) -> BenchReport:
    """Measure all of it; a minute or two.

    Raises:
        BrokerError: mosquitto is not installed.
    """
    if MOSQUITTO.find() is None:
        raise BrokerError("mosquitto 2 is not installed: nothing to measure")
    plain = Variant("max_queued_messages 1000 (default)", {"max_queued_messages": "1000"})
    deaf = Variant("queue_qos0_messages false (default)", {"queue_qos0_messages": "false"})
    slow = Variant("set_tcp_nodelay false (default)", {"set_tcp_nodelay": "false"})
    trips = {each.name: _round_trips(each) for each in (AS_IT_IS, slow)}
    return BenchReport(
        kills=kills,
        killed=tuple(_killed(each, kills) for each in KILLED),
        waiting_kept={each.name: _kept(each, qos=1) for each in (AS_IT_IS, plain)},
        qos0_kept={each.name: _kept(each, qos=0) for each in (AS_IT_IS, deaf)},
        idle_p50_ms={name: round(times[len(times) // 2], 2) for name, times in trips.items()},
        idle_p99_ms={name: round(times[int(len(times) * 0.99)], 2) for name, times in trips.items()},
        machine=machine(),
    )


class _Broker:
    """A mosquitto with a changed configuration, to be killed at will."""

    def __init__(self, folder: Path, variant: Variant) -> None:
        self.port = choose_port(HOST)
        user = BrokerUser(ACCOUNT, SECRET, write=("#",), read=("#",))
        MOSQUITTO.configure(folder, Listener(HOST, self.port), [user])
        file = folder / "mosquitto.conf"
        file.write_text(changed(file.read_text(), variant.changed))
        program = MOSQUITTO.find()
        assert program is not None
        self._command = MOSQUITTO.command(program, folder)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._child = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command line
        for _ in range(500):
            try:
                _client(self, "probe", lasting=False).disconnect()
            except OSError:
                threading.Event().wait(0.02)
            else:
                return
        raise BrokerError("mosquitto does not answer")

    def end(self, *, killed: bool = False) -> None:
        if self._child is not None:
            self._child.kill() if killed else self._child.terminate()
            self._child.wait(30)
            self._child = None


def changed(text: str, settings: dict[str, str]) -> str:
    """A configuration with other values; a value that names its own setting replaces the whole line."""
    for name, value in settings.items():
        line = value if value.startswith(name) else f"{name} {value}"
        text, found = re.subn(rf"^{name} .*$", line, text, flags=re.MULTILINE)
        assert found == 1, f"{name} stands {found} times in the configuration"
    return text


@contextmanager
def _running(variant: Variant) -> Iterator[_Broker]:
    folder = Path(tempfile.mkdtemp(prefix="nuanhu-bench-"))
    broker = _Broker(folder, variant)
    try:
        broker.start()
        yield broker
    finally:
        broker.end()
        shutil.rmtree(folder, ignore_errors=True)


def _client(broker: _Broker, name: str, *, lasting: bool) -> Client:
    """A connected client with its network thread running; nobody changes its socket, as for most devices."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5, reconnect_on_failure=False)
    client.username_pw_set(ACCOUNT, SECRET)
    client.max_inflight_messages_set(1000)
    there = threading.Event()
    client.on_connect = lambda *_: there.set()
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = 3600 if lasting else 0
    client.connect(HOST, broker.port, clean_start=not lasting, properties=properties)
    client.loop_start()
    if not there.wait(WITHIN_S):
        raise BrokerError("mosquitto does not answer")
    return client


def _leave(client: Client) -> None:
    client.disconnect()
    client.loop_stop()


def _gateway_away(broker: _Broker) -> None:
    """Open the durable session of somebody who then goes away."""
    client = _client(broker, "gateway", lasting=True)
    there = threading.Event()
    client.on_subscribe = lambda *_: there.set()
    client.subscribe("#", qos=1)
    there.wait(WITHIN_S)
    _leave(client)


def _waiting(broker: _Broker) -> set[int]:
    """Numbers of all messages that the session held, until none has come for a while."""
    came: set[int] = set()
    client = Client(CallbackAPIVersion.VERSION2, client_id="gateway", protocol=MQTTv5)
    client.username_pw_set(ACCOUNT, SECRET)
    client.on_message = lambda _c, _u, message: came.add(int(bytes(message.payload).split(b" ", 1)[0]))
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = 3600
    client.connect(HOST, broker.port, clean_start=False, properties=properties)
    client.loop_start()
    before = -1
    while before != len(came):
        before = len(came)
        threading.Event().wait(SILENT_S)
    _leave(client)
    return came


def _body(n: int) -> bytes:
    return str(n).encode().ljust(BODY_BYTES, b" ")


class _Speaker:
    """Publishes numbered messages; knows when each was acknowledged. At most 65,535: the broker's own numbers."""

    def __init__(self, broker: _Broker) -> None:
        self.acknowledged: dict[int, float] = {}
        self.said = 0
        self._client = _client(broker, "speaker", lasting=False)
        self._client.on_publish = self._on_publish

    def _on_publish(self, _client: Client, _userdata: object, mid: int, *_: object) -> None:
        self.acknowledged[mid] = CLOCK.monotonic_s()

    def say(self, count: int, qos: int = 1) -> None:
        """So many more; their numbers are those that paho gives, from 1."""
        for _ in range(count):
            self.said += 1
            sent = self._client.publish(TOPIC, _body(self.said), qos=qos)
            assert sent.mid == self.said, "paho counts otherwise"

    def steadily(self, seconds: float) -> None:
        """At ``RATE`` messages a second."""
        began_s = CLOCK.monotonic_s()
        while (passed_s := CLOCK.monotonic_s() - began_s) < seconds:
            self.say(max(0, int(passed_s * RATE) - self.said))
            threading.Event().wait(0.005)

    def finish(self) -> float:
        """Wait until all is acknowledged; returns when the last was."""
        for _ in range(int(WITHIN_S / 0.01)):
            if len(self.acknowledged) >= self.said:
                break
            threading.Event().wait(0.01)
        return max(self.acknowledged.values(), default=CLOCK.monotonic_s())

    def leave(self) -> None:
        _leave(self._client)


def _killed(variant: Variant, kills: int) -> Loss:
    """Messages flow while the gateway is away; then ``kill -9``; then it is counted what the gateway finds."""
    acknowledged = lost = 0
    longest_s = 0.0
    for n in range(kills):
        with _running(variant) as broker:
            _gateway_away(broker)
            speaker = _Speaker(broker)
            speaker.steadily(KILLED_AFTER_S + n * SPREAD_S % 1)
            killed_s = CLOCK.monotonic_s()
            broker.end(killed=True)
            speaker.leave()
            had = {mid: at_s for mid, at_s in speaker.acknowledged.items() if at_s <= killed_s}
            broker.start()
            missing = set(had) - _waiting(broker)
        acknowledged += len(had)
        lost += len(missing)
        longest_s = max([longest_s, *(killed_s - had[mid] for mid in missing)])
    return Loss(variant.name, acknowledged, lost, round(longest_s, 2), _speed(variant))


def _speed(variant: Variant) -> int:
    """How fast it acknowledges with the gateway away, messages a second."""
    with _running(variant) as broker:
        _gateway_away(broker)
        speaker = _Speaker(broker)
        began_s = CLOCK.monotonic_s()
        speaker.say(SPEED_SAID)
        took_s = speaker.finish() - began_s
        speaker.leave()
    return round(len(speaker.acknowledged) / took_s)


def _kept(variant: Variant, qos: int) -> int:
    """How many of ``WAITING_SAID`` messages the gateway finds when it comes back, in good order."""
    with _running(variant) as broker:
        _gateway_away(broker)
        speaker = _Speaker(broker)
        speaker.say(WAITING_SAID, qos)
        speaker.finish()
        threading.Event().wait(SILENT_S)
        found = len(_waiting(broker))
        speaker.leave()
    return found


def _round_trips(variant: Variant) -> Sequence[float]:
    """Milliseconds of a lone message to a subscriber and back to the clock, shortest first."""
    with _running(variant) as broker:
        ears, mouth = _client(broker, "ears", lasting=False), _client(broker, "mouth", lasting=False)
        there, came = threading.Event(), threading.Event()
        ears.on_subscribe = lambda *_: there.set()
        ears.on_message = lambda *_: came.set()
        ears.subscribe(TOPIC, qos=1)
        there.wait(WITHIN_S)
        times_ms: list[float] = []
        for n in range(PINGS):
            came.clear()
            sent_s = CLOCK.monotonic_s()
            mouth.publish(TOPIC, _body(n), qos=1)
            came.wait(WITHIN_S)
            times_ms.append((CLOCK.monotonic_s() - sent_s) * 1000)
            threading.Event().wait(PING_PAUSE_S)
        _leave(ears)
        _leave(mouth)
    return sorted(times_ms)
