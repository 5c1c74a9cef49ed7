"""Plans and rosters are editions: who, when, what; undone by the one before; the number is in the journal."""

import msgspec
from centre import Centre
from on_duty import LAST, in_force, plan, save_plans, shift, step
from sqlalchemy import select

from alerting.commands import SavePlans
from alerting.duty.editions import plans_from
from alerting.duty.roster import Roster
from gateway.store import schema


async def test_an_edition_is_kept_with_who_and_when_and_the_one_before_can_be_put_back(centre: Centre) -> None:
    first, second = plan(step(30, "village"), LAST, name="一"), plan(step(40, "town"), LAST, name="二")
    await in_force(centre, first, roster=Roster(shifts=(shift("supervisor", "zhuguan"),)))
    await centre.pass_time(seconds=60)
    assert (await save_plans(centre, second)).done
    duty = await centre.gateway.desk.duty()
    assert [(row.kind, row.by) for row in duty.history] == [
        ("plans", "zhuguan"),
        ("plans", "zhuguan"),
        ("roster", "zhuguan"),
    ]
    assert duty.history[0].at == centre.clock.now()
    found = await centre.gateway.desk.edition(duty.history[1].number)
    assert found is not None
    assert (await save_plans(centre, *plans_from(found[1].encode()))).done
    assert centre.gateway.judge.policy.editions.plans == (first,)
    await centre.close_gateway()
    await centre.open_gateway()
    assert centre.gateway.judge.policy.editions.plans == (first,)


async def test_two_who_edit_at_once_do_not_overwrite_each_other(centre: Centre) -> None:
    await in_force(centre, plan(LAST, name="一"))
    stale = SavePlans(key="", plans=(plan(LAST, name="三"),), by="admin", based_on=0)
    assert (await centre.ask(stale)).refused == "edited_meanwhile"


async def test_each_decision_carries_the_number_of_what_was_in_force(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST))
    number = centre.gateway.judge.policy.editions.number
    home = centre.home()
    await centre.press(home)
    await in_force(centre, plan(step(60, "village"), LAST))
    await centre.pass_time(seconds=60)
    j = schema.journal.c
    with centre.gateway.store.engine.connect() as c:
        numbers = list(c.scalars(select(j.edition).where(j.key == home.household).order_by(j.seq)))
    assert numbers[-1] == number + 1
    assert number in numbers
    assert msgspec.json.decode((await centre.gateway.desk.edition(number) or ("", "[]"))[1])[0]["name"] == "试用"
