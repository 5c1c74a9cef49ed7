"""Bluetooth gateways that publish adverts as JSON: OpenMQTTGateway and Theengs, Minew, KKM, April Brother, our own.

An advert is in one of three forms: service data and its UUID; the raw advert of AD structures; or values that the
gateway decoded itself. One press is advertised many times: what carries the same packet number within ten minutes is
the same event. Packet numbers are small and begin anew, so that they tell nothing for longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from device_adapters.adapter import CALLERS, Adapter, DeviceHint, Known, Message, Rejected
from device_adapters.adverts import find_advert_codec
from device_adapters.adverts.advert import Advert, Said
from device_adapters.signals import AnySignal, Battery, Button, Contact, Fault, Heartbeat, Link, Motion, Tamper
from device_adapters.values import number, percent_of, read_object, text

_SAME_EVENT_S = 600
_ANYTHING = msgspec.json.Decoder()
_ADDRESS = re.compile(r"(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}\Z", re.IGNORECASE)
_ADDRESS_KEYS = ("id", "mac", "address", "addr", "MAC", "macAddress", "bleMAC")
_NAME_KEYS = ("name", "local_name", "localName", "device_name", "bleName")
_SERVICE_KEYS = (("servicedatauuid", "servicedata"), ("service_uuid", "data"), ("uuid", "servicedata"))
_RAW_KEYS = ("rawData", "raw", "advData", "adv")
_LIST_KEYS = ("devices", "obj", "adverts", "data")
_MOST_STRANGERS, _MOST_SEEN, _MOST_ADVERTS = 25, 100, 250
"""Of one report: strangers that are read, strangers that are seen, and adverts; a registered device is always read."""
_NO_HINT = DeviceHint()
_UNREAD = Fault(code="unread", text="an advert of a report cannot be read: a call may be in it")
_DECODED = frozenset({"motion", "open", "batt", "button", "tamper", *(f"button{n}" for n in range(1, 5))})
_BYTES = frozenset({"servicedata", "data", "service_data", "serviceData", "rawData", "raw", "advData", "adv"})
_SAYING = _DECODED | _BYTES
"""Without one of these keys a report is no advert: most of what is on the air is told by its address alone."""


def decode(message: Message, prefix: str, known: Known) -> list[AnySignal]:
    """Signals of one report: an object or a list of them, one an advert.

    The device is the Bluetooth address, twelve hexadecimal digits in lower case; from the body or the topic's end.

    Raises:
        Rejected: Not JSON, or nothing in it is an advert.
    """
    if not message.payload:
        return []
    body = read_object(_ANYTHING, message.payload)
    last = message.topic[len(prefix) + 1 :].rpartition("/")[2]
    signals: list[AnySignal] = []
    found = 0
    refused: Rejected | None = None
    adverts = _reports(body)
    if len(adverts) > _MOST_ADVERTS:
        refused = Rejected("more adverts than are read of one report")
    adverts = adverts[:_MOST_ADVERTS]
    left_out = _left_out(adverts, last, message, known)
    for at, report in enumerate(adverts):
        if at in left_out:
            signals.extend(left_out[at])
            continue
        try:
            read = _report(report, last, message, known)
        except Rejected as odd:
            refused = odd
            continue
        if read is not None:
            found += 1
            signals.extend(read)
    if not found:
        raise refused or Rejected("no advert in it")
    if refused is not None:
        signals.append(replace(_UNREAD, arrived_at=message.arrived_at, retained=message.retained))
    return signals


def _left_out(
    adverts: list[dict[str, Any]], last: str, message: Message, known: Known
) -> dict[int, tuple[AnySignal, ...]]:
    """Which strangers of a crowd are not read, and what is said of them.

    Those that may tell of a press come before the others. Of one that may and is not read, it is said that it is there.
    """
    if len(adverts) <= _MOST_STRANGERS:
        return {}
    devices = [_device_of(report, last) for report in adverts]
    strangers = [at for at, device in enumerate(devices) if device not in known.devices]
    pressed = [at for at in strangers if _may_be_press(adverts[at])]
    others = set(strangers).difference(pressed)
    left_out: dict[int, tuple[AnySignal, ...]] = dict.fromkeys(
        sorted(others)[max(_MOST_STRANGERS - len(pressed), 0) :], ()
    )
    left_out.update(dict.fromkeys(pressed[_MOST_STRANGERS:], ()))
    for at in pressed[_MOST_STRANGERS:_MOST_SEEN]:
        if devices[at]:
            left_out[at] = (Heartbeat(device=devices[at], arrived_at=message.arrived_at, retained=message.retained),)
    return left_out


def _may_be_press(report: dict[str, Any]) -> bool:
    """A cheap look at the bytes: the objects for keys of BTHome and MiBeacon, or a key that the gateway decoded."""
    for key, value in report.items():
        if key in _BYTES:
            if isinstance(value, str) and ("3a" in value or "3A" in value or "0110" in value):
                return True
        elif key.startswith("button"):
            return True
    return False


def _reports(body: object) -> list[dict[str, Any]]:
    """Every object that may be an advert that says something, at most one level down."""
    if isinstance(body, dict):
        inner = next((body[key] for key in _LIST_KEYS if isinstance(body.get(key), list)), None)
        body = [body] if inner is None else inner
    if not isinstance(body, list):
        return []
    return [each for each in body if each and isinstance(each, dict) and not _SAYING.isdisjoint(each)]


def _device_of(report: dict[str, Any], last: str) -> str:
    return _address(_first(report, _ADDRESS_KEYS) or last) or _address(last)


def _first(report: dict[str, Any], keys: tuple[str, ...]) -> str:
    """The text under the first of the keys that has one; empty without."""
    for key in keys:
        value = report.get(key)
        if value and isinstance(value, str):
            return value
    return ""


def _report(report: dict[str, Any], last: str, message: Message, known: Known) -> list[AnySignal] | None:
    device = _device_of(report, last)
    said: dict[str, Any] = {
        "device": device,
        "name": text(_first(report, _NAME_KEYS)),
        "arrived_at": message.arrived_at,
        "retained": message.retained,
    }
    hint = known.devices.get(device, _NO_HINT)
    advert = _advert(report, said["name"], device, hint)
    if advert is None and (not device or _DECODED.isdisjoint(report)):
        return None
    read = Said(_decoded(report)) if advert is None else read_advert(advert)
    signals = [replace(signal, **said, **_once(read.packet, signal, message)) for signal in read.signals]
    if not signals:
        locked = read.locked and hint.role in CALLERS
        signals = [Fault(code="no_key", text="presses of this device cannot be read", **said)] if locked else []
    strength = number(report.get("rssi"))
    link: list[AnySignal] = [] if strength is None else [Link(rssi_dbm=strength, **said)]
    return [*(signals or [Heartbeat(**said)]), *link]


def read_advert(advert: Advert) -> Said:
    """What an advert says; one of a make that we do not know says that its device lives.

    Raises:
        Rejected: Cut off.
    """
    codec = find_advert_codec(advert)
    return Said([]) if codec is None else codec.read(advert)


def _once(packet: str, signal: AnySignal, message: Message) -> dict[str, str]:
    """The same packet number within ten minutes is the same event."""
    if not packet or isinstance(signal, Battery):
        return {}
    number_of = f"/{signal.button}" if isinstance(signal, Button) and signal.button is not None else ""
    return {"event_id": f"{packet}{number_of}@{int(message.arrived_at.timestamp()) // _SAME_EVENT_S}"}


def _address(written: str) -> str:
    return written.replace(":", "").replace("-", "").lower() if _ADDRESS.match(written) else ""


def _advert(report: dict[str, Any], name: str, device: str, hint: DeviceHint) -> Advert | None:
    """The part that is of a make we know, else the first one."""
    address, key = bytes.fromhex(device), _key(hint)
    parts = [Advert(uuid=u, service=s, name=name, address=address, key=key) for u, s in _service_parts(report)]
    if len(parts) < 2:  # noqa: PLR2004 - nothing to choose from
        return parts[0] if parts else None
    return next((part for part in parts if find_advert_codec(part) is not None), parts[0])


def _key(hint: DeviceHint) -> bytes:
    if not hint.key:
        return b""
    try:
        return bytes.fromhex(hint.key)
    except ValueError:
        return b""


def _service_parts(report: dict[str, Any]) -> Iterator[tuple[int, bytes]]:
    for uuid_key, key in _SERVICE_KEYS:
        part, uuid = report.get(key), report.get(uuid_key)
        if isinstance(part, str) and isinstance(uuid, str):
            yield _uuid(uuid), _hex(part)
    parts = report.get("service_data", report.get("serviceData"))
    if isinstance(parts, dict):
        yield from ((_uuid(uuid), _hex(part)) for uuid, part in parts.items() if isinstance(part, str))
    raw = _first(report, _RAW_KEYS)
    if raw:
        yield from _of_raw(_hex(raw))


_SERVICE_DATA = 0x16


def _of_raw(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """AD structures: length, type, content; service data begins with its UUID."""
    at = 0
    while at + 1 < len(raw) and raw[at]:
        part = raw[at + 1 : at + 1 + raw[at]]
        if len(part) > 2 and part[0] == _SERVICE_DATA:  # noqa: PLR2004
            yield int.from_bytes(part[1:3], "little"), part[3:]
        at += 1 + raw[at]


def _uuid(written: str) -> int:
    """``0xfcd2``, ``FCD2`` or the long form ``0000fcd2-0000-1000-8000-00805f9b34fb``; -1 for what is none."""
    short = written.lower().removeprefix("0x")
    short = short[4:8] if len(short) == 36 else short  # noqa: PLR2004
    try:
        return int(short, 16) if len(short) == 4 else -1  # noqa: PLR2004
    except ValueError:
        return -1


def _hex(written: str) -> bytes:
    """Bytes in hexadecimal.

    Raises:
        Rejected: They are not.
    """
    try:
        return bytes.fromhex(written)
    except ValueError:
        raise Rejected("not hexadecimal") from None


_PRESSES = {1: "press", 2: "double", 3: "triple", 4: "quadruple", 5: "quintuple", 9: "long", 10: "double_long"}
_PRESSES[11] = "hold"


def _decoded(report: dict[str, Any]) -> list[AnySignal]:
    """Values in the words of Theengs."""
    signals: list[AnySignal] = []
    for n, key in enumerate(("button", "button1", "button2", "button3", "button4")):
        value = report.get(key)
        action = _PRESSES.get(value) if isinstance(value, int) else None
        if action is not None:
            signals.append(Button(action=action, button=max(n, 1)))
    if isinstance(report.get("motion"), bool):
        signals.append(Motion(state="detected" if report["motion"] else "clear", level=True))
    if isinstance(report.get("open"), bool):
        signals.append(Contact(state="open" if report["open"] else "closed", level=True))
    if isinstance(report.get("tamper"), bool):
        signals.append(Tamper(state="active" if report["tamper"] else "clear"))
    percent = percent_of(report.get("batt"))
    if percent is not None:
        signals.append(Battery(percent=percent))
    return signals


def urgent(_topic: str, payload: bytes) -> bool:
    """Any advert may be a press: they are too short for a cheaper look."""
    return len(payload) > 0


ADAPTER = Adapter(name="ble", title="Bluetooth gateways", default_prefix="ble", decode=decode, urgent=urgent)
