"""ChirpStack v4, JSON events. Its Protobuf mapping leaves out what is zero, false or empty."""

from __future__ import annotations

import binascii
import re
from typing import Any

import msgspec
from msgspec.structs import replace

from device_adapters.adapter import Adapter, DeviceHint, Known, Message, Rejected
from device_adapters.codecs import find_codec, find_codec_in
from device_adapters.frames import Codec
from device_adapters.signals import (
    AnySignal,
    Battery,
    DeviceInfo,
    Fault,
    Heartbeat,
    Link,
    Location,
    Provisioning,
)
from device_adapters.values import as_written, device_time, identity, number, read_object, text, whole

_TOPIC = re.compile(r"(?:^|/)device/([0-9a-f]{16})/(?:event/([a-z]+)|command/[a-z]+)\Z", re.IGNORECASE)
"""The end of a topic; the bridge's own prefix may or may not contain the application's id."""


class _DeviceInfo(msgspec.Struct, rename="camel"):
    device_profile_name: Any = None
    device_name: Any = None
    tags: Any = None


class _Received(msgspec.Struct, rename="camel"):
    """How one gateway heard the frame."""

    gateway_id: Any = None
    rssi: Any = None
    snr: Any = None


class _Up(msgspec.Struct, rename="camel"):
    device_info: _DeviceInfo = msgspec.field(default_factory=_DeviceInfo)
    deduplication_id: Any = None
    time: Any = None
    dev_addr: Any = None
    f_cnt: Any = 0
    f_port: Any = 0
    data: Any = ""
    rx_info: list[_Received] = []


class _Place(msgspec.Struct):
    latitude: float = 0
    longitude: float = 0
    accuracy: float | None = None


class _Other(msgspec.Struct, rename="camel"):
    """All other events, which share their head."""

    device_info: _DeviceInfo = msgspec.field(default_factory=_DeviceInfo)
    deduplication_id: Any = None
    time: Any = None
    margin: Any = 0
    external_power_source: Any = False
    battery_level_unavailable: Any = False
    battery_level: Any = 0
    location: _Place | None = None
    code: Any = None
    description: Any = None


_UP = msgspec.json.Decoder(_Up)
_OTHER = msgspec.json.Decoder(_Other)

