"""What every bench needs: a broker, a gateway on a fresh folder, a console, and a publisher of background load."""

from __future__ import annotations

import asyncio
import itertools
import os
import platform
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from paho.mqtt.client import Client, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from alerting.casefile import Registry
from device_adapters.own_protocol import encode_event
from gateway.broker import BrokerUser, ChildBroker, gateway_user
from gateway.clock import SystemClock
from gateway.ingest import BrokerAddress, no_delay
from gateway.settings import Settings
from nuanhu import event_loop
from nuanhu.console_client import ConsoleClient, signed_in
from nuanhu.demo.people import ACCOUNTS, PASSWORD, with_demo_registry
from nuanhu.port import claim_port
from nuanhu.town.homes import OWN
from nuanhu.town.plan import TownPlan, plan_town
from nuanhu.web_server import web_server
from nuanhu.wiring import Gateway, Store

HOST = "127.0.0.1"
LOAD = "load"


def machine() -> str:
    """One line about the machine, for beside a figure."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


class Stage(msgspec.Struct, frozen=True):
    """A running gateway and what a bench needs to drive it. ``start_s``: from nothing to the first page, seconds."""

    plan: TownPlan
    broker: ChildBroker
    gateway: Gateway
    base: str
    console: ConsoleClient
    start_s: float


@asynccontextmanager
async def stage(households: int, store_url: str = "", registry: Registry | None = None) -> AsyncIterator[Stage]:
    """A gateway with a whole town registered, in this process, on a folder that is removed afterwards.

    ``store_url``: an empty database; empty: the embedded store in that folder. ``registry``: instead of the town's own.
    """
    folder = Path(tempfile.mkdtemp(prefix="nuanhu-bench-"))
    plan = with_demo_registry(plan_town(1, households))
    load = BrokerUser(LOAD, PASSWORD, write=("#",), read=("#",))
    broker = ChildBroker(folder / "broker", [gateway_user(PASSWORD), load])
    await asyncio.to_thread(broker.start)
    sock = claim_port(HOST, 0)
    settings = Settings(data=folder, store_url=store_url, secure_cookies=False)
    registering = Store(settings)
    registering.register(registry or plan.registry)
    registering.close()
    clock = SystemClock()
    began_s = clock.monotonic_s()
    store = Store(settings)
    address = BrokerAddress(
        host=broker.host, port=broker.port, username="gateway", password=PASSWORD, mqtt5=broker.kind == "mosquitto"
    )
    gateway = Gateway(settings, clock, store, address)
    gateway.start()
    server = web_server(gateway.app)
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        await server.ready.wait()
        base = f"http://{HOST}:{sock.getsockname()[1]}"
        console = await signed_in(base, ACCOUNTS[0].login, PASSWORD)
        await asyncio.to_thread(console.fetch, "/")
        event_loop.spare_what_stays()
        yield Stage(plan, broker, gateway, base, console, clock.monotonic_s() - began_s)
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        await asyncio.to_thread(gateway.stop)
        await asyncio.to_thread(broker.stop)
        shutil.rmtree(folder, ignore_errors=True)


def load_client(broker: ChildBroker) -> Client:
    """A connected paho client that may publish anywhere, its network thread running."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5 if broker.kind == "mosquitto" else MQTTv311)
    client.username_pw_set(LOAD, PASSWORD)
    client.max_inflight_messages_set(1000)
    client.on_socket_open = no_delay
    client.connect(broker.host, broker.port)
    client.loop_start()
    return client


def motions(plan: TownPlan, count: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Motion events of every home of our own protocol in turn, as (topic, payload); endless without a count."""
    homes = [home for home in plan.homes if home.make == OWN]
    sensors = [(h.bridge.prefix, f.device.inner) for h in homes for f in h.fitted if f.device.role == "motion"]
    numbers: Sequence[int] | Iterator[int] = itertools.count() if count is None else range(count)
    for n in numbers:
        prefix, inner = sensors[n % len(sensors)]
        yield encode_event(prefix, inner, event_id=f"load-{n}", boot="load", seq=n, kind="motion", state="detected")


async def background(client: Client, plan: TownPlan, rate: float, clock: SystemClock, stop: asyncio.Event) -> int:
    """Publish motions at ``rate`` messages a second until stopped; returns how many."""
    began_s, sent = clock.monotonic_s(), 0
    source = motions(plan)
    while not stop.is_set():
        due = int((clock.monotonic_s() - began_s) * rate)
        for topic, payload in itertools.islice(source, max(0, due - sent)):
            client.publish(topic, payload, qos=1)
            sent += 1
        await asyncio.sleep(0.01)
    return sent
