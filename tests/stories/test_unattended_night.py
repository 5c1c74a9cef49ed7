"""Nobody at the desk all night: press, chain, key 1, door, safe, handed over; in the morning the desk finds it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from at_the_door import SCRIPT
from centre import Centre
from on_call import PIN, OnCall, on_call
from on_duty import LAST, case, in_force, name, plan, step, village

from alerting.casefile import Role
from alerting.dispatch.job import Stage
from alerting.model import EntryKind, IncidentState, Outcome
from gateway.desk.contract import QueueRow
from nuanhu.replay.table import show
from tests.dashboard.visitor import Visitor, arrived
from tests.stories.test_nuanhu_replay import asked


async def goes(story: OnCall, row: QueueRow) -> None:
    """Whoever pressed 1 opens the link of their message, and says how far they have come."""
    centre = story.centre
    person = village(centre, centre.home())
    number = centre.gateway.directory.addresses.of(person, "voice")
    path = await story.link(number)
    phone = Visitor(centre)
    await phone.go(path)
    assert (await phone.post(path, **phone.form(path), pin=PIN, answer="open")).status_code == 303
    assert case(centre, centre.home()).address in await phone.go(path)
    fields = phone.form(path)
    for minutes, step_, more in (
        (9, "on_scene", {}),
        (2, "inside", {}),
        (6, "safe", {"text": "起夜时滑倒，无外伤，已扶回床上"}),
        (20, "handed_over", {"to": "family"}),
    ):
        await centre.pass_time(minutes=minutes)
        answer = await phone.post(f"{path}/{step_}", SCRIPT, **{**fields, "once": step_, **more})
        assert answer.status_code == 200, (step_, answer.text)
    assert (await centre.incident(row.incident)).incident.claimed_by == ""


async def test_from_the_press_to_the_safe_person_and_the_desk_finds_it_in_the_morning(centre: Centre) -> None:
    began = centre.clock.now() - timedelta(minutes=1)
    home = centre.home()
    person = village(centre, home)
    async with on_call(centre, page_pins={person: PIN}) as story:
        number = centre.gateway.directory.addresses.of(person, "voice")
        story.main.phones[number] = "presses_1"
        await in_force(centre, plan(step(30, "village"), LAST, accept_s=3600))
        await centre.press(home)
        row = await centre.row_of(home)
        await centre.pass_time(seconds=30)
        await centre.until(lambda: story.main.texts(number), "the message")
        await centre.pass_time(seconds=30)
        assert (await story.line(row.incident, EntryKind.PAGE_ACCEPTED)).text == f"key|{name(centre, person)}"
        await goes(story, row)
        await centre.pass_time(hours=5)

        found = await centre.row_of(home)
        assert (found.state, found.unacknowledged, found.arrived) == (IncidentState.RESOLVED, True, True)
        view = await centre.incident(row.incident)
        said = [EntryKind.PAGE_ACCEPTED, EntryKind.ARRIVED, EntryKind.JOB_INSIDE, EntryKind.RESOLVED]
        said += [EntryKind.JOB_HANDED_OVER]
        assert [it.kind for it in view.timeline if it.kind in said] == said
        assert view.timeline[-1].kind is EntryKind.JOB_HANDED_OVER, "nobody is called any more: the person is safe"
        job = view.incident.job_of(person.removeprefix("responder:"))
        assert job is not None
        assert (job.stage, job.reason) == (Stage.HANDED_OVER, "family")
        assert {it.by for it in view.timeline if it.kind in said} == {person}

        desk = arrived(centre, "zaoban", Role.OPERATOR)
        page = await desk.go(f"/?incident={row.incident}")
        assert "起夜时滑倒，无外伤，已扶回床上" in page
        assert (await centre.claim(found)).done
        assert (await centre.close(found, Outcome.REAL)).done
        assert await centre.queue() == []
        report = await asyncio.to_thread(asked, centre, began)
        assert report.same is True, show(report)
