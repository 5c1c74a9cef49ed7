"""An incident closed as a test press counts in the home's ledger; the button owes no other one for a month."""

from __future__ import annotations

from centre import Centre

from alerting.commands import Reopen
from alerting.homes.steps import StepEnd
from alerting.model import Outcome


async def test_a_press_that_was_closed_as_a_test_is_in_the_ledger(centre: Centre) -> None:
    home = centre.home()
    await centre.pass_time(hours=1)
    await centre.press(home)
    row = await centre.row_of(home)
    assert (await centre.claim(row)).done
    assert (await centre.spoke(row)).done
    assert (await centre.close(row, Outcome.TEST)).done
    (line,) = await centre.gateway.desk.home_tests(home.household)
    assert (line.how, line.by, line.device) == (StepEnd.CLOSED, "zuoxi1", centre.device(home, "panic").id)
    assert line.evidence is not None
    assert line.evidence.incident == row.incident
    assert centre.gateway.judge.memory_of(home.household).hot.tests.pressed_s
    await centre.ask(Reopen(key=row.key, incident=row.incident, by="zuoxi2"))
    (line,) = await centre.gateway.desk.home_tests(home.household)
    assert line.how == StepEnd.WITHDRAWN
    assert not centre.gateway.judge.memory_of(home.household).hot.tests.pressed_s
