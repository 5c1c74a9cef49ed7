"""Xiaomi MiBeacon (UUID FE95): control, product, counter, then address and one object where the control says so.

Source: Xiaomi's Bluetooth specification. Versions 4 and 5 encrypt with a bind key.
"""

from __future__ import annotations

from collections.abc import Callable

from device_adapters.adapter import Rejected
from device_adapters.adverts.advert import Advert, AdvertCodec, Said
from device_adapters.adverts.aes_ccm import decrypt
from device_adapters.signals import Alarm, AnySignal, Battery, Button, Contact, Motion
from device_adapters.values import percent_of

UUID = 0xFE95
_ENCRYPTED, _WITH_ADDRESS, _WITH_CAPABILITY, _WITH_OBJECT = 0x08, 0x10, 0x20, 0x40
_HEAD = 5
_WITH_IO = 0x20
_TAIL = 7
"""Rest of the counter and authentication mark at the end of an encrypted object."""


def _motion(_value: bytes) -> list[AnySignal]:
    """Sent when somebody is seen; there is no report of nobody, only of how long nobody was."""
    return [Motion(state="detected")]


def _nobody_for(value: bytes) -> list[AnySignal]:
    return [Motion(state="clear", level=True)] if int.from_bytes(value, "little") else []


_PRESSES = {0: "press", 1: "double", 2: "long", 3: "triple"}


def _button(value: bytes) -> list[AnySignal]:
    action = _PRESSES.get(value[2])
    return [] if action is None else [Button(action=action, button=int.from_bytes(value[:2], "little") + 1)]


def _door(value: bytes) -> list[AnySignal]:
    """0 opened, 1 closed, 2 not closed for a long time."""
    states = {0: "open", 1: "closed", 2: "open"}
    return [Contact(state="closed" if states[value[0]] == "closed" else "open")] if value[0] in states else []


def _battery(value: bytes) -> list[AnySignal]:
    percent = percent_of(value[0])
    return [] if percent is None else [Battery(percent=percent)]


def _alarm(alarm_type: str) -> Callable[[bytes], list[AnySignal]]:
    return lambda value: [Alarm(alarm_type=alarm_type, state="active" if value[0] else "clear", level=True)]


_OBJECTS: dict[int, tuple[int, Callable[[bytes], list[AnySignal]]]] = {
    0x0003: (1, _motion),
    0x000F: (3, _motion),
    0x1001: (3, _button),
    0x100A: (1, _battery),
    0x1014: (1, _alarm("water_leak")),
    0x1015: (1, _alarm("smoke")),
    0x1017: (4, _nobody_for),
    0x1019: (1, _door),
}


def read(advert: Advert) -> Said:
    """What an advert says; without an object it is a sign of life.

    Raises:
        Rejected: Cut off.
    """
    body = advert.service
    if len(body) < _HEAD:
        raise Rejected("a MiBeacon of fewer than five bytes")
    control = body[0]
    at = _HEAD
    if control & _WITH_ADDRESS:
        at += 6
    if control & _WITH_CAPABILITY and at < len(body):
        at += 3 if body[at] & _WITH_IO else 1
    if not control & _WITH_OBJECT:
        return Said([])
    part: bytes | None = body[at:]
    if control & _ENCRYPTED:
        part = _plain(advert, at)
    return Said([], locked=True) if part is None else Said(_object(part), f"{body[4]:02x}")


def _plain(advert: Advert, at: int) -> bytes | None:
    body = advert.service
    if len(advert.key) != 16 or len(advert.address) != 6 or len(body) <= at + _TAIL:  # noqa: PLR2004
        return None
    nonce = advert.address[::-1] + body[2:5] + body[-_TAIL:-4]
    return decrypt(advert.key, nonce, body[at:-_TAIL], body[-4:], extra=b"\x11")


def _object(part: bytes) -> list[AnySignal]:
    if len(part) < 3:  # noqa: PLR2004
        raise Rejected("a MiBeacon whose object is cut off")
    found = _OBJECTS.get(int.from_bytes(part[:2], "little"))
    value = part[3 : 3 + part[2]]
    return [] if found is None or len(value) < found[0] else found[1](value)


CODEC = AdvertCodec(
    vendor="Xiaomi",
    models="MiBeacon: MUE4094RT, RTCGQ02LM, MCCGQ02HL, YLKG07YL and other models",
    claims=lambda advert: advert.uuid == UUID,
    read=read,
    says=("motion", "contact", "button", "alarm", "battery"),
    urgent=True,
)
