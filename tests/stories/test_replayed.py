"""The journal alone, put through the rules again, leads to the very states that are stored: presence included."""

from datetime import UTC, datetime

import msgspec
from centre import Centre
from on_duty import village as of_village
from one_street import area_row, one_village, own_homes, power_back, power_cut
from sqlalchemy import select

from alerting.areas.area import AreaState
from alerting.budget.city import City
from alerting.care.duty import CareState
from alerting.care.round import Round
from alerting.commands import DESK, AcceptJob, AcceptShift, Close, Dispatch, EndShift, HoldUntil, Reopen
from alerting.desk_session import DeskState
from alerting.duty import editions
from alerting.duty.drill import Drill
from alerting.enrolment.command import REGISTRY
from alerting.events import AnyEvent
from alerting.homes.state import HouseholdState
from alerting.model import Aggregate, Outcome
from alerting.stray import StrayState
from gateway.store import schema
from gateway.writing.states import States

KINDS = {
    Aggregate.HOUSEHOLD: HouseholdState,
    Aggregate.DEVICE: StrayState,
    Aggregate.AREA: AreaState,
    Aggregate.DESK: DeskState,
    Aggregate.CITY: City,
    Aggregate.CARE: CareState,
    Aggregate.RESPONDER: Round,
    Aggregate.DRILL: Drill,
}


async def lived(centre: Centre) -> None:
    """A busy morning: claims that lapse, a restart, a hold, a shift handed over, a closing, one taken up again."""
    await centre.attended_by("zuoxi1")
    rows = []
    for nth in range(3):
        await centre.press(centre.home(nth=nth))
        rows.append(await centre.row_of(centre.home(nth=nth)))
        await centre.claim(rows[-1])
    first, second, _ = rows
    await centre.ask(HoldUntil(key=first.key, incident=first.incident, by="zuoxi1", for_s=300, reason="等女儿"))
    await centre.spoke(second)
    await centre.close(second)
    await centre.ask(Reopen(key=second.key, incident=second.incident, by="zuoxi1"))
    await centre.attended_by()
    await centre.pass_time(seconds=20)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.attended_by("zuoxi1")
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    await centre.ask(AcceptShift(key=DESK, by="zuoxi2", of="zuoxi1"))
    await centre.ask(Close(key=second.key, incident=second.incident, by="zuoxi2", outcome=Outcome.TEST))
    for _ in range(12):
        await centre.pass_time(seconds=60)


async def test_the_journal_again_gives_the_same_states(centre: Centre) -> None:
    await lived(centre)
    assert {Aggregate.DESK, Aggregate.HOUSEHOLD} <= replayed(centre)


async def test_so_does_the_journal_of_whoever_accepts_and_gives_it_back(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row, who = await centre.row_of(home), of_village(centre, home)
    desk = centre.gateway.desk
    for nth in range(2):
        await centre.pass_time(seconds=30)
        assert (await desk.accept(row.incident, who, "link")).done
        if nth:
            await centre.claim(row)
        assert (await desk.give_back(row.incident, who, "link", "车坏了", f"back {nth}")).done
    assert Aggregate.HOUSEHOLD in replayed(centre)


async def test_so_does_the_journal_of_an_outage_and_of_devices_that_chatter(centre: Centre) -> None:
    village = await one_village(centre)
    street = own_homes(centre)[:6]
    await power_cut(centre, street[:5])
    for _ in range(12):
        await centre.event(street[5], "panic", "smoke", state="active")
    await centre.pass_time(seconds=5)
    await centre.press(street[2])
    row = await area_row(centre, village)
    going = (await centre.incident(row.incident)).responders[0].id
    await centre.claim(row)
    await centre.ask(Dispatch(key=row.key, incident=row.incident, by="zuoxi1", responder=going))
    await centre.ask(AcceptJob(key=row.key, incident=row.incident, by=f"responder:{going}"))
    await power_back(centre, street[:5])
    for _ in range(3):
        await centre.pass_time(minutes=1)
    assert {Aggregate.AREA, Aggregate.HOUSEHOLD} <= replayed(centre)


def replayed(centre: Centre) -> set[Aggregate]:
    """Whose journals were put through the rules again; all of them give the very states that are stored."""
    journal, hot = schema.journal.c, schema.hot_state.c
    states = States({}, {}, DeskState(), centre.gateway.policy, centre.gateway.directory)
    wanted = select(journal.aggregate, journal.key, journal.at_ms, journal.edition, journal.event)
    wanted = wanted.where(journal.key.not_in((editions.KEY, REGISTRY))).order_by(journal.partition, journal.seq)
    with centre.gateway.store.engine.connect() as c:
        rows = c.execute(wanted).all()
        stored = {(a, k): body for a, k, body in c.execute(select(hot.aggregate, hot.key, hot.body))}
    again = {}
    for aggregate, key, at_ms, edition, body in rows:
        event = msgspec.json.decode(body, type=AnyEvent)
        now = datetime.fromtimestamp(at_ms / 1000, UTC)
        in_force = editions.loaded(centre.gateway.store.saved.latest(edition))
        states.policy = msgspec.structs.replace(states.policy, editions=in_force)
        state, _ = states.step(Aggregate(aggregate), key, event, now)
        again[aggregate, key] = msgspec.json.encode(state)
    assert again.keys() == stored.keys()
    for (aggregate, key), body in stored.items():
        kind = KINDS[Aggregate(aggregate)]
        assert msgspec.json.decode(again[aggregate, key], type=kind) == msgspec.json.decode(body, type=kind), key
    return {Aggregate(aggregate) for aggregate, _ in again}
