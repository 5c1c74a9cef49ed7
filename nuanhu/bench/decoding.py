"""``nuanhu bench decode``: microseconds from bytes to signals, for a typical message of each adapter and the worst."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from device_adapters.adapter import DeviceHint, Known, Message, Rejected
from device_adapters.catalogue import ADAPTERS, MAX_PAYLOAD_BYTES, can_be_urgent, decode, without_secrets
from gateway.clock import processor_s
from nuanhu.bench.stage import machine

ROUNDS = 5_000
WORST_ROUNDS = 15
AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
EUI = "24e124fffe000001"

SAMPLES: dict[str, tuple[str, str, object]] = {
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
        f"application/city/device/{EUI}/event/up",
        {
            "deduplicationId": "00000000-0000-4000-8000-000000000001",
            "time": "2026-01-05T08:00:00.1+00:00",
            "deviceInfo": {"devEui": EUI, "deviceProfileName": "WS202"},
            "fCnt": 12,
            "fPort": 85,
            "data": "AXVgAwABBAAB",
            "rxInfo": [{"gatewayId": "0016c001f1000001", "rssi": -80, "snr": 7}],
        },
    ),
    "the-things-stack": (
        "v3",
        "v3/homes@town/devices/pir-1/up",
        {
            "end_device_ids": {"device_id": "pir-1", "dev_eui": EUI, "dev_addr": "260B1234"},
            "received_at": "2026-01-05T08:00:00.2Z",
            "uplink_message": {
                "f_port": 85,
                "f_cnt": 12,
                "frm_payload": "AXVgAwABBAAB",
                "rx_metadata": [{"gateway_ids": {"gateway_id": "g"}, "rssi": -80, "snr": 7}],
                "received_at": "2026-01-05T08:00:00.1Z",
            },
        },
    ),
    "ble": (
        "ble",
        "ble/gw1/BTtoMQTT/A4C138FFEE01",
        {"id": "A4:C1:38:FF:EE:01", "rssi": -67, "servicedata": "44003501583a01", "servicedatauuid": "0xfcd2"},
    ),
    "shelly": (
        "shellies",
        "shellies/shellymotionsensor-A8032ABC0003/status",
        {"motion": True, "timestamp": 1767600000, "active": True, "vibration": False, "lux": 12, "bat": 90},
    ),
    "tasmota": (
        "tasmota",
        "tasmota/tele/hall-eye/SENSOR",
        {"Time": "2026-01-05T08:00:00", "Switch1": "ON", "AM2301": {"Temperature": 21.5}},
    ),
    "aqara": (
        "aqara",
        "aqara/report",
        {"cmd": "report", "model": "motion", "sid": "158d0001aa0001", "data": '{"status":"motion"}'},
    ),
    "home-assistant": (
        "homeassistant",
        "homeassistant/hub/pir",
        {"occupancy": True, "battery": 55, "linkquality": 80},
    ),
    "homie": ("homie", "homie/hall-eye/sensor/motion", "true"),
    "esphome": ("esphome", "esphome/hall/binary_sensor/hall_pir/state", "ON"),
}
"""Prefix, topic and payload of a typical message, by adapter."""

DECLARED = {
    "hub/pir": "pir-1",
    "hub/pir#": '[["m","motion","True","False",["occupancy"],""],["b","battery","ON","OFF",["battery"],""]]',
}
"""What discovery has taught of the sample's topic."""


def _list_of(each: bytes, times: int) -> bytes:
    return b"[" + b",".join(each % n for n in range(times)) + b"]"


