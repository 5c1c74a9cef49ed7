"""A is off, B is called (AB 岗); a swap holds for its time; a holiday has its own people."""

from datetime import timedelta

from centre import Centre
from on_duty import LAST, in_force, name, persons, plan, shift, step, town, village

from alerting.duty.roster import Absence, DayKind, Roster, Swap, Times


async def called_first(centre: Centre) -> str:
    """Who is paged first about a press."""
    await centre.press(centre.home())
    await centre.pass_time(seconds=30)
    ((who, _),) = await persons(centre, 1)
    return who


async def test_while_a_is_off_b_is_called(centre: Centre) -> None:
    home, now = centre.home(), centre.clock.now()
    a, b = village(centre, home), town(centre, home)
    roster = Roster(
        absences=(Absence(person=a, since=now - timedelta(hours=1), until=now + timedelta(hours=1)),), deputies={a: b}
    )
    await in_force(centre, plan(step(30, "village"), LAST), roster=roster)
    assert await called_first(centre) == name(centre, b)


async def test_a_swap_calls_who_has_taken_the_shift(centre: Centre) -> None:
    home, now = centre.home(), centre.clock.now()
    a, b = village(centre, home), town(centre, home)
    swap = Swap(person=a, instead=b, since=now - timedelta(hours=1), until=now + timedelta(hours=1))
    await in_force(
        centre,
        plan(step(30, "on_duty:grid"), LAST),
        roster=Roster(shifts=(shift("grid", a),), swaps=(swap,)),
    )
    assert await called_first(centre) == name(centre, b)


async def test_on_a_holiday_who_is_on_duty_for_holidays_is_called(centre: Centre) -> None:
    home = centre.home()
    office, holiday = village(centre, home), town(centre, home)
    roster = Roster(
        shifts=(
            shift("grid", office, times=Times(on=DayKind.WORKING)),
            shift("grid", holiday, times=Times(on=DayKind.OFF)),
        ),
        holidays={"2026-01-05": "纪念日"},  # the Monday on which stories begin
    )
    await in_force(centre, plan(step(30, "on_duty:grid"), LAST), roster=roster)
    assert await called_first(centre) == name(centre, holiday)
