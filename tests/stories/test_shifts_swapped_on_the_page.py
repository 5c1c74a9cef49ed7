"""Two turns swapped in the week: whoever has taken the night is called in it, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from centre import Centre
from on_duty import DAY, LAST, NIGHT, at, case, in_force, name, persons, plan, shift, step, town, village

from alerting.casefile import Role
from alerting.duty.roster import Absence, Roster
from alerting.duty.week import Standing, midnight
from dashboard.roster_swaps import BAR
from tests.dashboard.visitor import arrived, press

FORM = "/duty/roster/edit"


async def test_who_has_taken_the_night_is_called(centre: Centre) -> None:
    home = centre.home()
    by_day, by_night = village(centre, home), town(centre, home)
    area = case(centre, home).area
    roster = Roster(
        shifts=(
            shift("watch", by_day, area=area, times=DAY),
            shift("watch", by_night, area=area, times=NIGHT),
        )
    )
    await in_force(centre, plan(step(30, "on_duty:watch"), LAST), roster=roster)
    supervisor = arrived(centre, "boss", Role.SUPERVISOR)
    page = await supervisor.go(FORM)
    today = midnight(roster, centre.clock.now().date())

    def tick(who: str, since_h: int, until_h: int) -> str:
        it = Standing(who, who, who)
        edges = [(today + timedelta(hours=hour)).isoformat() for hour in (since_h, until_h)]
        value = BAR.join((it.person, it.taken_by, *edges))
        assert f'value="{value}"' in page, "it is there to be ticked"
        return value

    await press(supervisor, FORM, "swap", pick=[tick(by_day, 32, 44), tick(by_night, 20, 32)])
    await press(supervisor, FORM, "save", note="换班")
    await centre.pass_time(seconds=at(centre, 22))
    await centre.press(home)
    await centre.pass_time(seconds=30)
    assert {who for who, _ in await persons(centre, 1)} == {name(centre, by_day)}


@pytest.mark.parametrize("is_off", [False, True], ids=["there", "off"])
async def test_a_plan_may_name_one_person_and_their_deputy_stands_in(centre: Centre, is_off: bool) -> None:
    home = centre.home()
    a, b, now = village(centre, home), town(centre, home), centre.clock.now()
    away = Absence(person=a, since=now - timedelta(hours=1), until=now + timedelta(hours=2))
    roster = Roster(absences=(away,) if is_off else (), deputies={a: b})
    await in_force(centre, plan(step(30, f"person:{a}"), LAST), roster=roster)
    await centre.press(home)
    await centre.pass_time(seconds=30)
    assert {who for who, _ in await persons(centre, 1)} == {name(centre, b if is_off else a)}
