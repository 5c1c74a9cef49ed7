"""Milesight LoRaWAN sensors: channel-type-value frames, one table a model.

Source: the maker's payload tables. The port says nothing; the same frame is seen on 85, 100 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Literal

from device_adapters.codecs.frames import (
    HIDDEN_CALL,
    Channels,
    Codec,
    Read,
    signed,
    states,
    unread,
    unsigned,
    walk_channels,
    walk_ids,
)
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Battery,
    Button,
    Contact,
    DeviceInfo,
    Fall,
    Fault,
    Location,
    Motion,
    Movement,
    Presence,
    Tamper,
)
from device_adapters.values import valid_place

_PIR = states(Motion(state="clear", level=True), Motion(state="detected", level=True))
_SEAT = states(Presence(state="clear"), Presence(state="detected"))
_DOOR = states(Contact(state="closed", level=True), Contact(state="open", level=True))
_TAMPER = states(Tamper(state="clear"), Tamper(state="active"))
_LEAK = states(
    Alarm(alarm_type="water_leak", state="clear", level=True),
    Alarm(alarm_type="water_leak", state="active", level=True),
)
_GAS = states(Alarm(alarm_type="gas", state="clear", level=True), Alarm(alarm_type="gas", state="active", level=True))
_TAKEN_OFF = states(Tamper(state="clear"), Tamper(state="active", subtype="removed"))


def _channels(table: dict[str, tuple[int, Read | None]]) -> Channels:
    """A model's table, written in hexadecimal, with what every model has."""
    return {bytes.fromhex(key): entry for key, entry in {**_EVERY_MODEL, **table}.items()}


def _battery(value: bytes) -> Iterable[AnySignal]:
    return (Battery(percent=float(value[0])),) if value[0] <= 100 else ()  # noqa: PLR2004 - percent


def _firmware(value: bytes) -> Iterable[AnySignal]:
    return (DeviceInfo(firmware=f"{value[0]}.{value[1]}"),)


def _power_on(_value: bytes) -> Iterable[AnySignal]:
    return (DeviceInfo(code="power_on"),)


_EVERY_MODEL: dict[str, tuple[int, Read | None]] = {
    "01 75": (1, _battery),
    "FF 01": (1, None),  # protocol version
    "FF 08": (6, None),  # serial number
    "FF 16": (8, None),  # serial number
    "FF 09": (2, None),  # hardware
    "FF 0A": (2, _firmware),
    "FF 0B": (1, _power_on),
    "FF 0F": (1, None),  # LoRaWAN class
    "FF FE": (1, None),  # reset
    "FF FF": (2, None),  # thing model version
}

_TEMPERATURE: dict[str, tuple[int, Read | None]] = {"03 67": (2, None), "83 67": (3, None)}
_HUMIDITY: dict[str, tuple[int, Read | None]] = {"04 68": (1, None)}

_PRESSES = {1: "short", 2: "long", 3: "double"}


def _press(value: bytes) -> Iterable[AnySignal]:
    return (Button(action=_PRESSES.get(value[0], f"press_{value[0]}")),)


def _panel_press(value: bytes) -> Iterable[AnySignal]:
    """Key number, mode, event. With older firmware the last two are a command: any frame is a press."""
    return (Button(action={2: "double", 3: "long"}.get(value[2], "short"), button=value[0]),)


_PIR_REPORTS = (2, 3)


def _stored_motion(value: bytes) -> Iterable[AnySignal]:
    """Time, kind of report, occupancy, temperature, humidity; kinds 2 and 3 are the sensor's own edges."""
    state: Literal["detected", "clear"] = "detected" if value[5] == 1 else "clear"
    when, periodic = unsigned(value[:4]), value[4] not in _PIR_REPORTS
    return (Motion(state=state, level=True, periodic=periodic, buffered=True, occurred_at=when),)


def _stored_contact(value: bytes) -> Iterable[AnySignal]:
    """Time, temperature, humidity, magnet."""
    state: Literal["open", "closed"] = "open" if value[7] == 1 else "closed"
    return (Contact(state=state, level=True, buffered=True, occurred_at=unsigned(value[:4])),)


def _stored_leak(value: bytes) -> Iterable[AnySignal]:
    """Time, temperature, humidity, probe."""
    state: Literal["active", "clear"] = "active" if value[7] == 1 else "clear"
    return (Alarm(alarm_type="water_leak", state=state, level=True, buffered=True, occurred_at=unsigned(value[:4])),)


_GAS_FAULTS = {0: "power_down", 2: "sensor", 4: "sensor_end_of_life", 5: "sensor"}


def _gas_fault(value: bytes) -> Iterable[AnySignal]:
    code = _GAS_FAULTS.get(value[0])
    return () if code is None else (Fault(code=code),)


_DETECTION = {
    0: Presence(state="detected", subtype="normal"),
    1: Presence(state="clear", subtype="vacant"),
    2: Presence(state="detected", subtype="in_bed"),
    3: Presence(state="detected", subtype="out_of_bed"),
}
_FALLEN = 4


