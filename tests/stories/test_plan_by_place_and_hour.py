"""The most specific plan applies: by area, by tier, by the hour at which the climb begins."""

from centre import Centre
from on_duty import DAY, LAST, NIGHT, at, case, in_force, name, persons, plan, save_plans, step, town, village

from alerting.casefile import covers
from nuanhu.town.homes import OWN, Home


def two_homes(centre: Centre) -> tuple[Home, Home]:
    """Two homes that can press, in different villages."""
    homes = [home for home in centre.plan.homes if home.make == OWN]
    first = homes[0]
    other = next(h for h in homes if case(centre, h).area != case(centre, first).area)
    return first, other


async def test_a_village_s_own_plan_holds_there_and_nowhere_else(centre: Centre) -> None:
    here, elsewhere = two_homes(centre)
    area = case(centre, here).area
    assert not covers(area, case(centre, elsewhere).area)
    await in_force(centre, plan(step(30, "village"), LAST, name="本村", area=area), plan(LAST, name="全市"))
    await centre.press(elsewhere)
    await centre.pass_time(seconds=60)
    assert centre.paged_persons() == []
    await centre.press(here)
    await centre.pass_time(seconds=30)
    assert (await persons(centre, 1))[0][0] == name(centre, village(centre, here))


async def test_by_tier_and_by_hour(centre: Centre) -> None:
    home = centre.home()
    mine, others = (
        case(centre, home).tier,
        [t for t in type(case(centre, home).tier) if t is not case(centre, home).tier],
    )
    await in_force(
        centre,
        plan(step(30, "village"), LAST, name="白天", times=DAY),
        plan(step(30, "town"), LAST, name="夜间", times=NIGHT),
        plan(step(30, "key_holder"), LAST, name="其他标签", tiers=tuple(others)),
    )
    for hour, who in ((9, village(centre, home)), (21, town(centre, home))):
        await centre.pass_time(seconds=at(centre, hour))
        before = len(centre.paged_persons())
        await centre.press(home)
        await centre.pass_time(seconds=30)
        assert (await persons(centre, before + 1))[-1][0] == name(centre, who)
        row = await centre.row_of(home)
        await centre.claim(row)
        await centre.close(row)
    assert (await save_plans(centre, plan(step(30, "town"), LAST, name="本标签", tiers=(mine,)))).done
    (applies, *_) = await centre.gateway.desk.plans_of(home.household)
    assert applies.plan.name == "本标签"


async def test_a_new_plan_is_in_force_at_once_also_for_what_climbs_already(centre: Centre) -> None:
    await in_force(centre, plan(step(600, "village"), step(900, "duty_phones"), name="慢"))
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=100)
    assert centre.paged_persons() == []
    assert (await save_plans(centre, plan(step(30, "village"), LAST, name="快"))).done
    await persons(centre, 1)
