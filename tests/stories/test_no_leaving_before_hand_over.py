"""Whoever is inside stays until the resident is handed over: no other job, no "I cannot go any more"."""

from __future__ import annotations

from centre import Centre
from on_the_way import OnTheWay, claimed, near

from alerting.dispatch.job import HandedTo, Stage
from alerting.model import EntryKind, IncidentState


async def inside(centre: Centre) -> tuple[OnTheWay, str]:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who)
    for stage in (Stage.EN_ROUTE, Stage.ON_SCENE, Stage.INSIDE):
        assert (await it.says(who, stage)).done
    return it, who


async def test_who_is_inside_is_not_let_go_to_another_call(centre: Centre) -> None:
    it, who = await inside(centre)
    assert (await it.cannot_go(who, "另一户更急")).refused == "hand_over_first"
    other = await claimed(centre, centre.home(nth=1))
    refused = await other.send(who)
    assert (refused.refused, refused.held_by) == ("on_other_job", it.row.incident)
    assert (await it.says(who, Stage.NEEDS_120)).done
    assert (await other.send(who)).refused == "on_other_job", "the ambulance is called, and not there yet"
    assert (await it.says(who, Stage.HANDED_OVER, HandedTo.AMBULANCE)).done
    assert (await other.send(who)).done
    assert (await other.accepts(who)).done


async def test_safe_is_not_yet_over_until_the_desk_agrees(centre: Centre) -> None:
    it, who = await inside(centre)
    assert (await it.let_go(who)).refused == "not_safe"
    assert (await it.says(who, Stage.SAFE)).done
    assert (await it.now()).state == IncidentState.RESOLVED
    assert (await it.says(who, Stage.HANDED_OVER, HandedTo.DESK)).refused == "desk_must_agree"
    assert await it.stage(who) is Stage.SAFE
    assert (await it.let_go(who)).done
    assert await it.stage(who) is Stage.HANDED_OVER
    assert await it.lines(EntryKind.JOB_HANDED_OVER) == [f"{who}||desk"]


async def test_to_another_responder_only_when_that_one_is_there(centre: Centre) -> None:
    it, who = await inside(centre)
    other = (await near(centre))[1]
    assert (await it.says(who, Stage.HANDED_OVER)).refused == "to_whom"
    await it.send(other)
    await it.accepts(other)
    assert (await it.says(who, Stage.HANDED_OVER, HandedTo.RESPONDER)).refused == "nobody_there"
    await it.says(other, Stage.ON_SCENE)
    assert (await it.says(who, Stage.HANDED_OVER, HandedTo.RESPONDER)).done
    assert ((await it.now()).responder, (await it.now()).state) == (other, IncidentState.ON_SCENE)


async def test_closing_is_the_desk_s_word_that_nobody_has_to_stay(centre: Centre) -> None:
    it, who = await inside(centre)
    await it.says(who, Stage.SAFE)
    await centre.claim(await it.now())
    assert (await centre.close(it.row)).done
    other = await claimed(centre, centre.home(nth=1))
    assert (await other.send(who)).done
    assert (await other.accepts(who)).done
