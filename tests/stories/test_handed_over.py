"""An incident is handed over by an offer that is accepted; one that nobody accepts in time rings."""

from centre import Centre

from alerting.commands import Accept, Decline, HandOver
from alerting.model import EntryKind
from gateway.desk.contract import QueueRow


async def offered(centre: Centre, to: str = "zuoxi2") -> QueueRow:
    """zuoxi1 has claimed a press and offers it."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    assert (await centre.ask(HandOver(key=row.key, incident=row.incident, by="zuoxi1", to=to))).done
    return await centre.row_of(home)


async def test_who_offered_has_it_until_the_other_accepts(centre: Centre) -> None:
    row = await offered(centre)
    assert (row.claimed_by, row.offered_to) == ("zuoxi1", "zuoxi2")
    assert (await centre.ask(Accept(key=row.key, incident=row.incident, by="zuoxi2"))).done
    row = await centre.row_of(centre.home())
    assert (row.claimed_by, row.offered_to) == ("zuoxi2", "")
    assert len(centre.rang) == 1
    assert (await centre.incident(row.incident)).timeline[-1].kind is EntryKind.HANDED_OVER


async def test_only_who_was_asked_can_accept(centre: Centre) -> None:
    row = await offered(centre)
    assert (await centre.ask(Accept(key=row.key, incident=row.incident, by="zuoxi1"))).refused == "not_offered"


async def test_an_offer_not_accepted_in_time_rings_for_everybody_and_climbs(centre: Centre) -> None:
    row = await offered(centre)
    await centre.pass_time(seconds=59)
    assert len(centre.rang) == 1
    await centre.pass_time(seconds=1)
    back = await centre.row_of(centre.home())
    assert (back.claimed_by, back.offered_to, back.unacknowledged) == ("", "", True)
    assert centre.rang == [row.incident] * 2
    await centre.pass_time(seconds=90)
    await centre.until(centre.pages, "the duty telephone to be called")


async def test_a_declined_offer_leaves_it_with_who_has_it(centre: Centre) -> None:
    row = await offered(centre)
    assert (await centre.ask(Decline(key=row.key, incident=row.incident, by="zuoxi2"))).done
    row = await centre.row_of(centre.home())
    assert (row.claimed_by, row.offered_to, row.unacknowledged) == ("zuoxi1", "", False)


async def test_a_new_press_breaks_the_offer_and_rings(centre: Centre) -> None:
    row = await offered(centre)
    await centre.press(centre.home())
    again = await centre.row_of(centre.home())
    assert (again.offered_to, again.unacknowledged) == ("", True)
    assert (await centre.ask(Accept(key=row.key, incident=row.incident, by="zuoxi2"))).refused == "not_offered"


async def test_nobody_is_offered_an_incident_who_does_not_answer_calls(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    for nobody in ("", "zuoxi1", "dudao", "anzhuang", "nobody"):
        answer = await centre.ask(HandOver(key=row.key, incident=row.incident, by="zuoxi1", to=nobody))
        assert answer.refused == "unknown_operator", nobody
