"""Whoever is sent says within two minutes that they go, or the desk rings; "I cannot go" rings at once."""

from centre import Centre, done

from alerting.commands import AcceptJob, DeclineJob, Dispatch, RecordArrival, Resolve
from alerting.model import EntryKind, IncidentState
from gateway.desk.contract import QueueRow


async def sent(centre: Centre) -> tuple[QueueRow, str]:
    """A press that zuoxi1 has claimed, spoken about, and sent somebody to; the row and the responder's login."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    who = (await centre.gateway.desk.responders(row.area))[0].id
    assert (await centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=who))).done
    return await centre.row_of(home), f"responder:{who}"


async def kinds(centre: Centre, row: QueueRow) -> list[EntryKind]:
    return [entry.kind for entry in done((await centre.incident(row.incident)).timeline)]


async def test_who_does_not_accept_in_time_makes_it_ring_again_and_again(centre: Centre) -> None:
    row, _ = await sent(centre)
    await centre.pass_time(seconds=119)
    assert centre.rang.count(row.incident) == 1
    await centre.pass_time(seconds=1)
    assert centre.rang.count(row.incident) == 2
    late = await centre.row_of(centre.home())
    assert (late.state, late.unacknowledged, late.claimed_by) == (IncidentState.DISPATCHED, True, "zuoxi1")
    assert (await kinds(centre, row))[-1] is EntryKind.NOT_ACCEPTED
    await centre.claim(row)
    await centre.pass_time(seconds=119)
    assert centre.rang.count(row.incident) == 2
    await centre.pass_time(seconds=1)
    assert centre.rang.count(row.incident) == 3, "until something is done"


async def test_who_takes_it_late_has_the_whole_time_again(centre: Centre) -> None:
    row, _ = await sent(centre)
    await centre.pass_time(minutes=2)
    await centre.pass_time(minutes=8)
    await centre.claim(row)
    rang = centre.rang.count(row.incident)
    await centre.pass_time(seconds=80)
    held = await centre.row_of(centre.home())
    assert (held.unacknowledged, centre.rang.count(row.incident)) == (False, rang)


async def test_who_has_accepted_has_the_time_to_arrive(centre: Centre) -> None:
    row, login = await sent(centre)
    await centre.pass_time(seconds=60)
    assert (await centre.ask(AcceptJob(key=row.key, incident=row.incident, by=login))).done
    assert (await centre.ask(AcceptJob(key=row.key, incident=row.incident, by=login))).done, "said twice"
    assert (await kinds(centre, row)).count(EntryKind.JOB_ACCEPTED) == 1
    await centre.pass_time(minutes=3)
    assert centre.rang.count(row.incident) == 1
    assert (await centre.ask(RecordArrival(key=row.key, incident=row.incident, by=login))).done


async def test_who_cannot_go_rings_at_once_with_the_reason(centre: Centre) -> None:
    row, login = await sent(centre)
    ask = {"key": row.key, "incident": row.incident, "by": login}
    assert (await centre.ask(DeclineJob(**ask, text="车坏了"))).done
    assert centre.rang.count(row.incident) == 2
    back = await centre.row_of(centre.home())
    assert (back.state, back.unacknowledged, back.claimed_by) == (IncidentState.CLAIMED, True, "zuoxi1")
    assert back.responder == ""
    line = done((await centre.incident(row.incident)).timeline)[-1]
    assert (line.kind, line.text) == (EntryKind.JOB_DECLINED, f"{login.partition(':')[2]}|车坏了")


async def test_only_who_was_sent_or_has_it_answers_for_the_job(centre: Centre) -> None:
    row, _ = await sent(centre)
    ask = {"key": row.key, "incident": row.incident}
    assert (await centre.ask(DeclineJob(**ask, by="responder:somebody", text="x"))).refused == "not_yours"
    assert (await centre.ask(AcceptJob(**ask, by="zuoxi2"))).refused == "held_by_other"
    assert (await centre.ask(AcceptJob(**ask, by="zuoxi1"))).done, "who has it from them by telephone"


async def test_the_wait_survives_a_restart(centre: Centre) -> None:
    row, _ = await sent(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.pass_time(seconds=121)
    assert EntryKind.NOT_ACCEPTED in await kinds(centre, row)


async def test_who_reports_that_the_person_is_safe_was_there_even_if_they_said_nothing_before(centre: Centre) -> None:
    row, login = await sent(centre)
    assert (await centre.ask(Resolve(key=row.key, incident=row.incident, by=login, text="已查看"))).done
    after = await centre.row_of(centre.home())
    assert (after.state, after.accepted, after.arrived) == (IncidentState.RESOLVED, True, True)
