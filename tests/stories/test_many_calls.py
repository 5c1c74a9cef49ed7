"""Many calls for help from one village are also one incident of the village; every home keeps its own."""

from centre import P1, Centre
from one_street import area_row, one_village, own_homes

from alerting.areas.member import AreaCause


async def test_many_calls_are_one_incident_of_the_village_beside_their_own(centre: Centre) -> None:
    village = await one_village(centre)
    homes = own_homes(centre)[:4]
    for home in homes[:3]:
        await centre.press(home)
    assert len(await centre.queue()) == 3
    await centre.event(homes[3], "panic", "smoke", state="active")
    row = await area_row(centre, village, AreaCause.CALLS)
    assert (row.priority, row.homes) == (P1, 4)
    for home in homes:
        own = await centre.row_of(home)
        assert own.unacknowledged, "each still rings"
        assert own.incident in centre.rang
