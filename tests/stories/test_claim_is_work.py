"""A claim is work, not a tab: without a console, or without a step, it ends, rings again, and climbs."""

from datetime import timedelta

from centre import Centre

from alerting.commands import Note, OpenManual
from alerting.model import EntryKind, Priority
from gateway.desk.contract import ConsoleSeen, QueueRow


async def claimed(centre: Centre, priority: Priority | None = None) -> QueueRow:
    """An incident that zuoxi1 has: of a press, or of a call of this priority."""
    home = centre.home()
    if priority is None:
        await centre.press(home)
    else:
        await centre.ask(OpenManual(key=home.household, by="zuoxi2", text="邻居来电", priority=priority))
    row = await centre.row_of(home)
    assert (await centre.claim(row)).done
    return row


async def lapsed(centre: Centre) -> bool:
    return not (await centre.row_of(centre.home())).claimed_by


async def test_a_p1_without_a_step_for_90_s_rings_again_and_climbs(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    row = await claimed(centre)
    await centre.pass_time(seconds=89)
    assert not await lapsed(centre)
    await centre.pass_time(seconds=1)
    assert await lapsed(centre)
    assert centre.rang == [row.incident] * 2
    entry = (await centre.incident(row.incident)).timeline[-1]
    assert (entry.kind, entry.text) == (EntryKind.LAPSED, "step")
    await centre.pass_time(seconds=60)
    assert (await centre.row_of(centre.home())).climbed == "supervisor"


async def test_each_recorded_step_begins_the_time_anew(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    row = await claimed(centre)
    for _ in range(3):
        await centre.pass_time(seconds=80)
        await centre.ask(Note(key=row.key, incident=row.incident, by="zuoxi1", text="正在联系女儿"))
    assert not await lapsed(centre)
    await centre.pass_time(seconds=90)
    assert await lapsed(centre)


async def test_a_note_of_somebody_else_is_not_the_holder_s_work(centre: Centre) -> None:
    await centre.attended_by("zuoxi1", "zuoxi2")
    row = await claimed(centre)
    await centre.pass_time(seconds=80)
    await centre.ask(Note(key=row.key, incident=row.incident, by="zuoxi2", text="我也看到了"))
    await centre.pass_time(seconds=10)
    assert await lapsed(centre)


async def test_a_console_gone_for_30_s_ends_the_claim_of_any_priority(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    row = await claimed(centre, Priority.P3)
    await centre.attended_by()
    await centre.pass_time(seconds=29)
    assert not await lapsed(centre)
    await centre.pass_time(seconds=1)
    assert await lapsed(centre)
    entry = (await centre.incident(row.incident)).timeline[-1]
    assert (entry.kind, entry.text) == (EntryKind.LAPSED, "console")


async def test_a_console_that_comes_back_in_time_keeps_the_claim(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await claimed(centre, Priority.P3)
    await centre.attended_by()
    await centre.pass_time(seconds=29)
    await centre.attended_by("zuoxi1")
    await centre.pass_time(seconds=600)
    assert not await lapsed(centre)


async def test_after_a_restart_every_claim_has_30_s_to_come_back(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await claimed(centre)
    await centre.pass_time(seconds=80)
    await centre.close_gateway()
    centre.clock.advance(timedelta(seconds=60))
    await centre.open_gateway()
    await centre.pass_time(seconds=29)
    assert not await lapsed(centre), "overdue, but nobody could come back yet"
    await centre.pass_time(seconds=1)
    assert await lapsed(centre)


async def test_after_a_restart_a_console_that_comes_back_goes_on(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    await claimed(centre, Priority.P3)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.attended_by("zuoxi1")
    await centre.pass_time(seconds=600)
    assert not await lapsed(centre)


async def test_who_works_without_a_console_keeps_it_by_steps_alone(centre: Centre) -> None:
    await claimed(centre, Priority.P3)
    await centre.pass_time(seconds=centre.gateway.policy.values.no_console_s[Priority.P3] - 1)
    assert not await lapsed(centre)
    await centre.pass_time(seconds=1)
    assert await lapsed(centre)


async def test_beats_are_not_written_down(centre: Centre) -> None:
    await centre.attended_by("zuoxi1")
    commits = centre.gateway.writer.commits
    for _ in range(5):
        now = centre.clock.now()
        await centre.gateway.desk.consoles([ConsoleSeen(login="zuoxi1", sockets=2, attended=0, since=now)])
    await centre.told()
    assert centre.gateway.writer.commits == commits
