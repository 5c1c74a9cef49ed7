"""A supervisor starts a drill for a town: everybody is called as in earnest, and it is told who answered and when."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from centre import Centre
from on_call import PIN, on_call
from on_duty import shift, town, village

from alerting.casefile import AreaLevel, Role
from alerting.commands import Dispatch, SaveRoster
from alerting.duty.drill import MOST_CALLED, StartDrill, StopDrill, drill_key
from alerting.duty.roster import Absence, Roster
from alerting.model import Aggregate
from gateway.drills.asked import DrillCall
from tests.dashboard.visitor import arrived
from tests.stories.test_replayed import replayed


def town_of(centre: Centre) -> str:
    areas = centre.gateway.directory.areas.values()
    area = centre.gateway.directory.households[centre.home().household].area
    return next(it.key for it in areas if it.level is AreaLevel.TOWN and area.startswith(f"{it.key}."))


def number_of(centre: Centre, person: str) -> str:
    return centre.gateway.directory.addresses.of(person, "sms")


async def heard(centre: Centre, person: str, number: int = 1) -> DrillCall:
    await centre.barrier()
    calls = await centre.gateway.desk.drill_calls(town_of(centre), number)
    return next(it for it in calls if it.person.id == person)


async def answer_of(centre: Centre, person: str) -> DrillCall:
    for _ in range(1000):
        if (found := await heard(centre, person)).called.answered_s:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"waited in vain for {person}")


async def start(centre: Centre, *persons: str, within_s: int = 900) -> str:
    answer = await centre.ask(
        StartDrill(key=drill_key(town_of(centre)), by="zhuguan", persons=persons, within_s=within_s)
    )
    return answer.refused or answer.made


async def test_who_presses_1_has_answered_and_who_is_silent_is_called_by_their_next_channel(centre: Centre) -> None:
    async with on_call(centre) as story:
        answers, silent = village(centre, centre.home()), town(centre, centre.home())
        story.main.phones[number_of(centre, answers)] = "presses_1"
        began = centre.clock.now()
        assert await start(centre, answers, silent) == "1"
        for number in (number_of(centre, it) for it in (answers, silent)):
            await centre.until(lambda number=number: story.main.texts(number), "the message")
            assert "呼叫演练（非警情" in story.main.texts(number)[-1]
        assert story.main.kept("voice") == [], "the call comes after the message, as in earnest"
        await centre.pass_time(seconds=30)
        await centre.until(lambda: len(story.main.kept("voice")) == 2, "both calls")
        one, other = await answer_of(centre, answers), await heard(centre, silent)
        after_s = one.called.answered_s - int(began.timestamp())
        assert (one.called.how, one.called.declined, after_s) == ("key", False, 30)
        assert (other.called.answered_s, bool(other.called.sent_s)) == (0, True)
        assert (await centre.gateway.desk.snapshot()).rows == (), "no incident is opened"

        await centre.pass_time(minutes=14, seconds=30)
        drill = await centre.gateway.desk.drill(town_of(centre), 1)
        assert drill is not None
        assert drill.ended_at == began + timedelta(minutes=15)
        assert (drill.count.people, drill.count.in_time) == (2, 1)
        assert Aggregate.DRILL in replayed(centre)


async def test_the_link_wants_the_pin_and_opening_it_answers_nothing(centre: Centre) -> None:
    person = village(centre, centre.home())
    async with on_call(centre, page_pins={person: PIN}) as story:
        await start(centre, person)
        link = await story.link(number_of(centre, person))
        visitor = arrived(centre, "zhuguan", Role.SUPERVISOR)
        page = await visitor.go(link)
        assert "这是演练" in page
        seen = (await heard(centre, person)).called
        assert (bool(seen.seen_s), seen.answered_s) == (True, 0)
        await visitor.send(link, pin="0000", answer="accepted")
        assert visitor.status == 401
        assert not (await heard(centre, person)).called.answered_s
        await visitor.send(link, pin=PIN, answer="declined")
        assert "已记下您的应答" in visitor.page
        said = (await heard(centre, person)).called
        assert (said.how, said.declined, bool(said.answered_s)) == ("link", True, True)


async def test_a_late_answer_is_told_as_late_and_one_to_an_older_drill_counts_for_nothing(centre: Centre) -> None:
    person = village(centre, centre.home())
    async with on_call(centre, page_pins={person: PIN}) as story:
        await start(centre, person, within_s=300)
        link = await story.link(number_of(centre, person))
        await centre.pass_time(minutes=6)
        visitor = arrived(centre, "zhuguan", Role.SUPERVISOR)
        await visitor.go(link)
        await visitor.send(link, pin=PIN, answer="accepted")
        drill = await centre.gateway.desk.drill(town_of(centre), 1)
        assert drill is not None
        assert (drill.count.answered, drill.count.in_time) == (1, 0)
        assert await start(centre, person) == "2"
        await visitor.go(link)
        assert visitor.status == 410
        assert not (await heard(centre, person, number=2)).called.answered_s


async def test_it_is_stopped_and_calls_nobody_else_also_after_a_restart(centre: Centre) -> None:
    async with on_call(centre) as story:
        person = village(centre, centre.home())
        await start(centre, person)
        await centre.until(lambda: story.main.texts(number_of(centre, person)), "the message")
        await centre.close_gateway()
        await centre.open_gateway()
        assert await start(centre, person) == "drill_running"
        stop = StopDrill(key=drill_key(town_of(centre)), by="zhuguan")
        assert (await centre.ask(stop)).done
        assert (await centre.ask(stop)).refused == "no_drill"
        await centre.pass_time(minutes=5)
        assert story.main.kept("voice") == []
        drill = await centre.gateway.desk.drill(town_of(centre), 1)
        assert drill is not None
        assert (drill.stopped_by, drill.ended_at is not None) == ("zhuguan", True)


@pytest.mark.parametrize(
    ("persons", "within_s", "refused"),
    [
        ((), 900, "nobody_to_call"),
        (("responder:nobody",), 900, "nobody_to_call"),
        ("somebody", 60, "bad_time"),
        ("somebody", 3600, "bad_time"),
    ],
)
async def test_what_makes_no_sense_calls_nobody(
    centre: Centre, persons: tuple[str, ...] | str, within_s: int, refused: str
) -> None:
    chosen = (village(centre, centre.home()),) if persons == "somebody" else tuple(persons)
    assert await start(centre, *chosen, within_s=within_s) == refused
    assert await centre.gateway.desk.drills("") == []


async def test_who_is_off_or_has_a_job_is_not_called_and_who_is_on_duty_stands_first(centre: Centre) -> None:
    home, area = centre.home(), town_of(centre)
    off, busy = town(centre, home), village(centre, home)
    people = {it.id: it for it in await centre.gateway.desk.drill_people(area)}
    assert (people[off].why_not, people[busy].why_not, people[busy].on_duty) == ("", "", False)
    assert len(people) <= MOST_CALLED
    now = centre.clock.now()
    roster = Roster(
        shifts=(shift("grid", busy, area=area),),
        absences=(Absence(person=off, since=now - timedelta(hours=1), until=now + timedelta(days=1)),),
    )
    based_on = centre.gateway.judge.policy.editions.roster_number
    assert (await centre.ask(SaveRoster(key="", roster=roster, by="zhuguan", based_on=based_on))).done
    people_now = await centre.gateway.desk.drill_people(area)
    assert people_now[0].id == busy
    assert next(it for it in people_now if it.id == off).why_not == "off"
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    sent = Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=busy.removeprefix("responder:"))
    assert (await centre.ask(sent)).done
    assert next(it for it in await centre.gateway.desk.drill_people(area) if it.id == busy).why_not == "on_job"
