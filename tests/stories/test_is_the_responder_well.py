"""Whoever is at the door or inside and says nothing more: the desk is asked to call them, and a call is an answer."""

from __future__ import annotations

import html

from centre import Centre
from on_the_way import claimed, near

from alerting.casefile import Role
from alerting.dispatch.job import Stage
from alerting.model import EntryKind, IncidentState
from tests.dashboard.visitor import arrived


async def test_twenty_minutes_inside_without_a_word_ring_and_a_call_starts_them_anew(centre: Centre) -> None:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.accepts(who)
    await it.says(who, Stage.INSIDE)
    rang = it.rang()
    await it.works(20)
    assert it.rang() == rang + 1
    here = await it.now()
    assert (here.state, here.missed, here.unacknowledged) == (IncidentState.ON_SCENE, EntryKind.ASKED_AFTER, True)
    desk = arrived(centre, "zuoxi1", Role.OPERATOR)
    page = html.unescape(await desk.go(f"/incidents/{it.row.incident}"))
    assert "是否平安？请打电话联系。" in page
    await centre.claim(here)
    await desk.go(f"/incidents/{it.row.incident}")
    fields = desk.form(f"/incidents/{it.row.incident}/call?back=page")
    await desk.post(f"/incidents/{it.row.incident}/call?back=page", **{**fields, "responder": who, "result": "spoke"})
    assert (await it.now()).missed == ""
    assert not (await centre.incident(it.row.incident)).incident.contact, "it says nothing of the resident"
    await it.works(19)
    assert len(await it.lines(EntryKind.ASKED_AFTER)) == 1
    await it.works(1)
    assert len(await it.lines(EntryKind.ASKED_AFTER)) == 2


async def test_every_word_of_theirs_is_one(centre: Centre) -> None:
    it, who = await claimed(centre), (await near(centre))[0]
    await it.send(who)
    await it.says(who, Stage.ON_SCENE)
    await it.works(15)
    await it.says(who, Stage.INSIDE)
    await it.works(19)
    assert await it.lines(EntryKind.ASKED_AFTER) == []
