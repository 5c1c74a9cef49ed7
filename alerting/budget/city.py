"""The city: one price of waiting for all homes, found anew each night from what they say of themselves.

``step(city, event, now, policy) -> (city, decisions)``. There is one, under the key ``CITY``. It sees no home: the
homes' curves come summed up, as an event; its price leaves as a decision, and every home takes it at its next fit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from math import exp, log, log2

import msgspec

from alerting.budget.count import Count
from alerting.budget.spending import DAYS_A_WEEK, Budget, Price
from alerting.decisions import AnyDecision, PriceFound, Wake
from alerting.events import AnyEvent, HomesCounted
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.curve import LADDER, PER_WEEK, Curve
from alerting.silence.day import DAY_S
from alerting.silence.inactivity import local_day, moment, terms_of
from alerting.silence.rhythm import HOPE, HOPE_LEAST, HOPE_MOST, HOPE_POWER, Rhythm

CITY = "@city"
"""Key of the city."""

COUNTS_AT_S = 4 * 3600
"""Local time of the nightly count, seconds after midnight: before the first home rises and fits its limits anew."""
MOST_A_DAY = 2.0
"""In one local day no price becomes more than so many times what it was, nor less than its part."""
POOL_PER_WEEK = 20.0
"""What is known from elsewhere weighs as much as so many false alarms that came."""
HALVINGS = 48
STRANGERS = 5
"""Homes of which little is known are like those that are known; as many strangers count among them."""
USUAL_PER_WEEK = 0.23


class City(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hot state of the city.

    Attributes:
        key: ``CITY``.
        day: Local day of the last count.
        began: By tier: the price at the start of that day.
        prices: By tier: the price now.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
    """

    key: str = CITY
    day: int = 0
    began: dict[RiskTier, float] = {}
    prices: dict[RiskTier, float] = {}
    armed_s: int = 0


def step(city: City, event: AnyEvent, now_s: int, policy: Policy) -> tuple[City, list[AnyDecision]]:
    """What one event does to the city. ``now_s`` is UTC epoch seconds."""
    if not isinstance(event, HomesCounted):
        raise TypeError(f"the city cannot judge {type(event).__name__}")
    today, wake_s = local_day(now_s, policy), _next_count_s(now_s, policy)
    began = city.began if city.day == today else city.prices
    price = found(event.tiers, policy.budget, began, stranger(policy))
    after = City(day=today, began=began, prices=price.prices, armed_s=wake_s)
    return after, [PriceFound(price=price), Wake(at=moment(wake_s))]


def _next_count_s(now_s: int, policy: Policy) -> int:
    at_s = local_day(now_s, policy) * DAY_S + COUNTS_AT_S - policy.utc_offset_s
    return at_s if at_s > now_s else at_s + DAY_S


def stranger(policy: Policy) -> Curve:
    """The curve of a home of which nothing is known."""
    waits = Rhythm().fitted(terms_of(RiskTier.CARE, policy, asks=False)).waits
    assert waits is not None, "a fit chooses"
    return waits.curve


def found(tiers: Mapping[RiskTier, Count], budget: Budget, began: Mapping[RiskTier, float], unknown: Curve) -> Price:
    """What the count of the homes comes to.

    Args:
        tiers: The homes by tier.
        budget: In force.
        began: Prices at the start of the day, from which they move by ``MOST_A_DAY`` at most; empty: freely.
        unknown: Curve of a home of which nothing is known.
    """
    pooled = with_the_unknown(tiers, unknown)
    homes = {tier: count.homes - count.own for tier, count in pooled.items()}
    own_per_week = sum(count.own_per_week for count in pooled.values())
    wanted = wanted_prices(pooled, budget)
    prices = {tier: _bounded(price, began.get(tier, 0.0)) for tier, price in wanted.items()}
    planned = {tier: expected_at(pooled[tier], price) for tier, price in prices.items()}
    return Price(
        prices=prices,
        usual_per_week={
            tier: round((planned[tier] - pooled[tier].own_in_force / PER_WEEK) / homes[tier], 6)
            for tier in prices
            if homes[tier]
        },
        hope=hope(tiers.values()),
        expected_per_day=round(in_force_per_week(pooled) / DAYS_A_WEEK, 4),
        planned_per_day=round(sum(planned.values()) / DAYS_A_WEEK, 4),
        budget_per_day=round(budget.per_day(homes, own_per_week), 4),
        homes=sum(count.homes for count in pooled.values()),
        known=sum(count.known for count in tiers.values()),
    )


def _bounded(price: float, began: float) -> float:
    if began:
        price = min(max(price, began / MOST_A_DAY), began * MOST_A_DAY)
    return float(f"{price:.4g}")