def _room(value: bytes) -> Iterable[AnySignal]:
    """Detection status, then what the target does and how long the room is in use."""
    if value[0] == _FALLEN:
        return (Fall(level=True), Presence(state="detected", subtype="fall"))
    found = _DETECTION.get(value[0])
    return (HIDDEN_CALL, unread(value)) if found is None else (found,)


_RADAR_ALARMS = {1: "motionless", 2: "dwell", 3: "out_of_bed"}
_RADAR_CALM = (4, 5)
"""Occupied, vacant: no alarm."""
_RADAR_FALL = 0
_TRIGGERED = 0
_TRIGGERED_LATER_EDITION = 1


def _radar_alarm(value: bytes) -> Iterable[AnySignal]:
    """Number, type, status, region. The maker's two editions count the status from 0 and from 1.

    For a fall both readings of "triggered" ring; the other types follow the edition of the published frames.
    """
    kind, status = value[2], value[3]
    if kind == _RADAR_FALL:
        return (Fall(subtype="radar"),) if status in (_TRIGGERED, _TRIGGERED_LATER_EDITION) else ()
    if kind in _RADAR_CALM:
        return ()
    word = _RADAR_ALARMS.get(kind)
    if word is None:
        return (HIDDEN_CALL, unread(value))
    return (Alarm(alarm_type=word, state="active" if status == _TRIGGERED else "clear"),)


def _stored_radar_alarm(value: bytes) -> Iterable[AnySignal]:
    when = unsigned(value[:4])
    for signal in _radar_alarm(value[4:]):
        if isinstance(signal, Fall):
            yield Fall(state=signal.state, subtype=signal.subtype, buffered=True, occurred_at=when)
        elif isinstance(signal, Alarm):
            yield Alarm(alarm_type=signal.alarm_type, state=signal.state, buffered=True, occurred_at=when)
        else:
            yield signal


def _place(lat: float, lon: float, *, when: int | None = None) -> Location:
    valid = valid_place(lat, lon)
    return Location(lat=lat, lon=lon, valid=valid, source="gnss", buffered=when is not None, occurred_at=when)


_MOVEMENTS = {1: "start", 3: "end"}


def _fix(value: bytes) -> Iterable[AnySignal]:
    """Latitude, longitude, then geofence and movement in one byte."""
    yield _place(signed(value[:4]) / 1e6, signed(value[4:8]) / 1e6)
    moved = _MOVEMENTS.get(value[8] & 0x0F)
    if moved is not None:
        yield Movement(state=moved)


def _stored_fix(value: bytes) -> Iterable[AnySignal]:
    """Time, longitude, latitude, angles."""
    yield _place(signed(value[8:12]) / 1e6, signed(value[4:8]) / 1e6, when=unsigned(value[:4]))


_WS202 = _channels({"03 00": (1, _PIR), "04 00": (1, None)})
_WS203 = _channels({**_TEMPERATURE, **_HUMIDITY, "05 00": (1, _PIR), "20 CE": (9, _stored_motion)})
_WS101 = _channels({"FF 2E": (1, _press)})
_PANEL = _channels({"FF 34": (3, _panel_press)})
_WS301 = _channels({"03 00": (1, _DOOR), "04 00": (1, _TAKEN_OFF)})
_WS303 = _channels({"03 00": (1, _LEAK)})
_TS30X = _channels({**_TEMPERATURE, "04 67": (2, None), "84 67": (3, None), "03 00": (1, _DOOR), "04 00": (1, _DOOR)})
_EM300_MCS = _channels({**_TEMPERATURE, **_HUMIDITY, "06 00": (1, _DOOR), "20 CE": (8, _stored_contact)})
_EM300_LEAK = _channels({**_TEMPERATURE, **_HUMIDITY, "05 00": (1, _LEAK), "20 CE": (8, _stored_leak)})
_GS101 = _channels(
    {
        "05 8E": (1, _GAS),
        "06 01": (1, None),  # valve
        "07 01": (1, None),  # relay
        "08 90": (4, None),  # life of the sensor
        "FF 3F": (1, _gas_fault),
    }
)
_AM300 = _channels(
    {
        **_TEMPERATURE,
        **_HUMIDITY,
        "05 00": (1, _PIR),
        "06 CB": (1, None),  # light
        "07 7D": (2, None),  # carbon dioxide
        "08 7D": (2, None),  # organic compounds
        "09 73": (2, None),  # air pressure
        "0A 7D": (2, None),  # formaldehyde
        "0B 7D": (2, None),  # particles
        "0C 7D": (2, None),
        "0D 7D": (2, None),  # ozone
        "0E 01": (1, None),  # buzzer
    }
)
_VS330 = _channels({"02 82": (2, None), "03 8E": (1, _SEAT), "04 8E": (1, None)})
_VS34X = _channels({"03 00": (1, _SEAT), "04 00": (1, None)})
_VS373 = _channels(
    {
        "03 F8": (6, _room),
        "04 F9": (4, None),  # regions
        "05 FA": (8, None),  # seconds out of bed, a region
        "06 FB": (5, _radar_alarm),
        "20 CE": (9, _stored_radar_alarm),
    }
)
_AT101 = _channels(
    {
        **_TEMPERATURE,
        "04 88": (9, _fix),
        "05 00": (1, None),  # tilt
        "06 D9": (9, None),  # Wi-Fi seen
        "07 00": (1, _TAKEN_OFF),
        "08 9B": (6, None),  # angles
        "20 CE": (18, _stored_fix),
    }
)

