"""Whoever goes there, and whoever has it at the desk, says that they have read what to beware of, as it was shown."""

from __future__ import annotations

import msgspec
from at_the_door import AtTheDoor, at_the_door
from centre import Centre

from alerting.casefile import Role
from alerting.commands import Note, ReadRisks
from alerting.model import Entry, EntryKind
from tests.dashboard.visitor import arrived
from tests.stories.test_replayed import replayed

RISKS = ("院内有大狗", "煤气罐在门后")


async def test_it_stands_in_the_timeline_once_and_is_not_asked_again(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        homes = centre.gateway.directory.households
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS)
        await door.sent()
        page = await door.opened()
        assert all(risk in page for risk in RISKS)
        assert "已知悉注意事项" in page
        await centre.pass_time(seconds=20)
        for _ in range(2):  # the answer got lost, and it is sent once more
            assert (await door.tap("risks", once="read")).status_code == 200
        page = await door.look()
        assert "/risks" not in page
        assert "08:00:20 已阅" in page
        line, *others = await read(door)
        assert others == []
        assert (line.by, line.text) == (f"responder:{door.who.id}", "|".join((door.who.id, "", *RISKS)))
        shown = await desk(door)
        assert "已阅注意事项" in shown
        assert f"{door.who.name} · {'；'.join(RISKS)}" in shown


async def test_tapped_without_a_network_it_counts_by_when_it_was_tapped(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        homes = centre.gateway.directory.households
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS)
        await door.sent()
        await door.opened()
        await centre.pass_time(minutes=5)
        assert (await door.tap("risks", ago_ms=str(4 * 60_000))).status_code == 200
        (line,) = await read(door)
        assert line.text.split("|")[1].startswith("2026"), "with the time of the tap"
        assert "于08:01:00所报，此时收到" in await desk(door)


async def test_what_has_come_to_be_known_since_is_to_be_read_anew(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        homes = centre.gateway.directory.households
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS[:1])
        await door.sent()
        await door.opened()
        await door.tap("risks")
        assert "/risks" not in await door.look()
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS)
        assert "/risks" in await door.look()
        await door.tap("risks")
        assert [line.text.split("|")[2:] for line in await read(door)] == [[RISKS[0]], [*RISKS]]


async def test_a_note_from_before_it_had_a_line_of_its_own_counts_too(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        homes = centre.gateway.directory.households
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS)
        await door.sent()
        await door.opened()
        row, by = door.it.row, f"responder:{door.who.id}"
        text = f"已阅注意事项：{'；'.join(RISKS)}"
        assert (await centre.ask(Note(key=row.key, incident=row.incident, by=by, text=text))).done
        assert "/risks" not in await door.look()


async def test_whoever_does_not_go_there_cannot_say_it(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        await door.sent()
        await door.opened()
        assert (await door.it.recall(door.who.id)).done
        row = door.it.row
        said = ReadRisks(key=row.key, incident=row.incident, by=f"responder:{door.who.id}", risks=RISKS)
        assert (await centre.ask(said)).refused == "not_yours"
        assert (await centre.ask(msgspec.structs.replace(said, by="zuoxi2"))).refused == "held_by_other"
        assert await read(door) == []
        replayed(centre)


async def test_whoever_has_it_at_the_desk_says_it_by_one_press_and_anew_once_there_is_another_risk(
    centre: Centre,
) -> None:
    async with at_the_door(centre) as door:
        homes, row = centre.gateway.directory.households, door.it.row
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS[:1])
        mine = arrived(centre, "zuoxi1", Role.OPERATOR)
        page = f"/?incident={row.incident}"
        assert 'id="do-risks"' in await mine.go(page)
        assert 'id="do-risks"' not in await desk(door), "only whoever has it"
        await door.sent()
        assert (await door.it.now()).responder == door.who.id, "nothing has waited for it"
        await mine.go(page)
        await mine.send(f"/incidents/{row.incident}/risks")
        assert 'id="do-risks"' not in mine.page
        assert 'id="risks-read"' in mine.page
        (line,) = await read(door)
        assert (line.by, line.text.split("|")) == ("zuoxi1", ["", "", RISKS[0]])
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS)
        assert 'id="do-risks"' in await mine.go(page)
        replayed(centre)


async def test_what_was_not_shown_is_not_acknowledged_it_is_shown_and_asked_for_anew(centre: Centre) -> None:
    async with at_the_door(centre) as door:
        homes, row = centre.gateway.directory.households, door.it.row
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS[:1])
        mine = arrived(centre, "zuoxi1", Role.OPERATOR)
        await mine.go(f"/?incident={row.incident}")
        assert "尚未确认知悉" in mine.page
        assert "尚未确认知悉" in await desk(door), "everybody sees that it has not been said yet"
        await door.sent()
        await door.opened()
        shown = {"shown": door.phone.form(f"{door.path}/risks")["shown"]}
        homes[door.file.key] = msgspec.structs.replace(door.file, risks=RISKS)
        assert (await door.tap("risks", **shown)).status_code == 409
        await mine.send(f"/incidents/{row.incident}/risks")
        assert "注意事项刚有变动" in mine.page
        assert RISKS[1] in mine.page
        assert await read(door) == []
        await mine.send(f"/incidents/{row.incident}/risks")
        assert "尚未确认知悉" not in mine.page
        assert [line.text.split("|")[2:] for line in await read(door)] == [[*RISKS]]
        replayed(centre)


async def read(door: AtTheDoor) -> list[Entry]:
    """The lines that say it."""
    timeline = (await door.centre.incident(door.it.row.incident)).timeline
    return [it for it in timeline if it.kind is EntryKind.RISKS_READ]


async def desk(door: AtTheDoor) -> str:
    """The incident as the desk sees it."""
    return await arrived(door.centre, "zuoxi9", Role.OPERATOR).go(f"/?incident={door.it.row.incident}")
