"""Where the case file says so, a neighbour with a key is rung beside everything else, and stops nothing of it."""

from __future__ import annotations

import html
from typing import Any

import msgspec
from centre import Centre
from on_call import OnCall, on_call
from on_duty import case

from alerting.casefile import Contact, Role
from alerting.dispatch.neighbour import NeighbourStage
from alerting.keeping.consent import Consent, ConsentFor
from alerting.model import EntryKind
from gateway.desk.contract import QueueRow
from tests.dashboard.visitor import arrived

NAME, NUMBER = "邻居田婶", "19900000871"


async def lives_next_door(centre: Centre, *, agreed: bool = True, **more: Any) -> None:
    """The home of the first address has a neighbour with a key who is to be rung at once."""
    home = case(centre, centre.home())
    neighbour = Contact(
        name=NAME, relation="邻居", phone=NUMBER, key_holder=True, verified=True, rings_first=True, **more
    )
    purposes = tuple(ConsentFor) if agreed else (ConsentFor.MONITORING,)
    paper = Consent(who=home.title, on=centre.clock.now().date(), purposes=purposes)
    changed = msgspec.structs.replace(home, contacts=(*home.contacts, neighbour), consents=(paper,))
    registry = centre.plan.registry
    households = tuple(changed if it.key == home.key else it for it in registry.households)
    await centre.replace_registry(msgspec.structs.replace(registry, households=households))


async def pressed(story: OnCall, answer: str = "ignores") -> QueueRow:
    story.main.phones[NUMBER] = answer
    await story.centre.press(story.centre.home())
    return await story.centre.row_of(story.centre.home())


async def stages(story: OnCall, row: QueueRow) -> list[NeighbourStage]:
    return [it.stage for it in (await story.centre.incident(row.incident)).incident.neighbours]


async def test_rung_at_once_with_the_least_words_and_their_yes_stops_nothing(centre: Centre) -> None:
    await lives_next_door(centre)
    async with on_call(centre) as story:
        row = await pressed(story, "presses_1")
        goes = await story.line(row.incident, EntryKind.NEIGHBOUR_GOES)
        assert goes.text == NAME
        (text,) = story.main.texts(NUMBER)
        home = case(centre, centre.home())
        assert home.address in text
        assert home.title not in text
        assert "紧急" not in text, "not what has happened"
        here = await centre.row_of(centre.home())
        assert (here.unacknowledged, here.accepted_until, here.responder) == (True, None, "")
        page = html.unescape(await arrived(centre, "zuoxi9", Role.OPERATOR).go(f"/incidents/{row.incident}"))
        assert f"<strong>{NAME}</strong>" in page
        assert "前往查看" in page
        await centre.pass_time(seconds=90)
        await centre.until(lambda: story.main.texts("13800000001"), "the duty telephone, on its own time")


async def test_claimed_at_once_they_are_rung_all_the_same(centre: Centre) -> None:
    await lives_next_door(centre)
    async with on_call(centre) as story:
        row = await pressed(story)
        await centre.claim(row)
        await centre.until(lambda: story.main.kept("voice"), "the call")
        assert await stages(story, row) == [NeighbourStage.RUNG]


async def test_declined_is_declined(centre: Centre) -> None:
    await lives_next_door(centre)
    async with on_call(centre) as story:
        row = await pressed(story, "presses_2")
        await story.line(row.incident, EntryKind.NEIGHBOUR_CANNOT)
        await centre.pass_time(minutes=10)
        await centre.press(centre.home())
        assert await stages(story, row) == [NeighbourStage.CANNOT]
        assert len(story.main.texts(NUMBER)) == 1


async def test_outside_of_their_hours_they_sleep(centre: Centre) -> None:
    await lives_next_door(centre, hours="09:00-21:00")  # it is eight
    async with on_call(centre) as story:
        row = await pressed(story)
        await story.line(row.incident, EntryKind.NEIGHBOUR_NOT_RUNG)
        await centre.pass_time(seconds=90)
        assert story.main.texts(NUMBER) == []
        await centre.pass_time(minutes=60)
        await centre.press(centre.home())
        await centre.until(lambda: story.main.texts(NUMBER), "the message, now that they are up")


async def test_without_consent_nobody_is_rung(centre: Centre) -> None:
    await lives_next_door(centre, agreed=False)
    async with on_call(centre) as story:
        row = await pressed(story)
        await centre.pass_time(seconds=90)
        assert await stages(story, row) == []
        assert story.main.texts(NUMBER) == []
