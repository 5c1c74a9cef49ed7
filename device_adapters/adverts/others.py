"""Adverts of makes with one or two sensors each: Qingping, SwitchBot, NodOn, Sensor Easy.

Source: the makers' descriptions as collected by the open decoders.
"""

from __future__ import annotations

from device_adapters.adapter import Rejected
from device_adapters.adverts.advert import Advert, AdvertCodec, Said
from device_adapters.signals import AnySignal, Battery, Button, Contact, Motion
from device_adapters.values import percent_of


def _percent(value: int) -> list[AnySignal]:
    percent = percent_of(value)
    return [] if percent is None else [Battery(percent=percent)]


def _long_enough(advert: Advert, length: int) -> bytes:
    if len(advert.service) < length:
        raise Rejected(f"an advert of {len(advert.service)} bytes where the format has {length}")
    return advert.service


_QINGPING = 0xFDCD
_DOOR, _EYE = 0x04, 0x12
_Q_BATTERY, _Q_DOOR, _Q_MOTION_AND_LIGHT, _Q_PACKET, _Q_MOTION = 0x02, 0x04, 0x08, 0x0F, 0x11


def _qingping(advert: Advert) -> Said:
    """Control, product, address reversed, then type, length, value. A full report of a door ends with its state."""
    body = _long_enough(advert, 11)
    signals: list[AnySignal] = []
    packets: list[int] = []
    at = 8
    while at + 2 < len(body):
        type_, value = body[at], body[at + 2 : at + 2 + body[at + 1]]
        if not value:
            break
        if type_ == _Q_BATTERY:
            signals.extend(_percent(value[0]))
        elif type_ == _Q_PACKET:
            packets.append(value[0])
        elif type_ == _Q_DOOR and body[1] == _DOOR:
            signals.append(_door(value[0]))
        elif type_ in {_Q_MOTION_AND_LIGHT, _Q_MOTION} and body[1] == _EYE:
            signals.append(Motion(state="detected" if value[0] & 0x01 else "clear", level=True))
        at += 2 + body[at + 1]
    if body[1] == _DOOR and len(packets) > 1:
        signals.append(_door(packets.pop()))
    return Said(signals, f"{packets[0]:02x}" if packets else "")


def _door(value: int) -> AnySignal:
    return Contact(state="closed" if value & 0x0F else "open", level=True)


_SWITCHBOT_EYE, _SWITCHBOT_DOOR = 0x73, 0x64


def _switchbot(advert: Advert) -> Said:
    body = _long_enough(advert, 6)
    seen = Motion(state="detected" if body[1] & 0x40 else "clear", level=True)
    signals: list[AnySignal] = [seen, *_percent(body[2] & 0x7F)]
    if body[0] & 0x7F == _SWITCHBOT_DOOR:
        signals.append(Contact(state="open" if body[3] >> 1 & 0x03 else "closed", level=True))
    return Said(signals)


def _is_switchbot(advert: Advert) -> bool:
    """Their first UUID is not theirs alone, so that the shape has to tell."""
    kind = advert.service[0] & 0x7F if advert.service else 0
    lengths = {_SWITCHBOT_EYE: (6,), _SWITCHBOT_DOOR: (8, 9)}
    return advert.uuid in {0xFD3D, 0x0D00} and len(advert.service) in lengths.get(kind, ())


_NODON_PRESSES = {
    1: "press",
    2: "double",
    3: "long",
    4: "double_long",
    5: "triple",
    6: "quadruple",
    7: "quintuple",
}


def _nodon(advert: Advert) -> Said:
    """The bytes before the press differ from press to press."""
    body = advert.service
    action = _NODON_PRESSES.get(body[15])
    pressed: list[AnySignal] = [] if action is None else [Button(action=action, button=1)]
    return Said([*pressed, *_percent(body[12] & 0x7F)], body[13:15].hex())


_IMMEDIATE_ALERT = 0x2A06
"""A UUID of the Bluetooth standard, which this maker uses for its own ends."""


def _sensor_easy(advert: Advert) -> Said:
    body = _long_enough(advert, 2)
    return Said([Contact(state="closed" if body[0] & 0x01 else "open", level=True)])


CODECS = (
    AdvertCodec(
        vendor="Qingping",
        models="CGH1, CGPR1",
        claims=lambda advert: advert.uuid == _QINGPING,
        read=_qingping,
        says=("motion", "contact", "battery"),
    ),
    AdvertCodec(
        vendor="SwitchBot",
        models="W1101500 (motion), W1201500 (contact)",
        claims=_is_switchbot,
        read=_switchbot,
        says=("motion", "contact", "battery"),
    ),
    AdvertCodec(
        vendor="NodOn",
        models="NIU smart button",
        claims=lambda advert: advert.uuid == 0 and len(advert.service) == 16,  # noqa: PLR2004
        read=_nodon,
        says=("button", "battery"),
        urgent=True,
    ),
    AdvertCodec(
        vendor="Sensor Easy",
        models="SE MAG",
        claims=lambda advert: advert.uuid == _IMMEDIATE_ALERT and advert.name[1:].startswith(" MAG"),
        read=_sensor_easy,
        says=("contact",),
    ),
)
