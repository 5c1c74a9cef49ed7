"""One number for all homes: it becomes a price, each home takes it at its next fit, and no home is ever kept quiet."""

import msgspec
import pytest
from centre import Centre
from sqlalchemy import select

from alerting.budget.spending import Budget
from alerting.commands import Claim, Close, SaveBudget
from alerting.decisions import AnyDecision
from alerting.duty import editions
from alerting.events import AnyEvent
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import AlarmKind, Outcome, RiskTier
from gateway.desk.contract import Answer
from gateway.store import schema
from gateway.store.batch import NOT_STORED_AS_DECISIONS
from gateway.store.reads import when
from nuanhu.town.homes import Home


async def save(centre: Centre, budget: Budget) -> Answer:
    number = centre.gateway.judge.policy.editions.budget_number
    return await centre.ask(SaveBudget(key="", by="zhuguan", budget=budget, based_on=number, note="试"))


async def live(centre: Centre, home: Home, days: int) -> None:
    """Somebody moves every two hours by day; whatever rings is answered."""
    for _ in range(days):
        for _ in range(8):
            await centre.move(home)
            await centre.pass_time(hours=2)
            await answered(centre)
        await centre.pass_time(hours=8)
        await answered(centre)


async def answered(centre: Centre) -> None:
    for row in await centre.queue():
        who = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
        await centre.ask(Claim(**who))
        await centre.ask(Close(**who, outcome=Outcome.WAS_WELL))


async def test_a_number_that_is_saved_becomes_a_price_and_each_home_takes_it_at_its_next_fit(centre: Centre) -> None:
    home = centre.home()
    await live(centre, home, 4)
    judge = centre.gateway.judge
    assert judge.policy.editions.price.prices == {}
    before = judge.memory_of(home.household).rhythm.waits
    assert (await save(centre, Budget(city_per_day=4.0))).done
    price = judge.policy.editions.price
    assert set(price.prices) == {h.tier for h in centre.plan.registry.households}
    assert price.homes == len(centre.plan.homes)
    assert judge.memory_of(home.household).rhythm.waits == before, "not before its next fit"
    await live(centre, home, 1)
    await centre.move(home)
    after = judge.memory_of(home.household).rhythm.waits
    assert before is not None
    assert after is not None
    assert after.price != before.price


async def test_the_homes_are_counted_each_night_and_the_price_survives_a_restart(centre: Centre) -> None:
    await save(centre, Budget(city_per_day=4.0, tier_per_day={RiskTier.URGENT: 1.0}))
    first = centre.gateway.judge.policy.editions
    await centre.pass_time(hours=24)
    second = centre.gateway.judge.policy.editions
    assert second.price_number > first.price_number
    await centre.close_gateway()
    await centre.open_gateway()
    again = centre.gateway.judge.policy.editions
    assert (again.price, again.budget, again.price_number) == (second.price, second.budget, second.price_number)
    await centre.pass_time(hours=24)
    assert centre.gateway.judge.policy.editions.price_number == second.price_number + 1


async def test_a_number_beyond_its_bounds_is_refused_and_so_is_one_edited_meanwhile(centre: Centre) -> None:
    refused = await save(centre, Budget(city_per_day=90_000))
    assert (refused.refused, refused.reasons) == ("bad_budget", ("bad_city|90000",))
    assert centre.gateway.judge.policy.editions.budget_number == 0
    stale = SaveBudget(key="", by="admin", budget=Budget(city_per_day=3), based_on=7)
    assert (await centre.ask(stale)).refused == "edited_meanwhile"


async def test_with_the_budget_spent_a_home_past_its_limit_or_its_cap_alarms_all_the_same(centre: Centre) -> None:
    """Overspending is shown, never enforced by silence."""
    home = centre.home()
    assert (await save(centre, Budget(city_per_day=0.1, home_most_per_week=0.02))).done
    spent = 0
    for _ in range(12):  # many times what may be had
        await centre.move(home)
        view = await centre.gateway.desk.household(home.household)
        assert view is not None
        assert view.rhythm is not None
        for _ in range(int(view.rhythm.limit_s / 3600) + 1):
            await centre.pass_time(hours=1)
            for fitted in home.fitted:
                await centre.alive(home, fitted.device)
            await centre.settled()
        row = await centre.row_of(home)
        assert row.alarms[0].kind is AlarmKind.INACTIVITY
        assert row.alarms[0].limit_s == view.rhythm.limit_s <= 14 * 3600
        spent += 1
        await answered(centre)
    assert spent == 12
    seen = await centre.gateway.desk.budget()
    assert seen.all.month == 12 > seen.per_day * 28, "and the page says how far it is overspent"


async def test_the_journal_with_its_editions_leads_to_the_same_limits(centre: Centre) -> None:
    home = centre.home()
    await live(centre, home, 2)
    await save(centre, Budget(city_per_day=3.0))
    await live(centre, home, 2)
    await save(centre, Budget(city_per_day=9.0))
    await live(centre, home, 2)
    await centre.move(home)
    await centre.close_gateway()

    usual, saved = centre.gateway.policy, centre.gateway.store.saved
    j, d, le = schema.journal.c, schema.decision.c, schema.learned_state.c
    with centre.gateway.store.engine.connect() as c:
        events = c.execute(
            select(j.seq, j.at_ms, j.edition, j.event).where(j.key == home.household).order_by(j.seq)
        ).all()
        stored = c.execute(select(d.seq, d.body).where(d.key == home.household).order_by(d.seq, d.n)).all()
        learned = c.execute(select(le.body).where(le.key == home.household)).scalar_one()
    memory, told = Memory(HouseholdState(key=home.household)), list[tuple[int, AnyDecision]]()
    for seq, at_ms, edition, body in events:
        policy = msgspec.structs.replace(usual, editions=editions.loaded(saved.latest(edition)))
        event: AnyEvent = msgspec.json.decode(bytes(body), type=AnyEvent)
        memory, decisions = household.step(memory, event, when(at_ms), policy)
        told += [(seq, decision) for decision in decisions if not isinstance(decision, NOT_STORED_AS_DECISIONS)]
    assert msgspec.json.encode(memory.rhythm) == bytes(learned)
    assert told == [(seq, msgspec.json.decode(bytes(body), type=AnyDecision)) for seq, body in stored]
    assert len({edition for _, _, edition, _ in events}) > 4


async def test_a_home_with_a_number_of_its_own_takes_it_at_its_next_fit_and_keeps_it_whatever_the_city_has(
    centre: Centre,
) -> None:
    often, other = centre.home(nth=0), centre.home(nth=1)
    assert (await save(centre, Budget(city_per_day=1.5, homes_per_week={often.household: 5.0}))).done
    for home in (often, other):
        await live(centre, home, 3)
    judge = centre.gateway.judge
    mine, theirs = (judge.memory_of(home.household).rhythm.waits for home in (often, other))
    assert mine is not None
    assert theirs is not None
    assert mine.curve.mean_min < theirs.curve.mean_min, "it waits less"
    assert (await save(centre, Budget(city_per_day=50.0, homes_per_week={often.household: 5.0}))).done
    await live(centre, often, 1)
    again = judge.memory_of(often.household).rhythm.waits
    assert again is not None
    assert again.price == pytest.approx(mine.price, rel=0.25), "another price of the city is none of its concern"
    assert (await save(centre, Budget(city_per_day=1.5))).done
    await live(centre, often, 2)
    last = judge.memory_of(often.household).rhythm.waits
    assert last is not None
    assert last.curve.mean_min > mine.curve.mean_min, "and it is taken back"
