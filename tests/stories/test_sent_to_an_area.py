"""Somebody is sent to a village without power as to a home: asked, on the way, there, done, each with its end."""

from centre import Centre
from on_both_stores import only_sqlite
from on_call import PIN, on_call
from one_street import area_row, one_village, own_homes, power_back, power_cut

from alerting.casefile import Responder
from alerting.commands import AcceptJob, DeclineJob, Dispatch, RecordArrival, Resolve
from alerting.model import EntryKind, IncidentState, Outcome
from gateway.desk.contract import QueueRow
from tests.dashboard.visitor import Visitor

SETTLES_MIN = 3


async def electrician(centre: Centre, village: str) -> Responder:
    """Whoever mends the lines of the village's town."""
    found = await centre.gateway.desk.responders(village)
    return next(it for it in found if it.duty == "electrician" and village.startswith(it.area))


async def sent(centre: Centre) -> tuple[QueueRow, str]:
    """A street without power, claimed, and an electrician sent there; the row, and the electrician's login."""
    village = await one_village(centre)
    await power_cut(centre, own_homes(centre)[:5])
    row = await area_row(centre, village)
    assert (await centre.claim(row)).done
    who = await electrician(centre, village)
    assert who in (await centre.incident(row.incident)).responders
    assert (await centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=who.id))).done
    return await area_row(centre, village), f"responder:{who.id}"


async def kinds(centre: Centre, row: QueueRow) -> list[EntryKind]:
    return [entry.kind for entry in (await centre.incident(row.incident)).timeline]


async def test_sent_accepted_there_and_done_stand_in_the_timeline(centre: Centre) -> None:
    row, login = await sent(centre)
    assert (row.state, f"responder:{row.responder}") == (IncidentState.DISPATCHED, login)
    ask = {"key": row.key, "incident": row.incident, "by": login}
    assert (await centre.ask(AcceptJob(**ask))).done
    await centre.pass_time(minutes=4)
    assert not (await area_row(centre, row.area)).unacknowledged, "on the way: nobody else is called"
    assert (await centre.ask(RecordArrival(**ask))).done
    assert (await centre.ask(Resolve(**ask, text="变压器已修复"))).done
    assert (await centre.close(await area_row(centre, row.area), Outcome.EQUIPMENT)).done
    lines = [k for k in await kinds(centre, row) if k is not EntryKind.PAGE_SENT]
    assert lines[-5:] == [
        EntryKind.DISPATCHED,
        EntryKind.JOB_ACCEPTED,
        EntryKind.ARRIVED,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
    ]


async def test_who_does_not_accept_makes_it_ring_also_after_a_restart(centre: Centre) -> None:
    row, _ = await sent(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    rang = centre.rang.count(row.incident)
    await centre.pass_time(seconds=121)
    late = await area_row(centre, row.area)
    assert (late.state, late.responder, late.unacknowledged) == (IncidentState.DISPATCHED, row.responder, True)
    assert centre.rang.count(row.incident) > rang
    assert EntryKind.NOT_ACCEPTED in await kinds(centre, row)


async def test_who_cannot_go_says_why(centre: Centre) -> None:
    row, login = await sent(centre)
    assert (await centre.ask(DeclineJob(key=row.key, incident=row.incident, by=login, text="在另一个村抢修"))).done
    back = await area_row(centre, row.area)
    assert (back.state, back.responder, back.unacknowledged) == (IncidentState.CLAIMED, "", True)


async def test_it_does_not_end_by_itself_under_whoever_is_on_the_way(centre: Centre) -> None:
    row, login = await sent(centre)
    await centre.ask(AcceptJob(key=row.key, incident=row.incident, by=login))
    await power_back(centre, own_homes(centre)[:5])
    await centre.pass_time(minutes=SETTLES_MIN)
    assert (await area_row(centre, row.area)).responder == row.responder
    assert (await centre.close(row, Outcome.EQUIPMENT)).done


async def test_a_page_says_which_place_and_how_many_homes_and_so_does_its_link(centre: Centre) -> None:
    async with on_call(centre) as story:
        village = await one_village(centre)
        await power_cut(centre, own_homes(centre)[:5])
        row = await area_row(centre, village)
        for _ in range(8):
            await centre.pass_time(minutes=1)
        path = await story.link()
        (text, *_) = story.main.texts("13800000001")
        assert f"{row.town}{row.village}，共 5 户" in text
        await power_back(centre, own_homes(centre)[:2])
        await centre.pass_time(seconds=5)
        visitor = Visitor(centre)
        await visitor.go(path)
        assert f"{row.town}{row.village}" in visitor.page
        assert "3/5 户未恢复" in visitor.page, "as it is now"
        said = await visitor.post(path, **visitor.form(path), pin=PIN, answer="accepted")
        assert said.status_code == 200
        assert f"<strong>{row.resident}</strong><br>{row.town}{row.village}</p>" in said.text, "where to go"
        assert (await area_row(centre, village)).accepted_until is not None
        await centre.pass_time(hours=3)
        await visitor.go(path)
        assert visitor.status == 410, "the link is for a short time"


@only_sqlite
async def test_homes_of_several_villages_behind_one_bridge_are_the_towns_to_go_to(centre: Centre) -> None:
    directory = centre.gateway.directory
    homes = [home.household for home in centre.plan.homes]
    villages = {directory.households[it].area for it in homes}
    assert len(villages) > 1
    offered = {it.area for it in directory.responders_of("", homes)}
    assert offered
    assert offered <= {it.rpartition(".")[0] for it in villages}
    one = next(iter(villages))
    only = [it for it in homes if directory.households[it].area == one]
    assert {it.area for it in directory.responders_of("", only)} == {one, one.rpartition(".")[0]}
