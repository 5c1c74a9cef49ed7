"""The whole vocabulary of what a device can say.

One class a kind. A signal keeps three things apart: when the device says it happened
(``device_time``), when the gateway received it (``arrived_at``), and who said it
(``bridge`` and ``device``). Decisions use ``arrived_at``; the device's clock is shown, never trusted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Toggle = Literal["active", "clear"]
Seen = Literal["detected", "clear"]


class Signal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every signal carries, whatever its kind.

    Attributes:
        device: Id inside the bridge: IEEE address, DevEUI, serial. Never a friendly name when a real id is known.
        bridge: Registered bridge it came through; empty until the gateway has routed it.
        device_time: Device time in UTC, when the device gave one that can be a time at all.
        occurred_at: The device's own time exactly as it wrote it (text, seconds or milliseconds), as evidence.
        arrived_at: When the gateway received it, aware UTC.
        event_id: What tells this event from every other of the device, where the transport gives such a thing.
        boot: The device's boot id, for makes that number their messages.
        seq: Sequence number within the boot.
        retained: The broker delivered it with MQTT's retain flag.
        buffered: The device stored it before sending (also called historical).
        echo: A second copy of an event that another message of the same bridge already carries.
        name: Friendly name used by the bridge, for people only.
    """

    device: str = ""
    bridge: str = ""
    device_time: datetime | None = None
    occurred_at: int | float | str | None = None
    arrived_at: datetime | None = None
    event_id: str | None = None
    boot: str | None = None
    seq: int | None = None
    retained: bool = False
    buffered: bool = False
    echo: bool = False
    name: str = ""


class Motion(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="motion"):
    """A passive infrared sensor saw somebody.

    ``level`` marks reports of a state that may be a cached repeat: only a change of it is a new detection.
    ``periodic`` marks a timed report that repeats the state.
    """

    state: Seen
    level: bool = False
    periodic: bool = False


class Presence(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="presence"):
    """A radar, seat or bed sensor feels somebody. Always a level."""

    state: Seen
    subtype: str | None = None


class Contact(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="contact"):
    """A door or window is open or closed. ``level`` as for motion."""

    state: Literal["open", "closed"]
    level: bool = False


class Button(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="button"):
    """A general-purpose button. It is a panic only when provisioning gives the device that role."""

    action: str
    button: int | None = None
    press_counter: int | None = None


class Panic(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="panic"):
    """Somebody asked for help.

    ``ongoing`` is a later frame that repeats the flag of a press already sent. ``level`` marks a state that may be a
    cached repeat.
    """

    state: Toggle = "active"
    level: bool = False
    ongoing: bool = False
    subtype: str | None = None


class Fall(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="fall"):
    """A fall detector's verdict. ``level`` as for panic."""

    state: Toggle = "active"
    level: bool = False
    subtype: str | None = None


class Alarm(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="alarm"):
    """Any other alarm a device can raise by itself: ``smoke``, ``gas``, ``medical``, ``no_activity`` and more.

    ``level`` as for panic.
    """

    alarm_type: str
    state: Toggle = "active"
    level: bool = False


class Movement(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="movement"):
    """The device itself was moved. Says nothing about a room."""

    state: str


class Tamper(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="tamper"):
    """The housing was opened or the device taken from its place."""

    state: Toggle
    subtype: str | None = None


class Battery(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="battery"):
    """One statement about the battery: ``percent`` 0-100, ``volts``, or the device's own ``low`` flag."""

    percent: float | None = None
    volts: float | None = None
    low: bool | None = None
    state: str | None = None
    code: str | None = None


class Location(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="location"):
    """Where a portable device is, WGS-84 degrees. ``valid`` is false for no fix or an impossible place."""

    lat: float
    lon: float
    valid: bool = True
    accuracy_m: float | None = None
    source: str | None = None


class Link(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="link"):
    """How well the radio hears the device. ``lqi`` 0-255 is not dBm."""

    rssi_dbm: float | None = None
    snr_db: float | None = None
    lqi: int | None = None
    margin_db: float | None = None
    rsrp_dbm: float | None = None
    gateways: int | None = None


class Heartbeat(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="heartbeat"):
    """A sign of life that says nothing else."""


class Availability(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="availability"):
    """The bridge's opinion whether a device (or itself, ``scope`` = gateway) can be reached."""

    state: Literal["online", "offline"]
    scope: str | None = None


class Fault(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="fault"):
    """The device or its network reports trouble of its own."""

    code: str
    scope: str | None = None
    text: str | None = None


class Test(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="test"):
    """A press or report that the device itself marks as a test. Never an alarm."""

    __test__ = False  # a word of the trade, not a test case
    subtype: str | None = None


class Provisioning(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="provisioning"):
    """The bridge gained, lost or is getting to know a device. ``names`` maps friendly names to ids."""

    code: str
    names: dict[str, str] | None = None


class DeviceInfo(Signal, frozen=True, kw_only=True, omit_defaults=True, tag="device_info"):
    """Facts about the device itself: model, firmware, power-on."""

    code: str | None = None
    model: str | None = None
    firmware: str | None = None


AnySignal = (
    Motion
    | Presence
    | Contact
    | Button
    | Panic
    | Fall
    | Alarm
    | Movement
    | Tamper
    | Battery
    | Location
    | Link
    | Heartbeat
    | Availability
    | Fault
    | Test
    | Provisioning
    | DeviceInfo
)

SIGNAL_CLASSES: tuple[type[Signal], ...] = (
    Motion,
    Presence,
    Contact,
    Button,
    Panic,
    Fall,
    Alarm,
    Movement,
    Tamper,
    Battery,
    Location,
    Link,
    Heartbeat,
    Availability,
    Fault,
    Test,
    Provisioning,
    DeviceInfo,
)


def kind_of(signal: Signal) -> str:
    """The word for a signal's kind, as written in the journal and in ``nuanhu decode``."""
    return str(signal.__struct_config__.tag)
