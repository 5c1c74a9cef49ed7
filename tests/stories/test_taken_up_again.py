"""A closed incident can be taken up again for a while, as the same one; and two alarms of a home are one incident."""

from centre import P1, Centre

from alerting.commands import OpenManual, Reopen
from alerting.model import EntryKind, IncidentState
from gateway.desk.contract import QueueRow


async def closed(centre: Centre) -> QueueRow:
    """A press that zuoxi1 has closed after speaking with the resident."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.spoke(row)
    assert (await centre.close(row)).done
    return row


async def test_within_the_time_it_is_the_same_incident_again(centre: Centre) -> None:
    row = await closed(centre)
    await centre.pass_time(seconds=centre.gateway.policy.values.reopen_s - 1)
    assert (await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))).done
    again = await centre.row_of(centre.home())
    assert (again.incident, again.state, again.claimed_by) == (row.incident, IncidentState.CLAIMED, "zuoxi2")
    view = await centre.incident(row.incident)
    assert (view.incident.outcome, view.incident.closed_at) == (None, None)
    assert [entry.kind for entry in view.timeline][-2:] == [EntryKind.CLOSED, EntryKind.REOPENED]
    assert await centre.gateway.desk.closed() == []


async def test_it_is_work_again_and_needs_contact_again(centre: Centre) -> None:
    row = await closed(centre)
    await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))
    await centre.close(row, by="zuoxi2")
    assert (await centre.row_of(centre.home())).second_person


async def test_later_it_stays_closed(centre: Centre) -> None:
    row = await closed(centre)
    await centre.pass_time(seconds=centre.gateway.policy.values.reopen_s + 1)
    answer = await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))
    assert answer.refused in {"too_late", "no_incident"}
    assert await centre.queue() == []


async def test_not_while_the_home_has_a_newer_one(centre: Centre) -> None:
    row = await closed(centre)
    await centre.press(centre.home())
    answer = await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))
    assert answer.refused == "other_running"


async def test_it_can_be_taken_up_again_after_a_restart(centre: Centre) -> None:
    row = await closed(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    assert (await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))).done
    assert (await centre.row_of(centre.home())).incident == row.incident


async def test_how_long_is_a_setting(centre: Centre) -> None:
    await centre.set_up(values={"reopen_s": 60})
    row = await closed(centre)
    await centre.pass_time(seconds=61)
    answer = await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))
    assert answer.refused in {"too_late", "no_incident"}


async def test_a_second_alarm_of_the_home_joins_its_incident(centre: Centre) -> None:
    home = centre.home()
    await centre.ask(OpenManual(key=home.household, by="zuoxi1", text="邻居来电", priority=3))  # type: ignore[arg-type]
    await centre.press(home)
    await centre.press(home)
    row = await centre.row_of(home)
    assert (row.alarm_count, row.priority) == (3, P1)
