"""Whoever the desk sends gets a message with a link of their own: its PIN opens the job, and there is no sign-in."""

from __future__ import annotations

from at_the_door import at_the_door
from centre import Centre
from on_both_stores import only_sqlite

from alerting.dispatch.job import Stage
from alerting.model import EntryKind
from tests.dashboard.visitor import Visitor


async def test_the_message_says_the_least_and_has_the_link(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        text = await door.sent()
        assert "已派您前往" in text
        for word in (door.file.title, door.file.address, door.file.residents[0].phone):
            assert word not in text
        assert (await door.story.line(door.it.row.incident, EntryKind.PAGE_SENT)).text.startswith(door.who.name)


async def test_a_messenger_that_previews_the_link_accepts_nothing(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        robot = Visitor(centre)
        for _ in range(3):
            page = await robot.go(door.path)
            assert robot.status == 200
            for word in (door.file.title, door.file.address, door.file.access, door.file.contacts[0].phone):
                assert word not in page
        assert await door.it.stage(door.who.id) is Stage.OFFERED
        assert await door.it.lines(EntryKind.PAGE_SEEN) == [door.who.name]
        assert (await robot.post(f"{door.path}/en_route", **robot.form(door.path))).status_code == 303
        assert await door.it.stage(door.who.id) is Stage.OFFERED


async def test_with_the_pin_it_is_accepted_and_the_page_says_where_and_how(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.look()
        answer = await door.with_pin(eta_min="20")
        assert answer.status_code == 303
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert f"Path={door.path}" in answer.headers["set-cookie"]
        page = await door.look()
        for word in (door.file.title, door.file.address, door.file.access, *door.file.risks):
            assert word in page
        job = await door.it.job(door.who.id)
        assert job.stage is Stage.ACCEPTED
        assert job.eta_at is not None
        assert (job.eta_at - centre.clock.now()).total_seconds() == 20 * 60
        assert door.file.address not in await Visitor(centre).go(door.path), "the pass is this browser's"


@only_sqlite
async def test_wrong_pins_open_nothing_and_are_bounded(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.look()
        statuses = [(await door.with_pin("0000")).status_code for _ in range(6)]
        assert statuses == [401] * 5 + [429]
        assert (await door.with_pin()).status_code == 429
        assert await door.it.stage(door.who.id) is Stage.OFFERED


async def test_who_cannot_go_says_why_with_the_pin_and_sees_nothing(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.look()
        rang = door.it.rang()
        assert (await door.with_pin(answer="declined", why="车坏了")).status_code == 303
        page = await door.look()
        assert door.file.address not in page
        assert await door.it.lines(EntryKind.JOB_DECLINED) == [f"{door.who.id}|车坏了"]
        assert door.it.rang() == rang + 1


@only_sqlite
async def test_without_a_pin_nobody_opens_it(centre: Centre) -> None:
    async with at_the_door(centre, pin="") as door:
        await door.sent()
        page = await door.look()
        assert 'name="pin"' not in page
        assert "尚未设置 PIN" in page
