"""In the middle of an outage a press rings by itself, as P1, whatever its street is called."""

from centre import P1, P2, Centre
from one_street import area_row, one_village, own_homes, power_cut


async def test_a_press_inside_an_outage_rings_on_its_own(centre: Centre) -> None:
    village = await one_village(centre)
    street = own_homes(centre)[:5]
    await power_cut(centre, street)
    row = await area_row(centre, village)
    assert (await centre.claim(row)).done
    centre.rang.clear()
    await centre.press(street[2])
    mine = await centre.row_of(street[2])
    assert (mine.priority, mine.unacknowledged) == (P1, True)
    assert centre.rang == [mine.incident]
    assert [r.priority for r in await centre.queue()] == [P1, P2], "and stands above it"
