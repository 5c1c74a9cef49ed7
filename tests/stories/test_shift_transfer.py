"""At the end of a shift all open incidents go over as one list; what is not accepted is not dropped."""

from centre import Centre

from alerting.commands import DESK, Accept, AcceptShift, DeclineShift, EndShift, HoldUntil
from gateway.desk.contract import QueueRow


async def busy(centre: Centre, count: int = 3) -> list[QueueRow]:
    """zuoxi1 has several incidents, one of them put by."""
    rows = []
    for nth in range(count):
        home = centre.home(nth=nth)
        await centre.press(home)
        rows.append(await centre.row_of(home))
        await centre.claim(rows[-1])
    first = rows[0]
    hold = HoldUntil(key=first.key, incident=first.incident, by="zuoxi1", for_s=900, reason="等女儿回电")
    assert (await centre.ask(hold)).done
    return rows


async def holders(centre: Centre) -> list[str]:
    return [row.claimed_by for row in await centre.queue()]


async def test_the_whole_list_is_accepted_at_once(centre: Centre) -> None:
    rows = await busy(centre)
    assert (await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))).done
    (shift,) = await centre.gateway.desk.shifts()
    assert (shift.of, shift.to) == ("zuoxi1", "zuoxi2")
    assert {row.incident for row in shift.rows} == {row.incident for row in rows}
    assert await holders(centre) == ["zuoxi1"] * 3, "it is theirs until it is accepted"
    assert (await centre.ask(AcceptShift(key=DESK, by="zuoxi2", of="zuoxi1"))).done
    assert await holders(centre) == ["zuoxi2"] * 3
    assert (await centre.row_of(centre.home())).held_until is not None, "what is put by stays so"
    assert await centre.gateway.desk.shifts() == []


async def test_what_cannot_wait_is_accepted_by_itself_and_the_list_still_as_a_whole(centre: Centre) -> None:
    rows = await busy(centre)
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    urgent = rows[1]
    assert (await centre.ask(Accept(key=urgent.key, incident=urgent.incident, by="zuoxi2"))).done
    assert sorted(await holders(centre)) == ["zuoxi1", "zuoxi1", "zuoxi2"]
    assert (await centre.ask(AcceptShift(key=DESK, by="zuoxi2", of="zuoxi1"))).done
    assert await holders(centre) == ["zuoxi2"] * 3


async def test_a_list_nobody_accepts_rings_one_and_all(centre: Centre) -> None:
    rows = await busy(centre)
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    for row in rows[1:]:  # its holder goes on working meanwhile
        await centre.spoke(row)
    rang = len(centre.rang)
    await centre.pass_time(seconds=centre.gateway.policy.values.shift_offer_s)
    queue = await centre.queue()
    assert len(queue) == 3
    assert all(row.unacknowledged and not row.claimed_by for row in queue)
    assert {*centre.rang[rang:]} == {row.incident for row in rows}
    assert await centre.gateway.desk.shifts() == []


async def test_a_declined_list_stays_with_who_has_it(centre: Centre) -> None:
    await busy(centre)
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    assert (await centre.ask(DeclineShift(key=DESK, by="zuoxi2", of="zuoxi1"))).done
    queue = await centre.queue()
    assert [(row.claimed_by, row.offered_to) for row in queue] == [("zuoxi1", "")] * 3


async def test_who_leaves_can_take_the_list_back(centre: Centre) -> None:
    await busy(centre)
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    assert (await centre.ask(DeclineShift(key=DESK, by="zuoxi1", of="zuoxi1"))).done
    assert (await centre.ask(AcceptShift(key=DESK, by="zuoxi2", of="zuoxi1"))).refused == "not_offered"
    assert await holders(centre) == ["zuoxi1"] * 3


async def test_a_press_while_the_list_waits_rings_and_is_for_everybody(centre: Centre) -> None:
    rows = await busy(centre)
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    await centre.press(centre.home())
    assert centre.rang[-1] == rows[0].incident
    await centre.ask(AcceptShift(key=DESK, by="zuoxi2", of="zuoxi1"))
    again = await centre.row_of(centre.home())
    assert again.unacknowledged, "what rings is taken by a claim, not by a list"
    assert (await centre.claim(again, by="zuoxi2")).done


async def test_the_list_survives_a_restart(centre: Centre) -> None:
    await busy(centre)
    await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))
    await centre.close_gateway()
    await centre.open_gateway()
    assert (await centre.ask(AcceptShift(key=DESK, by="zuoxi2", of="zuoxi1"))).done
    assert await holders(centre) == ["zuoxi2"] * 3


async def test_somebody_without_incidents_has_nothing_to_hand_over(centre: Centre) -> None:
    assert (await centre.ask(EndShift(key=DESK, by="zuoxi1", to="zuoxi2"))).refused == "nothing_to_hand_over"
    assert (await centre.ask(EndShift(key=DESK, by="zuoxi1", to="nobody"))).refused == "unknown_operator"
