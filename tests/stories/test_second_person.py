"""A P1 that nobody has spoken to anybody about is not closed by one person alone, and nobody is stuck at night."""

from centre import Centre

from alerting.commands import AgreeToClose, RefuseToClose, TakeBack
from alerting.model import EntryKind, IncidentState, Outcome
from gateway.desk.contract import Answer, QueueRow


async def wished(centre: Centre) -> QueueRow:
    """Somebody has pressed; zuoxi1 has claimed it and wants to close it without having reached anybody."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    assert (await centre.close(row, Outcome.ACCIDENTAL)).done
    return await centre.row_of(home)


async def agrees(centre: Centre, row: QueueRow, by: str) -> Answer:
    return await centre.ask(AgreeToClose(key=row.key, incident=row.incident, by=by))


async def test_it_stays_open_rings_and_calls_for_a_second_person(centre: Centre) -> None:
    row = await wished(centre)
    assert (row.state, row.second_person) == (IncidentState.CLAIMED, True)
    assert len(centre.rang) == 2
    await centre.pass_time(seconds=90)
    await centre.until(centre.pages, "the duty telephone to be called")
    assert (await centre.row_of(centre.home())).climbed == "duty"


async def test_another_operator_or_a_supervisor_elsewhere_agrees_and_it_is_closed(centre: Centre) -> None:
    for nth, second in enumerate(("zuoxi2", "dudao")):
        home = centre.home(nth=nth)
        await centre.press(home)
        row = await centre.row_of(home)
        await centre.claim(row)
        await centre.close(row, Outcome.TEST)
        assert (await agrees(centre, row, second)).done
        view = await centre.incident(row.incident)
        assert (view.incident.state, view.incident.outcome) == (IncidentState.CLOSED, Outcome.TEST)
        said = [(entry.kind, entry.by) for entry in view.timeline][-2:]
        assert said == [(EntryKind.SECOND_AGREED, second), (EntryKind.CLOSED, "zuoxi1")]
    assert await centre.queue() == []


async def test_nobody_is_their_own_second_person(centre: Centre) -> None:
    row = await wished(centre)
    assert (await agrees(centre, row, "zuoxi1")).refused == "same_person"
    assert (await agrees(centre, row, "responder:somebody")).refused == "same_person"
    assert (await centre.row_of(centre.home())).second_person


async def test_who_does_not_agree_gives_it_back_with_a_word(centre: Centre) -> None:
    row = await wished(centre)
    refused = RefuseToClose(key=row.key, incident=row.incident, by="zuoxi2", text="先打邻居电话")
    assert (await centre.ask(refused)).done
    back = await centre.row_of(centre.home())
    assert (back.claimed_by, back.second_person, back.climbed) == ("zuoxi1", False, "")
    assert (await centre.incident(row.incident)).timeline[-1].text == "先打邻居电话"


async def test_alone_at_night_it_comes_back_and_is_neither_closed_nor_stuck(centre: Centre) -> None:
    row = await wished(centre)
    await centre.pass_time(seconds=centre.gateway.policy.values.second_person_s - 1)
    assert (await centre.row_of(centre.home())).second_person
    await centre.pass_time(seconds=1)
    back = await centre.row_of(centre.home())
    assert (back.state, back.claimed_by, back.second_person) == (IncidentState.CLAIMED, "zuoxi1", False)
    assert not back.unacknowledged
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert EntryKind.SECOND_LAPSED in kinds
    assert EntryKind.CLOSED not in kinds
    await centre.spoke(row)
    assert (await centre.close(row)).done


async def test_who_reaches_somebody_after_all_closes_it_alone(centre: Centre) -> None:
    row = await wished(centre)
    await centre.spoke(row)
    assert (await centre.close(row)).done
    assert await centre.queue() == []


async def test_a_wish_to_close_can_be_taken_back(centre: Centre) -> None:
    row = await wished(centre)
    assert (await centre.ask(TakeBack(key=row.key, incident=row.incident, by="zuoxi1"))).done
    assert not (await centre.row_of(centre.home())).second_person
    assert (await agrees(centre, row, "zuoxi2")).refused == "nothing_pending"


async def test_what_was_heard_before_the_latest_press_is_no_contact(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    await centre.press(home)
    await centre.claim(row)
    await centre.close(row)
    assert (await centre.row_of(home)).second_person
