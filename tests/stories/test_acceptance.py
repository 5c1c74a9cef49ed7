"""Whoever accepts a page stops the climb, for a while: without a claim it expires, rings, and climbs anew."""

from datetime import timedelta

from centre import Centre
from on_both_stores import only_sqlite
from on_duty import LAST, in_force, name, persons, plan, step, village
from sqlalchemy import select
from store_away import read_only

from alerting.model import EntryKind
from gateway.paging.pages_out import reference_of
from gateway.store import schema


async def test_acceptance_stops_the_climb_and_expires(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST, accept_s=180))
    home = centre.home()
    who = village(centre, home)
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    assert await persons(centre, 1) == [(name(centre, who), "sms")], "delivered: that stops nothing"
    answer = await centre.gateway.desk.accept(row.incident, who, "link")
    assert answer.done
    view = await centre.incident(row.incident)
    assert view.climb is not None
    assert view.climb.accepted_by == name(centre, who)
    assert view.climb.accepted_until == centre.clock.now() + timedelta(seconds=180)
    assert (await centre.row_of(home)).unacknowledged, "it is not claimed, and says so"
    rang = len(centre.rang)
    await centre.pass_time(seconds=179)
    await persons(centre, 1)
    assert centre.pages() == []
    assert len(centre.rang) == rang
    await centre.pass_time(seconds=1)
    await centre.told_of(row.incident, EntryKind.ACCEPTANCE_EXPIRED)
    assert len(centre.rang) == rang + 1
    await centre.pass_time(seconds=30)
    await persons(centre, 2)


async def test_what_a_provider_says_of_a_page_finds_the_person(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST))
    home = centre.home()
    await centre.press(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 1)
    o = schema.outbox.c
    with centre.gateway.store.engine.connect() as c:
        (place,) = [(p, s, n) for p, s, n in c.execute(select(o.partition, o.seq, o.n))]
    asked = centre.gateway.outside.pages.asked(reference_of(place))
    assert asked is not None
    assert (asked.to, asked.channel) == (village(centre, home), "sms")
    assert (await centre.gateway.desk.accept(asked.incident, asked.to, "key")).done


@only_sqlite
async def test_while_the_store_is_away_an_acceptance_stops_the_climb_all_the_same(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), step(90, "duty_phones")))
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 1)
    with read_only(centre):
        answer = await centre.gateway.desk.accept(row.incident, village(centre, home), "link")
        assert answer.done
        assert not answer.recorded
        await centre.pass_time(seconds=120)
        assert centre.pages() == []
    await centre.told_of(row.incident, EntryKind.PAGE_ACCEPTED)


async def test_a_claim_after_the_acceptance_ends_it_for_good(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST, accept_s=180))
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 1)
    await centre.gateway.desk.accept(row.incident, village(centre, home), "console")
    await centre.claim(row)
    await centre.pass_time(seconds=900)  # later it rings because nothing is heard of who goes
    await persons(centre, 1)
    assert centre.pages() == []
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert EntryKind.ACCEPTANCE_EXPIRED not in kinds
