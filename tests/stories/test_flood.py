"""A flood folds P3 and P4 and never P1 or P2; it calls further operators once, and goes on after a restart."""

from centre import P1, P3, Centre

from alerting.commands import OpenManual
from alerting.model import Priority
from alerting.policy import Policy
from dashboard.folds import folds_of
from gateway.desk.contract import QueueRow

FLOODS = Policy().floods
MOST = FLOODS.flood_incidents


async def happens(centre: Centre, homes: range, priority: Priority) -> None:
    """One incident in each of these homes."""
    for nth in homes:
        key = centre.plan.homes[nth].household
        asked = OpenManual(key=key, incident="", by="zuoxi1", priority=priority, text="停电了")
        assert (await centre.ask(asked)).done
    await centre.told()


async def folded(centre: Centre) -> list[QueueRow]:
    snapshot = await centre.gateway.desk.snapshot()
    folds = folds_of(snapshot.rows, snapshot.flood)
    return [row for row in snapshot.rows if folds.of(row)]


async def test_a_flood_folds_p3_and_p4_and_never_p1_or_p2(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await happens(centre, range(8), P3)
    assert await folded(centre) == [], "no flood yet"
    await happens(centre, range(8, 9), Priority.P4)
    await happens(centre, range(9, 10), Priority.P2)
    await happens(centre, range(10, 12), P1)
    snapshot = await centre.gateway.desk.snapshot()
    assert snapshot.flood.lasts
    assert snapshot.flood.lately == 12
    assert {row.priority for row in await folded(centre)} == {P3, Priority.P4}
    assert len(await folded(centre)) == 9
    assert snapshot.counters.unclaimed == 12, "the counters show all"


async def test_a_flood_calls_further_operators_once(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await happens(centre, range(12), P3)
    await centre.until(lambda: any("警情洪峰" in page for page in centre.pages()), "the page")
    await centre.pass_time(minutes=5)
    (page,) = [page for page in centre.pages() if "警情洪峰" in page]
    assert "新警情 11 起，在席 1 人" in page
    assert "请增派坐席" in page


async def test_two_operators_can_take_twice_as_many(centre: Centre) -> None:
    await centre.attended_by("zuoxi1", "zuoxi2")
    await happens(centre, range(12), P3)
    assert not (await centre.gateway.desk.snapshot()).flood.lasts


async def test_it_ends_by_itself_and_says_so(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await happens(centre, range(12), P3)
    for _ in range(11):
        await centre.pass_time(minutes=1)
    assert (await centre.gateway.desk.snapshot()).flood.lasts
    for _ in range(11):
        await centre.pass_time(minutes=1)
    flood = (await centre.gateway.desk.snapshot()).flood
    assert flood.ended is not None
    assert flood.total == 12
    assert await folded(centre) == []


async def test_flood_mode_goes_on_after_a_restart(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await happens(centre, range(12), P3)
    before = (await centre.gateway.desk.snapshot()).flood
    await centre.close_gateway()
    await centre.open_gateway()
    after = (await centre.gateway.desk.snapshot()).flood
    assert after.lasts
    assert after.since == before.since
    for _ in range(22):
        await centre.pass_time(minutes=1)
    assert (await centre.gateway.desk.snapshot()).flood.ended is not None
