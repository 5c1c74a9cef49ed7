"""When care is owed, and when it climbs: the centre's terms."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from alerting.care.duty import WEEKLY, CareKind
from alerting.model import RiskTier

WEEK = 7
BOUNDS: dict[str, tuple[int, int]] = {
    "due_hour": (12, 23),
    "remind_days": (0, 5),
    "deputy_days": (1, 5),
    "town_days": (1, 10),
    "supervisor_days": (1, 15),
    "from_hour": (6, 12),
    "warning_days": (1, 15),
    "accept_days": (1, 10),
}
"""Least and most of each number."""
RHYTHM_DAYS = (0, 92)


class CareTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed how often, and who hears when.

    Attributes:
        every_days: By kind and tier: once in so many days, counted from a Monday; 0: none is owed. Weekly as a rule.
        due_hour: Local hour of its last day at which a duty is due.
        remind_days: So many days before that the responsible person is reminded, on a working day.
        deputy_days: On so many working days after it was due the deputy is asked.
        town_days: The same for the town's responsible person.
        supervisor_days: The same until it stands first in the supervisor's list.
        from_hour: Local hour from which people are reminded.
        warning_days: On so many working days after it came an early warning is to be answered.
        accept_days: On so many working days after it was sent a referral is to be accepted; one that was refused is to
            be sent elsewhere, or answered by its owner.
    """

    every_days: dict[CareKind, dict[RiskTier, int]] = msgspec.field(
        default_factory=lambda: {kind: dict.fromkeys(RiskTier, WEEK) for kind in WEEKLY}
    )
    due_hour: int = 18
    remind_days: int = 2
    deputy_days: int = 1
    town_days: int = 2
    supervisor_days: int = 3
    from_hour: int = 9
    warning_days: int = 3
    accept_days: int = 2


def with_changes(changes: Mapping[str, int]) -> CareTerms:
    """The usual terms with changes: a number by its name, or a rhythm in days by ``kind`` or ``kind.tier``.

    Raises:
        ValueError: There is no such number, or it is out of bounds; or a later step comes before an earlier one.
    """
    usual, numbers = CareTerms(), dict[str, int]()
    every = {kind: dict(tiers) for kind, tiers in usual.every_days.items()}
    for name in sorted(changes, key=lambda it: it.count(".")):  # the rhythm of a tier overrides that of its kind
        value, (kind, _, tier) = changes[name], name.partition(".")
        least, most = RHYTHM_DAYS if kind in set(WEEKLY) else BOUNDS.get(name, (1, 0))
        if not least <= value <= most:
            raise ValueError(f"{name} must be between {least} and {most}" if most else f"there is no {name}")
        if kind not in set(WEEKLY):
            numbers[name] = value
        elif tier and tier not in set(RiskTier):
            raise ValueError(f"there is no label {tier}")
        else:
            every[CareKind(kind)] |= {RiskTier(tier): value} if tier else dict.fromkeys(RiskTier, value)
    terms = CareTerms(every_days=every, **numbers)
    if not terms.deputy_days <= terms.town_days <= terms.supervisor_days:
        raise ValueError("deputy_days, town_days and supervisor_days must not become less")
    return terms
