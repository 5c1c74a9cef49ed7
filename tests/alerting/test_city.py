"""One number for the city: one price for all homes, spent first where the risk is highest, bounded and taken back."""

from __future__ import annotations

import msgspec
import pytest

from alerting.budget import city
from alerting.budget.city import City, expected_at, found, stranger, with_the_unknown
from alerting.budget.count import Count, Counting
from alerting.budget.spending import Budget, Price, flaws
from alerting.decisions import PriceFound, Wake
from alerting.duty.editions import Editions
from alerting.events import HomesCounted
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.curve import LADDER, PER_WEEK
from alerting.silence.inactivity import terms_of
from alerting.silence.rhythm import Rhythm
from tests.alerting.lone_home import LoneHome, local, only
from tests.alerting.test_limits import live_days

POLICY = Policy()
UNKNOWN = stranger(POLICY)
URGENT, COVERED, CARE, WATCH = RiskTier
SHARES = {URGENT: 0.05, COVERED: 0.2, CARE: 0.5, WATCH: 0.25}
NOW_S = int(local(4).timestamp())


def lived(nap_h: int) -> Rhythm:
    home = LoneHome(local(6))
    live_days(home, range(2, 32), nap_h=nap_h, rings_at_times=True)
    return home.memory.rhythm


RHYTHMS = [lived(nap_h) for nap_h in (2, 3, 5)]


def homes(n: int) -> dict[RiskTier, Count]:
    """So many homes of three kinds."""
    tiers = {}
    for tier, share in SHARES.items():
        counting = Counting()
        for k in range(round(n * share)):
            counting.add(RHYTHMS[k % len(RHYTHMS)])
        tiers[tier] = counting.count()
    return tiers


def spends(tiers: dict[RiskTier, Count], price: Price) -> dict[RiskTier, float]:
    """False alarms a day expected of each tier at what was found."""
    return {tier: expected_at(tiers[tier], price.prices[tier]) / 7 for tier in tiers}


@pytest.mark.parametrize("per_day", [60.0, 99.0, 250.0])
def test_three_thousand_homes_are_expected_to_have_the_number_that_was_set(per_day: float) -> None:
    tiers = homes(3000)
    price = found(tiers, Budget(city_per_day=per_day), {}, UNKNOWN)
    assert sum(spends(tiers, price).values()) == pytest.approx(per_day, rel=0.02)
    assert price.planned_per_day == pytest.approx(per_day, rel=0.02)
    assert (price.homes, price.known, price.budget_per_day) == (3000, 3000, per_day)


def test_it_is_spent_first_on_the_homes_at_highest_risk() -> None:
    price = found(homes(3000), Budget(city_per_day=60), {}, UNKNOWN)
    assert price.prices[URGENT] == pytest.approx(2 / 0.7 * price.prices[WATCH], rel=0.01), "one price, weighted"
    a_home = [price.usual_per_week[tier] for tier in RiskTier]
    assert a_home == sorted(a_home, reverse=True)
    assert a_home[0] > 1.3 * a_home[-1]


def test_a_tier_with_a_number_of_its_own_has_that_and_the_others_share_the_rest() -> None:
    tiers = homes(3000)
    price = found(tiers, Budget(city_per_day=60, tier_per_day={URGENT: 10}), {}, UNKNOWN)
    spent = spends(tiers, price)
    assert spent[URGENT] == pytest.approx(10, rel=0.02)
    assert sum(spent.values()) == pytest.approx(60, rel=0.02)


def test_each_home_fits_the_city_s_price_and_comes_to_what_it_had_said() -> None:
    def all_fitted(policy: Policy) -> dict[RiskTier, list[Rhythm]]:
        return {tier: [rhythm.fitted(terms_of(tier, policy, asks=False)) for rhythm in RHYTHMS] for tier in RiskTier}

    def summed(fitted: dict[RiskTier, list[Rhythm]]) -> dict[RiskTier, Count]:
        tiers = {}
        for tier, share in SHARES.items():
            counting = Counting()
            for k in range(round(3000 * share)):
                counting.add(fitted[tier][k % len(RHYTHMS)])
            tiers[tier] = counting.count()
        return tiers

    with_all_known = in_force(Budget(), found(homes(3000), Budget(), {}, UNKNOWN))
    price = found(summed(all_fitted(with_all_known)), Budget(city_per_day=60), {}, UNKNOWN)
    came = summed(all_fitted(in_force(Budget(city_per_day=60), price)))
    assert sum(count.in_force for count in came.values()) / PER_WEEK / 7 == pytest.approx(60, rel=0.07)


