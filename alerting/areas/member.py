"""Causes that reach many homes, the keys of their areas, and the homes an area incident has."""

from __future__ import annotations

from enum import StrEnum

import msgspec

AREA = "@"
"""Stands before the cause and before the place in the key of an area."""


class AreaCause(StrEnum):
    """What reaches many homes at once."""

    OUTAGE = "outage"
    """Homes of a village or town fell silent: power, network, the hubs of a street."""
    BRIDGE = "bridge"
    """A bridge through which many homes speak is gone."""
    CALLS = "calls"
    """Many homes of a village or town call for help: flood, gas, an earthquake."""


class Member(msgspec.Struct, frozen=True, array_like=True):
    """A home of an area incident.

    Attributes:
        home: Household.
        since_s: Since when it is silent, or when it called, UTC epoch seconds.
        back_s: Since when it can be seen again, or its own incident is closed; 0: not yet.
    """

    home: str
    since_s: int
    back_s: int = 0


def key_of(cause: AreaCause, place: str) -> str:
    """The key of an area: its cause and the key of the village or town, or the id of the bridge."""
    return f"{AREA}{cause.value}{AREA}{place}"


_BEGINNINGS = tuple(key_of(cause, "") for cause in AreaCause)


def is_area(key: str) -> bool:
    """Whether it is the key of an area."""
    return key.startswith(_BEGINNINGS)


def cause_of(key: str) -> AreaCause:
    """The cause in an area's key."""
    return AreaCause(key.split(AREA, 2)[1])


def place_of(key: str) -> str:
    """Village, town or bridge of an area's key."""
    return key.split(AREA, 2)[2]


def area_of(key: str) -> str:
    """Key of the village or town; empty for a bridge, whose homes may be anywhere."""
    return "" if cause_of(key) is AreaCause.BRIDGE else place_of(key)
