"""Whoever is with the resident says that 120 is needed: it rings at the desk at once, whatever was thought before."""

from __future__ import annotations

from centre import P1, Centre
from on_the_way import OnTheWay, claimed, near

from alerting.dispatch.job import HandedTo, Stage
from alerting.model import EntryKind, IncidentState


async def inside(centre: Centre) -> tuple[OnTheWay, str]:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who)
    await it.says(who, Stage.INSIDE)
    return it, who


async def test_it_rings_and_blocks_closing_until_somebody_has_taken_it(centre: Centre) -> None:
    it, who = await inside(centre)
    rang = it.rang()
    assert (await it.says(who, Stage.NEEDS_120)).done
    assert it.rang() == rang + 1
    here = await it.now()
    assert (here.unacknowledged, here.priority, here.state) == (True, P1, IncidentState.ON_SCENE)
    assert await it.lines(EntryKind.JOB_NEEDS_120) == [who]
    assert (await centre.close(it.row)).refused == "unacknowledged"
    await centre.claim(here)
    assert (await it.says(who, Stage.HANDED_OVER, HandedTo.AMBULANCE)).done
    assert (await it.job(who)).reason == "ambulance"


async def test_after_safe_it_is_open_again(centre: Centre) -> None:
    it, who = await inside(centre)
    await it.says(who, Stage.SAFE)
    assert (await it.now()).state == IncidentState.RESOLVED
    rang = it.rang()
    await centre.pass_time(seconds=5)
    await it.says(who, Stage.NEEDS_120)
    assert it.rang() == rang + 1
    assert (await it.now()).state == IncidentState.ON_SCENE
    assert await it.stage(who) is Stage.NEEDS_120


async def test_nobody_has_taken_a_press_of_meanwhile_and_it_sounds_all_the_same(centre: Centre) -> None:
    it, who = await inside(centre)
    await centre.press(it.home)
    rang = it.rang()
    await it.says(who, Stage.NEEDS_120)
    assert it.rang() == rang + 1
