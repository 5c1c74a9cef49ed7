"""The centre's terms for equipment: how soon the silence of a device is a fault, and what else is one; with bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from alerting.model import RiskTier

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR

UNDECLARED_S = 25 * HOUR
"""A sensor that speaks only when somebody moves is silent by night: less than this is no sign that it cannot see."""
FOLLOWS_LEAST_S = 6 * HOUR
"""By its own pauses alone nobody is cut off from help sooner: a router that restarts is no death."""


class CheckIn(msgspec.Struct, frozen=True, array_like=True):
    """How often a class of device says something, and after how long without a word it is silent, seconds."""

    interval_s: int
    silent_s: int


CLASSES: dict[str, CheckIn] = {
    "hub": CheckIn(15 * MINUTE, 45 * MINUTE),
    "motion": CheckIn(2 * HOUR, UNDECLARED_S),
    "presence": CheckIn(HOUR, UNDECLARED_S),
    "door": CheckIn(2 * HOUR, UNDECLARED_S),
    "panic": CheckIn(12 * HOUR, 25 * HOUR),
    "button": CheckIn(12 * HOUR, 25 * HOUR),
    "pendant": CheckIn(15 * MINUTE, HOUR),
    "fall": CheckIn(HOUR, 3 * HOUR),
    "smoke": CheckIn(12 * HOUR, 25 * HOUR),
    "gas": CheckIn(HOUR, 6 * HOUR),
    "water": CheckIn(12 * HOUR, 25 * HOUR),
    "bed": CheckIn(HOUR, 3 * HOUR),
    "other": CheckIn(12 * HOUR, 25 * HOUR),
}
"""By class: the role of a device in its home; ``other`` is every role that is not named."""

SHORTEST_S, LONGEST_S = 5 * MINUTE, 40 * DAY

GOAL = 0.995
TEST_DAYS = (7, 92)
"""Bounds of how often a home owes a test press."""
NOTHING: Mapping[str, Any] = MappingProxyType({})

CALLER, EYE = "caller", "eye"
GROUPS = (CALLER, EYE)
"""What a home may have to have beside roles: something to call with, something that sees movement."""


class EquipmentTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre has decided about equipment.

    Attributes:
        check_ins: By class of device.
        steady_times: A device that is steadier than its class is silent after so many times its own longest pause.
        steady_days: So many days its own pauses are looked at before they count.
        steady_least_s: But never sooner, nor than twice the interval of its class, seconds.
        battery_ends_days: A battery that will be empty within so many days is a fault before it is low.
        weak_lqi: Zigbee: a link below this quality is weak.
        weak_snr_db: LoRaWAN: a link at or below this ratio is weak.
        weak_rssi_dbm: Wi-Fi and Bluetooth: a link at or below this strength is weak.
        weak_reports: So many weak reports more than good ones make the fault, and as many good ones end it.
        stuck_on_h: A sensor that says "occupied" without an end for so long, and is heard, is stuck, hours.
        stuck_still_days: A motion sensor that is heard but has seen nothing for so long while others have, days.
        stuck_door_days: The same for a door contact.
        required: What a home must have by tier: ``caller``, ``eye``, or roles.
        required_of: The same by case number, instead of its tier's.
        goal: Share of homes that should be protected, 0 to 1.
    """

    check_ins: dict[str, CheckIn] = msgspec.field(default_factory=lambda: dict(CLASSES))
    steady_times: int = 3
    steady_days: int = 14
    steady_least_s: int = HOUR
    battery_ends_days: int = 30
    weak_lqi: int = 20
    weak_snr_db: int = -15
    weak_rssi_dbm: int = -90
    weak_reports: int = 5
    stuck_on_h: int = 24
    stuck_still_days: int = 14
    stuck_door_days: int = 30
    required: dict[RiskTier, tuple[str, ...]] = msgspec.field(default_factory=lambda: dict.fromkeys(RiskTier, GROUPS))
    required_of: dict[str, tuple[str, ...]] = {}
    goal: float = GOAL

    def check_in_of(self, role: str) -> CheckIn:
        """The check-in of a class of device."""
        return self.check_ins.get(role) or self.check_ins["other"]

    def silent_after_s(self, role: str, own_s: int, interval_s: int) -> int:
        """After how long without a word a device is silent, seconds.

        Args:
            role: Its class.
            own_s: Set for this very device; 0: not.
            interval_s: How often its model says something, as its maker has it; 0: not known.
        """
        if own_s or not interval_s:
            return own_s or self.check_in_of(role).silent_s
        return min(LONGEST_S, 2 * interval_s + HOUR)

    def late_after_s(self, role: str, silent_s: int) -> int:
        """After how long without a word a device is late that is silent after ``silent_s``, seconds."""
        usual = self.check_in_of(role)
        return max(silent_s * usual.interval_s // usual.silent_s, min(usual.interval_s, silent_s // 3))

    def required_in(self, tier: RiskTier, case: str) -> tuple[str, ...]:
        """What a home must have."""
        return self.required_of.get(case, self.required[tier])


BOUNDS: dict[str, tuple[int, int]] = {
    "steady_times": (2, 10),
    "steady_days": (7, 45),
    "steady_least_s": (HOUR, DAY),
    "battery_ends_days": (0, 180),
    "weak_lqi": (5, 100),
    "weak_snr_db": (-25, 0),
    "weak_rssi_dbm": (-120, -60),
    "weak_reports": (2, 7),
    "stuck_on_h": (4, 240),
    "stuck_still_days": (3, 90),
    "stuck_door_days": (3, 180),
}
"""What may be set as one number, from and to."""

KNOWN = frozenset({*CLASSES, *GROUPS}) - {"other"}


def with_changes(
    *,
    check_ins: Mapping[str, Sequence[int]] = NOTHING,
    numbers: Mapping[str, int] = NOTHING,
    required: Mapping[str, Sequence[str]] = NOTHING,
    goal: float = GOAL,
) -> EquipmentTerms:
    """The usual terms with these changed.

    Args:
        check_ins: By class: interval and silence, minutes.
        numbers: By name in ``BOUNDS``.
        required: By tier or case number.
        goal: Share of homes, 0 to 1.

    Raises:
        ValueError: A name is unknown, or a value out of bounds.
    """
    for name, value in numbers.items():
        if name not in BOUNDS:
            raise ValueError(f"there is no {name}; there are {', '.join(BOUNDS)}")
        if not BOUNDS[name][0] <= value <= BOUNDS[name][1]:
            raise ValueError(f"{name} must be between {BOUNDS[name][0]} and {BOUNDS[name][1]}")
    for who, roles in required.items():
        if unknown := [role for role in roles if role not in KNOWN]:
            raise ValueError(f"{who} cannot require {unknown[0]}; there are {', '.join(sorted(KNOWN))}")
    usual = EquipmentTerms()
    tiers = {RiskTier(who): tuple(roles) for who, roles in required.items() if who in set(RiskTier)}
    cases = {who: tuple(roles) for who, roles in required.items() if who not in set(RiskTier)}
    changed = {role: _check_in(role, minutes) for role, minutes in check_ins.items()}
    return EquipmentTerms(
        check_ins=usual.check_ins | changed, required=usual.required | tiers, required_of=cases, goal=goal, **numbers
    )


def _check_in(role: str, minutes: Sequence[int]) -> CheckIn:
    if role not in CLASSES:
        raise ValueError(f"there is no class {role}; there are {', '.join(CLASSES)}")
    interval_s, silent_s = (n * MINUTE for n in minutes)
    if not SHORTEST_S <= interval_s < silent_s <= LONGEST_S:
        raise ValueError(
            f"{role}: an interval of at least {SHORTEST_S // MINUTE} min and a longer time until silent, "
            f"at most {LONGEST_S // MINUTE} min"
        )
    return CheckIn(interval_s, silent_s)
