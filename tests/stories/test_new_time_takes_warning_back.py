"""Whoever tells a better time takes the warning back: nothing rings any more for what is not so."""

from __future__ import annotations

from centre import Centre
from on_the_way import claimed, near

from alerting.dispatch.job import Stage
from alerting.model import EntryKind

MINUTE = 60


async def test_a_better_time_silences_it_and_a_worse_one_rings_anew(centre: Centre) -> None:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await centre.pass_time(minutes=1)
    await it.accepts(who, eta_s=50 * MINUTE)
    assert (await it.now()).unacknowledged
    await it.says(who, Stage.EN_ROUTE)
    assert (await it.now()).unacknowledged, "on the way, and still too late"
    await it.accepts(who, eta_s=20 * MINUTE)
    here = await it.now()
    assert (here.unacknowledged, here.missed, here.claimed_by) == (False, "", "zuoxi1")
    assert await it.lines(EntryKind.EXPECTED_IN_TIME) == [f"{who}|21|45"]
    eta_at = (await it.job(who)).eta_at
    assert eta_at is not None
    assert await it.lines(EntryKind.JOB_ETA) == [f"{who}||{eta_at.isoformat()}"]
    rang = it.rang()
    await it.accepts(who, eta_s=60 * MINUTE)
    assert it.rang() == rang + 1


async def test_the_press_that_came_meanwhile_goes_on_ringing(centre: Centre) -> None:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who, eta_s=50 * MINUTE)
    await centre.pass_time(seconds=5)
    await centre.press(it.home)
    await it.accepts(who, eta_s=20 * MINUTE)
    here = await it.now()
    assert (here.unacknowledged, here.missed) == (True, "")
