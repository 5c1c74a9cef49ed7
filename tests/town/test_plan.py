"""The plan of a town: the same from the same seed, believable, and consistent in itself."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from alerting.casefile import Area, AreaLevel
from alerting.model import RiskTier
from nuanhu.town.homes import LORA, MAKES, OWN, ZIGBEE
from nuanhu.town.places import District, inside, plan_district
from nuanhu.town.plan import TownPlan, plan_town

Point = tuple[float, float]


def test_the_same_seed_gives_the_same_town(plan: TownPlan) -> None:
    again = plan_town(7, 60)
    assert again.registry == plan.registry
    assert again.passwords == plan.passwords


def test_another_seed_gives_another_town(plan: TownPlan) -> None:
    other = plan_town(8, 60).registry
    assert other.households != plan.registry.households
    assert other.areas != plan.registry.areas
    assert plan_town(8, 60).passwords != plan.passwords


def test_a_household_does_not_depend_on_how_many_there_are(plan: TownPlan) -> None:
    small = plan_town(7, 9)
    assert small.registry.households == plan.registry.households[:9]
    keys = {h.key for h in small.registry.households}
    assert set(small.registry.devices) == {d for d in plan.registry.devices if d.household in keys}


@pytest.mark.parametrize("households", [0, -3, 30_001])
def test_sizes_out_of_bounds_are_refused(households: int) -> None:
    with pytest.raises(ValueError, match="households"):
        plan_town(1, households)


def test_makes_have_their_shares() -> None:
    assert Counter(MAKES) == {OWN: 11, ZIGBEE: 6, LORA: 3}


def test_everything_refers_to_something_that_exists(plan: TownPlan) -> None:
    registry = plan.registry
    areas = {area.key: area for area in registry.areas}
    responders = {responder.id: responder for responder in registry.responders}
    households = {household.key for household in registry.households}
    bridges = {bridge.id for bridge in registry.bridges}
    assert all(area.parent in areas for area in registry.areas if area.level is not AreaLevel.CITY)
    assert all(area.key.startswith(area.parent + ".") for area in registry.areas if area.parent)
    for household in registry.households:
        assert areas[household.area].level is AreaLevel.VILLAGE
        assert responders[household.town_responder].area == areas[household.area].parent
        assert responders[household.village_responder].area == household.area
    for device in registry.devices:
        assert device.household in households
        assert device.bridge in bridges
    assert {r.area for r in responders.values()} <= set(areas)
    assert set(plan.passwords) == bridges


def test_names_that_must_be_unique_are(plan: TownPlan) -> None:
    registry = plan.registry
    assert len({d.id for d in registry.devices}) == len(registry.devices)
    assert len({(d.bridge, d.inner) for d in registry.devices}) == len(registry.devices)
    assert len({h.key for h in registry.households}) == len(registry.households)
    assert len({r.id for r in registry.responders}) == len(registry.responders)
    assert len({a.key for a in registry.areas}) == len({a.name for a in registry.areas}) == len(registry.areas)
    phones = [r.phone for h in registry.households for r in h.residents if r.phone]
    phones += [c.phone for h in registry.households for c in h.contacts] + [r.phone for r in registry.responders]
    assert len(set(phones)) == len(phones)
    assert all(len(phone) == 11 and phone.startswith("19900") for phone in phones)


def test_no_bridge_may_publish_below_another(plan: TownPlan) -> None:
    prefixes = sorted(f"{bridge.prefix}/" for bridge in plan.registry.bridges)
    assert len(set(prefixes)) == len(prefixes)
    assert not any(later.startswith(earlier) for earlier, later in pairwise(prefixes))


def test_every_home_can_call_for_help_and_be_seen(plan: TownPlan) -> None:
    for home in plan.homes:
        roles = Counter(fitted.device.role for fitted in home.fitted)
        assert roles["panic"] >= 1
        assert 2 <= roles["motion"] <= 5
        assert (roles["hub"] == 1) == (home.make == OWN)
        assert len({fitted.name for fitted in home.fitted}) == len(home.fitted), "friendly names of one bridge"


def test_friendly_names_come_again_in_other_homes(plan: TownPlan) -> None:
    names = Counter(f.name for home in plan.homes if home.make == ZIGBEE for f in home.fitted)
    assert names["sos"] >= 2


def test_residents_are_believable() -> None:
    big = plan_town(7, 600).registry.households
    tiers = Counter(h.tier for h in big)
    assert tiers[RiskTier.WATCH] > tiers[RiskTier.CARE] > tiers[RiskTier.COVERED] > tiers[RiskTier.URGENT] > 0
    alone = sum("独居" in h.categories for h in big)
    assert 0.75 < alone / len(big) < 0.95
    years = [h.residents[0].birth_year for h in big]
    assert 1940 < sum(years) / len(years) < 1955
    assert all(h.contacts and h.access for h in big)
    assert all(sum(c.relation == "邻居" for c in h.contacts) == 1 for h in big)
    assert sum(any(c.key_holder for c in h.contacts) for h in big) / len(big) > 0.7


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_towns_and_villages_do_not_overlap(seed: int) -> None:
    district = plan_district(seed)
    towns = [a for a in district.areas if a.level is AreaLevel.TOWN]
    villages = [a for a in district.areas if a.level is AreaLevel.VILLAGE]
    assert len(towns) == 12
    assert all(4 <= sum(v.parent == t.key for v in villages) <= 9 for t in towns)
    whole = _size(district.areas[1].boundary)
    assert sum(_size(t.boundary) for t in towns) == pytest.approx(whole, rel=1e-3)
    assert sum(_size(v.boundary) for v in villages) == pytest.approx(whole, rel=1e-3)
    for point in _grid(district):
        assert sum(inside(point, t.boundary) for t in towns) == sum(inside(point, v.boundary) for v in villages) <= 1


@pytest.mark.parametrize("seed", [1, 4])
def test_boundaries_are_closed_rings_that_do_not_cross_themselves(seed: int) -> None:
    for area in plan_district(seed).areas:
        if area.boundary:
            assert area.boundary[0] == area.boundary[-1]
            assert not _crosses_itself(area.boundary), area.name


def test_homes_lie_inside_their_village_and_town(plan: TownPlan) -> None:
    areas: dict[str, Area] = {area.key: area for area in plan.registry.areas}
    for household in plan.registry.households:
        point = household.place.lon, household.place.lat
        village = areas[household.area]
        assert inside(point, village.boundary)
        assert inside(point, areas[village.parent].boundary)


def _size(ring: tuple[Point, ...]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _grid(district: District) -> list[Point]:
    outline = district.areas[1].boundary
    west, east = min(p[0] for p in outline), max(p[0] for p in outline)
    south, north = min(p[1] for p in outline), max(p[1] for p in outline)
    steps = [(i + 0.37) / 25 for i in range(25)]
    return [(west + x * (east - west), south + y * (north - south)) for x in steps for y in steps]


def _crosses_itself(ring: tuple[Point, ...]) -> bool:
    edges = list(pairwise(ring))
    return any(
        _cross(*edges[i], *edges[j])
        for i in range(len(edges))
        for j in range(i + 2, len(edges))
        if (i, j) != (0, len(edges) - 1)
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
