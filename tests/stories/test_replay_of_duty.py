"""Replay is exact: the journal, with the editions it numbers, leads through the rules to the same decisions."""

import msgspec
from centre import Centre
from on_duty import LAST, in_force, persons, plan, save_roster, shift, step, village
from sqlalchemy import select

from alerting.decisions import AnyDecision
from alerting.duty import editions
from alerting.duty.roster import Roster
from alerting.events import AnyEvent
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from gateway.store import schema
from gateway.store.batch import NOT_STORED_AS_DECISIONS
from gateway.store.values import when


async def test_the_journal_with_its_editions_leads_to_the_same_decisions(centre: Centre) -> None:
    home = centre.home()
    first, second = village(centre, home), "zhuguan"
    await in_force(
        centre, plan(step(30, "on_duty:grid"), LAST, accept_s=120), roster=Roster(shifts=(shift("grid", first),))
    )
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 1)
    await centre.gateway.desk.accept(row.incident, first, "link")
    assert (await save_roster(centre, Roster(shifts=(shift("grid", second),)))).done
    await centre.pass_time(seconds=120)
    await centre.pass_time(seconds=30)
    await persons(centre, 2)
    await centre.close_gateway()

    usual, saved = centre.gateway.policy, centre.gateway.store.saved
    j, d = schema.journal.c, schema.decision.c
    with centre.gateway.store.engine.connect() as c:
        events = c.execute(
            select(j.seq, j.at_ms, j.edition, j.event).where(j.key == home.household).order_by(j.seq)
        ).all()
        stored = c.execute(select(d.seq, d.body).where(d.key == home.household).order_by(d.seq, d.n)).all()
        h = schema.hot_state.c
        hot = c.execute(select(h.body).where(h.key == home.household)).scalar_one()
    assert len({edition for _, _, edition, _ in events}) >= 3
    memory, told = Memory(HouseholdState(key=home.household)), list[tuple[int, AnyDecision]]()
    for seq, at_ms, edition, body in events:
        policy = msgspec.structs.replace(usual, editions=editions.loaded(saved.latest(edition)))
        event: AnyEvent = msgspec.json.decode(bytes(body), type=AnyEvent)
        memory, decisions = household.step(memory, event, when(at_ms), policy)
        told += [(seq, decision) for decision in decisions if not isinstance(decision, NOT_STORED_AS_DECISIONS)]
    assert msgspec.json.encode(memory.hot) == bytes(hot)
    kept = [(seq, msgspec.json.decode(bytes(body), type=AnyDecision)) for seq, body in stored]
    assert told == kept
