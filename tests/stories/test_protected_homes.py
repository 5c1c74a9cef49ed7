"""The number of protected homes is right at the moment at which it changes, and a month can be counted from it."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from centre import Centre

from alerting.casefile import DeviceStage
from alerting.commands import AnnounceStep
from alerting.enrolment.commands import SaveHousehold, TakeDownDevice
from alerting.homes.lacks import Lack
from alerting.homes.testing import CALLERS
from alerting.policy import Policy
from gateway.equipment.contract import LackingRow
from nuanhu.town.homes import OWN, Home


async def number(centre: Centre) -> int:
    await centre.barrier()
    return (await centre.gateway.desk.protected()).protected


async def lacking(centre: Centre, home: Home) -> list[tuple[str, str]]:
    """(reason, role) of a home that is not protected; empty when it is."""
    return [(lack.word, lack.role) for row in await _rows(centre, home) for lack in row.lacks]


async def _rows(centre: Centre, home: Home) -> list[LackingRow]:
    await centre.barrier()
    view = await centre.gateway.desk.protected()
    return [row for row in view.lacking if row.household == home.household]


def with_one_button(centre: Centre) -> Home:
    """A home in which nothing but the button by the bed can call for help."""
    callers = [device.household for device in centre.plan.registry.devices if device.role in CALLERS]
    return next(home for home in centre.plan.homes if home.make == OWN and callers.count(home.household) == 1)


async def all_alive(centre: Centre, *, but: str = "") -> None:
    """Every device of the homes of our own protocol says that it is there, but one (registry id)."""
    for home in centre.plan.homes:
        if home.make == OWN:
            for fitted in home.fitted:
                if fitted.device.id != but:
                    await centre.alive(home, fitted.device)
    await centre.settled()


async def test_every_home_is_protected_at_first_in_its_village_town_and_city(centre: Centre) -> None:
    await centre.barrier()
    view = await centre.gateway.desk.protected()
    assert (view.protected, view.homes) == (len(centre.plan.homes), len(centre.plan.homes))
    assert view.reached
    assert view.lacking == ()
    for line in view.lines:
        mine = [h for h in centre.plan.registry.households if h.area == line.key or h.area.startswith(f"{line.key}.")]
        assert (line.protected, line.homes) == (len(mine), len(mine)), line.name


async def test_it_falls_at_the_second_at_which_the_button_should_have_spoken_and_rises_with_its_word(
    centre: Centre,
) -> None:
    home = with_one_button(centre)
    button = centre.device(home, "panic")
    before = await number(centre)
    late = centre.clock.now() + timedelta(seconds=home.by_id[button.id].silent_s)
    while centre.clock.now() + timedelta(minutes=30) < late:
        await centre.pass_time(minutes=30)
        await all_alive(centre, but=button.id)
    await centre.pass_time(seconds=(late - centre.clock.now()).total_seconds() - 1)
    assert await lacking(centre, home) == []
    await centre.pass_time(seconds=1)
    assert await lacking(centre, home) == [(Lack.NEVER_SEEN, "panic")]
    (row,) = await _rows(centre, home)
    assert row.since == centre.clock.now()
    await centre.alive(home, button)
    await centre.settled()
    assert await lacking(centre, home) == []
    assert before == len(centre.plan.homes)


async def test_a_home_is_not_protected_before_its_installation_is_finished(centre: Centre) -> None:
    home = with_one_button(centre)
    button = centre.device(home, "panic")
    registry = centre.plan.registry
    unfinished = [
        d if d.id != button.id else type(d)(**{**as_dict(d), "stage": DeviceStage.INSTALLED}) for d in registry.devices
    ]
    await centre.replace_registry(type(registry)(**{**as_dict(registry), "devices": tuple(unfinished)}))
    assert await lacking(centre, home) == [(Lack.NOT_ARMED, "panic")]
    assert await number(centre) == len(centre.plan.homes) - 1
    await centre.replace_registry(registry)
    assert await lacking(centre, home) == []


def as_dict(it: object) -> dict[str, object]:
    return {name: getattr(it, name) for name in it.__struct_fields__}  # type: ignore[attr-defined]


async def test_a_home_that_may_have_been_missed_is_not_protected_until_it_has_spoken(centre: Centre) -> None:
    home = centre.home()
    await centre.pass_time(seconds=30)
    await centre.close_gateway()
    centre.clock.advance(timedelta(minutes=10))
    await centre.open_gateway()
    assert await lacking(centre, home) == [(Lack.BLIND, "")]
    await centre.move(home)
    assert await lacking(centre, home) == []


async def test_an_overdue_test_press_and_the_press_that_mends_it(centre: Centre) -> None:
    home = centre.home()
    due = Policy().test_every_s
    assert await lacking(centre, home) == []
    await centre.pass_time(seconds=due - 1)
    assert (Lack.TEST_OVERDUE, "") not in await lacking(centre, home)
    await centre.pass_time(seconds=1)
    assert (Lack.TEST_OVERDUE, "") in await lacking(centre, home)
    states = {row.household: row.state for row in await centre.gateway.desk.presses()}
    assert states[home.household] == "overdue"
    for row in await centre.queue():  # the homes have said nothing for a month
        await centre.claim(row)
        await centre.spoke(row)
        await centre.close(row)
    device = centre.device(home, "panic")
    step = AnnounceStep(key=home.household, device=device.id, role="panic", by="zuoxi1")
    assert (await centre.ask(step)).done
    await centre.press(home)
    assert (Lack.TEST_OVERDUE, "") not in await lacking(centre, home)


async def test_how_long_each_town_was_protected_is_counted_to_the_second(centre: Centre) -> None:
    began: datetime = centre.clock.now()
    await centre.pass_time(seconds=30)
    await centre.close_gateway()
    centre.clock.advance(timedelta(minutes=10))
    await centre.open_gateway()
    await centre.pass_time(minutes=20)
    lines = await centre.gateway.desk.availability(began, centre.clock.now())
    assert sum(line.homes for line in lines) == len(centre.plan.homes)
    for line in lines:
        assert line.judged_min == pytest.approx(line.homes * 30.5, abs=0.02)
        assert line.protected_min == pytest.approx(line.homes * 10.5, abs=0.02), "blind from the start on"


async def test_a_home_that_is_in_another_village_now_counts_there_and_no_more_where_it_was(centre: Centre) -> None:
    home = with_one_button(centre)
    households = centre.gateway.directory.households
    mine = households[home.household]
    other = next(it.area for it in households.values() if it.area.rpartition(".")[0] != mine.area.rpartition(".")[0])
    town = mine.area.rpartition(".")[0]
    before = {area: await counted(centre, area) for area in (mine.area, town, other, "")}
    moved = msgspec.structs.replace(mine, area=other, village_responder="", town_responder="")
    answer = await centre.ask(SaveHousehold(household=moved, by="admin"))
    assert answer.done, answer
    after = {area: await counted(centre, area) for area in before}
    more = {mine.area: -1, town: -1, other: 1, "": 0}
    assert after == {area: (n + more[area], m + more[area]) for area, (n, m) in before.items()}
    assert (await centre.ask(TakeDownDevice(device=centre.device(home, "panic").id, by="admin"))).done
    assert await lacking(centre, home) != []
    fewer = {other: -1, "": -1}
    assert {area: await counted(centre, area) for area in before} == {
        area: (n + fewer.get(area, 0), m) for area, (n, m) in after.items()
    }


async def counted(centre: Centre, area: str) -> tuple[int, int]:
    """(protected homes, homes) of an area."""
    await centre.barrier()
    view = await centre.gateway.desk.protected(area)
    return view.protected, view.homes
