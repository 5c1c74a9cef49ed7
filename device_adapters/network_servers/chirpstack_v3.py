"""ChirpStack v3 and its forerunner: the words of its JSON events. The topics are those of version 4.

EUIs are hexadecimal or, in the older marshaler, base64; the device is taken from the topic in either case.
"""

from __future__ import annotations

from typing import Any

import msgspec

from device_adapters.adapter import Known, Message, Rejected
from device_adapters.network_servers.frame_report import FrameReport, Reception, network_place, read_frame, said_by
from device_adapters.signals import AnySignal, Battery, Fault, Link, Provisioning
from device_adapters.values import identity, number, percent_of, read_object, text, whole


class _Received(msgspec.Struct):
    gateway_id: Any = msgspec.field(name="gatewayID", default=None)
    rssi: Any = None
    snr: Any = msgspec.field(name="loRaSNR", default=None)
    time: Any = None


class _Event(msgspec.Struct, rename="camel"):
    """Every event: they share their head, and absent keys are absent."""

    device_name: Any = None
    device_profile_name: Any = None
    tags: Any = None
    dev_addr: Any = None
    f_cnt: Any = 0
    f_port: Any = 0
    data: Any = ""
    rx_info: list[_Received] | None = None
    published_at: Any = None
    margin: Any = 0
    external_power_source: Any = False
    battery_level_unavailable: Any = False
    battery_level: Any = 0
    location: Any = None
    type: Any = None
    error: Any = None


_EVENT = msgspec.json.Decoder(_Event)


def read_event(message: Message, device: str, event: str, known: Known) -> list[AnySignal]:
    """Signals of one event of the device with this DevEUI.

    Args:
        message: As it arrived.
        device: DevEUI of the topic.
        event: Last word of the topic.
        known: What the registry knows of the network server's devices.

    Raises:
        Rejected: Not its JSON, no such event, or a frame that the model's codec cannot read.
    """
    body = read_object(_EVENT, message.payload)
    if event in {"up", "rx"}:
        return read_frame(_report(body, device), message, known)
    said = said_by(message, device, body.device_name, body.published_at)
    if event == "join":
        return [Provisioning(code="join", **said)]
    if event == "status":
        return _status(body, said)
    if event == "error":
        return [Fault(code=text(body.type) or "error", scope="network", text=text(body.error, 200) or None, **said)]
    if event == "location":
        return [network_place(body.location, said)]
    raise Rejected("no such event in ChirpStack v3")


def _report(body: _Event, device: str) -> FrameReport:
    tags = body.tags if isinstance(body.tags, dict) else {}
    received = body.rx_info or []
    time = next((one.time for one in received if one.time is not None), body.published_at)
    written, address = identity(time), identity(body.dev_addr)
    return FrameReport(
        device=device,
        name=body.device_name,
        time=time,
        f_port=body.f_port,
        data=body.data,
        event_id=f"{address}/{whole(body.f_cnt, 2**32)}/{written}" if address and written else None,
        profile=body.device_profile_name,
        brand=tags.get("vendor"),
        model=tags.get("model"),
        heard_by=tuple([Reception(one.gateway_id, one.rssi, one.snr) for one in received]),
    )


def _status(body: _Event, said: dict[str, Any]) -> list[AnySignal]:
    signals: list[AnySignal] = []
    percent = percent_of(body.battery_level)
    if percent is not None and not (body.battery_level_unavailable is True or body.external_power_source is True):
        signals.append(Battery(percent=percent, **said))
    signals.append(Link(margin_db=number(body.margin), **said))
    return signals
