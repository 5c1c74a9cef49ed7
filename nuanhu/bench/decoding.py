"""``nuanhu bench decode``: microseconds from bytes to signals, for a typical message of each adapter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from device_adapters.adapter import DeviceHint, Known, Message
from device_adapters.catalogue import ADAPTERS, decode
from gateway.clock import SystemClock
from nuanhu.bench.stage import machine

ROUNDS = 5_000
AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

SAMPLES: dict[str, tuple[str, str, dict[str, object]]] = {
    "nuanhu": (
        "nuanhu/1/hub-1",
        "nuanhu/1/hub-1/up/pir-living/event",
        {"id": "a1", "boot": "b", "seq": 7, "at": "2026-01-05T08:00:00Z", "kind": "motion", "state": "detected"},
    ),
    "zigbee2mqtt": (
        "zigbee2mqtt",
        "zigbee2mqtt/0x00158d0001a2b3c4",
        {"occupancy": True, "battery": 97, "voltage": 3015, "linkquality": 120, "illuminance": 12},
    ),
    "chirpstack": (
        "application",
        "application/city/device/24e124fffe000001/event/up",
        {
            "deduplicationId": "00000000-0000-4000-8000-000000000001",
            "time": "2026-01-05T08:00:00.1+00:00",
            "deviceInfo": {"devEui": "24e124fffe000001", "deviceProfileName": "WS202"},
            "fCnt": 12,
            "fPort": 85,
            "data": "AXVgAwABBAAB",
            "rxInfo": [{"gatewayId": "0016c001f1000001", "rssi": -80, "snr": 7}],
        },
    ),
}


def bench_decode() -> dict[str, Any]:
    """Median and p99 in microseconds, by adapter."""
    clock = SystemClock()
    report: dict[str, Any] = {"machine": machine(), "rounds": ROUNDS}
    known = Known({"24e124fffe000001": DeviceHint(vendor="Milesight", model="WS202")})
    for name, (prefix, topic, payload) in SAMPLES.items():
        message = Message(topic, msgspec.json.encode(payload), AT)
        assert decode(message, ADAPTERS[name], prefix, known), "the sample says something"
        times_us: list[float] = []
        for _ in range(ROUNDS):
            began_s = clock.monotonic_s()
            decode(message, ADAPTERS[name], prefix, known)
            times_us.append((clock.monotonic_s() - began_s) * 1e6)
        times_us.sort()
        report[name] = {"median_us": round(times_us[ROUNDS // 2], 1), "p99_us": round(times_us[ROUNDS * 99 // 100], 1)}
    return report