def in_force(budget: Budget, price: Price) -> Policy:
    editions = msgspec.structs.replace(POLICY.editions, budget=budget, budget_number=1, price=price)
    return msgspec.structs.replace(POLICY, editions=editions)


def test_no_home_is_planned_to_have_more_than_its_share() -> None:
    policy = Policy(home_most_per_week=0.3, city_per_day=1000)
    editions = msgspec.structs.replace(policy.editions, price=Price(prices={URGENT: LADDER[-1]}))
    waits = RHYTHMS[2].fitted(terms_of(URGENT, msgspec.structs.replace(policy, editions=editions), asks=False)).waits
    assert waits is not None
    assert waits.curve.in_force <= 0.3 * PER_WEEK
    assert max(waits.curve.expected) <= 0.3 * PER_WEEK


def counted(before: City, per_day: float, *, day: int, n: int = 3000) -> tuple[City, Price]:
    editions = msgspec.structs.replace(POLICY.editions, budget=Budget(city_per_day=per_day), budget_number=1)
    policy = msgspec.structs.replace(POLICY, editions=editions)
    after, decisions = city.step(before, HomesCounted(tiers=homes(n)), NOW_S + day * 86_400, policy)
    (price,) = only(PriceFound, decisions)
    return after, price.price


def test_a_price_moves_by_a_factor_of_two_a_day_at_most_and_goes_back() -> None:
    state, usual = counted(City(), 30, day=0)
    state, first = counted(state, 400, day=1)
    for tier in RiskTier:
        assert first.prices[tier] == pytest.approx(2 * usual.prices[tier], rel=1e-3)
    state, same_day = counted(state, 400, day=1)
    assert same_day.prices == first.prices, "however often it is asked on one day"
    for day in range(2, 12):
        state, price = counted(state, 400, day=day)
    assert price.planned_per_day == pytest.approx(400, rel=0.02)
    for day in range(12, 24):
        state, price = counted(state, 30, day=day)
    assert price.prices == pytest.approx(usual.prices, rel=1e-3)


def test_the_city_is_woken_at_four_in_the_morning() -> None:
    for hour in (3, 4, 20):
        after, decisions = city.step(City(), HomesCounted(tiers={}), int(local(hour).timestamp()), POLICY)
        (wake,) = only(Wake, decisions)
        assert wake.at == local(4, day=2 if hour < 4 else 3)
        assert after.armed_s == int(wake.at.timestamp())


def test_homes_of_which_little_is_known_count_like_the_others() -> None:
    known = homes(100)
    mixed = {tier: msgspec.structs.replace(count, homes=2 * count.homes) for tier, count in known.items()}
    alone, doubled = with_the_unknown(known, UNKNOWN), with_the_unknown(mixed, UNKNOWN)
    at = LADDER[5]
    assert sum(expected_at(count, at) for count in doubled.values()) == pytest.approx(
        2 * sum(expected_at(count, at) for count in alone.values()), rel=0.1
    )


def test_a_city_of_strangers_has_a_price_too() -> None:
    tiers = {tier: Count(homes=round(300 * share)) for tier, share in SHARES.items()}
    price = found(tiers, Budget(city_per_day=10), {}, UNKNOWN)
    assert price.planned_per_day == pytest.approx(10, rel=0.02)
    assert (price.homes, price.known) == (300, 0)
    assert found({}, Budget(city_per_day=10), {}, UNKNOWN).prices == {}


def test_without_a_number_for_the_city_each_home_keeps_its_own_price() -> None:
    price = found(homes(3000), Budget(), {}, UNKNOWN)
    assert price.prices == {}
    assert price.expected_per_day > 0
    assert price.budget_per_day == pytest.approx(3000 * 0.23 / 7 * (0.05 * 2 + 0.2 * 1.4 + 0.5 + 0.25 * 0.7), rel=0.01)


def test_what_came_moves_what_all_homes_expect_within_bounds() -> None:
    def told(came: float, foreseen: float) -> float:
        return city.hope([Count(came=came, foreseen=foreseen)])

    usual = told(0, 0)
    assert 1 < usual < 2
    assert told(400, 200) == pytest.approx(2, rel=0.05)
    assert (told(0, 4000), told(9000, 100)) == (0.75, 4.0)


