"""The plan of a town: who lives where, with which devices. The same seed gives the same town."""

from __future__ import annotations

import msgspec

from alerting.casefile import Household, Registry
from nuanhu.town.dice import number_from, secret_from
from nuanhu.town.homes import CITY_SERVER, MAKES, Home, bridge_of, fit_home
from nuanhu.town.life import SeededLife, habits_of
from nuanhu.town.people import plan_household, plan_responders
from nuanhu.town.places import plan_district


class TownPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A whole town.

    Attributes:
        seed: From which everything follows.
        registry: What the gateway is to know: areas, responders, households, bridges, devices. No accounts.
        passwords: Password by bridge id (the bridge's user name).
        homes: The same households as the simulation needs them, in the same order.
    """

    seed: int
    registry: Registry
    passwords: dict[str, str]
    homes: tuple[Home, ...]

    def home(self, household: str) -> Home:
        """The home of a household; ``KeyError`` when there is none."""
        for home in self.homes:
            if home.household == household:
                return home
        raise KeyError(household)


def plan_town(seed: int, households: int) -> TownPlan:
    """A town of 1 to 30,000 households. Household ``k`` is the same whatever the size of the town.

    Raises:
        ValueError: ``households`` is out of bounds.
    """
    if not 1 <= households <= 30_000:
        raise ValueError(f"households must be 1 to 30000, not {households}")
    district = plan_district(seed)
    people: list[Household] = []
    homes: list[Home] = []
    bridges = {CITY_SERVER.id: CITY_SERVER}
    for number in range(1, households + 1):
        household, character = plan_household(seed, number, district)
        make = MAKES[(number - 1) % len(MAKES)]
        hall = number_from(seed, "hall", number, bits=8) < 150
        bridge = bridge_of(make, number)
        bridges[bridge.id] = bridge
        people.append(household)
        homes.append(
            Home(
                household=household.key,
                number=number,
                make=make,
                bridge=bridge,
                fitted=fit_home(seed, number, household.key, make, hall=hall),
                life=SeededLife(seed, number, habits_of(seed, number, character), hall=hall),
            ),
        )
    registry = Registry(
        areas=district.areas,
        responders=plan_responders(seed, district),
        households=tuple(people),
        bridges=tuple(bridges.values()),
        devices=tuple(f.device for home in homes for f in home.fitted),
    )
    return TownPlan(
        seed=seed,
        registry=registry,
        passwords={bridge: secret_from(seed, bridge) for bridge in bridges},
        homes=tuple(homes),
    )
