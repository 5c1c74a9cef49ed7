"""Whoever would be inside first is offered first, with the reasons; who is on another job is offered last."""

from __future__ import annotations

import re

import msgspec
from centre import Centre
from on_duty import case

from alerting.casefile import Contact, Place, Role, covers
from alerting.model import EntryKind
from tests.dashboard.visitor import Visitor, arrived


async def offered(desk: Visitor, incident: str) -> list[tuple[str, str]]:
    """Id of everybody who may be sent, and what is said of them, in the order of the panel."""
    page = await desk.go(f"/incidents/{incident}")
    rows = re.findall(r"<li>(.*?)</li>", page[page.index('id="send"') :], flags=re.DOTALL)
    ids = [(re.search(r'name="responder" value="([^"]+)"', row), row) for row in rows]
    return [(found[1], re.sub(r"<[^>]+>|\s+", " ", row)) for found, row in ids if found]


async def test_the_holder_of_the_key_is_offered_before_whoever_is_nearer_and_after_being_sent_elsewhere_last(
    centre: Centre,
) -> None:
    home, other = centre.home(), centre.home(nth=1)
    file = case(centre, home)
    registry = centre.plan.registry
    near, holder, third = [it for it in registry.responders if it.duty == "grid"][:3]
    at = {near.id: 200, holder.id: 900, third.id: 3000}
    moved = [
        msgspec.structs.replace(
            it, place=Place(lat=file.place.lat + at[it.id] / 111_320, lon=file.place.lon) if it.id in at else None
        )
        for it in registry.responders
    ]
    key = Contact(name=holder.name, relation="网格员", phone=holder.phone, key_holder=True, verified=True)
    with_key = msgspec.structs.replace(file, contacts=(key,), village_responder="", town_responder="")
    homes = [with_key if it.key == file.key else it for it in registry.households]
    await centre.replace_registry(msgspec.structs.replace(registry, responders=tuple(moved), households=tuple(homes)))
    await centre.press(home)
    row = await centre.row_of(home)
    desk = arrived(centre, "op", Role.OPERATOR)
    await desk.go(f"/incidents/{row.incident}")
    await desk.send(f"/incidents/{row.incident}/claim")

    first, second = (await offered(desk, row.incident))[:2]
    assert (first[0], second[0]) == (holder.id, near.id)
    assert "有钥匙" in first[1]
    assert "900 m" in first[1]
    assert "最近" in second[1]

    await centre.press(other)
    elsewhere = await centre.row_of(other)
    await desk.go(f"/incidents/{elsewhere.incident}")
    await desk.send(f"/incidents/{elsewhere.incident}/claim")
    await desk.send(f"/incidents/{elsewhere.incident}/dispatch", responder=holder.id)
    now = await offered(desk, row.incident)
    assert now[0][0] == near.id
    assert now[-1][0] == holder.id
    assert "正在处置另一起" in now[-1][1]

    await desk.send(f"/incidents/{row.incident}/dispatch", responder=holder.id)
    timeline = (await centre.incident(row.incident)).timeline
    assert [it.text for it in timeline if it.kind is EntryKind.DISPATCHED] == [holder.id], "the desk may overrule"


async def test_who_comes_from_another_village_is_called_by_their_name(centre: Centre) -> None:
    home = centre.home()
    town = case(centre, home).area.rpartition(".")[0]
    stranger = next(it for it in centre.plan.registry.responders if it.duty == "grid" and not covers(town, it.area))
    await centre.press(home)
    row = await centre.row_of(home)
    desk = arrived(centre, "op", Role.OPERATOR)
    await desk.go(f"/incidents/{row.incident}")
    await desk.send(f"/incidents/{row.incident}/claim")
    await desk.send(f"/incidents/{row.incident}/dispatch", responder=stranger.id)
    timeline = desk.page[desk.page.index('<ol class="timeline">') :]
    line = next(it for it in re.findall(r"<li.*?</li>", timeline, re.DOTALL) if "已派单" in it)
    assert stranger.name in line
    assert stranger.id not in line
