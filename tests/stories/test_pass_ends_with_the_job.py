"""The pass of a link is for one job: once that is over, the page says nothing of anybody, and takes no new word."""

from __future__ import annotations

from at_the_door import AtTheDoor, at_the_door
from centre import Centre
from on_both_stores import only_sqlite

from alerting.dispatch.job import Stage
from alerting.model import EntryKind
from tests.dashboard.visitor import told


async def is_over(door: AtTheDoor) -> None:
    """Nothing of the person is shown, and a note is refused with the reason."""
    fields = door.phone.form(door.path)
    page = await door.look()
    assert door.phone.status == 410
    for word in (door.file.title, door.file.address, door.file.access):
        assert word not in page
    answer = await door.phone.post(f"{door.path}/note", headers={"accept": "application/json"}, **fields, text="x")
    assert answer.status_code == 410
    assert told(answer)["message"] == "此任务已结束：已交接、已召回或已由他人接手。"
    assert not await door.it.lines(EntryKind.NOTE)


async def test_handed_over(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        for step in ("en_route", "on_scene", "inside", "safe"):
            assert (await door.tap(step, text="老人平安")).status_code == 200
            assert door.file.address in await door.look()
        assert (await door.tap("handed_over", to="family")).status_code == 200
        await is_over(door)


async def test_called_back(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        assert (await door.it.recall(door.who.id)).done
        await is_over(door)


async def test_closed(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        await centre.spoke(door.it.row)
        assert (await centre.close(door.it.row)).done
        await is_over(door)


@only_sqlite
async def test_sent_again_the_old_pass_opens_nothing_before_the_pin(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        assert (await door.it.recall(door.who.id)).done
        await door.sent()
        assert door.file.address not in await door.look()
        assert await door.it.stage(door.who.id) is Stage.OFFERED
        assert door.file.address in await door.opened()


@only_sqlite
async def test_whoever_goes_there_keeps_the_link_beyond_its_time_and_nobody_else(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        await door.tap("on_scene")
        await centre.pass_time(minutes=46)
        assert door.file.address in await door.look(), "they are at the door"
        await centre.pass_time(hours=6)
        await door.look()
        assert door.phone.status == 410
