"""The canary's two ends: a device that presses, and a console that waits for what comes of it.

Both are real: the device has its own account at the broker, the console a signed-in socket of the served screens.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import msgspec
from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from dashboard.site import SIGN_IN_COOKIE, Site
from device_adapters.adapter import Rejected
from device_adapters.own_protocol import decode_receipt, down_filter, encode_event
from gateway.clock import host_time
from gateway.ingest import BrokerAddress, no_delay
from gateway.self_supervision import canary
from gateway.settings import Settings
from nuanhu.heartbeat import Heartbeat
from nuanhu.wiring import Gateway

log = logging.getLogger(__name__)

WITHIN_S = 20.0
"""A press that takes longer is lost."""
AGAIN_S = 1.0
KEEPALIVE_S = 30


class Seen:
    """Event ids as they come in at one of the two ends."""

    def __init__(self) -> None:
        """Nothing came."""
        self._latest = ""
        self._came = asyncio.Event()

    def take(self, id_: str) -> None:
        """This one is here. On the event loop."""
        self._latest = id_
        self._came.set()

    async def wait(self, id_: str) -> None:
        """Until this one is here."""
        while self._latest != id_:
            self._came.clear()
            await self._came.wait()


class Device:
    """A panic button of our own protocol, with nobody's home around it.

    Args:
        broker: Where, and as whom.
        loop: Where receipts are passed on.
    """

    def __init__(self, broker: BrokerAddress, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing is said before ``start``."""
        self.receipts = Seen()
        self.ready = asyncio.Event()
        self._broker = broker
        self._loop = loop
        self._boot = f"{int(host_time().timestamp() * 1000):x}"
        self._n = 0
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=broker.client_id,
            protocol=MQTTv5 if broker.mqtt5 else MQTTv311,
            clean_session=None if broker.mqtt5 else True,
        )
        client.username_pw_set(broker.username, broker.password)
        if broker.ca_file:
            client.tls_set(ca_certs=broker.ca_file)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = lambda *_: self._say(self.ready.set)
        client.on_message = self._on_message
        client.on_socket_open = no_delay
        client.reconnect_delay_set(min_delay=1, max_delay=10)
        self._client = client

    def start(self) -> None:
        """Connect in the background and keep connecting."""
        self._client.connect_async(self._broker.host, self._broker.port, keepalive=KEEPALIVE_S)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def press(self) -> str:
        """Press the button once; returns the event's id."""
        self._n += 1
        id_ = f"{self._boot}-{self._n}"
        topic, payload = encode_event(
            canary.BRIDGE.prefix, canary.DEVICE, event_id=id_, boot=self._boot, seq=self._n, kind="panic"
        )
        self._client.publish(topic, payload, qos=1)
        return id_

    def _on_connect(self, client: Client, _userdata: object, _flags: object, reason: Any, _props: object) -> None:
        if reason.is_failure:
            log.warning("the broker refused the canary: %s", reason)
        else:
            client.subscribe(down_filter(canary.BRIDGE.prefix, canary.DEVICE), qos=1)

    def _on_disconnect(self, *_: object) -> None:
        self._say(self.ready.clear)

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        with suppress(Rejected):
            receipt = decode_receipt(message.topic, bytes(message.payload))
            self._say(self.receipts.take, receipt.id)

    def _say(self, what: Any, *args: object) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(what, *args)


class Console:
    """A console's socket that listens for the trial presses alone.

    Args:
        gateway: Whose screens are served; its secret signs this console in.
        base: Where, ``http://host:port``.
    """

    def __init__(self, gateway: Gateway, base: str) -> None:
        """Nothing is opened before ``run``."""
        self.presses = Seen()
        self.ready = asyncio.Event()
        self._gateway = gateway
        self._base = base

    async def run(self) -> None:
        """Listen until cancelled, and come back whenever the socket is lost."""
        while True:
            with suppress(OSError, TimeoutError, WebSocketException):
                async for frame in self._frames():
                    self.ready.set()
                    if frame.get("type") == "canary":
                        self.presses.take(frame["id"])
            self.ready.clear()
            await asyncio.sleep(AGAIN_S)

    async def _frames(self) -> AsyncIterator[dict[str, Any]]:
        site: Site = self._gateway.app.state.site
        account = self._gateway.directory.accounts[canary.KEY]
        cookie = site.tokens.write(account.login, account.password_hash, self._gateway.clock.now())
        address = f"ws://{urlsplit(self._base).netloc}/ws"
        headers = {"Cookie": f"{SIGN_IN_COOKIE}={cookie}"}
        async with connect(address, additional_headers=headers, proxy=None) as live:
            async for frame in live:
                yield msgspec.json.decode(frame)


async def keep_trying(gateway: Gateway, account: BrokerAddress, base: str, settings: Settings) -> None:
    """Press every ``canary_every_s`` seconds until cancelled; the outside hears of it while it comes through.

    When the auditor proves nothing any more, the outside hears nothing either.

    Args:
        gateway: The running gateway.
        account: The canary's own account at the broker.
        base: Where the screens are served, ``http://host:port``.
        settings: How often, and which outside address waits for the heartbeat.
    """
    state = gateway.pulse.canary
    state.begin(heartbeat=bool(settings.heartbeat_url))
    heartbeat = Heartbeat(settings.heartbeat_url, lambda taken: state.beat(taken=taken))
    time = asyncio.get_running_loop().time
    device = Device(account, asyncio.get_running_loop())
    console = Console(gateway, base)
    device.start()
    listening = asyncio.create_task(console.run())
    try:
        while True:
            began_s = time()
            came = await _try_once(device, console, state)
            if came and settings.heartbeat_url and gateway.auditor.proves:
                heartbeat.beat()
            await asyncio.sleep(max(0.0, settings.canary_every_s - (time() - began_s)))
    finally:
        listening.cancel()
        await asyncio.to_thread(device.stop)


async def _try_once(device: Device, console: Console, state: canary.Canary) -> bool:
    """One press; whether it came all the way."""
    time = asyncio.get_running_loop().time
    where = "broker"
    try:
        async with asyncio.timeout(WITHIN_S):
            await device.ready.wait()
            where = "console"
            await console.ready.wait()
            where = "receipt"
            began_s = time()
            id_ = device.press()
            await device.receipts.wait(id_)
            receipt_s = time() - began_s
            where = "console"
            await console.presses.wait(id_)
    except TimeoutError:
        log.warning("a trial press is lost: %s", where)
        state.lost(where)
        return False
    state.arrived(round(receipt_s, 4), round(time() - began_s, 4))
    return True


def account_of(gateway: BrokerAddress, username: str, password: str) -> BrokerAddress:
    """The canary's account at the gateway's broker."""
    return msgspec.structs.replace(gateway, username=username, password=password, client_id="nuanhu-canary")


def served_at(sock: socket.socket) -> str:
    """Where this machine itself finds the screens that are served on a bound socket."""
    host, port = sock.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a comparison
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"
