"""A street for stories of area incidents: the centre's homes moved into one village."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from centre import Centre

from alerting.areas.member import AreaCause, key_of
from device_adapters.own_protocol import encode_online
from gateway.desk.contract import QueueRow
from nuanhu.town.homes import OWN, Home


async def one_village(centre: Centre) -> str:
    """Everybody lives in the first home's village from now on; returns its key."""
    homes = centre.plan.registry.households
    village = homes[0].area
    moved = tuple(msgspec.structs.replace(home, area=village) for home in homes)
    await centre.replace_registry(msgspec.structs.replace(centre.plan.registry, households=moved))
    return village


def own_homes(centre: Centre) -> list[Home]:
    """Homes with a hub of their own."""
    return [home for home in centre.plan.homes if home.make == OWN]


async def link(centre: Centre, home: Home, state: str, *, settle: bool = True) -> None:
    """What the broker says of a hub's connection: ``online``, or ``offline`` as its last will."""
    topic, payload = encode_online(home.bridge.prefix, online=state == "online")
    await centre.say(home.bridge.id, topic, payload, settle=settle)


async def power_cut(centre: Centre, homes: Sequence[Home]) -> None:
    for home in homes:
        await link(centre, home, "offline")


async def power_back(centre: Centre, homes: Sequence[Home]) -> None:
    for home in homes:
        await link(centre, home, "online")


async def area_row(centre: Centre, village: str, cause: AreaCause = AreaCause.OUTAGE) -> QueueRow:
    """The running incident of the village."""
    rows = [row for row in await centre.queue() if row.key == key_of(cause, village)]
    assert len(rows) == 1, f"{len(rows)} incidents of {village}"
    return rows[0]
