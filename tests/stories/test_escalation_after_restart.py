"""An escalation is alive after a restart: steps, later channels of a person, and an acceptance that will expire."""

from datetime import timedelta

from centre import Centre
from on_duty import LAST, in_force, name, persons, plan, step, village

from alerting.model import EntryKind


async def restart(centre: Centre, after_s: float) -> None:
    await centre.close_gateway()
    centre.clock.advance(timedelta(seconds=after_s))
    await centre.open_gateway()


async def test_plan_and_later_channels_survive_a_restart(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST))
    home = centre.home()
    who = name(centre, village(centre, home))
    await centre.press(home)
    await restart(centre, 20)
    await centre.pass_time(seconds=10)
    assert await persons(centre, 1) == [(who, "sms")]
    await restart(centre, 20)
    await centre.pass_time(seconds=9)
    await persons(centre, 1)
    await centre.pass_time(seconds=1)
    assert await persons(centre, 2) == [(who, "sms"), (who, "voice")], "each once, the call at its time"


async def test_an_acceptance_expires_after_a_restart_too(centre: Centre) -> None:
    await in_force(centre, plan(step(30, "village"), LAST, accept_s=60))
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.pass_time(seconds=30)
    await persons(centre, 1)
    await centre.gateway.desk.accept(row.incident, village(centre, home), "key")
    await restart(centre, 90)
    await centre.told_of(row.incident, EntryKind.ACCEPTANCE_EXPIRED)
