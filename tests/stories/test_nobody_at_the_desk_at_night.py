"""Nobody is at the desk: whoever accepts, vanishes or cannot go after all never leaves the person waiting for them."""

from __future__ import annotations

from centre import Centre
from on_call import OnCall, on_call
from on_duty import in_force, plan, step, town, village

from alerting.commands import AcceptJob, DeclineJob, ReportStage
from alerting.dispatch.job import Stage
from alerting.model import EntryKind, IncidentState
from gateway.desk.contract import QueueRow


async def accepted_by_key(story: OnCall, accept_s: int = 300) -> tuple[QueueRow, str]:
    """A press that nobody takes; the responsible person of the village has pressed 1 on their telephone."""
    centre = story.centre
    home = centre.home()
    who = village(centre, home)
    number = centre.gateway.directory.addresses.of(who, "voice")
    story.main.phones[number] = "presses_1"
    await in_force(centre, plan(step(30, "village"), step(600, "town"), LAST_OF_ALL, accept_s=accept_s))
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await centre.until(lambda: story.main.texts(number), "the text message")
    await centre.pass_time(seconds=30)
    await story.line(row.incident, EntryKind.PAGE_ACCEPTED)
    story.main.phones[number] = "ignores"
    return await centre.row_of(home), who.partition(":")[2]


LAST_OF_ALL = step(900, "duty_phones")


async def test_key_1_makes_a_job_as_if_the_desk_had_sent_them(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await accepted_by_key(story)
        assert (row.state, row.responder, row.accepted) == (IncidentState.DISPATCHED, who, True)
        assert row.unacknowledged, "nobody at the desk has it, and it says so"
        job = (await centre.incident(row.incident)).incident.job_of(who)
        assert job is not None
        assert job.stage is Stage.ACCEPTED


async def test_who_says_that_they_are_on_the_way_is_waited_for_and_when_they_vanish_the_next_is_called(
    centre: Centre,
) -> None:
    async with on_call(centre) as story:
        row, who = await accepted_by_key(story)
        other = centre.gateway.directory.addresses.of(town(centre, centre.home()), "sms")
        way = ReportStage(key=row.key, incident=row.incident, by=f"responder:{who}", stage=Stage.EN_ROUTE)
        assert (await centre.ask(way)).done
        await centre.pass_time(minutes=19)
        assert await story.lines(row.incident, EntryKind.ACCEPTANCE_EXPIRED) == [], "they have said that they come"
        assert story.main.texts(other) == []
        rang = centre.rang.count(row.incident)
        await centre.pass_time(minutes=1)
        assert len(await story.lines(row.incident, EntryKind.NO_WORD)) == 1
        assert centre.rang.count(row.incident) > rang
        await centre.until(lambda: story.main.texts(other), "the message to the next one, at once")
        assert (await centre.ask(way)).done
        assert (await centre.row_of(centre.home())).missed == "", "their later word makes it good"


async def test_who_says_that_they_come_too_late_has_somebody_nearer_called(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await accepted_by_key(story)
        other = centre.gateway.directory.addresses.of(town(centre, centre.home()), "sms")
        late = AcceptJob(key=row.key, incident=row.incident, by=f"responder:{who}", eta_s=70 * 60)
        assert (await centre.ask(late)).done
        await centre.pass_time(seconds=600)
        await centre.until(lambda: story.main.texts(other), "the message to the next one")


async def test_who_cannot_go_after_all_has_the_next_one_called_at_once(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await accepted_by_key(story)
        other = centre.gateway.directory.addresses.of(town(centre, centre.home()), "sms")
        cannot = DeclineJob(key=row.key, incident=row.incident, by=f"responder:{who}", text="车坏了")
        assert (await centre.ask(cannot)).done
        await centre.until(lambda: story.main.texts(other), "the message to the next one, nine minutes sooner")
        back = await centre.row_of(centre.home())
        assert (back.state, back.responder, back.unacknowledged) == (IncidentState.OPEN, "", True)
