"""The day after an incident in which help was needed, somebody telephones the home; what nobody manages gets louder."""

from datetime import timedelta

from centre import Centre

from alerting.commands import Claim, RecordFollowUp, Reopen
from alerting.incidents.afterwards import CallResult
from alerting.model import AlarmKind, EntryKind, Outcome, Priority
from gateway.aftercare.asked import FollowUpRow
from gateway.desk.contract import QueueRow
from nuanhu.town.homes import Home

TOMORROW_AT_TEN_S = 26 * 3600
"""From 08:00, when each story begins."""
STEP_S = 3 * 3600


async def lives(centre: Centre, for_s: float) -> None:
    """Time passes; somebody moves about at home meanwhile, and the button is heard."""
    button = centre.device(centre.home(), "panic")
    while for_s > 0:
        step_s = min(for_s, STEP_S)
        await centre.pass_time(seconds=step_s)
        for_s -= step_s
        if for_s:
            await centre.move(centre.home())
            await centre.alive(centre.home(), button)


async def helped(centre: Centre, home: Home | None = None) -> QueueRow:
    """A press in which help was needed; closed at 08:00."""
    home = home or centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    assert (await centre.close(row, Outcome.REAL)).done
    return row


async def the_one(centre: Centre) -> FollowUpRow:
    (row,) = await centre.gateway.desk.follow_ups()
    return row


async def due(centre: Centre) -> int:
    return (await centre.gateway.desk.snapshot()).counters.follow_ups


async def called(centre: Centre, row: QueueRow, result: CallResult, text: str = "") -> str:
    answer = await centre.ask(RecordFollowUp(key=row.key, incident=row.incident, by="zuoxi2", result=result, text=text))
    return answer.refused


async def test_it_is_due_the_next_day_at_ten_and_rings_nobody(centre: Centre) -> None:
    row = await helped(centre)
    assert (await the_one(centre)).due_at == centre.clock.now() + timedelta(seconds=TOMORROW_AT_TEN_S)
    rung = centre.rang.count(row.incident)
    await lives(centre, TOMORROW_AT_TEN_S - 1)
    assert await due(centre) == 0
    await centre.pass_time(seconds=1)
    assert await due(centre) == 1
    assert centre.rang.count(row.incident) == rung
    assert [it for it in await centre.queue() if it.household == row.household] == []
    assert await called(centre, row, CallResult.SPOKE, "她说好多了") == ""
    assert (await due(centre), list(await centre.gateway.desk.follow_ups())) == (0, [])
    (done,) = await centre.gateway.desk.follow_ups_done()
    assert (done.incident, done.ended, done.by, done.text) == (row.incident, "spoke", "zuoxi2", "她说好多了")
    assert (done.outcome, done.resident) == ("real", row.resident)
    lines = (await centre.incident(row.incident)).timeline
    assert [entry.kind for entry in lines[-2:]] == [EntryKind.FOLLOW_UP_PLANNED, EntryKind.FOLLOW_UP_CALLED]


async def test_it_survives_a_restart(centre: Centre) -> None:
    row = await helped(centre)
    await centre.close_gateway()
    centre.clock.advance(timedelta(seconds=TOMORROW_AT_TEN_S))
    await centre.open_gateway()
    await centre.barrier()
    assert (await the_one(centre)).incident == row.incident
    assert await due(centre) == 1


async def test_without_an_answer_it_is_tried_again_and_then_it_is_an_incident(centre: Centre) -> None:
    row = await helped(centre)
    await lives(centre, TOMORROW_AT_TEN_S)
    for tries in (1, 2):
        assert await called(centre, row, CallResult.NO_ANSWER) == ""
        assert (await the_one(centre)).tries == tries
        assert await due(centre) == 0
        await lives(centre, 2 * 3600)
        assert await due(centre) == 1
    assert await called(centre, row, CallResult.NO_ANSWER) == ""
    rows = [it for it in await centre.queue() if it.household == row.household]
    kinds = {alarm.kind for it in rows for alarm in it.alarms}
    assert AlarmKind.FOLLOW_UP in kinds
    assert list(await centre.gateway.desk.follow_ups()) == []


async def test_what_nobody_does_is_late_for_the_supervisor_and_then_rings(centre: Centre) -> None:
    home = centre.home()
    await helped(centre)
    await lives(centre, TOMORROW_AT_TEN_S)
    await lives(centre, 4 * 3600)
    assert (await the_one(centre)).stage == "late"
    assert (await centre.gateway.desk.snapshot()).counters.late_follow_ups == 1
    await lives(centre, 20 * 3600)
    mine = [it for it in await centre.queue() if it.household == home.household]
    assert any(alarm.kind is AlarmKind.FOLLOW_UP for it in mine for alarm in it.alarms)


async def test_a_new_incident_comes_first_and_contact_in_it_is_the_call(centre: Centre) -> None:
    home = centre.home()
    row = await helped(centre)
    await lives(centre, TOMORROW_AT_TEN_S)
    await centre.press(home)
    assert (await the_one(centre)).stage == "waits"
    assert await due(centre) == 0
    assert await called(centre, row, CallResult.SPOKE) == "incident_running"
    newer = await centre.row_of(home)
    assert newer.priority is Priority.P1
    await centre.ask(Claim(key=newer.key, incident=newer.incident, by="zuoxi1"))
    await centre.spoke(newer)
    await centre.close(newer, Outcome.ACCIDENTAL)
    assert list(await centre.gateway.desk.follow_ups()) == []
    assert [it.ended for it in await centre.gateway.desk.follow_ups_done()] == ["incident"]


async def test_taken_up_again_nothing_is_owed_until_it_is_closed_anew(centre: Centre) -> None:
    row = await helped(centre)
    assert (await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi1"))).done
    assert list(await centre.gateway.desk.follow_ups()) == []
    await centre.spoke(row)
    await centre.close(row, Outcome.WAS_WELL)
    assert list(await centre.gateway.desk.follow_ups()) == []
