"""A grid platform that is away, or does not answer, never makes the desk deaf; what it has missed it is told later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from centre import Centre
from on_the_way import OnTheWay, claimed

from alerting.dispatch.job import Stage
from alerting.model import Aggregate, EntryKind, IncidentState
from gateway.exchange import job_courier
from tests.grid_platform import RESPONDER, Words, job_of, registered
from tests.listening_system import ListeningSystem
from tests.stories.test_replayed import replayed


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[ListeningSystem]:
    """A platform that listens, and answers nothing; what it does not take is tried again soon."""
    monkeypatch.setattr(job_courier, "RETRY_S", (0.02, 0.05))
    listening = ListeningSystem()
    listening.come()
    yield listening
    listening.go()


async def handed(centre: Centre, system: ListeningSystem) -> OnTheWay:
    """A press whose job is handed to the platform."""
    await registered(centre, system.url)
    it = await claimed(centre)
    assert (await it.send(RESPONDER)).done
    return it


async def told(it: OnTheWay, kind: EntryKind) -> None:
    """Wait until the timeline says so."""
    await it.centre.told_of(it.row.incident, kind)


def words(system: ListeningSystem) -> list[str]:
    """Kinds of what it has taken, repeats left out."""
    return [it["type"].removeprefix("nuanhu.job.") for it in {it["id"]: it for it in system.events}.values()]


async def test_away_it_rings_at_once_and_a_late_acceptance_counts(centre: Centre, system: ListeningSystem) -> None:
    system.go()
    it = await handed(centre, system)
    rang = it.rang()
    running = centre.gateway.judge.states.running_as
    await centre.until(
        lambda: (
            (found := running(it.row.incident)) is not None
            and any(job.undelivered == "no_connection" for job in found.jobs)
        ),
        "the courier to try",
    )
    await centre.pass_time(seconds=19)
    assert it.rang() == rang
    await centre.pass_time(seconds=2)
    assert it.rang() == rang + 1, "long before the time in which it would have to accept"
    assert await it.lines(EntryKind.NOT_DELIVERED) == [f"{RESPONDER}|no_connection"]
    assert await it.stage(RESPONDER) is Stage.TIMED_OUT
    system.come()
    await told(it, EntryKind.JOB_RECEIVED)
    assert words(system) == ["offered", "changed"]
    assert (await Words(centre, await job_of(it)).accepts()).status_code == 200
    assert await it.stage(RESPONDER) is Stage.ACCEPTED
    assert {Aggregate.HOUSEHOLD} <= replayed(centre)


async def test_received_and_not_accepted_it_rings_and_the_next_one_is_called(
    centre: Centre, system: ListeningSystem
) -> None:
    it = await handed(centre, system)
    await told(it, EntryKind.JOB_RECEIVED)
    rang = it.rang()
    await centre.pass_time(seconds=60)
    assert it.rang() == rang, "it has it, and has its time"
    await centre.pass_time(seconds=61)
    assert it.rang() == rang + 1
    assert await it.lines(EntryKind.NOT_ACCEPTED) == [RESPONDER]
    await centre.pass_time(seconds=121)
    assert EntryKind.ESCALATED in [line.kind for line in (await centre.incident(it.row.incident)).timeline]
    assert (await Words(centre, await job_of(it)).say("cannot_go", reason="无人可派")).status_code == 200
    assert await it.stage(RESPONDER) is Stage.CANNOT_GO


async def test_what_it_was_not_told_before_the_gateway_ended_it_is_told_afterwards(
    centre: Centre, system: ListeningSystem
) -> None:
    await registered(centre, system.url)
    system.status = 503
    it = await claimed(centre)
    assert (await it.send(RESPONDER)).done
    await centre.close_gateway()
    system.status = 200
    await centre.open_gateway()
    await told(it, EntryKind.JOB_RECEIVED)
    assert words(system) == ["offered"]
    await centre.close_gateway()
    await centre.open_gateway()
    await it.recall(RESPONDER)
    await centre.until(lambda: words(system)[-1:] == ["recalled"], "the recall to be told")
    assert words(system) == ["offered", "recalled"]
    assert system.events[0]["subject"] == await job_of(it)
    assert (await Words(centre, await job_of(it)).accepts()).status_code == 409, "the desk has called it back"


async def test_called_back_before_it_was_told_it_only_hears_that_nobody_is_to_go(
    centre: Centre, system: ListeningSystem
) -> None:
    system.go()
    it = await handed(centre, system)
    await it.recall(RESPONDER)
    system.come()
    await centre.until(lambda: words(system) == ["recalled"], "the recall, and no offer")
    assert (await it.now()).state == IncidentState.CLAIMED
    await centre.pass_time(seconds=1)
    assert (await it.send(RESPONDER)).done, "and it can be asked anew"
    await centre.until(lambda: words(system)[-1:] == ["offered"], "the new offer")
    jobs = [event["subject"] for event in system.events]
    assert jobs[0] != jobs[-1], "which is another job"


async def test_what_others_and_the_desk_do_is_told(centre: Centre, system: ListeningSystem) -> None:
    it = await handed(centre, system)
    person = next(iter(centre.gateway.directory.responders))
    await it.send(person)
    await it.accepts(person)
    await it.says(person, Stage.NEEDS_120)
    await centre.until(lambda: words(system).count("changed") == 3, "what another responder says")
    others = [event["data"]["others"] for event in system.events if "changes" in event["data"]]
    assert others == [["offered"], ["accepted"], ["needs_120"]]
    await centre.press(it.home)
    await centre.until(lambda: words(system).count("changed") == 4, "another press")
    assert system.events[-1]["data"]["changes"] == ["alarm"]
    await centre.claim(await it.now())
    await centre.spoke(await it.now())
    assert (await centre.close(await it.now())).done
    await centre.until(lambda: words(system)[-1:] == ["over"], "the end")
    assert system.events[-1]["data"]["incident_state"] == "closed"
    assert {Aggregate.HOUSEHOLD, Aggregate.RESPONDER} <= replayed(centre)
