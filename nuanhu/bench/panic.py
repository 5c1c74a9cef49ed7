"""``nuanhu bench panic``: publish of a press → frame on a console's socket, beside a bare round trip at the broker."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import msgspec
from paho.mqtt.client import Client

from device_adapters.own_protocol import encode_event
from gateway.clock import SystemClock
from nuanhu.bench.stage import Stage, background, load_client, machine, stage
from nuanhu.town.homes import LORA, OWN, ZIGBEE, Fitted, Home

MAKES = {"own": OWN, "zigbee2mqtt": ZIGBEE, "chirpstack": LORA}
PAUSE_S = 0.05
ANSWER_WITHIN_S = 20.0
ECHO_TOPIC = "nuanhu/1/bench-echo/down/x/receipt"

Pressing = Callable[[Home, Fitted, int], tuple[str, bytes]]


def _own(home: Home, fitted: Fitted, n: int) -> tuple[str, bytes]:
    return encode_event(
        home.bridge.prefix,
        fitted.device.inner,
        event_id=f"press-{n}",
        boot="bench",
        seq=n,
        kind="panic",
        state="active",
    )


def _zigbee(home: Home, fitted: Fitted, _: int) -> tuple[str, bytes]:
    payload = {"action": "emergency", "battery": 100, "linkquality": 90}
    return f"{home.bridge.prefix}/{fitted.device.inner}", msgspec.json.encode(payload)


def _lora(_: Home, fitted: Fitted, n: int) -> tuple[str, bytes]:
    eui = fitted.device.inner
    payload = {
        "deduplicationId": f"00000000-0000-4000-8000-{n:012d}",
        "deviceInfo": {"devEui": eui, "deviceName": "sos", "deviceProfileName": "WS101"},
        "fCnt": n + 1,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex("ff2e01")).decode(),
        "rxInfo": [{"gatewayId": "0016c001f1000001", "rssi": -80, "snr": 7}],
    }
    return f"application/bench/device/{eui}/event/up", msgspec.json.encode(payload)


PRESSING: dict[str, Pressing] = {"own": _own, "zigbee2mqtt": _zigbee, "chirpstack": _lora}


async def bench_panic(presses: int, background_s: float, make: str, households: int) -> dict[str, Any]:
    """Measure; times in milliseconds, at most five minutes."""
    async with stage(households) as it:
        stop = asyncio.Event()
        client, other = load_client(it.broker), load_client(it.broker)
        clock = SystemClock()
        load = asyncio.create_task(background(other, it.plan, background_s, clock, stop))
        began_s = clock.monotonic_s()
        try:
            times_ms = await _presses(it, client, make, presses, clock)
            trips_ms = await _round_trips(client, presses, clock)
        finally:
            took_s = clock.monotonic_s() - began_s
            stop.set()
            sent = await load
            for connection in (client, other):
                connection.disconnect()
                connection.loop_stop()
        return {
            "n": len(times_ms),
            "background_msg_s": round(sent / took_s, 1),
            "p50_ms": quantile(times_ms, 0.5),
            "p99_ms": quantile(times_ms, 0.99),
            "max_ms": round(max(times_ms), 2),
            "round_trip_p50_ms": quantile(trips_ms, 0.5),
            "round_trip_p99_ms": quantile(trips_ms, 0.99),
            "make": make,
            "households": households,
            "machine": machine(),
        }


async def _presses(it: Stage, client: Client, make: str, presses: int, clock: SystemClock) -> list[float]:
    homes = [(home, home.with_role("panic")) for home in it.plan.homes if home.make == MAKES[make]]
    waiting: dict[str, float] = {}
    times_ms: list[float] = []
    arrived = asyncio.Event()

    async def look() -> None:
        async for frame in it.console.frames():
            row = frame.get("row")
            if row and row["priority"] == 1 and row["key"] in waiting:
                times_ms.append((clock.monotonic_s() - waiting.pop(row["key"])) * 1000)
                arrived.set()

    looking = asyncio.create_task(look())
    await asyncio.sleep(1)
    for n in range(presses):
        home, fitted = homes[n % len(homes)]
        if fitted is None:
            continue
        topic, payload = PRESSING[make](home, fitted, n)
        arrived.clear()
        waiting[home.household] = clock.monotonic_s()
        client.publish(topic, payload, qos=1)
        await asyncio.wait_for(arrived.wait(), ANSWER_WITHIN_S)
        await asyncio.sleep(PAUSE_S)
    looking.cancel()
    return times_ms


async def _round_trips(client: Client, count: int, clock: SystemClock) -> list[float]:
    """The same client's own message through the broker and back, in the same run and under the same load."""
    loop = asyncio.get_running_loop()
    back = asyncio.Event()

    def came_back(*_: object) -> None:
        loop.call_soon_threadsafe(back.set)

    client.on_message = came_back
    client.subscribe(ECHO_TOPIC, qos=1)
    await asyncio.sleep(0.2)
    times_ms: list[float] = []
    for n in range(count):
        back.clear()
        sent_s = clock.monotonic_s()
        client.publish(ECHO_TOPIC, f'{{"id":"{n}"}}', qos=1)
        await asyncio.wait_for(back.wait(), ANSWER_WITHIN_S)
        times_ms.append((clock.monotonic_s() - sent_s) * 1000)
        await asyncio.sleep(PAUSE_S / 5)
    return times_ms


def quantile(values: list[float], q: float) -> float:
    """The value below which a share ``q`` of them lies, to a hundredth."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(q * len(ordered)))], 2)
