"""Whoever goes there says that they have read what to beware of; the desk sees who, when and what it was."""

from __future__ import annotations

import msgspec
from at_the_door import at_the_door
from centre import Centre

from alerting.casefile import Role
from alerting.model import EntryKind
from tests.dashboard.visitor import arrived

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
        (note,) = [it for it in (await centre.incident(door.it.row.incident)).timeline if it.kind is EntryKind.NOTE]
        assert (note.by, note.text) == (f"responder:{door.who.id}", f"已阅注意事项：{'；'.join(RISKS)}")
        desk = arrived(centre, "zuoxi9", Role.OPERATOR)
        shown = await desk.go(f"/?incident={door.it.row.incident}")
        assert note.text in shown
        assert door.who.name in shown
