"""A long list of homes comes in by parts, a press goes between them, and still all of it is registered or nothing."""

from __future__ import annotations

import asyncio

import msgspec
from centre import Centre
from sqlalchemy import func, select

from alerting.casefile import NO_VERSION, AreaLevel, Household, Place, Resident
from alerting.enrolment.commands import BringHomes, ImportedHome, ImportHouseholds, SaveHousehold
from alerting.model import RiskTier
from gateway.desk.long_lists import HOMES_A_PART
from gateway.store import schema
from gateway.store.home_rows import home_rows
from tests.list_of_homes import homes_of

HOMES = 1000
LONGEST_SWITCH = 1000
"""Bytes of the event that puts a list of any length in force."""


def listed(centre: Centre, count: int = HOMES) -> ImportHouseholds:
    """Invented homes of one village."""
    village = next(it.key for it in centre.gateway.directory.areas.values() if it.level is AreaLevel.VILLAGE)
    homes = [
        Household(
            key=f"LL{n:05}",
            area=village,
            address=f"{n}号",
            place=Place(lat=31.7, lon=119.9),
            tier=RiskTier.CARE,
            residents=(Resident(name=f"王{n}", birth_year=1941),),
        )
        for n in range(count)
    ]
    return ImportHouseholds(homes=tuple(ImportedHome(it, NO_VERSION) for it in homes), by="zhao", note="名单.csv")


def journalled(centre: Centre) -> list[tuple[str, int]]:
    """Kind and length of each event of the registry, in order."""
    j = schema.journal.c
    asked = select(j.event, func.length(j.event)).where(j.aggregate == "registry").order_by(j.seq)
    with centre.gateway.store.engine.connect() as c:
        return [(msgspec.json.decode(event)["command"]["do"], length) for event, length in c.execute(asked).all()]


def registered(centre: Centre) -> int:
    """How many of the list's homes are in force."""
    return sum(key.startswith("LL") for key in homes_of(centre))


async def test_no_piece_of_work_is_longer_than_a_part_and_the_last_one_is_short(centre: Centre) -> None:
    command = listed(centre)
    assert (await centre.gateway.desk.submit(command)).done
    events = journalled(centre)
    assert [kind for kind, _ in events] == ["bring_homes"] * (HOMES // HOMES_A_PART) + ["import_households"]
    assert events[-1][1] < LONGEST_SWITCH
    assert registered(centre) == HOMES
    assert [(it.file, it.made) for it in await centre.gateway.desk.imports("zhao")] == [("名单.csv", HOMES)]
    assert home_rows.cache_info().currsize == 0, "what was made ready is not kept"
    assert [row.key for row in await centre.gateway.desk.households("", "LL00999", 5)] == ["LL00999"]
    await centre.until(lambda: not centre.gateway.writer.judge.to_tell, "every home being told")
    before = homes_of(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    assert homes_of(centre) == before


async def test_a_press_goes_between_the_parts_of_a_list(centre: Centre) -> None:
    coming = asyncio.create_task(centre.gateway.desk.submit(listed(centre, 5000)))
    pending = centre.gateway.writer.judge.states
    await centre.until(lambda: bool(pending.pending.brought), "the first part of the list")
    await centre.press(centre.home())
    assert registered(centre) == 0, "the press has rung, the list is still coming in"
    assert (await coming).done
    assert registered(centre) == 5000


async def test_a_flaw_in_the_last_part_keeps_back_the_whole_list(centre: Centre) -> None:
    before, command = homes_of(centre), listed(centre, 250)
    bad = msgspec.structs.replace(command.homes[-1].household, address="")
    flawed = msgspec.structs.replace(command, homes=(*command.homes[:-1], ImportedHome(bad, NO_VERSION)))
    answer = await centre.gateway.desk.submit(flawed)
    assert (answer.refused, answer.reasons) == ("bad_import", ("LL00249|address|missing",))
    assert homes_of(centre) == before
    twice = msgspec.structs.replace(command, homes=(*command.homes, command.homes[0]))
    assert (await centre.gateway.desk.submit(twice)).refused == "bad_import"
    assert homes_of(centre) == before
    assert (await centre.gateway.desk.submit(command)).done


async def test_a_home_that_somebody_registers_between_the_parts_keeps_back_the_list(centre: Centre) -> None:
    desk, command = centre.gateway.desk, listed(centre, 5)
    assert (await desk.submit(BringHomes(list_id="x", homes=command.homes, by="zhao"))).done
    mine = msgspec.structs.replace(command.homes[3].household, address="别处")
    assert (await desk.submit(SaveHousehold(household=mine, by="qian"))).done
    whole = ImportHouseholds(brought="x", count=5, by="zhao", note="名单.csv")
    answer = await desk.submit(whole)
    assert (answer.refused, answer.reasons) == ("edited_meanwhile", ("LL00003|key|edited_meanwhile",))
    assert registered(centre) == 1
    again = msgspec.structs.replace(whole, brought="y")
    assert (await desk.submit(again)).refused == "bad_import", "what nobody has brought"


async def test_a_list_that_was_brought_is_gone_with_the_gateway_and_nothing_of_it_is_registered(centre: Centre) -> None:
    command = listed(centre, 5)
    assert (await centre.gateway.desk.submit(BringHomes(list_id="x", homes=command.homes, by="zhao"))).done
    await centre.close_gateway()
    await centre.open_gateway()
    assert registered(centre) == 0
    whole = ImportHouseholds(brought="x", count=5, by="zhao", note="名单.csv")
    assert (await centre.gateway.desk.submit(whole)).refused == "bad_import"
