"""A street without power is one incident: its homes are listed, ticked off when they are back, and then it ends."""

from centre import P2, Centre
from one_street import area_row, one_village, own_homes, power_back, power_cut

from alerting.model import AlarmKind, EntryKind, IncidentState, Outcome

SETTLES_MIN = 3


async def test_a_street_s_outage_is_one_incident(centre: Centre) -> None:
    village = await one_village(centre)
    street = own_homes(centre)[:5]
    await power_cut(centre, street)
    await centre.pass_time(seconds=5)
    (row,) = await centre.queue()
    assert (row.priority, row.alarms[0].kind, row.area) == (P2, AlarmKind.AREA_OUTAGE, village)
    assert set(row.members) == {home.household for home in street}
    assert centre.rang == [row.incident], "it rings once, not for each home"
    view = await centre.incident(row.incident)
    assert {member.key for member in view.members} == set(row.members)
    assert {it.area for it in view.responders} >= {village}


async def test_homes_that_are_back_are_ticked_off_and_it_ends_with_the_last(centre: Centre) -> None:
    village = await one_village(centre)
    street = own_homes(centre)[:5]
    await power_cut(centre, street)
    await power_back(centre, street[:2])
    await centre.pass_time(seconds=5)
    row = await area_row(centre, village)
    assert (len(row.members), row.homes) == (3, 5)
    await power_back(centre, street[2:])
    await centre.pass_time(seconds=5)
    await centre.pass_time(minutes=SETTLES_MIN)
    assert await centre.queue() == []
    view = await centre.incident(row.incident)
    assert (view.incident.state, view.incident.outcome) == (IncidentState.CLOSED, Outcome.EQUIPMENT)
    assert all(member.back is not None for member in view.members)
    assert EntryKind.ALL_BACK in [entry.kind for entry in view.timeline]
    assert row.incident in [it.incident for it in await centre.gateway.desk.closed(village)]


async def test_homes_join_while_it_runs(centre: Centre) -> None:
    village = await one_village(centre)
    homes = own_homes(centre)
    await power_cut(centre, homes[:4])
    await power_cut(centre, homes[4:])
    await centre.pass_time(seconds=5)
    assert len((await area_row(centre, village)).members) == len(homes)
    assert len(centre.rang) == 1


async def test_nobody_takes_it_and_it_climbs(centre: Centre) -> None:
    village = await one_village(centre)
    await power_cut(centre, own_homes(centre)[:5])
    for _ in range(8):
        await centre.pass_time(minutes=1)
    row = await area_row(centre, village)
    await centre.told_of(row.incident, EntryKind.PAGE_SENT)
    assert any("多户失联" in page for page in centre.pages())


async def test_it_is_claimed_noted_and_closed_with_an_outcome(centre: Centre) -> None:
    village = await one_village(centre)
    await power_cut(centre, own_homes(centre)[:5])
    row = await area_row(centre, village)
    assert (await centre.claim(row)).done
    assert (await centre.close(row, Outcome.OTHER)).done
    assert await centre.queue() == []
