"""When what several homes tell has one cause."""

from __future__ import annotations

import math
from collections.abc import Iterable

from alerting.areas.member import AreaCause, area_of, cause_of
from alerting.policy import Policy

VILLAGES_OF_A_TOWN = 2
"""What happens in one village only is that village's."""


def within_s(cause: AreaCause, policy: Policy) -> int:
    """Homes count together that told within so many seconds."""
    floods = policy.floods
    return floods.calls_within_s if cause is AreaCause.CALLS else floods.outage_within_s


def homes_in(key: str, policy: Policy) -> int:
    """How many homes an area has; of a bridge nobody knows here: 0."""
    area = area_of(key)
    return policy.editions.people.homes_by_area[area] if area else 0


def reached(key: str, homes: Iterable[str], policy: Policy) -> bool:
    """Whether so many homes have told that it is one cause: enough of them, and enough of the area's."""
    told, cause, floods = tuple(homes), cause_of(key), policy.floods
    least, share = (
        (floods.calls_homes, floods.calls_share)
        if cause is AreaCause.CALLS
        else (floods.outage_homes, 0.0 if cause is AreaCause.BRIDGE else floods.outage_share)
    )
    if len(told) < least:
        return False
    villages = {policy.editions.case_of(home).area for home in told}
    area = area_of(key)
    if area in policy.editions.people.towns and area not in villages and len(villages) < VILLAGES_OF_A_TOWN:
        return False
    return len(told) >= math.ceil(share * homes_in(key, policy))
