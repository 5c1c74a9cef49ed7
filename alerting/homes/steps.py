"""The words of test mode: why a step of a device is announced, how that ended, and by what it was proved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class AnnouncedFor(StrEnum):
    """Why a step of a device is announced."""

    PRESS = "press"
    """The test press that each home owes."""
    WALK = "walk"
    """A step of the installer's walk test."""


class StepEnd(StrEnum):
    """How an announced step ended."""

    MATCHED = "matched"
    """It came, and closed itself with its evidence."""
    TIME = "time"
    """It did not come in time."""
    WITHDRAWN = "withdrawn"
    """Somebody ended it, or the device is not the home's any more."""
    REPLACED = "replaced"
    """The same person announced the next one."""
    INCIDENT = "incident"
    """An incident began in the home: all is real."""
    CLOSED = "closed"
    """Nobody had announced it: the press rang, and its incident was closed as a test."""


PASSED = frozenset({StepEnd.MATCHED, StepEnd.CLOSED})
"""Ends by which a device is proved to work."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an announced step was matched by.

    Attributes:
        signal: Its kind.
        at: When the gateway received it, UTC.
        event_id: What tells it from every other of the device, where there is such a thing.
        word: The device's word for it.
        device_time: When the device says it happened.
        battery_percent: 0-100, as last heard.
        lqi: Link quality 0-255, as last heard.
        rssi_dbm: Radio, as last heard.
        incident: The incident that was closed as a test.
    """

    signal: str
    at: datetime
    event_id: str = ""
    word: str = ""
    device_time: datetime | None = None
    battery_percent: float | None = None
    lqi: int | None = None
    rssi_dbm: float | None = None
    incident: str = ""
