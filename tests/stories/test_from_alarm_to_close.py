"""An operator takes an incident, sends somebody, and closes it with an outcome; everything is in the timeline."""

from centre import P1, Centre, done

from alerting.commands import Dispatch, OpenManual, Prompt, Recall, RecordArrival, RecordCall, Release, Reopen, Resolve
from alerting.model import EntryKind, IncidentState, Outcome


async def test_open_claimed_dispatched_resolved_closed(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    view = await centre.incident(row.incident)
    assert view.home is not None
    who = view.home.responders[0]
    mine = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
    assert (await centre.claim(row)).done
    assert (await centre.ask(RecordCall(**mine, whom="家中", result="no_answer"))).done
    assert (await centre.ask(Dispatch(**mine, responder=who.id))).done
    assert (await centre.row_of(home)).responder_name == who.name
    assert (await centre.ask(RecordArrival(**mine))).done
    assert (await centre.ask(Resolve(**mine, text="人没事"))).done
    assert (await centre.row_of(home)).state == IncidentState.RESOLVED
    assert (await centre.close(row, Outcome.REAL)).done
    assert await centre.queue() == []
    closed = await centre.incident(row.incident)
    assert closed.incident.outcome is Outcome.REAL
    assert [entry.kind for entry in done(closed.timeline)] == [
        EntryKind.ALARM,
        EntryKind.CLAIMED,
        EntryKind.CALLED,
        EntryKind.DISPATCHED,
        EntryKind.ARRIVED,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
        EntryKind.FOLLOW_UP_PLANNED,
    ]
    assert [row.incident for row in await centre.gateway.desk.closed()] == [closed.incident.id]


async def test_what_one_operator_holds_another_cannot_take(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row, by="zuoxi1")
    answer = await centre.claim(row, by="zuoxi2")
    assert (answer.refused, answer.held_by) == ("held_by_other", "zuoxi1")


async def test_every_step_can_be_undone(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    mine = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
    person = centre.plan.registry.responders[0].id
    await centre.claim(row)
    await centre.ask(Dispatch(**mine, responder=person))
    await centre.ask(Resolve(**mine))
    assert (await centre.ask(Reopen(**mine))).done
    assert (await centre.row_of(home)).state == IncidentState.DISPATCHED
    assert (await centre.ask(Recall(**mine))).done
    assert (await centre.row_of(home)).state == IncidentState.CLAIMED
    assert (await centre.ask(Release(**mine))).done
    back = await centre.row_of(home)
    assert (back.state, back.claimed_by) == (IncidentState.OPEN, "")
    assert centre.rang == [row.incident, row.incident]


async def test_a_new_press_rings_again_and_blocks_closing_until_it_is_taken(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.press(home)
    assert (await centre.close(row)).refused == "unacknowledged"
    assert (await centre.claim(row)).done
    await centre.spoke(row)
    assert (await centre.close(row)).done
    assert len(centre.rang) == 2


async def test_a_press_raises_a_quieter_incident_to_p1(centre: Centre) -> None:
    home = centre.home()
    quiet = OpenManual(key=home.household, by="zuoxi1", text="邻居来电", priority=3)  # type: ignore[arg-type]
    opened = await centre.ask(quiet)
    await centre.press(home)
    row = await centre.row_of(home)
    assert row.incident == opened.incident
    assert row.priority is P1


async def test_somebody_telephones_and_an_incident_is_opened_by_hand(centre: Centre) -> None:
    home = centre.home()
    answer = await centre.ask(OpenManual(key=home.household, by="zuoxi1", text="女儿打来电话"))
    view = await centre.incident(answer.incident)
    assert view.timeline[0].by == "zuoxi1"
    assert view.incident.alarms[0].detail == "女儿打来电话"


async def test_the_same_form_sent_twice_acts_once(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    call = RecordCall(key=row.key, incident=row.incident, by="zuoxi1", whom="家中", result="spoke")
    assert await centre.ask(call, once="form-1") == await centre.ask(call, once="form-1")
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds.count(EntryKind.CALLED) == 1


async def test_the_home_is_asked_and_answers_that_all_is_well(centre: Centre) -> None:
    home = centre.home()
    centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    assert (await centre.ask(Prompt(key=row.key, incident=row.incident, by="zuoxi1"))).done
    await centre.until(lambda: any(t.endswith("/prompt") for t, _ in centre.heard), "the prompt")
    await centre.event(home, "hub", "well")
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds[-2:] == [EntryKind.PROMPTED, EntryKind.ANSWERED_WELL]
