"""BTHome v2 (UUID FCD2): device information, then objects of known length in the order of their ids.

Source: bthome.io. One press is advertised many times under one packet number. Button objects are numbered by their
position; the value FE is a hold in adverts of devices with several keys and means nothing in others.
"""

from __future__ import annotations

from collections.abc import Callable

from device_adapters.adapter import Rejected
from device_adapters.adverts.advert import Advert, AdvertCodec, Said
from device_adapters.adverts.aes_ccm import decrypt
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Battery,
    Button,
    Contact,
    Fault,
    Motion,
    Movement,
    Presence,
    Tamper,
)
from device_adapters.values import percent_of

UUID = 0xFCD2
_VERSION, _ENCRYPTED = 2, 0x01
_TAIL = 8
"""Counter and authentication mark at the end of an encrypted advert."""

_PACKET, _BUTTON = 0x00, 0x3A
_HOLD_OF_SEVERAL = 0xFE
_ACTIONS = {
    0x01: "press",
    0x02: "double",
    0x03: "triple",
    0x04: "long",
    0x05: "long_double",
    0x06: "long_triple",
    0x80: "hold",
}

_LENGTHS = dict.fromkeys(
    (*range(0x02), 0x09, *range(0x0F, 0x12), *range(0x15, 0x30), _BUTTON, 0x46, *range(0x57, 0x5A), 0x60, 0x64), 1
)
_LENGTHS |= dict.fromkeys(
    (0x02, 0x03, 0x06, 0x07, 0x08, 0x0C, 0x0D, 0x0E, 0x12, 0x13, 0x14, 0x3C, 0x3D, 0x3F, 0x40, 0x41, 0x43, 0x44, 0x45,
     0x47, 0x48, 0x49, 0x4A, 0x51, 0x52, 0x56, 0x5A, 0x5D, 0x5E, 0x5F, 0x61, 0xF0), 2
)  # fmt: skip
_LENGTHS |= dict.fromkeys((0x04, 0x05, 0x0A, 0x0B, 0x42, 0x4B, 0xF2), 3)
_LENGTHS |= dict.fromkeys((0x3E, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x55, 0x5B, 0x5C, 0x62, 0x63, 0xF1), 4)
_WITH_LENGTH = (0x53, 0x54)


def _either(off: AnySignal, on: AnySignal) -> Callable[[int], AnySignal | None]:
    return lambda value: on if value else off


def _alarm(alarm_type: str) -> Callable[[int], AnySignal | None]:
    return _either(Alarm(alarm_type=alarm_type, state="clear", level=True), Alarm(alarm_type=alarm_type, level=True))


def _when_set(signal: AnySignal) -> Callable[[int], AnySignal | None]:
    return lambda value: signal if value else None


def _percent(value: int) -> AnySignal | None:
    percent = percent_of(value)
    return None if percent is None else Battery(percent=percent)


_CONTACT = _either(Contact(state="closed", level=True), Contact(state="open", level=True))
_FELT = _either(Presence(state="clear"), Presence(state="detected"))

_OBJECTS: dict[int, Callable[[int], AnySignal | None]] = {
    0x01: _percent,
    0x11: _CONTACT,
    0x15: lambda value: Battery(low=bool(value)),
    0x17: _alarm("carbon_monoxide"),
    0x1A: _CONTACT,
    0x1B: _CONTACT,
    0x1C: _alarm("gas"),
    0x20: _alarm("water_leak"),
    0x21: _either(Motion(state="clear", level=True), Motion(state="detected", level=True)),
    0x22: _when_set(Movement(state="moving")),
    0x23: _FELT,
    0x25: _FELT,
    0x26: _when_set(Fault(code="problem")),
    0x29: _alarm("smoke"),
    0x2B: _either(Tamper(state="clear"), Tamper(state="active")),
    0x2C: _either(Tamper(state="clear", subtype="vibration"), Tamper(state="active", subtype="vibration")),
    0x2D: _CONTACT,
}


def read(advert: Advert) -> Said:
    """What an advert says; an encrypted one says nothing without its key.

    Raises:
        Rejected: Another version, or not one object could be read.
    """
    if not advert.service or advert.service[0] >> 5 != _VERSION:
        raise Rejected("not BTHome version 2")
    if not advert.service[0] & _ENCRYPTED:
        return _objects(advert.service[1:])
    plain = _plain(advert)
    return Said([], locked=True) if plain is None else _objects(plain)


def _plain(advert: Advert) -> bytes | None:
    body = advert.service
    if len(advert.key) != 16 or len(advert.address) != 6 or len(body) <= 1 + _TAIL:  # noqa: PLR2004
        return None
    counter, mark = body[-_TAIL:-4], body[-4:]
    nonce = advert.address + UUID.to_bytes(2, "little") + body[:1] + counter
    return decrypt(advert.key, nonce, body[1:-_TAIL], mark)


def _objects(body: bytes) -> Said:
    signals: list[AnySignal] = []
    keys: list[int] = []
    packet, at = "", 0
    while at < len(body):
        id_ = body[at]
        length = body[at + 1] + 1 if id_ in _WITH_LENGTH and at + 1 < len(body) else _LENGTHS.get(id_)
        if length is None or at + 1 + length > len(body):
            break
        value = body[at + 1]
        if id_ == _PACKET:
            packet = f"{value:02x}"
        elif id_ == _BUTTON:
            keys.append(value)
        elif id_ in _OBJECTS:
            said = _OBJECTS[id_](value)
            signals.extend(() if said is None else (said,))
        at += 1 + length
    if at == 0 and body:
        raise Rejected(f"unknown or cut-off object {body[0]:02X} at the start of the advert")
    return Said(_presses(keys) + signals, packet)


def _presses(keys: list[int]) -> list[AnySignal]:
    return [
        Button(action=action, button=number)
        for number, value in enumerate(keys, start=1)
        if (action := _ACTIONS.get(value) or ("hold" if value == _HOLD_OF_SEVERAL and len(keys) > 1 else ""))
    ]


CODEC = AdvertCodec(
    vendor="BTHome v2",
    models="Shelly BLU (SBBT-002C, SBBT-004CEU, SBBT-004CUS, SBDW-002C, SBMO-003Z, SBHT-003C) and every other device",
    claims=lambda advert: advert.uuid == UUID,
    read=read,
    says=("button", "motion", "presence", "contact", "alarm", "tamper", "movement", "battery", "fault"),
    urgent=True,
)
