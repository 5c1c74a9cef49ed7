"""The Things Stack v3 (The Things Network, Industries), JSON. What is empty, zero or false is left out.

Its broker speaks QoS 0 only: what it says while nobody listens is lost. ``device_id`` is a free name; the DevEUI is
the identity.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from device_adapters.adapter import Adapter, Known, Message, Rejected
from device_adapters.codecs import find_codec
from device_adapters.network_servers.frame_report import FrameReport, Reception, network_place, read_frame, said_by
from device_adapters.signals import AnySignal, Provisioning, Test
from device_adapters.values import identity, read_object, text, whole

_TOPIC = re.compile(r"(?:^|/)devices/([^/]+)/(up|join|down/[a-z]+|service/data|location/solved)\Z")
_EUI = re.compile(r"[0-9a-f]{16}\Z", re.IGNORECASE)


class _Ids(msgspec.Struct):
    device_id: Any = None
    dev_eui: Any = None
    dev_addr: Any = None


class _Gateway(msgspec.Struct):
    gateway_id: Any = None
    eui: Any = None


class _Received(msgspec.Struct):
    gateway_ids: _Gateway = msgspec.field(default_factory=_Gateway)
    rssi: Any = None
    snr: Any = None


class _Versions(msgspec.Struct):
    brand_id: Any = None
    model_id: Any = None


class _Uplink(msgspec.Struct):
    f_port: Any = 0
    f_cnt: Any = 0
    frm_payload: Any = ""
    rx_metadata: list[_Received] = []
    received_at: Any = None
    version_ids: _Versions = msgspec.field(default_factory=_Versions)


class _Event(msgspec.Struct):
    end_device_ids: _Ids = msgspec.field(default_factory=_Ids)
    received_at: Any = None
    uplink_message: _Uplink | None = None
    location_solved: Any = None
    simulated: Any = False


_EVENT = msgspec.json.Decoder(_Event)


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one event below ``v3`` or ``v3/<application>@<tenant>``.

    A message that somebody made in the console (``simulated``) says that it is a test, and nothing else.

    Raises:
        Rejected: Another topic, not its JSON, or a frame that the model's codec cannot read.
    """
    found = _TOPIC.search(message.topic[len(prefix) + 1 :])
    if found is None:
        raise Rejected("not a device topic of The Things Stack")
    what = found[2]
    if what.startswith(("down/", "service/")):
        return []
    event = read_object(_EVENT, message.payload)
    name = text(event.end_device_ids.device_id) or found[1]
    device = _eui(event.end_device_ids.dev_eui) or known.names.get(name, "")
    said = said_by(message, device, name, event.received_at)
    if event.simulated is True:
        return [Test(subtype="simulated", **said)]
    if what == "join":
        return [Provisioning(code="join", **said)]
    if what == "location/solved":
        solved = event.location_solved if isinstance(event.location_solved, dict) else {}
        return [network_place(solved.get("location"), said)]
    if event.uplink_message is None:
        raise Rejected("an uplink without uplink_message")
    return read_frame(_report(event, event.uplink_message, device, name), message, known)


def _eui(value: object) -> str:
    return value.lower() if isinstance(value, str) and _EUI.match(value) else ""


def _report(event: _Event, up: _Uplink, device: str, name: str) -> FrameReport:
    time = up.received_at if up.received_at is not None else event.received_at
    written, address = identity(time), identity(event.end_device_ids.dev_addr)
    return FrameReport(
        device=device,
        name=name,
        time=time,
        f_port=up.f_port,
        data=up.frm_payload,
        event_id=f"{address}/{whole(up.f_cnt, 2**32)}/{written}" if address and written else None,
        brand=up.version_ids.brand_id,
        model=up.version_ids.model_id,
        heard_by=tuple(
            [Reception(one.gateway_ids.eui or one.gateway_ids.gateway_id, one.rssi, one.snr) for one in up.rx_metadata]
        ),
    )


_MODEL = re.compile(rb'"brand_id"\s*:\s*"([^"\\]{0,64})"\s*,\s*"model_id"\s*:\s*"([^"\\]{0,64})"')


def urgent(topic: str, payload: bytes) -> bool:
    """Every frame, save those of models that have neither a button nor a verdict of their own.

    A maker's name alone settles nothing: the registry may know the model.
    """
    if not topic.endswith("/up"):
        return False
    found = _MODEL.search(payload)
    codec = find_codec(found[1].decode("utf-8", "replace"), found[2].decode("utf-8", "replace")) if found else None
    return codec is None or codec.every_model or codec.urgent


ADAPTER = Adapter(
    name="the-things-stack", title="The Things Stack v3", default_prefix="v3", decode=decode, urgent=urgent, direct=True
)