@pytest.mark.parametrize(
    ("budget", "word"),
    [
        (Budget(city_per_day=0.01), "bad_city"),
        (Budget(city_per_day=5000), "bad_city"),
        (Budget(home_per_week=0.001), "bad_home"),
        (Budget(home_most_per_week=50), "bad_home"),
        (Budget(tier_weight={**Budget().tier_weight, URGENT: 99}), "bad_weight"),
        (Budget(tier_weight={}), "bad_weight"),
        (Budget(tier_per_day={URGENT: 1}), "tier_without_city"),
        (Budget(city_per_day=5, tier_per_day={URGENT: 9}), "tiers_over_city"),
        (Budget(city_per_day=5, tier_per_day={URGENT: -1}), "bad_tier"),
    ],
)
def test_a_budget_beyond_its_bounds_is_refused_with_the_reason(budget: Budget, word: str) -> None:
    assert word in {reason.partition("|")[0] for reason in flaws(budget)}


def test_the_usual_budget_has_no_flaw() -> None:
    assert flaws(Budget()) == flaws(Budget(city_per_day=30, tier_per_day={URGENT: 5})) == []


def test_a_home_with_a_number_of_its_own_finds_its_own_price_and_the_others_share_what_is_left() -> None:
    policy = msgspec.structs.replace(
        POLICY,
        editions=Editions(budget_number=1, budget=Budget(city_per_day=60, homes_per_week={"h1": 0.05, "h2": 2.0})),
    )
    price = found(homes(3000), policy.budget, {}, UNKNOWN)
    policy = msgspec.structs.replace(policy, editions=msgspec.structs.replace(policy.editions, price=price))
    rarely, often, other = (
        RHYTHMS[1].fitted(terms_of(CARE, policy, asks=False, home=home)) for home in ("h1", "h2", "h3")
    )
    assert rarely.waits is not None
    assert often.waits is not None
    assert other.waits is not None
    assert rarely.waits.curve.mean_min > other.waits.curve.mean_min > often.waits.curve.mean_min
    assert rarely.waits.price < other.waits.price < often.waits.price
    assert other.waits.price == pytest.approx(price.prices[CARE] / other.hope(0.23, price.hope))
    tiers = homes(3000)
    counting = Counting()
    for _ in range(100):
        counting.add(often, 2.0)
    with_them = tiers | {WATCH: counting.count()}
    assert (with_them[WATCH].own, with_them[WATCH].own_per_week) == (100, 200.0)
    after = found(with_them, policy.budget, {}, UNKNOWN)
    left = sum(expected_at(with_them[tier], after.prices[tier]) for tier in (URGENT, COVERED, CARE)) / 7
    theirs = with_them[WATCH].own_in_force / PER_WEEK / 7
    assert theirs > 5
    assert left + theirs == pytest.approx(60, rel=0.02), "their number is a part of the city's"
    each_its_own = msgspec.structs.replace(policy.budget, city_per_day=0.0)
    assert each_its_own.per_day({CARE: 70}, 200.0) == pytest.approx((70 * 0.23 + 200) / 7)


@pytest.mark.parametrize("number", [0.0, 0.001, 10.5, float("nan"), -1.0])
def test_a_home_s_own_number_has_bounds_too(number: float) -> None:
    assert flaws(Budget(homes_per_week={"h1": number})) == [f"bad_home|{number:g}"]


def test_what_the_others_of_a_label_usually_have_is_told_without_those_with_a_number_of_their_own() -> None:
    tiers = homes(3000)
    before = found(tiers, Budget(city_per_day=60), {}, UNKNOWN)
    counting = Counting()
    for n in range(10):
        counting.add(RHYTHMS[n % 3], 5.0)
    own = counting.count()
    care = msgspec.structs.replace(
        tiers[CARE], homes=tiers[CARE].homes + 10, own=10, own_per_week=50.0, own_in_force=own.own_in_force
    )
    after = found(tiers | {CARE: care}, Budget(city_per_day=60 + own.own_in_force / PER_WEEK / 7), {}, UNKNOWN)
    assert after.usual_per_week[CARE] == pytest.approx(before.usual_per_week[CARE], rel=0.01)
    assert after.expected_per_day == pytest.approx(before.expected_per_day + own.own_in_force / PER_WEEK / 7, rel=1e-3)


def test_own_numbers_together_are_at_most_half_of_the_city_s() -> None:
    assert flaws(Budget(city_per_day=10, homes_per_week={f"h{n}": 5.0 for n in range(7)})) == []
    assert flaws(Budget(city_per_day=10, homes_per_week={f"h{n}": 5.0 for n in range(8)})) == ["homes_over_city|"]


def test_not_everybody_has_a_number_of_their_own() -> None:
    assert flaws(Budget(homes_per_week={f"h{n}": 1.0 for n in range(501)})) == ["too_many_homes|500"]
