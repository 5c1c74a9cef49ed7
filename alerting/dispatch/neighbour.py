"""A neighbour with a key who is rung beside the call-out, where the case file says so: how that stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class NeighbourStage(StrEnum):
    """What has become of ringing a neighbour."""

    RUNG = "rung"
    """They have not answered."""
    GOES = "goes"
    CANNOT = "cannot"
    NOT_NOW = "not_now"
    """Outside of the hours in which they may be rung: they were not."""


class Neighbour(msgspec.Struct, frozen=True, array_like=True):
    """One neighbour of an incident.

    Attributes:
        person: Their person id: ``key:<household>:<n>``.
        stage: What has become of it.
        at: Since when, UTC.
    """

    person: str
    stage: NeighbourStage
    at: datetime
