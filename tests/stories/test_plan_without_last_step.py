"""A P1 plan without an always-staffed last step cannot be saved; found at the start, the built-in one is in force."""

from centre import Centre
from on_duty import LAST, in_force, plan, save_plans, save_roster, shift, step

from alerting.duty.roster import Roster, Times
from alerting.model import Priority


async def test_it_is_refused_with_the_reason_and_nothing_changes(centre: Centre) -> None:
    answer = await save_plans(centre, plan(step(30, "consoles"), step(60, "village"), name="夜间"))
    assert answer.refused == "bad_plans"
    assert answer.reasons == ("no_staffed_last_step|夜间",)
    assert centre.gateway.judge.policy.editions.plans == ()
    assert (await save_plans(centre, plan(step(30, "consoles"), step(60, "village"), priority=Priority.P2))).done


async def test_a_roster_that_would_leave_a_plan_without_it_is_refused_too(centre: Centre) -> None:
    always = Roster(shifts=(shift("supervisor", "zhuguan"),))
    await in_force(centre, plan(step(30, "consoles"), step(60, "supervisor"), name="夜间"), roster=always)
    by_day = Roster(shifts=(shift("supervisor", "zhuguan", times=Times(from_min=480, to_min=1200)),))
    answer = await save_roster(centre, by_day)
    assert (answer.refused, answer.reasons) == ("bad_roster", ("no_staffed_last_step|夜间",))


async def test_stored_and_no_longer_usable_it_gives_way_to_the_built_in_plan_and_every_console_says_so(
    centre: Centre,
) -> None:
    await in_force(centre, plan(step(30, "consoles"), LAST, name="夜间"))
    assert "bad_plans" not in (await centre.gateway.desk.health()).loud
    await centre.set_up(duty_phones={})
    health = await centre.gateway.desk.health()
    assert "bad_plans" in health.loud
    assert "bad_plans" not in health.faults, "a restart would not mend it"
    assert (await centre.gateway.desk.duty()).wrong == ("no_staffed_last_step|夜间",)
    (applies, *_) = await centre.gateway.desk.plans_of(centre.home().household)
    assert (applies.plan.priority, applies.plan.name) == (Priority.P1, "")
    home = centre.home()
    await centre.press(home)
    rang = len(centre.rang)
    await centre.pass_time(seconds=60)
    assert len(centre.rang) > rang, "it climbs"
