"""A second responder is sent beside the first, each with stages of their own; either can be called back."""

from __future__ import annotations

from centre import Centre
from on_the_way import OnTheWay, claimed, near

from alerting.dispatch.job import HandedTo, Stage
from alerting.model import EntryKind, IncidentState


async def two_sent(centre: Centre) -> tuple[OnTheWay, str, str]:
    it, (first, second, *_) = await claimed(centre), await near(centre)
    assert (await it.send(first)).done
    assert (await it.accepts(first)).done
    assert (await it.send(second)).done
    return it, first, second


async def test_the_second_does_not_take_the_place_of_the_first(centre: Centre) -> None:
    it, first, second = await two_sent(centre)
    assert await it.stage(first) is Stage.ACCEPTED
    assert await it.stage(second) is Stage.OFFERED
    assert (await it.now()).responder == first, "who is further along is named first"
    await it.accepts(second)
    await it.says(second, Stage.ON_SCENE)
    here = await it.now()
    assert (here.state, here.responder, set(here.sent)) == (IncidentState.ON_SCENE, second, {first, second})
    await it.says(first, Stage.EN_ROUTE)
    assert (await it.now()).state == IncidentState.ON_SCENE, "one who comes later takes nobody from the door"
    assert (await it.send(second)).refused == "sent_already"


async def test_a_second_who_does_not_answer_rings_although_the_first_goes(centre: Centre) -> None:
    it, first, second = await two_sent(centre)
    rang = it.rang()
    await centre.pass_time(seconds=121)
    assert it.rang() == rang + 1
    assert await it.lines(EntryKind.NOT_ACCEPTED) == [second]
    assert await it.stage(second) is Stage.TIMED_OUT
    await centre.claim(await it.now())
    await centre.pass_time(seconds=150)
    assert it.rang() == rang + 1, "the first goes: it does not ring for the same a second time"
    assert (await it.accepts(second)).done, "late is better than never"
    assert await it.stage(first) is Stage.ACCEPTED


async def test_one_is_called_back_and_the_other_goes_on(centre: Centre) -> None:
    it, first, second = await two_sent(centre)
    await it.accepts(second)
    assert (await it.recall(first)).done
    assert await it.lines(EntryKind.RECALLED) == [first]
    left = await it.now()
    assert (left.state, left.sent) == (IncidentState.DISPATCHED, (second,))
    assert (await it.recall(first)).refused == "nobody_sent"
    assert (await it.says(first, Stage.ON_SCENE)).done, "what they say is kept"
    assert (await it.now()).state == IncidentState.DISPATCHED, "and nobody reckons with them"
    assert (await it.recall(second)).done
    assert (await it.now()).state == IncidentState.CLAIMED


async def test_the_first_cannot_go_and_the_second_does(centre: Centre) -> None:
    it, first, second = await two_sent(centre)
    await it.accepts(second)
    rang = it.rang()
    assert (await it.cannot_go(first, "车坏了")).done
    assert it.rang() == rang + 1
    left = await it.now()
    assert (left.state, left.responder) == (IncidentState.DISPATCHED, second)
    assert (await it.job(first)).reason == "车坏了"


async def test_the_last_one_who_was_there_leaves_it_at_the_door(centre: Centre) -> None:
    it, first, second = await two_sent(centre)
    await it.says(first, Stage.INSIDE)
    assert (await it.says(first, Stage.HANDED_OVER, HandedTo.FAMILY)).done
    assert (await it.now()).state == IncidentState.DISPATCHED, "who is still awaited counts"
    assert (await it.recall(second)).done
    assert (await it.now()).state == IncidentState.ON_SCENE
