"""Faults as work: who has taken one, until when somebody goes, what was done, and how that stands against the fault.

A fault is opened and ended by the rules of its home alone. What people do about it is registered beside it, and how
the two stand together is a pure function of both: nothing has to be told that a fault came back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from alerting.model import FaultKind

FURTHEST = timedelta(days=60)
"""No visit is planned later than this."""
LONGEST_TEXT = 500


class RepairAct(StrEnum):
    """What was done about a fault."""

    BATTERY = "battery"
    MOVED = "moved"
    SWAPPED = "swapped"
    POWER = "power"
    RADIO = "radio"
    FASTENED = "fastened"
    EXPLAINED = "explained"
    NOTHING = "nothing"
    OTHER = "other"


class RepairState(StrEnum):
    """How a fault stands as work."""

    OPEN = "open"
    TAKEN = "taken"
    PLANNED = "planned"
    CAME_BACK = "came_back"
    """It was done, and the fault has come back since, or has not ended by the next working day's end."""
    DONE = "done"
    """It was done, and the fault has not ended yet: the device has still to say so."""


class RepairDone(msgspec.Struct, frozen=True, array_like=True):
    """Somebody has finished: when, by which login, what was done, and in their own words."""

    at: datetime
    by: str
    how: RepairAct
    text: str = ""


class Repair(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What people did about one kind of fault of one device; of a home where ``device`` is empty.

    Attributes:
        household: Case number.
        device: Registry id.
        fault: Kind of the fault.
        taken_by: Login of who goes; empty: nobody.
        planned_until: Until when somebody goes, UTC.
        note: The latest note; all of them are in the history.
        at: When something was last done about it, UTC.
        done: How it was last finished.
    """

    household: str
    device: str
    fault: FaultKind
    at: datetime
    taken_by: str = ""
    planned_until: datetime | None = None
    note: str = ""
    done: RepairDone | None = None

    @property
    def key(self) -> str:
        """Name in the registry's history."""
        return repair_key(self.household, self.device, self.fault)


def repair_key(household: str, device: str, fault: str) -> str:
    """What the work about a fault is registered under."""
    return f"{household}|{device}|{fault}"
