"""What every make has in common: messages to publish, and the occasions for them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from nuanhu.town.dice import number_from
from nuanhu.town.homes import Fitted

CallKind = Literal["panic", "fall"]


class Outgoing(NamedTuple):
    """One message as a device or its bridge publishes it.

    Attributes:
        topic: Whole topic.
        payload: As it goes over the wire.
        qos: 0 or 1.
        retain: The broker keeps it.
        device: Registry id of the device it speaks for; empty for the bridge itself.
        event_id: Set for events of our own protocol: repeated until the gateway's receipt for this id.
        late_payload: What is sent instead when the message had to wait for a connection.
        urgent: A call for help: goes before whatever is waiting.
    """

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    device: str = ""
    event_id: str = ""
    late_payload: bytes = b""
    urgent: bool = False


class Voice(Protocol):
    """What the devices of one bridge say. ``at`` is service time, aware UTC, and the device's own clock.

    ``low`` are devices (ids) whose battery is nearly empty: whatever tells of it says so until somebody changes it.

    Every method returns the messages in the order in which they are published; none when this make has no
    such message.
    """

    low: set[str]

    def will(self) -> Outgoing | None:
        """What the broker says when the bridge is gone."""

    def connected(self, at: datetime) -> list[Outgoing]:
        """The bridge has just connected."""

    def hello(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """The device is there: once after the town has started."""

    def report(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """A regular sign of life."""

    def detected(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """A motion sensor saw somebody."""

    def settled(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """``settles_after_s`` have passed since the sensor's last detection."""

    def moved(self, fitted: Fitted, at: datetime, *, is_open: bool) -> list[Outgoing]:
        """The door was opened or closed."""

    def call(self, fitted: Fitted, at: datetime, kind: CallKind) -> list[Outgoing]:
        """The button was pressed, or the pendant felt a fall."""

    def marked_test(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """A press in the device's own test mode."""

    def well(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """The resident pressed the key that says: I am well."""

    def tampered(self, fitted: Fitted, at: datetime, *, active: bool) -> list[Outgoing]:
        """The housing was opened, or closed again."""

    def lost(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """The bridge has given a silent device up."""

    @property
    def settles_after_s(self) -> int:
        """How long after the last detection ``settled`` is due; 0 = never."""


class Mute:
    """A make that says nothing at all: what the real ones have not, they inherit."""

    settles_after_s = 0

    def will(self) -> Outgoing | None:
        """None."""
        return None

    def connected(self, at: datetime) -> list[Outgoing]:
        """Nothing."""
        del at
        return []

    def settled(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """Nothing."""
        del fitted, at
        return []

    def marked_test(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """Nothing."""
        del fitted, at
        return []

    def well(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """Nothing."""
        del fitted, at
        return []

    def tampered(self, fitted: Fitted, at: datetime, *, active: bool) -> list[Outgoing]:
        """Nothing."""
        del fitted, at, active
        return []

    def lost(self, fitted: Fitted, at: datetime) -> list[Outgoing]:
        """Nothing."""
        del fitted, at
        return []


def wobble(seed: int, device: str, at: datetime, middle: int, width: int) -> int:
    """A reading that is a little different each time: ``middle`` of this device ± ``width``."""
    own = number_from(seed, "level", device, bits=8) % (2 * width + 1) - width
    return middle + own + int(at.timestamp() / 17) % 7 - 3


def luminous(at: datetime) -> int:
    """Illuminance in a room at this time of day (UTC+8), lux."""
    hour = (at.hour + 8) % 24 + at.minute / 60
    return max(0, round(420 - 14 * (hour - 12.5) ** 2)) + 3
