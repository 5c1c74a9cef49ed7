"""A job is handed to the city's grid platform and back: signed, each event once, its stages mirrored on both sides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from centre import Centre
from on_the_way import OnTheWay, claimed

from alerting.dispatch.job import HandedTo, Stage, Worker
from alerting.model import Aggregate, EntryKind, IncidentState
from gateway.exchange import job_courier
from tests.grid_platform import RESPONDER, GridPlatform, registered
from tests.stories.test_replayed import replayed

Begin = Callable[..., GridPlatform]


@pytest.fixture
async def platform(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Begin]:
    """Begins the example of docs/examples/grid_platform.py, and ends it; what it does not take comes again soon."""
    monkeypatch.setattr(job_courier, "RETRY_S", (0.02, 0.05))
    running: list[GridPlatform] = []
    await centre.set_up(push_networks=["127.0.0.0/8"])
    base = await centre.serve()

    def begin(*more: str) -> GridPlatform:
        running.append(GridPlatform(base, *more))
        return running[-1]

    yield begin
    for it in running:
        it.stop()


async def stage_is(it: OnTheWay, stage: Stage) -> None:
    """Wait until the platform's job has come so far."""
    found: list[Stage] = []
    for _ in range(6000):
        found.append(await it.stage(RESPONDER))
        if found[-1] is stage:
            return
        await it.centre.barrier()
    raise AssertionError(f"it is {found[-1]}, and not {stage}")


async def test_it_is_offered_accepted_and_done_and_both_sides_know_how_far_it_is(
    centre: Centre, platform: Begin
) -> None:
    grid = platform("--worker", "王建国")
    await registered(centre, grid.url)
    it = await claimed(centre)
    assert (await it.send(RESPONDER)).done
    await stage_is(it, Stage.HANDED_OVER)
    job = await it.job(RESPONDER)
    assert job.worker == Worker("WG0307", "王建国", "19900000003")
    assert job.reason == HandedTo.FAMILY
    assert job.eta_at is not None
    stages = [stage for stage, _ in job.times]
    assert stages == [Stage.OFFERED, Stage.ACCEPTED, *list(Stage)[3:7], Stage.HANDED_OVER]
    view = await centre.incident(it.row.incident)
    assert view.row.state == IncidentState.RESOLVED, "safe is a word of somebody who is there"
    kinds = [line.kind for line in view.timeline]
    assert kinds.index(EntryKind.DISPATCHED) < kinds.index(EntryKind.JOB_ACCEPTED) < kinds.index(EntryKind.RESOLVED)
    assert await it.lines(EntryKind.JOB_ACCEPTED) == [f"{RESPONDER}||王建国 19900000003|{job.eta_at.isoformat()}"]
    await centre.until(lambda: grid.heard()[-1:] == ["over"], "the platform to hear that it is over")
    assert grid.heard()[0] == "offered"
    offer = grid.lines[0]["data"]
    assert "residents" in offer
    assert "access" not in offer, "how to get in is for whoever goes"
    assert not any("name" in someone for someone in offer["residents"])
    words = {line["said"]: line for line in grid.said()}
    home = centre.gateway.directory.households[it.home.household]
    assert words["accepted"]["details"]["access"] == home.access
    assert words["accepted"]["details"]["residents"][0]["name"] == home.residents[0].name
    assert words["handed_over"]["details"] is None, "who has left need not know it any more"
    openings = await centre.gateway.desk.openings(home.key)
    assert {opening.by for opening in openings} == {RESPONDER}, "what was told of people is written down"
    assert Aggregate.HOUSEHOLD in replayed(centre)


async def test_a_platform_that_gives_it_back_makes_it_ring_at_once(centre: Centre, platform: Begin) -> None:
    grid = platform("--answer", "back")
    await registered(centre, grid.url)
    it = await claimed(centre)
    rang = it.rang()
    await it.send(RESPONDER)
    await stage_is(it, Stage.CANNOT_GO)
    assert (await it.job(RESPONDER)).reason == "不在本网格"
    assert it.rang() == rang + 1
    assert (await it.now()).state == IncidentState.CLAIMED
