"""Two incidents ask one person at once: they get one job, and the other incident asks somebody else at once."""

from __future__ import annotations

from audited import behind_its_back
from centre import Centre
from on_the_way import OnTheWay, claimed, near
from sqlalchemy import select

from alerting.dispatch.job import Stage
from alerting.dispatch.told import jobs_key
from alerting.model import EntryKind
from gateway.store import schema


async def two(centre: Centre) -> tuple[OnTheWay, OnTheWay, str]:
    """Two homes; the same person is asked to go to both."""
    first, second = await claimed(centre, centre.home(nth=0)), await claimed(centre, centre.home(nth=1))
    who = (await near(centre, first.home))[0]
    for it in (first, second):
        assert (await it.send(who)).done
    return first, second, who


async def test_the_first_that_is_accepted_is_theirs_and_the_other_rings_at_once(centre: Centre) -> None:
    first, second, who = await two(centre)
    rang = second.rang()
    assert (await first.accepts(who)).done
    await centre.barrier()
    assert await first.stage(who) is Stage.ACCEPTED
    assert await second.stage(who) is Stage.ELSEWHERE
    assert second.rang() == rang + 1
    left = await second.now()
    assert (left.responder, left.unacknowledged) == ("", True)
    assert await second.lines(EntryKind.JOB_ELSEWHERE) == [who]
    refused = await second.accepts(who)
    assert refused.refused == "wrong_state", "it is not offered to them any more"


async def test_whoever_has_a_job_is_not_sent_elsewhere_and_the_desk_is_told_where_they_are(centre: Centre) -> None:
    first, second, who = await two(centre)
    await first.accepts(who)
    await second.centre.claim(await second.now())
    refused = await second.send(who)
    assert (refused.refused, refused.held_by) == ("on_other_job", first.row.incident)
    await first.recall(who)
    assert (await second.send(who)).done, "called back, they are free"
    assert (await second.accepts(who)).done


async def test_a_job_that_is_over_leaves_them_free(centre: Centre) -> None:
    first, second, who = await two(centre)
    await first.accepts(who)
    assert (await first.cannot_go(who, "车坏了")).done
    await centre.claim(await second.now())
    assert (await second.send(who)).done
    assert (await second.accepts(who)).done


async def test_where_one_has_not_heard_of_the_other_the_start_mends_it(centre: Centre) -> None:
    """The store has kept the acceptance, and neither what the responder nor what the other incident heard of it."""
    first, second, who = await two(centre)
    keys = (jobs_key(who), second.home.household)
    before = {key: body_of(centre, key) for key in keys}
    await first.accepts(who)
    await centre.barrier()
    await centre.close_gateway()
    for key, body in before.items():
        behind_its_back(centre, "UPDATE hot_state SET body = :body WHERE key = :key", key=key, body=body)
    await centre.open_gateway()
    await centre.barrier()
    assert centre.gateway.judge.states.care.jobs[jobs_key(who)].incident == first.row.incident
    other = centre.gateway.judge.states.running_as(second.row.incident)
    assert other is not None
    assert [it.stage for it in other.jobs] == [Stage.ELSEWHERE]
    assert (await first.now()).responder == who


def body_of(centre: Centre, key: str) -> bytes:
    with centre.gateway.store.engine.connect() as c:
        return bytes(c.execute(select(schema.hot_state.c.body).where(schema.hot_state.c.key == key)).scalar_one())
