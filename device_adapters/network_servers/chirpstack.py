"""ChirpStack v4, JSON events. Its Protobuf mapping leaves out what is zero, false or empty.

Version 3 speaks on the same topics with other words; its events are handed on to ``chirpstack_v3``.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message, Rejected
from device_adapters.codecs import find_codec_in
from device_adapters.network_servers import chirpstack_v3
from device_adapters.network_servers.frame_report import FrameReport, Reception, network_place, read_frame, said_by
from device_adapters.signals import AnySignal, Battery, Fault, Heartbeat, Link, Provisioning
from device_adapters.values import identity, number, percent_of, read_object, text, whole

_TOPIC = re.compile(r"(?:^|/)device/([0-9a-f]{16})/(?:(?:event/)?([a-z]+)|command/[a-z]+)\Z", re.IGNORECASE)
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


class _Other(msgspec.Struct, rename="camel"):
    """All other events, which share their head."""

    device_info: _DeviceInfo = msgspec.field(default_factory=_DeviceInfo)
    deduplication_id: Any = None
    time: Any = None
    margin: Any = 0
    external_power_source: Any = False
    battery_level_unavailable: Any = False
    battery_level: Any = 0
    location: Any = None
    code: Any = None
    description: Any = None


_UP = msgspec.json.Decoder(_Up)
_OTHER = msgspec.json.Decoder(_Other)


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one integration event. The device is the DevEUI of the topic, which the broker can guard.

    Raises:
        Rejected: Another topic, not ChirpStack's JSON, or a frame that the model's codec cannot read.
    """
    found = _TOPIC.search(message.topic[len(prefix) + 1 :])
    if found is None:
        raise Rejected("not a ChirpStack device topic")
    device, event = found[1].lower(), found[2]
    if event in {"ack", "txack", "integration", "tx", None}:
        return []
    if b'"devEUI"' in message.payload and b'"deviceInfo"' not in message.payload:
        return chirpstack_v3.read_event(message, device, event, known)
    if event == "up":
        return _up(message, device, known)
    if event in {"join", "status", "log", "location"}:
        return _other(message, device, event)
    raise Rejected("no such event in ChirpStack v4")


def _up(message: Message, device: str, known: Known) -> list[AnySignal]:
    up = read_object(_UP, message.payload)
    tags = up.device_info.tags if isinstance(up.device_info.tags, dict) else {}
    report = FrameReport(
        device=device,
        name=up.device_info.device_name,
        time=up.time,
        f_port=up.f_port,
        data=up.data,
        event_id=_event_id(up),
        profile=up.device_info.device_profile_name,
        brand=tags.get("vendor"),
        model=tags.get("model"),
        heard_by=tuple([Reception(one.gateway_id, one.rssi, one.snr) for one in up.rx_info]),
    )
    return read_frame(report, message, known)


def _event_id(up: _Up) -> str | None:
    """Tells this frame from every other, or None: a frame counter alone begins anew."""
    if identity(up.deduplication_id):
        return identity(up.deduplication_id)
    if text(up.time) and text(up.dev_addr):
        return f"{identity(up.dev_addr)}/{whole(up.f_cnt, 2**32)}/{identity(up.time)}"
    return None


def _other(message: Message, device: str, event: str) -> list[AnySignal]:
    other = read_object(_OTHER, message.payload)
    said = said_by(message, device, other.device_info.device_name, other.time)
    if event == "join":
        return [Provisioning(code="join", event_id=identity(other.deduplication_id) or None, **said)]
    if event == "status":
        return _status(other, said)
    if event == "log":
        return _log(other, said)
    return [network_place(other.location, said)]


def _status(other: _Other, said: dict[str, Any]) -> list[AnySignal]:
    signals: list[AnySignal] = []
    percent = percent_of(other.battery_level)
    measured = not (other.battery_level_unavailable is True or other.external_power_source is True)
    if measured and percent is not None:
        signals.append(Battery(percent=percent, **said))
    signals.append(Link(margin_db=number(other.margin), **said))
    return signals


def _log(other: _Other, said: dict[str, Any]) -> list[AnySignal]:
    """Trouble that the network sees. A repeated frame is none: the device did not hear the answer."""
    code = text(other.code) or "log"
    if code == "UPLINK_F_CNT_RETRANSMISSION":
        return [Heartbeat(**said)]
    return [Fault(code=code, scope="network", text=text(other.description, 200) or None, **said)]


_PROFILE = re.compile(rb'"deviceProfileName"\s*:\s*"([^"\\]{0,128})"')


def urgent(topic: str, payload: bytes) -> bool:
    """Every frame, save those of models that have neither a button nor a verdict of their own.

    A maker's name alone settles nothing: the registry may know the model.
    """
    if not topic.endswith(("/up", "/rx")):
        return False
    profile = _PROFILE.search(payload)
    codec = find_codec_in(profile[1].decode("utf-8", "replace")) if profile else None
    return codec is None or codec.every_model or codec.urgent


ADAPTER = Adapter(
    name="chirpstack",
    title="ChirpStack v3, v4",
    default_prefix="application",
    decode=decode,
    urgent=urgent,
    direct=True,
)
