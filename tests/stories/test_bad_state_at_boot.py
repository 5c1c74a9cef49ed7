"""A state that cannot be read at the start rings, keeps its open incident, and stops nobody else."""

from __future__ import annotations

from datetime import timedelta

from audited import behind_its_back, found, mended
from centre import P1, Centre
from sqlalchemy import select

from alerting.budget.city import CITY
from alerting.commands import DESK, EndShift, OpenManual
from alerting.model import AlarmKind, EntryKind, FaultKind, Priority
from gateway.store import schema

BROKEN = "UPDATE hot_state SET body = :body WHERE key = :key"
BYTES = b'{"key":"broken' + b"." * 3000
"""Longer than what is kept of a message."""


async def comes_back_with_a_bad_state(centre: Centre, key: str) -> None:
    """The gateway starts although these bytes are in the place of a state; a P1 says so, and the bytes are kept."""
    await centre.close_gateway()
    behind_its_back(centre, BROKEN, key=key, body=BYTES)
    await centre.open_gateway()
    await centre.barrier()
    rung = [row for row in await centre.queue() if row.alarms[0].kind is AlarmKind.RULE_FAILED]
    assert [(row.priority, key in row.key) for row in rung] == [(P1, True)]
    faults = [it.household for it in await centre.gateway.desk.faults() if it.kind is FaultKind.NOT_JUDGED]
    assert key in faults
    (kept,) = (await centre.gateway.desk.quarantine()).rows
    assert kept.size == len(BYTES)
    assert key in kept.reason
    assert kept_bytes(centre) == BYTES


def kept_bytes(centre: Centre) -> bytes:
    with centre.gateway.store.engine.connect() as c:
        return bytes(c.execute(select(schema.quarantine.c.head)).scalar_one())


async def test_a_bad_state_at_boot_rings_and_its_open_incident_still_climbs(centre: Centre) -> None:
    bad, neighbour = centre.home(nth=0), centre.home(nth=1)
    await centre.press(bad)
    before = await centre.row_of(bad)
    await comes_back_with_a_bad_state(centre, bad.household)
    assert (await centre.row_of(bad)).incident == before.incident
    await centre.pass_time(seconds=90)
    await centre.until(lambda: any(before.incident in page for page in centre.pages()), "the page at 90 s")
    await centre.press(bad)
    assert (await centre.row_of(bad)).alarm_count == 2, "it is judged again"
    await centre.press(neighbour)
    assert (await centre.row_of(neighbour)).priority is P1


async def test_a_bad_desk_session_at_boot_rings_and_every_claim_has_its_time_to_come_back(centre: Centre) -> None:
    home, neighbour = centre.home(nth=0), centre.home(nth=1)
    await centre.attended_by("zuoxi1")
    for it in (home, neighbour):
        await centre.press(it)
        assert (await centre.claim(await centre.row_of(it))).done
    assert (await centre.ask(EndShift(key=DESK, incident="", by="zuoxi1", to="zuoxi2"))).done
    await comes_back_with_a_bad_state(centre, DESK)
    row = await centre.row_of(home)
    assert row.claimed_by == "zuoxi1"
    await centre.pass_time(seconds=31)
    assert (await centre.row_of(home)).unacknowledged, "nobody came back"
    assert (await centre.claim(await centre.row_of(home), by="zuoxi2")).done
    await centre.press(neighbour)
    assert (await centre.row_of(neighbour)).alarm_count == 2


async def test_a_flood_is_known_again_from_the_incidents_alone(centre: Centre) -> None:
    for home in centre.plan.homes:
        await centre.ask(OpenManual(key=home.household, by="zuoxi1", text="?", priority=Priority.P3))
    assert centre.gateway.changes.flood.lasts
    began = centre.gateway.changes.flood.lately
    await comes_back_with_a_bad_state(centre, DESK)
    await centre.settled()
    flood = centre.gateway.judge.states.desk.inflow.flood
    assert flood.lasts
    assert flood.lately > began, "those of before, and the one about the bad state"


async def test_a_bad_state_of_the_city_at_boot_rings_and_its_homes_are_counted_anew(centre: Centre) -> None:
    before = centre.gateway.judge.states.city
    assert before.armed_s
    await comes_back_with_a_bad_state(centre, CITY)
    after = centre.gateway.judge.states.city
    assert after.armed_s == before.armed_s
    centre.clock.advance(timedelta(days=1))
    await centre.barrier()
    await centre.until(lambda: centre.gateway.judge.states.city.armed_s > before.armed_s, "the next night's count")


async def test_an_open_incident_whose_row_cannot_be_read_is_shown_from_its_state_and_written_again(
    centre: Centre,
) -> None:
    home = centre.home()
    await centre.press(home)
    before = await centre.row_of(home)
    await centre.close_gateway()
    behind_its_back(centre, "UPDATE incident SET body = :body WHERE id = :id", id=before.incident, body=b"{broken")
    await centre.open_gateway()
    assert (await centre.row_of(home)).incident == before.incident
    await mended(centre, await found(centre, "memory"))
    await centre.told_of(before.incident, EntryKind.MENDED)
    view = await centre.incident(before.incident)
    assert view.incident.alarms == (await centre.row_of(home)).alarms
