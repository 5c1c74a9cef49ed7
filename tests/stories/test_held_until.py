"""An incident can be put by, with a reason and an end; then it rings again, and at any new press before."""

import pytest
from centre import Centre

from alerting.commands import HoldUntil, TakeBack
from alerting.model import EntryKind, IncidentState
from gateway.desk.contract import Answer, QueueRow


async def held(centre: Centre, for_s: int = 600, reason: str = "女儿二十分钟内到家") -> tuple[QueueRow, Answer]:
    """zuoxi1 has claimed a press and puts it by."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    answer = await centre.ask(HoldUntil(key=row.key, incident=row.incident, by="zuoxi1", for_s=for_s, reason=reason))
    return row, answer


async def test_it_is_silent_until_its_end_then_rings_and_climbs(centre: Centre) -> None:
    row, answer = await held(centre)
    assert answer.done
    await centre.pass_time(seconds=599)
    assert centre.rang == [row.incident]
    assert (await centre.row_of(centre.home())).held_until is not None
    await centre.pass_time(seconds=1)
    back = await centre.row_of(centre.home())
    assert (back.state, back.claimed_by, back.held_until) == (IncidentState.OPEN, "", None)
    assert centre.rang == [row.incident] * 2
    await centre.pass_time(seconds=90)
    await centre.until(centre.pages, "the duty telephone to be called")


async def test_a_new_press_breaks_it_at_once(centre: Centre) -> None:
    row, _ = await held(centre)
    await centre.pass_time(seconds=10)
    await centre.press(centre.home())
    again = await centre.row_of(centre.home())
    assert (again.held_until, again.unacknowledged) == (None, True)
    assert centre.rang == [row.incident] * 2
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds[-2:] == [EntryKind.PRESSED_AGAIN, EntryKind.BROKEN_OFF]


@pytest.mark.parametrize(("role", "kind"), [("panic", "fall"), ("hub", "smoke"), ("hub", "gas"), ("hub", "medical")])
async def test_any_other_p1_breaks_it_too_and_is_named(centre: Centre, role: str, kind: str) -> None:
    row, _ = await held(centre)
    await centre.pass_time(seconds=10)
    await centre.event(centre.home(), role, kind, state="active")
    again = await centre.row_of(centre.home())
    assert (again.incident, again.held_until, again.unacknowledged) == (row.incident, None, True)
    assert [str(alarm.kind) for alarm in again.alarms] == ["panic", kind], "not hidden behind the held one"
    assert centre.rang == [row.incident] * 2


async def test_a_hold_has_a_reason_and_an_end_within_the_bounds(centre: Centre) -> None:
    row, answer = await held(centre, for_s=16 * 60)
    assert answer.refused == "hold_too_long"
    mine = {"key": row.key, "incident": row.incident, "by": "zuoxi1"}
    assert (await centre.ask(HoldUntil(**mine, for_s=60, reason=" "))).refused == "no_text"
    assert (await centre.ask(HoldUntil(**mine, for_s=0, reason="等"))).refused == "hold_too_long"


async def test_its_holder_goes_on_before_the_end(centre: Centre) -> None:
    row, _ = await held(centre)
    assert (await centre.ask(TakeBack(key=row.key, incident=row.incident, by="zuoxi1"))).done
    await centre.pass_time(seconds=89)
    assert (await centre.row_of(centre.home())).claimed_by == "zuoxi1"
    await centre.pass_time(seconds=1)
    assert not (await centre.row_of(centre.home())).claimed_by, "the claim is work again"


async def test_it_survives_a_restart(centre: Centre) -> None:
    row, _ = await held(centre)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.pass_time(seconds=599)
    assert centre.rang == [row.incident]
    await centre.pass_time(seconds=1)
    assert centre.rang == [row.incident] * 2
