"""Two accept at once: the first counts, the second is told who was first."""

import asyncio

from centre import Centre
from on_duty import LAST, in_force, persons, plan, step, town, village

from alerting.model import EntryKind


async def test_the_first_counts_and_the_second_is_told(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village", "town"), LAST))
    home = centre.home()
    both = village(centre, home), town(centre, home)
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 2)
    answers = await asyncio.gather(*(centre.gateway.desk.accept(row.incident, who, "link") for who in both))
    told = [answer for answer in answers if not answer.done]
    assert len(told) == 1
    first = both[0] if answers[0].done else both[1]
    assert (told[0].refused, told[0].held_by) == ("accepted_by_other", first)
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert (kinds.count(EntryKind.PAGE_ACCEPTED), kinds.count(EntryKind.ACCEPTED_LATE)) == (1, 1)
    assert (await centre.gateway.desk.accept(row.incident, first, "key")).done, "the first, once more"
