"""What every LoRaWAN network server tells of a frame, and the codec's reading of it with who, when and how well."""

from __future__ import annotations

import binascii
from typing import Any

import msgspec
from msgspec.structs import replace

from device_adapters.adapter import DeviceHint, Known, Message, Rejected
from device_adapters.codecs import find_codec, find_codec_in
from device_adapters.codecs.frames import Codec, unread
from device_adapters.signals import AnySignal, Battery, DeviceInfo, Fault, Heartbeat, Link, Location
from device_adapters.values import as_written, device_time, number, text, valid_place, whole

_OF_THE_EQUIPMENT = (Battery, Link, DeviceInfo, Heartbeat)
"""Kinds that need no event id: hearing them twice changes nothing."""

_CALLER_ROLES = frozenset({"panic", "pendant", "button"})
_PRESSES = frozenset({"panic", "button"})

_NO_HINT = DeviceHint()
_MOST_WORDS = 128


class Reception(msgspec.Struct, frozen=True):
    """How one gateway heard the frame, as written; an SNR that is left out is 0."""

    gateway: object = None
    rssi_dbm: object = None
    snr_db: object = None


class FrameReport(msgspec.Struct, frozen=True, kw_only=True):
    """One radio frame as its network server reports it.

    Attributes:
        device: DevEUI, 16 hexadecimal digits, lower case.
        name: Friendly name.
        time: When the network heard it, as written.
        f_port: LoRaWAN port, as written.
        data: The frame, base64; anything else is refused.
        event_id: Tells this frame from every other, or None.
        profile: Free text that may name the model, such as a device profile.
        brand: Maker as the server knows it, to go with ``model``.
        model: Model as the server knows it.
        heard_by: One entry a gateway.
    """

    device: str
    name: str = ""
    time: object = None
    f_port: object = 0
    data: object = ""
    event_id: str | None = None
    profile: object = ""
    brand: object = ""
    model: object = ""
    heard_by: tuple[Reception, ...] = ()


def said_by(message: Message, device: str, name: object, time: object) -> dict[str, Any]:
    """The common fields of everything that an event says."""
    return {
        "device": device,
        "name": text(name),
        "arrived_at": message.arrived_at,
        "retained": message.retained,
        "device_time": device_time(time, message.arrived_at),
        "occurred_at": as_written(time),
    }


def read_frame(report: FrameReport, message: Message, known: Known) -> list[AnySignal]:
    """Signals of a frame: what its model's codec reads, or a sign of life; then the link.

    By a device that is there to call, and whose presses no codec reads, a fault: nobody may rely on it. So by a
    registered device of a model that can call, when not one word of its frame can be read.

    Raises:
        Rejected: The frame is no base64, or the codec cannot read it.
    """
    hint = known.devices.get(report.device, _NO_HINT)
    said = said_by(message, report.device, report.name, report.time)
    frame = _frame(report.data)
    codec = _codec(report, hint)
    signals: list[AnySignal] = []
    is_deaf = hint.role in _CALLER_ROLES and (codec is None or not _PRESSES & set(codec.says))
    if codec is not None and frame:
        try:
            read = codec.decode(whole(report.f_port, 255) or 0, frame)
        except Rejected:
            if not is_deaf and not (codec.urgent and report.device in known.devices):
                raise
            read = [] if is_deaf else [unread(frame)]
        signals = _identified(read, said, report.event_id, message)
    if frame and is_deaf:
        signals.append(Fault(code="no_codec", text="presses of this model cannot be read", **said))
    if not signals:
        signals.append(Heartbeat(**said))
    link = _link(report.heard_by, said)
    return signals if link is None else [*signals, link]


def network_place(place: object, said: dict[str, Any]) -> Location:
    """Where the network believes the device to be.

    Raises:
        Rejected: There is no place.
    """
    if not isinstance(place, dict):
        raise Rejected("a location event without a location")
    lat, lon = number(place.get("latitude", 0)), number(place.get("longitude", 0))
    if lat is None or lon is None:
        raise Rejected("wrong shape: latitude or longitude is no number")
    accuracy_m = number(place.get("accuracy"))
    return Location(lat=lat, lon=lon, valid=valid_place(lat, lon), source="network", accuracy_m=accuracy_m, **said)


def _frame(data: object) -> bytes:
    try:
        return binascii.a2b_base64(data, strict_mode=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        raise Rejected("data is not base64") from None


def _codec(report: FrameReport, hint: DeviceHint) -> Codec | None:
    """The codec of the model that the profile, the registry or the server names.

    One for every model of a maker only when none of them names a model, and one that reads no calls last of all.
    """
    found = (
        find_codec_in(text(report.profile, _MOST_WORDS)),
        find_codec(hint.vendor, hint.model),
        find_codec(text(report.brand), text(report.model)),
    )
    first = None
    for codec in found:
        if codec is not None and (first is None or _rank(codec) < _rank(first)):
            first = codec
    return first


def _rank(codec: Codec) -> int:
    return codec.every_model + (codec.every_model and not codec.urgent)


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


def _link(heard_by: tuple[Reception, ...], said: dict[str, Any]) -> Link | None:
    """How well the best gateway heard it. A missing SNR is 0; a missing RSSI is no reading: 0 dBm does not occur."""
    if not heard_by:
        return None
    best = max(heard_by, key=lambda one: _strength(one.rssi_dbm))
    gateways = {one.gateway for one in heard_by if isinstance(one.gateway, str)}
    snr_db = 0 if best.snr_db is None else number(best.snr_db)
    return Link(rssi_dbm=number(best.rssi_dbm), snr_db=snr_db, gateways=len(gateways) or None, **said)


def _strength(rssi_dbm: object) -> float:
    dbm = number(rssi_dbm)
    return -1_000.0 if dbm is None else dbm
