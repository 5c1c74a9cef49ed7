"""Nobody at the desk: 120 is needed, and it climbs until the resident is theirs; then nobody else is got out of bed."""

from __future__ import annotations

from datetime import timedelta

from centre import Centre
from on_call import OnCall, on_call
from on_duty import LAST, in_force, plan, step, town, village

from alerting.casefile import Role
from alerting.commands import AcceptJob, Dispatch, ReportStage
from alerting.dispatch.job import HandedTo, Stage
from alerting.incidents.page_jobs import is_in_good_hands
from alerting.model import EntryKind, Outcome
from gateway.desk.contract import QueueRow
from tests.dashboard.visitor import arrived
from tests.stories.test_replayed import replayed


async def inside(story: OnCall) -> tuple[QueueRow, str]:
    """A press that nobody takes: the responsible person of the village has pressed 1, and is with the resident."""
    centre, who = story.centre, village(story.centre, story.centre.home())
    number = centre.gateway.directory.addresses.of(who, "voice")
    story.main.phones[number] = "presses_1"
    await in_force(centre, plan(step(30, "village"), step(200, "town"), LAST, accept_s=300))
    await centre.press(centre.home())
    await centre.pass_time(seconds=30)
    await centre.until(lambda: story.main.texts(number), "the text message")
    row = await centre.row_of(centre.home())
    await centre.pass_time(seconds=30)
    await story.line(row.incident, EntryKind.PAGE_ACCEPTED)
    await says(centre, row, who, Stage.INSIDE)
    return row, who


async def says(centre: Centre, row: QueueRow, who: str, stage: Stage, to: HandedTo | None = None) -> None:
    said = ReportStage(key=row.key, incident=row.incident, by=who, stage=stage, to=to)
    assert (await centre.ask(said)).done


def paged(story: OnCall) -> int:
    """How many messages and calls have gone out about it; the daily test of a telephone is none."""
    sent = [*story.main.kept("sms"), *story.main.kept("voice")]
    return sum("每日呼叫测试" not in it.order.text for it in sent)


async def test_it_climbs_while_120_is_needed_and_not_once_the_resident_is_theirs(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await inside(story)
        other = centre.gateway.directory.addresses.of(town(centre, centre.home()), "sms")
        await says(centre, row, who, Stage.NEEDS_120)
        await centre.pass_time(minutes=11)
        await centre.until(lambda: story.main.texts(other), "somebody else, because the desk must know of it")
        await says(centre, row, who, Stage.HANDED_OVER, HandedTo.AMBULANCE)
        handed_at = centre.clock.now()
        before, rang = paged(story), centre.rang.count(row.incident)
        await centre.pass_time(hours=8)
        assert paged(story) == before, "nobody else is got out of bed"
        found = await centre.row_of(centre.home())
        assert (found.unacknowledged, found.claimed_by) == (True, ""), "it waits for the desk"
        assert found.accepted_until == handed_at + timedelta(hours=12)
        view = await centre.incident(row.incident)
        assert is_in_good_hands(view.incident)
        page = await arrived(centre, "zaoban", Role.OPERATOR).go(f"/incidents/{row.incident}")
        assert "住户已交接，不再呼叫他人" in page
        await centre.pass_time(hours=5)
        assert centre.rang.count(row.incident) > rang, "but not for ever"
        replayed(centre)


async def test_whoever_has_handed_over_is_free_for_the_next_call(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await inside(story)
        await says(centre, row, who, Stage.SAFE)
        await says(centre, row, who, Stage.HANDED_OVER, HandedTo.FAMILY)
        home = centre.home(nth=1)
        await centre.press(home)
        other = await centre.row_of(home)
        await centre.claim(other)
        sent = Dispatch(key=other.key, incident=other.incident, by="zuoxi1", responder=who.partition(":")[2])
        assert (await centre.ask(sent)).done
        accepts = AcceptJob(key=other.key, incident=other.incident, by=who)
        assert (await centre.ask(accepts)).done


async def test_pressed_again_it_climbs_as_ever(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await inside(story)
        await says(centre, row, who, Stage.NEEDS_120)
        await says(centre, row, who, Stage.HANDED_OVER, HandedTo.AMBULANCE)
        before = paged(story)
        await centre.press(centre.home())
        await centre.pass_time(seconds=31)
        await centre.until(lambda: paged(story) > before, "the village again: somebody is in the home and calls")


async def test_in_the_morning_the_desk_closes_it(centre: Centre) -> None:
    async with on_call(centre) as story:
        row, who = await inside(story)
        await says(centre, row, who, Stage.NEEDS_120)
        await says(centre, row, who, Stage.HANDED_OVER, HandedTo.AMBULANCE)
        await centre.pass_time(hours=5)
        found = await centre.row_of(centre.home())
        assert (await centre.claim(found)).done
        await centre.spoke(found)
        assert (await centre.close(found, Outcome.REAL)).done
        assert await centre.queue() == []
