"""What the centre accepts: false inactivity alarms of the city, of a tier or of a home; and the price that follows."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from alerting.model import RiskTier

DAYS_A_WEEK = 7

CITY_LEAST_PER_DAY, CITY_MOST_PER_DAY = 0.1, 1000.0
TIER_LEAST_PER_DAY = 0.05
HOME_LEAST_PER_WEEK, HOME_MOST_PER_WEEK = 0.02, 10.0
OWN_SHARE_MOST = 0.5
"""Homes with numbers of their own together may have so much of the city's: the others must not wait for them."""
OWN_HOMES_MOST = 500
"""So many homes may have a number of their own: whoever wants it for all means another one for the city."""
WEIGHT_LEAST, WEIGHT_MOST = 0.1, 10.0
CAP_LEAST_H, CAP_MOST_H = 4.0, 24.0
TIER_CAP_LEAST, TIER_CAP_MOST = 0.25, 2.0


def _shares() -> dict[RiskTier, float]:
    return {RiskTier.URGENT: 2.0, RiskTier.COVERED: 1.4, RiskTier.CARE: 1.0, RiskTier.WATCH: 0.7}


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """How many false inactivity alarms may be expected.

    Attributes:
        city_per_day: Of all homes together, a day; 0: each home has a number of its own instead.
        home_per_week: Of one home, a week, times the weight of its tier, while the city has no number.
        home_most_per_week: With a number for the city: no home is planned to have more, a week, whatever its tier.
        tier_weight: What a minute less of waiting is worth in a home of this tier, against one of ``care``.
        tier_per_day: Tiers with a number of their own, a day; it is a part of the city's.
        homes_per_week: Homes with a number of their own, a week, by key; it is a part of their tier's and the city's.
        cap_day_h: No silence that begins by day lasts longer, whatever the rest leads to, hours; 0: as in the settings.
        cap_night_h: The same for the night.
        tier_cap: Tiers for which both are multiplied by a number of their own; others: as in the settings.
    """

    city_per_day: float = 0.0
    home_per_week: float = 0.23
    home_most_per_week: float = 1.0
    tier_weight: dict[RiskTier, float] = msgspec.field(default_factory=_shares)
    tier_per_day: dict[RiskTier, float] = {}
    homes_per_week: dict[str, float] = {}
    cap_day_h: float = 0.0
    cap_night_h: float = 0.0
    tier_cap: dict[RiskTier, float] = {}

    def per_day(self, homes: Mapping[RiskTier, int], own_per_week: float = 0.0) -> float:
        """What may be expected a day.

        Args:
            homes: Of each tier so many without a number of their own.
            own_per_week: Sum of the own numbers of the others.
        """
        if self.city_per_day:
            return self.city_per_day
        shares = sum(n * self.tier_weight[tier] for tier, n in homes.items())
        return (shares * self.home_per_week + own_per_week) / DAYS_A_WEEK


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What the city's last count of its homes came to; with a number for the city, the price found by it.

    Attributes:
        prices: By tier: what five minutes less delay after one active window may cost, in false alarms; empty without
            a number for the city.
        usual_per_week: By tier: false alarms a home is expected to have at that price, a week.
        hope: False alarms that came for each one expected, over all homes; 0: not known yet.
        expected_per_day: False alarms to be expected with the limits in force then, of all homes.
        planned_per_day: The same once every home waits as the price says; 0 without a number for the city.
        budget_per_day: What may be expected.
        homes: How many homes were counted.
        known: How many of them had limits of their own.
    """

    prices: dict[RiskTier, float] = {}
    usual_per_week: dict[RiskTier, float] = {}
    hope: float = 0.0
    expected_per_day: float = 0.0
    planned_per_day: float = 0.0
    budget_per_day: float = 0.0
    homes: int = 0
    known: int = 0


def flaws(budget: Budget) -> list[str]:
    """Why a budget cannot be in force: words, after a bar what they are about; empty when it can."""
    found: list[str] = []
    if budget.city_per_day and not CITY_LEAST_PER_DAY <= budget.city_per_day <= CITY_MOST_PER_DAY:
        found.append(f"bad_city|{budget.city_per_day:g}")
    found += [
        f"bad_home|{per_week:g}"
        for per_week in (budget.home_per_week, budget.home_most_per_week, *budget.homes_per_week.values())
        if not HOME_LEAST_PER_WEEK <= per_week <= HOME_MOST_PER_WEEK
    ]
    if len(budget.homes_per_week) > OWN_HOMES_MOST:
        found.append(f"too_many_homes|{OWN_HOMES_MOST}")
    if budget.city_per_day and sum(budget.homes_per_week.values()) / DAYS_A_WEEK > OWN_SHARE_MOST * budget.city_per_day:
        found.append("homes_over_city|")
    weighed = [tier for tier in RiskTier if WEIGHT_LEAST <= budget.tier_weight.get(tier, 0.0) <= WEIGHT_MOST]
    found += [f"bad_weight|{tier}" for tier in RiskTier if tier not in weighed]
    if budget.tier_per_day and not budget.city_per_day:
        found.append("tier_without_city|")
    if any(own < TIER_LEAST_PER_DAY for own in budget.tier_per_day.values()):
        found.append("bad_tier|")
    left = budget.city_per_day - sum(budget.tier_per_day.values())
    if budget.city_per_day and (left < 0 or (left <= 0 and len(budget.tier_per_day) < len(RiskTier))):
        found.append("tiers_over_city|")
    return found + _cap_flaws(budget)


def _cap_flaws(budget: Budget) -> list[str]:
    caps = [cap_h for cap_h in (budget.cap_day_h, budget.cap_night_h) if cap_h]
    found = [f"bad_cap|{cap_h:g}" for cap_h in caps if not CAP_LEAST_H <= cap_h <= CAP_MOST_H]
    wrong = [share for share in budget.tier_cap.values() if not TIER_CAP_LEAST <= share <= TIER_CAP_MOST]
    return found + [f"bad_tier_cap|{share:g}" for share in wrong]