def with_the_unknown(tiers: Mapping[RiskTier, Count], unknown: Curve) -> dict[RiskTier, Count]:
    """The tiers as if homes of which little is known were like the mean of all that are known, and a few strangers."""
    few = [_like(unknown, STRANGERS), *tiers.values()]
    homes = sum(count.known for count in few)
    pool = Count(
        expected=tuple(map(sum, zip(*(count.expected for count in few), strict=True))),
        limit_min=tuple(map(sum, zip(*(count.limit_min for count in few), strict=True))),
        in_force=sum(count.in_force for count in few),
        mean_min=sum(count.mean_min for count in few),
    )
    return {
        tier: _joined(count, pool, (count.homes - count.own - count.known) / homes) for tier, count in tiers.items()
    }


def in_force_per_week(tiers: Mapping[RiskTier, Count]) -> float:
    """False alarms a week that the limits in force lead one to expect."""
    return sum(count.in_force + count.own_in_force for count in tiers.values()) / PER_WEEK


def _like(curve: Curve, n: int) -> Count:
    expected, limit_min = (tuple(at * n for at in row) for row in (curve.expected, curve.limit_min))
    return Count(n, n, expected, limit_min, curve.in_force * n, curve.mean_min * n)


def _joined(count: Count, pool: Count, share: float) -> Count:
    return msgspec.structs.replace(
        count,
        expected=tuple(round(a + b * share) for a, b in zip(count.expected, pool.expected, strict=True)),
        limit_min=tuple(round(a + b * share) for a, b in zip(count.limit_min, pool.limit_min, strict=True)),
        in_force=round(count.in_force + pool.in_force * share),
        mean_min=round(count.mean_min + pool.mean_min * share),
    )


def hope(counts: Iterable[Count]) -> float:
    """False alarms that came for each one expected, over all homes; what is known from elsewhere counts a little."""
    lived = [*counts]
    came, foreseen = sum(count.came for count in lived), sum(count.foreseen for count in lived)
    usual = HOPE * exp(HOPE_POWER * log(USUAL_PER_WEEK))
    seen = (came + usual * POOL_PER_WEEK) / (foreseen + POOL_PER_WEEK)
    return round(min(max(seen, HOPE_LEAST), HOPE_MOST), 4)


def wanted_prices(tiers: Mapping[RiskTier, Count], budget: Budget) -> dict[RiskTier, float]:
    """By tier the price at which the budget of the city is met; empty without one, or without homes.

    Tiers with a number of their own are met one by one; the others share what is left at one price, by their weights.
    """
    if not budget.city_per_day:
        return {}
    own = {tier: per_day for tier, per_day in budget.tier_per_day.items() if tier in tiers}
    prices = {tier: _price_of({tier: tiers[tier]}, {tier: 1.0}, per_day) for tier, per_day in own.items()}
    sharing = {tier: count for tier, count in tiers.items() if tier not in budget.tier_per_day}
    left = budget.city_per_day - sum(budget.tier_per_day.values())
    one = _price_of(sharing, budget.tier_weight, left)
    return prices | {tier: one * budget.tier_weight[tier] for tier in sharing}


def own_prices(tiers: Mapping[RiskTier, Count], budget: Budget) -> dict[RiskTier, float]:
    """About what homes pay that each have a number of their own, by tier: where the tier comes to their sum."""
    per_home = budget.home_per_week / DAYS_A_WEEK
    return {
        tier: _price_of(
            {tier: count},
            {tier: 1.0},
            (count.homes - count.own) * budget.tier_weight[tier] * per_home + count.own_per_week / DAYS_A_WEEK,
        )
        for tier, count in tiers.items()
        if count.homes
    }


def _price_of(tiers: Mapping[RiskTier, Count], weights: Mapping[RiskTier, float], per_day: float) -> float:
    """The price λ at which these tiers are expected to have this many a day, each paying λ times its weight."""

    def per_week(price: float) -> float:
        return sum(expected_at(count, price * weights[tier]) for tier, count in tiers.items())

    least, most = log(LADDER[0] / 4), log(LADDER[-1] * 4)
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        if per_week(exp(middle)) > per_day * DAYS_A_WEEK:
            most = middle
        else:
            least = middle
    return exp((least + most) / 2)


def expected_at(count: Count, price: float) -> float:
    """False alarms a week of these homes at a price; between the points of their curve it is straight on log scales."""
    return (_between(count.expected, price) + count.own_in_force) / PER_WEEK


def limit_at_min(count: Count, price: float) -> float:
    """Mean limit at a price, minutes, of these homes but those with a number of their own; 0 without a home."""
    homes = count.homes - count.own
    return _between(count.limit_min, price) / homes if homes else 0.0


def _between(points: tuple[int, ...], price: float) -> float:
    at = bisect_right(LADDER, price)
    if at == 0:
        return float(points[0])
    if at == len(LADDER):
        return float(points[-1])
    lower, upper = points[at - 1], points[at]
    share = log2(price / LADDER[at - 1]) / log2(LADDER[at] / LADDER[at - 1])
    if not lower or not upper:
        return lower + (upper - lower) * share
    return exp(log(lower) + (log(upper) - log(lower)) * share)
