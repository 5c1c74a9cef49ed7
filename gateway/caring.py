"""What is remembered beside the homes' own alarms: care that is owed, whose it is to do, who has which job, drills."""

from __future__ import annotations

from collections.abc import MutableMapping

import msgspec

from alerting.care.duty import CARE, CareState
from alerting.care.round import Round
from alerting.dispatch.engagement import Engagement
from alerting.dispatch.told import JOBS
from alerting.duty.drill import Drill, is_drill

Kept = CareState | Round | Engagement | Drill
KINDS: tuple[type[Kept], ...] = (CareState, Round, Engagement, Drill)


class Caring(msgspec.Struct):
    """All of it, by key.

    Attributes:
        owed: To households.
        rounds: Whose it is to do.
        jobs: Of responders.
        drills: Of areas.
    """

    owed: MutableMapping[str, CareState] = msgspec.field(default_factory=dict)
    rounds: dict[str, Round] = {}
    jobs: dict[str, Engagement] = {}
    drills: dict[str, Drill] = {}

    def put(self, key: str, state: Kept) -> None:
        """It stands so from now on."""
        match state:
            case CareState():
                self.owed[key] = state
            case Round():
                self.rounds[key] = state
            case Engagement():
                self.jobs[key] = state
            case Drill():
                self.drills[key] = state


def kind_of(key: str) -> type[Kept]:
    """What is kept under a key."""
    if is_drill(key):
        return Drill
    if key.startswith(CARE):
        return CareState
    return Engagement if key.startswith(JOBS) else Round
