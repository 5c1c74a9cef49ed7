"""After a restart an area incident goes on: with its homes, its timers, and what comes afterwards."""

from centre import Centre
from one_street import area_row, one_village, own_homes, power_back, power_cut

from alerting.model import IncidentState


async def test_an_area_incident_goes_on_after_a_restart(centre: Centre) -> None:
    village = await one_village(centre)
    street = own_homes(centre)[:5]
    await power_cut(centre, street)
    before = await area_row(centre, village)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.pass_time(seconds=5)
    row = await area_row(centre, village)
    assert row.incident == before.incident
    assert len(row.members) == 5
    await power_back(centre, street)
    await centre.pass_time(seconds=5)
    await centre.pass_time(minutes=3)
    assert (await centre.incident(row.incident)).incident.state is IncidentState.CLOSED


async def test_homes_that_told_before_the_restart_count(centre: Centre) -> None:
    village = await one_village(centre)
    street = own_homes(centre)[:5]
    await power_cut(centre, street[:3])
    assert await centre.queue() == []
    await centre.close_gateway()
    await centre.open_gateway()
    await power_cut(centre, street[3:])
    await centre.pass_time(seconds=5)
    assert len((await area_row(centre, village)).members) == 5