_NO_HINT = DeviceHint()
_OF_THE_EQUIPMENT = (Battery, Link, DeviceInfo, Heartbeat)
"""Kinds that need no event id: hearing them twice changes nothing."""


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one integration event. The device is the DevEUI of the topic, which the broker can guard.

    Raises:
        Rejected: Another topic, not ChirpStack's JSON, or a frame that the model's codec cannot read.
    """
    found = _TOPIC.search(message.topic[len(prefix) + 1 :])
    if found is None:
        raise Rejected("not a ChirpStack v4 device topic")
    device, event = found[1].lower(), found[2]
    if event == "up":
        return _up(message, device, known.devices.get(device, _NO_HINT))
    if event in {"join", "status", "log", "location"}:
        return _other(message, device, event)
    if event in {"ack", "txack", "integration", None}:
        return []
    raise Rejected("no such event in ChirpStack v4")


def _said(message: Message, device: str, head: _Up | _Other) -> dict[str, Any]:
    return {
        "device": device,
        "name": text(head.device_info.device_name),
        "arrived_at": message.arrived_at,
        "retained": message.retained,
        "device_time": device_time(head.time, message.arrived_at),
        "occurred_at": as_written(head.time),
    }


def _up(message: Message, device: str, hint: DeviceHint) -> list[AnySignal]:
    up = read_object(_UP, message.payload)
    said = _said(message, device, up)
    frame = _frame(up.data)
    codec = _codec(up.device_info, hint)
    signals: list[AnySignal] = []
    if codec is not None and frame:
        read = codec.decode(whole(up.f_port, 255) or 0, frame)
        signals = _identified(read, said, _event_id(up), message)
    elif frame and hint.role == "panic":
        signals.append(Fault(code="no_codec", text="presses of this model cannot be read", **said))
    if not signals:
        signals.append(Heartbeat(**said))
    link = _link(up.rx_info, said)
    return signals if link is None else [*signals, link]


def _frame(data: object) -> bytes:
    try:
        return binascii.a2b_base64(data, strict_mode=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        raise Rejected("data is not base64") from None


def _codec(info: _DeviceInfo, hint: DeviceHint) -> Codec | None:
    tags = info.tags if isinstance(info.tags, dict) else {}
    return (
        find_codec_in(text(info.device_profile_name, 128))
        or find_codec(hint.vendor, hint.model)
        or find_codec(text(tags.get("vendor")), text(tags.get("model")))
    )


def _event_id(up: _Up) -> str | None:
    """Tells this frame from every other, or None: a frame counter alone begins anew."""
    if identity(up.deduplication_id):
        return identity(up.deduplication_id)
    if text(up.time) and text(up.dev_addr):
        return f"{identity(up.dev_addr)}/{whole(up.f_cnt, 2**32)}/{identity(up.time)}"
    return None


def _identified(read: list[AnySignal], said: dict[str, Any], event_id: str | None, message: Message) -> list[AnySignal]:
    """What a codec read, with who, when and which event; several events of one frame get ids of their own."""
    signals: list[AnySignal] = []
    events = 0
    for signal in read:
        own: dict[str, Any] = dict(said)
        if signal.occurred_at is not None:
            own["occurred_at"] = signal.occurred_at
            own["device_time"] = device_time(signal.occurred_at, message.arrived_at)
        if event_id is not None and not isinstance(signal, _OF_THE_EQUIPMENT):
            own["event_id"] = event_id if events == 0 else f"{event_id}#{events}"
            events += 1
        signals.append(replace(signal, **own))
    return signals


def _link(received: list[_Received], said: dict[str, Any]) -> Link | None:
    """How well the best gateway heard it. A missing SNR is 0; a missing RSSI is no reading: 0 dBm does not occur."""
    if not received:
        return None
    best = max(received, key=lambda one: _strength(one.rssi))
    gateways = {one.gateway_id for one in received if isinstance(one.gateway_id, str)}
    snr = number(best.snr)
    return Link(
        rssi_dbm=number(best.rssi), snr_db=0 if best.snr is None else snr, gateways=len(gateways) or None, **said
    )


def _strength(rssi: object) -> float:
    dbm = number(rssi)
    return -1_000.0 if dbm is None else dbm


def _other(message: Message, device: str, event: str) -> list[AnySignal]:
    other = read_object(_OTHER, message.payload)
    said = _said(message, device, other)
    if event == "join":
        return [Provisioning(code="join", event_id=identity(other.deduplication_id) or None, **said)]
    if event == "status":
        return _status(other, said)
    if event == "log":
        return _log(other, said)
    return _location(other.location, said)


def _status(other: _Other, said: dict[str, Any]) -> list[AnySignal]:
    signals: list[AnySignal] = []
    percent = number(other.battery_level)
    measured = not (other.battery_level_unavailable is True or other.external_power_source is True)
    if measured and percent is not None and 0 <= percent <= 100:  # noqa: PLR2004 - percent
        signals.append(Battery(percent=percent, **said))
    signals.append(Link(margin_db=number(other.margin), **said))
    return signals


def _log(other: _Other, said: dict[str, Any]) -> list[AnySignal]:
    """Trouble that the network sees. A repeated frame is none: the device did not hear the answer."""
    code = text(other.code) or "log"
    if code == "UPLINK_F_CNT_RETRANSMISSION":
        return [Heartbeat(**said)]
    return [Fault(code=code, scope="network", text=text(other.description, 200) or None, **said)]


def _location(place: _Place | None, said: dict[str, Any]) -> list[AnySignal]:
    if place is None:
        raise Rejected("a location event without a location")
    lat, lon = place.latitude, place.longitude
    valid = abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0, 0)  # noqa: PLR2004 - degrees
    return [Location(lat=lat, lon=lon, valid=valid, source="network", accuracy_m=place.accuracy, **said)]


_PROFILE = re.compile(rb'"deviceProfileName"\s*:\s*"([^"\\]{0,128})"')


def urgent(topic: str, payload: bytes) -> bool:
    """Every frame, save those of models that have neither a button nor a verdict of their own."""
    if not topic.endswith("/up"):
        return False
    profile = _PROFILE.search(payload)
    codec = find_codec_in(profile[1].decode("utf-8", "replace")) if profile else None
    return codec is None or codec.urgent


ADAPTER = Adapter(name="chirpstack", title="ChirpStack v4", default_prefix="application", decode=decode, urgent=urgent)
