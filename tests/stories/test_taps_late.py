"""What was tapped without a network comes late and out of order: each word counts by when it was said."""

from __future__ import annotations

from datetime import timedelta

from centre import Centre
from on_the_way import OnTheWay, claimed, near

from alerting.dispatch.job import HandedTo, Stage
from alerting.model import EntryKind, IncidentState


async def accepted(centre: Centre) -> tuple[OnTheWay, str]:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who)
    return it, who


async def test_late_and_out_of_order_they_are_put_in_order_and_nothing_goes_backwards(centre: Centre) -> None:
    it, who = await accepted(centre)
    began = centre.clock.now()
    await centre.pass_time(minutes=20)
    said = {Stage.EN_ROUTE: 1, Stage.ON_SCENE: 9, Stage.INSIDE: 11, Stage.SAFE: 15}
    for stage in (Stage.INSIDE, Stage.EN_ROUTE, Stage.SAFE, Stage.ON_SCENE):
        at = began + timedelta(minutes=said[stage])
        assert (await it.says(who, stage, at=at)).done
        assert (await it.says(who, stage, at=at)).done, "sent twice"
    job = await it.job(who)
    assert job.stage is Stage.SAFE
    assert [(stage, (at - began) / timedelta(minutes=1)) for stage, at in job.times if stage in said] == list(
        said.items()
    )
    assert (await it.now()).state == IncidentState.RESOLVED
    (told,) = await it.lines(EntryKind.ARRIVED)
    assert told == f"{who}|{(began + timedelta(minutes=9)).isoformat()}"


async def test_a_word_of_before_the_press_says_nothing_of_after_it(centre: Centre) -> None:
    it, who = await accepted(centre)
    await it.says(who, Stage.INSIDE)
    safe_at = centre.clock.now()
    await centre.pass_time(minutes=5)
    await centre.press(it.home)
    assert (await it.says(who, Stage.SAFE, at=safe_at)).done
    here = await it.now()
    assert (here.state, here.unacknowledged) == (IncidentState.ON_SCENE, True)
    assert await it.lines(EntryKind.JOB_SAFE), "it is told"


async def test_needs_120_rings_however_late_it_comes(centre: Centre) -> None:
    it, who = await accepted(centre)
    await it.says(who, Stage.INSIDE)
    at = centre.clock.now()
    await centre.pass_time(minutes=3)
    await it.says(who, Stage.HANDED_OVER, HandedTo.FAMILY)
    rang = it.rang()
    assert (await it.says(who, Stage.NEEDS_120, at=at)).done
    assert it.rang() == rang + 1
    assert await it.stage(who) is Stage.HANDED_OVER


async def test_a_telephone_whose_clock_is_ahead_moves_nothing_into_the_future(centre: Centre) -> None:
    it, who = await accepted(centre)
    await it.says(who, Stage.EN_ROUTE, at=centre.clock.now() + timedelta(hours=3))
    assert (await it.job(who)).at(Stage.EN_ROUTE) == centre.clock.now()
    await it.says(who, Stage.ON_SCENE, at=centre.clock.now() - timedelta(days=1))
    assert (await it.job(who)).at(Stage.ON_SCENE) == (await it.job(who)).at(Stage.OFFERED)
