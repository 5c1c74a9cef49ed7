"""``nuanhu bench ingest``: how fast a backlog is decoded, judged and committed, against a bare subscriber.

The same broker holds the same messages (the town's own mix, QoS 1) for two durable sessions: the gateway's and that of
a paho client with an empty callback. Both drain it, one after the other; rates run from the first to the last message.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from gateway.broker import BrokerUser, ChildBroker, gateway_user
from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress, Ingest, no_delay
from gateway.settings import Settings
from nuanhu import event_loop
from nuanhu.bench.mix import messages
from nuanhu.bench.stage import LOAD, load_client, machine
from nuanhu.demo.people import PASSWORD, with_demo_registry
from nuanhu.town.plan import plan_town
from nuanhu.wiring import Gateway, Store

LIMIT_S = 240.0
LOOK_S = 0.005
SESSION_S = 3600
WINDOW = 2000


def bench_ingest(count: int, households: int) -> dict[str, Any]:
    """Measure; at most a few minutes."""
    folder = Path(tempfile.mkdtemp(prefix="nuanhu-bench-"))
    plan = with_demo_registry(plan_town(1, households))
    load = BrokerUser(LOAD, PASSWORD, write=("#",), read=("#",))
    broker = ChildBroker(folder / "broker", [gateway_user(PASSWORD), load])
    store = Store(Settings(data=folder))
    store.register(plan.registry)
    store.close()
    broker.start()
    try:
        _open_gateway_session(broker)
        _Bare(broker).leave()
        _publish(broker, messages(plan, count))
        bare_s = _drain_bare(broker, count)
        gateway = _drain_gateway(folder, broker, count)
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
    gateway_rate, bare_rate = count / gateway["took_s"], count / bare_s
    return {
        "gateway_msg_s": round(gateway_rate),
        "bare_subscriber_msg_s": round(bare_rate),
        "ratio": round(gateway_rate / bare_rate, 3),
        "messages": count,
        "lost": count - gateway["committed"],
        "signals": gateway["signals"],
        "quarantined": gateway["quarantined"],
        "commits": gateway["commits"],
        "households": households,
        "machine": machine(),
    }


def _address(broker: ChildBroker) -> BrokerAddress:
    return BrokerAddress(host=broker.host, port=broker.port, username="gateway", password=PASSWORD)


def _open_gateway_session(broker: ChildBroker) -> None:
    """Let the broker know the gateway's durable session, as after its first start."""
    ingest = Ingest(_address(broker), SystemClock(), lambda _: None)
    ingest.start()
    _wait(lambda: ingest.subscribed)
    ingest.stop()


class _Bare:
    """A paho client with an empty callback, in a durable session; each message only moves two numbers."""

    def __init__(self, broker: ChildBroker) -> None:
        self.clock = SystemClock()
        self.count, self.first_s, self.last_s = 0, 0.0, 0.0
        self.client = Client(CallbackAPIVersion.VERSION2, client_id="bare", protocol=MQTTv5)
        self.client.username_pw_set(LOAD, PASSWORD)
        self.client.on_socket_open = no_delay
        self.client.on_message = self._count
        subscribed = threading.Event()
        self.client.on_subscribe = lambda *_: subscribed.set()
        connect = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        connect.SessionExpiryInterval = SESSION_S
        connect.ReceiveMaximum = 1000
        self.client.connect(broker.host, broker.port, clean_start=False, properties=connect)
        self.client.loop_start()
        self.client.subscribe("#", qos=1)
        assert subscribed.wait(10), "the broker did not confirm a subscription"

    def _count(self, *_: object) -> None:
        self.last_s = self.clock.monotonic_s()
        self.first_s = self.first_s or self.last_s
        self.count += 1

    def leave(self) -> None:
        """Disconnect; the session stays."""
        self.client.disconnect()
        self.client.loop_stop()


def _publish(broker: ChildBroker, mix: list[tuple[str, bytes]]) -> None:
    client = load_client(broker)
    for first in range(0, len(mix), WINDOW):
        sent = [client.publish(topic, payload, qos=1) for topic, payload in mix[first : first + WINDOW]]
        sent[-1].wait_for_publish(LIMIT_S)
    client.disconnect()
    client.loop_stop()


def _drain_bare(broker: ChildBroker, count: int) -> float:
    bare = _Bare(broker)
    _wait(lambda: bare.count >= count)
    bare.leave()
    return bare.last_s - bare.first_s


def _drain_gateway(folder: Path, broker: ChildBroker, count: int) -> dict[str, Any]:
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(
        target=_gateway_process, args=(folder, _address(broker), count, there), daemon=True
    )
    process.start()
    try:
        if not here.poll(LIMIT_S + 60):
            raise TimeoutError("the gateway did not drain its backlog in time")
        result: dict[str, Any] = here.recv()
    finally:
        process.join(10)
        process.terminate()
    return result


def _gateway_process(folder: Path, address: BrokerAddress, count: int, there: Connection) -> None:
    event_loop.run(_drain(folder, address, count, there))


async def _drain(folder: Path, address: BrokerAddress, count: int, there: Connection) -> None:
    clock = SystemClock()
    settings = Settings(data=folder, secure_cookies=False)
    gateway = Gateway(settings, clock, Store(settings), address)
    quarantined = gateway.changes.quarantined
    gateway.start()
    writer = gateway.writer
    while not gateway.ingest.received:  # noqa: ASYNC110 - the network thread counts
        await asyncio.sleep(LOOK_S)
    began_s = clock.monotonic_s()
    while writer.messages < count and clock.monotonic_s() - began_s < LIMIT_S:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_S)
    took_s = clock.monotonic_s() - began_s
    await asyncio.sleep(0.2)
    there.send(
        {
            "took_s": took_s,
            "committed": writer.messages,
            "signals": gateway.judge.signals,
            "quarantined": gateway.changes.quarantined - quarantined,
            "commits": writer.commits,
        }
    )
    gateway.stop()


def _wait(true: Any) -> None:
    pause = threading.Event()
    clock = SystemClock()
    until_s = clock.monotonic_s() + LIMIT_S
    while not true():
        if clock.monotonic_s() > until_s:
            raise TimeoutError("waited in vain")
        pause.wait(LOOK_S)
