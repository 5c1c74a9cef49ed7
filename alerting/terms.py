"""The centre's terms by group, as they may be saved on the screens; a group that was not saved is the settings'."""

from __future__ import annotations

import msgspec

from alerting.care.terms import CareTerms
from alerting.equipment_terms import GOAL, EquipmentTerms
from alerting.floods import Floods
from alerting.incidents.afterwards import FollowUpTerms

P1_STEPS_S = (30, 60, 90, 120)
P2_STEPS_S = (60, 180, 300)
STEP_S = (10, 3600)
"""Bounds of a step, seconds."""
AGAIN_S = (60, 3600)
"""Bounds of when everybody is called again, and of how long an acceptance holds, seconds."""
GOAL_FROM_TO = (0.5, 1)
"""Bounds of the share of homes that should be protected."""


class Climb(msgspec.Struct, frozen=True, kw_only=True):
    """The built-in plans of P1 and P2.

    Attributes:
        p1_steps_s: A P1 climbs so long without a claim, seconds.
        p2_steps_s: The same of a P2.
        p1_again_s: Once at the top, everybody is called again each time this has passed, seconds.
        p2_again_s: The same of a P2.
        p1_accept_s: How long an acceptance holds, seconds.
        p2_accept_s: The same of a P2.
        neighbours_from: Neighbours with a key are rung at once for P1 alone (1), or for P2 too (2).
    """

    p1_steps_s: tuple[int, ...] = P1_STEPS_S
    p2_steps_s: tuple[int, ...] = P2_STEPS_S
    p1_again_s: int = 300
    p2_again_s: int = 900
    p1_accept_s: int = 300
    p2_accept_s: int = 900
    neighbours_from: int = 1


class Goals(msgspec.Struct, frozen=True, kw_only=True):
    """How often a home owes a test press, days; and the share of homes that should be protected, 0 to 1."""

    test_every_days: int = 31
    protected_goal: float = GOAL


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Groups of terms; None is as in the settings.

    The name of each is that of its kind of edition. What a later release adds to a group is off by default, as what
    was decided before it is decided so again.
    """

    ladder: Climb | None = None
    floods: Floods | None = None
    equipment: EquipmentTerms | None = None
    follow_up: FollowUpTerms | None = None
    care: CareTerms | None = None
    goals: Goals | None = None


AnyTerms = Climb | Floods | EquipmentTerms | FollowUpTerms | CareTerms | Goals
TYPES: dict[str, type[AnyTerms]] = {
    "ladder": Climb,
    "floods": Floods,
    "equipment": EquipmentTerms,
    "follow_up": FollowUpTerms,
    "care": CareTerms,
    "goals": Goals,
}
"""By kind of edition."""


def terms_from(kind: str, body: bytes) -> AnyTerms | None:
    """Terms of a group from an edition's body; None: those of the settings."""
    found: AnyTerms | None = msgspec.json.decode(body, type=TYPES[kind] | None)
    return found
