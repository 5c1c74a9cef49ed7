"""What was tapped on the page of a link without a network arrives later, in any order and twice, and counts once."""

from __future__ import annotations

from datetime import timedelta

from at_the_door import SCRIPT, at_the_door
from centre import Centre

from alerting.dispatch.job import Stage
from alerting.model import EntryKind, IncidentState
from tests.dashboard.visitor import Visitor

MINUTE_MS = 60_000


async def test_late_and_out_of_order_each_counts_by_when_it_was_tapped(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        began = centre.clock.now()
        fields = door.phone.form(door.path)
        await centre.pass_time(minutes=20)
        at_min = {Stage.EN_ROUTE: 1, Stage.ON_SCENE: 9, Stage.INSIDE: 11, Stage.SAFE: 15}
        for stage in (Stage.INSIDE, Stage.EN_ROUTE, Stage.SAFE, Stage.ON_SCENE):
            ago_ms = (20 - at_min[stage]) * MINUTE_MS
            for late_ms in (0, 700):  # the answer got lost, and it is sent once more
                sent = {**fields, "once": stage.value, "ago_ms": str(ago_ms + late_ms)}
                assert (await door.tap(stage.value, **sent)).status_code == 200
        job = await door.it.job(door.who.id)
        said = {stage: (at - began) / timedelta(minutes=1) for stage, at in job.times if stage in at_min}
        assert said == at_min
        assert len(await door.it.lines(EntryKind.ARRIVED)) == 1
        assert (await door.it.now()).state == IncidentState.RESOLVED


async def test_after_the_pass_was_given_anew_what_waited_is_still_good(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        waiting = door.phone.form(door.path)
        door.phone = Visitor(centre)
        assert (await door.phone.post(f"{door.path}/en_route", SCRIPT, **waiting)).status_code == 401
        assert await door.it.stage(door.who.id) is Stage.ACCEPTED
        await door.look()
        assert (await door.with_pin(answer="open")).status_code == 303
        assert (await door.tap("en_route", **waiting)).status_code == 200
        assert await door.it.stage(door.who.id) is Stage.EN_ROUTE


async def test_what_was_tapped_before_the_desk_called_back_is_told_and_calls_nobody_there(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        await centre.pass_time(minutes=4)
        assert (await door.it.recall(door.who.id)).done
        assert (await door.tap("on_scene", ago_ms=str(2 * MINUTE_MS))).status_code == 200
        job = await door.it.job(door.who.id)
        assert job.stage is Stage.RECALLED
        assert job.at(Stage.ON_SCENE) == centre.clock.now() - timedelta(minutes=2)