WORST: dict[str, bytes] = {
    "brackets": b"[" * MAX_PAYLOAD_BYTES,
    "nested objects": b'{"a":' * 13_000,
    "quotes": b'\\"' * 32_000,
    "blanks": b" " * (MAX_PAYLOAD_BYTES - 1) + b"x",
    "blanks in an object": b'{"action"' + b" " * 65_000,
    "digits": b'{"battery":' + b"9" * 60_000 + b"}",
    "a long list": b"[" + b"{}," * 21_000 + b"{}]",
    "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(6_000)) + b"}",
    "many adverts": _list_of(b'{"mac":"A4C138FF%04x","rssi":-60}', 1_800),
    "strangers' adverts": _list_of(b'{"id":"A4C138FF%04X","servicedata":"4400213a01","servicedatauuid":"fcd2"}', 860),
    "secrets without a value": b'"action_code"' * 4_000 + b" " * 10_000,
    "secrets": _list_of(b'{"action_code":"%d"}', 2_850),
    "secrets that are numbers": b"{" + b",".join(b'"pin_code":%d' % n for n in range(3_600)) + b"}",
    "half a secret's name": b"_code" * 13_000,
    "a secret behind blanks": b'"action_code":' + b" " * 51_000 + b"x",
    "a secret behind backslashes": b'"action_code' + b"\\" * 65_000,
    "text in other letters": ("暖" * 20_000).encode(),
}
"""Payloads of up to 64 KiB that cost the most."""


def bench_decode() -> dict[str, Any]:
    """Median and p99 in microseconds, by adapter, and the worst payloads against ``json.loads`` of the same bytes."""
    report: dict[str, Any] = {"machine": machine(), "rounds": ROUNDS}
    known = Known({EUI: DeviceHint(vendor="Milesight", model="WS202")}, DECLARED)
    for name, (prefix, topic, payload) in SAMPLES.items():
        message = Message(topic, _bytes(payload), AT)
        assert decode(message, ADAPTERS[name], prefix, known), "the sample says something"
        times_us = _times_us(ROUNDS, partial(decode, message, ADAPTERS[name], prefix, known))
        report[name] = {"median_us": round(times_us[ROUNDS // 2], 1), "p99_us": round(times_us[ROUNDS * 99 // 100], 1)}
    report["worst"] = worst = _worst(known)
    report["within_bound"] = all(dearest["us"] <= dearest["allowed_us"] for dearest in worst.values())
    return report


def _bytes(payload: object) -> bytes:
    return payload.encode() if isinstance(payload, str) else msgspec.json.encode(payload)


def _times_us(rounds: int, run: Callable[[], object]) -> list[float]:
    times_us: list[float] = []
    for _ in range(rounds):
        began_s = processor_s()
        run()
        times_us.append((processor_s() - began_s) * 1e6)
    return sorted(times_us)


def _worst(known: Known) -> dict[str, Any]:
    """The dearest of all hostile payloads, by adapter: its time, and the time allowed (3 x json.loads + 1 ms).

    Both are taken in turns, so that what else the machine does falls on both alike.
    """
    report: dict[str, Any] = {}
    for name, (prefix, topic, _) in SAMPLES.items():
        dearest: tuple[float, dict[str, Any]] = (-1.0, {})
        for what, payload in WORST.items():
            message = Message(topic, payload, AT)
            ours: list[float] = []
            loads: list[float] = []
            for _round in range(WORST_ROUNDS):
                ours += _times_us(1, partial(_all, message, name, prefix, known))
                loads += _times_us(1, partial(_loads, payload))
            took_us, allowed_us = sorted(ours)[WORST_ROUNDS // 2], 3 * sorted(loads)[WORST_ROUNDS // 2] + 1_000
            share = took_us / allowed_us
            if share > dearest[0]:
                found = {"payload": what, "us": round(took_us), "allowed_us": round(allowed_us)}
                dearest = share, {**found, "share": round(share, 2)}
        report[name] = dearest[1]
    return report


def _all(message: Message, name: str, prefix: str, known: Known) -> None:
    """All that may be done with a message's bytes before it is kept: the cheap look, decoding, taking secrets out."""
    can_be_urgent(message.topic, message.payload, ADAPTERS[name])
    with contextlib.suppress(Rejected):
        decode(message, ADAPTERS[name], prefix, known)
    without_secrets(message.topic, message.payload)


def _loads(payload: bytes) -> None:
    try:
        json.loads(payload)
    except (ValueError, RecursionError):
        return
