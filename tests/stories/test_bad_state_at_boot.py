"""A state that cannot be read at the start rings, keeps its open incident, and stops nobody else."""

from __future__ import annotations

from audited import behind_its_back
from centre import P1, Centre

from alerting.model import AlarmKind

BROKEN = "UPDATE hot_state SET body = :body WHERE key = :key"


async def test_a_bad_state_at_boot_rings_and_its_open_incident_still_climbs(centre: Centre) -> None:
    bad, neighbour = centre.home(nth=0), centre.home(nth=1)
    await centre.press(bad)
    before = await centre.row_of(bad)
    await centre.close_gateway()
    behind_its_back(centre, BROKEN, key=bad.household, body=b"{broken")
    await centre.open_gateway()
    await centre.barrier()
    rung = [row for row in await centre.queue() if row.alarms[0].kind is AlarmKind.RULE_FAILED]
    assert [(row.priority, bad.household in row.key) for row in rung] == [(P1, True)]
    assert (await centre.row_of(bad)).incident == before.incident
    await centre.pass_time(seconds=90)
    await centre.until(lambda: any(before.incident in page for page in centre.pages()), "the page at 90 s")
    await centre.press(bad)
    assert (await centre.row_of(bad)).alarm_count == 2, "it is judged again"
    await centre.press(neighbour)
    assert (await centre.row_of(neighbour)).priority is P1
