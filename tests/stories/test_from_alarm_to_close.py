"""An operator takes an incident, sends somebody, and closes it with an outcome; everything is in the timeline."""

from service import P1, Service

from alerting.commands import Dispatch, OpenManual, Prompt, Recall, RecordArrival, RecordCall, Release, Reopen, Resolve
from alerting.model import EntryKind, IncidentState, Outcome


async def test_open_claimed_dispatched_resolved_closed(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    view = await service.incident(row.incident)
    assert view.home is not None
    who = view.home.responders[0]
    mine = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
    assert (await service.claim(row)).done
    assert (await service.ask(RecordCall(**mine, whom="家中", result="no_answer"))).done
    assert (await service.ask(Dispatch(**mine, responder=who.id))).done
    assert (await service.row_of(home)).responder_name == who.name
    assert (await service.ask(RecordArrival(**mine))).done
    assert (await service.ask(Resolve(**mine, text="人没事"))).done
    assert (await service.row_of(home)).state == IncidentState.RESOLVED
    assert (await service.close(row, Outcome.REAL)).done
    assert await service.queue() == []
    closed = await service.incident(row.incident)
    assert closed.incident.outcome is Outcome.REAL
    assert [entry.kind for entry in closed.timeline] == [
        EntryKind.ALARM,
        EntryKind.CLAIMED,
        EntryKind.CALLED,
        EntryKind.DISPATCHED,
        EntryKind.ARRIVED,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
    ]
    assert [row.incident for row in await service.gateway.desk.closed()] == [closed.incident.id]


async def test_what_one_operator_holds_another_cannot_take(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    await service.claim(row, by="zuoxi1")
    answer = await service.claim(row, by="zuoxi2")
    assert (answer.refused, answer.held_by) == ("held_by_other", "zuoxi1")


async def test_every_step_can_be_undone(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    mine = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
    person = service.plan.registry.responders[0].id
    await service.claim(row)
    await service.ask(Dispatch(**mine, responder=person))
    await service.ask(Resolve(**mine))
    assert (await service.ask(Reopen(**mine))).done
    assert (await service.row_of(home)).state == IncidentState.DISPATCHED
    assert (await service.ask(Recall(**mine))).done
    assert (await service.row_of(home)).state == IncidentState.CLAIMED
    assert (await service.ask(Release(**mine))).done
    back = await service.row_of(home)
    assert (back.state, back.claimed_by) == (IncidentState.OPEN, "")
    assert service.rang == [row.incident, row.incident]


async def test_a_new_press_rings_again_and_blocks_closing_until_it_is_taken(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    await service.claim(row)
    await service.press(home)
    assert (await service.close(row)).refused == "unacknowledged"
    assert (await service.claim(row)).done
    assert (await service.close(row)).done
    assert len(service.rang) == 2


async def test_a_press_raises_a_quieter_incident_to_p1(service: Service) -> None:
    home = service.home()
    quiet = OpenManual(key=home.household, by="zuoxi1", text="邻居来电", priority=3)  # type: ignore[arg-type]
    opened = await service.ask(quiet)
    await service.press(home)
    row = await service.row_of(home)
    assert row.incident == opened.incident
    assert row.priority is P1


async def test_somebody_telephones_and_an_incident_is_opened_by_hand(service: Service) -> None:
    home = service.home()
    answer = await service.ask(OpenManual(key=home.household, by="zuoxi1", text="女儿打来电话"))
    view = await service.incident(answer.incident)
    assert view.timeline[0].by == "zuoxi1"
    assert view.incident.alarms[0].detail == "女儿打来电话"


async def test_the_same_form_sent_twice_acts_once(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    await service.claim(row)
    call = RecordCall(key=row.key, incident=row.incident, by="zuoxi1", whom="家中", result="spoke")
    assert await service.ask(call, once="form-1") == await service.ask(call, once="form-1")
    kinds = [entry.kind for entry in (await service.incident(row.incident)).timeline]
    assert kinds.count(EntryKind.CALLED) == 1


async def test_the_home_is_asked_and_answers_that_all_is_well(service: Service) -> None:
    home = service.home()
    service.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    await service.press(home)
    row = await service.row_of(home)
    await service.claim(row)
    assert (await service.ask(Prompt(key=row.key, incident=row.incident, by="zuoxi1"))).done
    await service.until(lambda: any(t.endswith("/prompt") for t, _ in service.heard), "the prompt")
    await service.event(home, "hub", "well")
    kinds = [entry.kind for entry in (await service.incident(row.incident)).timeline]
    assert kinds[-2:] == [EntryKind.PROMPTED, EntryKind.ANSWERED_WELL]