_LENGTHS = {
    0x00: 1, 0x01: 1, 0x65: 6, 0x67: 2, 0x68: 1, 0x6A: 2, 0x73: 2, 0x77: 2, 0x7D: 2, 0x82: 2, 0x8E: 1, 0x9A: 1,
    0xC8: 4, 0xCB: 1, 0xCC: 4, 0xCD: 4, 0xD2: 4, 0xE6: 4,
}  # fmt: skip
"""Bytes of a value by its type, which is the same in all models."""

_OTHER = _channels(
    {f"{channel:02X} {type_:02X}": (n, None) for channel in range(2, 33) for type_, n in _LENGTHS.items()}
)
"""Of a model that is not in the tables only the battery is read: what its channels mean is not known."""

_GS601: dict[int, tuple[int, Read | None]] = {
    0x00: (1, _battery),
    0x01: (1, None),  # vaping index
    0x03: (2, None),  # particles
    0x05: (2, None),
    0x07: (2, None),
    0x09: (2, None),  # temperature
    0x0A: (1, None),
    0x0B: (2, None),  # humidity
    0x0C: (1, None),
    0x0D: (2, None),  # organic compounds
    0x0F: (1, _TAMPER),
    0x11: (1, None),  # buzzer
    0x12: (1, _SEAT),
}


_REPORT_S = 1080 * 60


def _codec(
    model: str, channels: Channels, *says: str, calls: str = "", urgent: bool = False, interval_s: int = 0
) -> Codec:
    """``calls``: the channels of a call for help, in hexadecimal with a comma between."""
    heads = tuple(bytes.fromhex(head) for head in calls.split(",")) if calls else ()
    return Codec(
        vendor="Milesight",
        model=model,
        decode=partial(_walk, channels, heads),
        urgent=urgent,
        says=(*says, "battery"),
        interval_s=interval_s,
    )


def _walk(channels: Channels, calls: tuple[bytes, ...], _f_port: int, frame: bytes) -> list[AnySignal]:
    return walk_channels(channels, frame, calls)


def _walk_gs601(_f_port: int, frame: bytes) -> list[AnySignal]:
    return walk_ids(_GS601, frame)


CODECS = (
    _codec("WS101", _WS101, "button", calls="FF 2E", urgent=True, interval_s=_REPORT_S),
    _codec("WS136", _PANEL, "button", calls="FF 34", urgent=True),
    _codec("WS156", _PANEL, "button", calls="FF 34", urgent=True),
    _codec("WS202", _WS202, "motion", interval_s=_REPORT_S),
    _codec("WS203", _WS203, "motion"),
    _codec("WS301", _WS301, "contact", "tamper", interval_s=_REPORT_S),
    _codec("WS303", _WS303, "alarm", urgent=True),
    _codec("TS301", _TS30X, "contact"),
    _codec("TS302", _TS30X, "contact"),
    _codec("EM300-MCS", _EM300_MCS, "contact"),
    _codec("EM300-ZLD", _EM300_LEAK, "alarm", urgent=True),
    _codec("EM300-SLD", _EM300_LEAK, "alarm", urgent=True),
    _codec("EM300-MLD", _EM300_LEAK, "alarm", urgent=True),
    _codec("GS101", _GS101, "alarm", "fault", calls="05 8E", urgent=True),
    _codec("AM304L", _AM300, "motion"),
    _codec("AM305L", _AM300, "motion"),
    _codec("AM307", _AM300, "motion"),
    _codec("AM308", _AM300, "motion"),
    _codec("AM319", _AM300, "motion"),
    _codec("VS330", _VS330, "presence"),
    _codec("VS340", _VS34X, "presence"),
    _codec("VS341", _VS34X, "presence"),
    _codec("VS370", _VS34X, "presence"),
    _codec("VS373", _VS373, "presence", "fall", "alarm", calls="03 F8,06 FB,20 CE", urgent=True),
    _codec("AT101", _AT101, "location", "movement", "tamper"),
    Codec(
        vendor="Milesight", model="other models", every_model=True, decode=partial(_walk, _OTHER, ()), says=("battery",)
    ),
    Codec(vendor="Milesight", model="GS601", decode=_walk_gs601, says=("presence", "tamper", "battery")),
)
