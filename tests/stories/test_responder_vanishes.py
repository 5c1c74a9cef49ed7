"""Whoever has accepted and is not heard of again: the desk rings, reads whom to call, and is not offered them first."""

from __future__ import annotations

import html

from centre import Centre
from on_the_way import claimed, near

from alerting.casefile import Role
from alerting.dispatch.job import Stage
from alerting.model import EntryKind
from tests.dashboard.visitor import arrived


async def test_no_word_for_twenty_minutes_rings_once_until_they_say_something(centre: Centre) -> None:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who)
    since, rang = centre.clock.now(), it.rang()
    await it.works(19)
    assert it.rang() == rang
    await it.works(1)
    assert it.rang() == rang + 1
    assert await it.lines(EntryKind.NO_WORD) == [f"{who}|{since.isoformat()}"]
    desk = arrived(centre, "zuoxi9", Role.OPERATOR)
    page = html.unescape(await desk.go(f"/incidents/{it.row.incident}"))
    (person,) = [r for r in (await centre.gateway.desk.responders(it.row.area)) if r.id == who]
    part = page.partition('class="job-list"')[2].partition("</section>")[0]
    assert f"没有 {person.name} 的消息。请打电话联系，并另派一人。" in part
    assert person.phone in part, "the number beside it"
    offered = [c.responder.id for c in await _offered(centre, it.row.key, it.row.incident, who)]
    assert offered[-1] == who

    await centre.claim(await it.now())
    await it.works(10)
    assert len(await it.lines(EntryKind.NO_WORD)) == 1, "once for one silence"
    assert (await it.says(who, Stage.EN_ROUTE)).done
    assert (await it.now()).missed == ""
    await it.works(20)
    assert len(await it.lines(EntryKind.NO_WORD)) == 2, "and anew for another one"


async def _offered(centre: Centre, key: str, incident: str, silent: str) -> list[object]:
    return list(await centre.gateway.desk.candidates(key, incident, (), (), (silent,)))


async def test_who_has_said_when_is_waited_for_until_ten_minutes_after(centre: Centre) -> None:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who, eta_s=25 * 60)
    await it.works(34)
    assert await it.lines(EntryKind.NO_WORD) == []
    await it.works(1)
    assert len(await it.lines(EntryKind.NO_WORD)) == 1
