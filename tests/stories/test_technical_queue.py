"""A fault is work for a technician: taken, planned, done; and back by itself when the device says that it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from centre import MORNING, Centre

from alerting.enrolment.commands import FinishRepair, NoteRepair, PlanRepair, RepairCommand, TakeRepair
from alerting.model import FaultKind
from alerting.repair import RepairAct, RepairState
from gateway.equipment.repair_desk import RepairRow
from nuanhu.town.homes import OWN, Home

TECHNICIAN = "anzhuang"
LOW = FaultKind.BATTERY_LOW


async def says_battery(centre: Centre, home: Home, percent: int) -> None:
    device = centre.device(home, "motion")
    status = {
        "boot": "b1",
        "seq": int(centre.clock.now().timestamp()) + percent,
        "at": None,
        "battery_percent": percent,
    }
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/up/{device.inner}/status", status)


async def work_of(centre: Centre, home: Home, kind: FaultKind = LOW) -> RepairRow:
    await centre.barrier()
    (row,) = [it for it in await centre.gateway.desk.repairs() if (it.household, it.kind) == (home.household, kind)]
    return row


async def low(centre: Centre) -> list[RepairRow]:
    await centre.barrier()
    return [row for row in await centre.gateway.desk.repairs() if row.kind is LOW]


async def do(centre: Centre, command: type[RepairCommand], home: Home, **fields: object) -> str:
    device = centre.device(home, "motion").id
    asked = command(household=home.household, device=device, fault=LOW, by=TECHNICIAN, **fields)  # type: ignore[arg-type]
    return (await centre.ask(asked)).refused


async def test_a_fault_is_due_by_the_end_of_the_next_working_day_and_then_overdue(centre: Centre) -> None:
    home = centre.home(OWN)
    await centre.pass_time(days=4)  # a Friday
    await says_battery(centre, home, 5)
    row = await work_of(centre, home)
    assert (row.standing.state, row.overdue) == (RepairState.OPEN, False)
    assert row.standing.due_at == datetime(2026, 1, 12, 10, 0, tzinfo=UTC), "Monday, 18:00 in the town"
    centre.clock.advance(row.standing.due_at - centre.clock.now() + timedelta(seconds=1))
    assert (await work_of(centre, home)).overdue


async def test_everybody_sees_who_has_taken_it_and_until_when_they_go(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    assert await do(centre, TakeRepair, home, who=TECHNICIAN) == ""
    row = await work_of(centre, home)
    assert (row.standing.state, row.standing.taken_by) == (RepairState.TAKEN, TECHNICIAN)
    assert row.taken_by_name not in {"", TECHNICIAN}
    until = MORNING + timedelta(days=5)
    assert await do(centre, PlanRepair, home, until=until, note="下午在家") == ""
    row = await work_of(centre, home)
    assert (row.standing.state, row.standing.due_at) == (RepairState.PLANNED, until)
    assert await do(centre, PlanRepair, home, until=MORNING - timedelta(days=1)) == "bad_plan"
    assert await do(centre, TakeRepair, home, who="") == ""
    assert (await work_of(centre, home)).standing.state is RepairState.OPEN


async def test_what_was_taken_is_still_taken_after_a_restart(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    await do(centre, TakeRepair, home, who=TECHNICIAN)
    await do(centre, NoteRepair, home, note="钥匙在村委会")
    await centre.close_gateway()
    await centre.open_gateway()
    row = await work_of(centre, home)
    assert (row.standing.taken_by, row.standing.note) == (TECHNICIAN, "钥匙在村委会")


async def test_a_fault_that_ends_by_itself_leaves_the_queue_and_stays_in_its_history(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    row = await work_of(centre, home)
    await do(centre, TakeRepair, home, who=TECHNICIAN)
    await centre.pass_time(hours=2)
    await says_battery(centre, home, 95)
    assert await low(centre) == []
    view = await centre.gateway.desk.repair(home.household, row.device, LOW)
    assert view is not None
    assert view.row.cleared_at == centre.clock.now()
    assert view.spells == ((row.opened_at, centre.clock.now()),)
    assert [(it.what, it.by) for it in view.history] == [("take_repair", TECHNICIAN)]


async def test_done_waits_for_the_device_to_say_so_and_is_work_again_when_it_does_not(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    assert await do(centre, FinishRepair, home, how=RepairAct.BATTERY, note="CR2450") == ""
    row = await work_of(centre, home)
    assert (row.standing.state, row.overdue) == (RepairState.DONE, False)
    assert row.standing.done is not None
    assert (row.standing.done.how, row.standing.done.by) == (RepairAct.BATTERY, TECHNICIAN)
    await centre.pass_time(days=1, hours=11)
    row = await work_of(centre, home)
    assert (row.standing.state, row.overdue) == (RepairState.CAME_BACK, True), "the device never said that it is well"


async def test_a_fault_that_comes_back_is_open_again_by_itself_with_what_was_done(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    await do(centre, TakeRepair, home, who=TECHNICIAN)
    await do(centre, FinishRepair, home, how=RepairAct.BATTERY)
    await says_battery(centre, home, 95)
    assert await low(centre) == []
    await centre.pass_time(hours=3)
    await says_battery(centre, home, 4)
    row = await work_of(centre, home)
    assert (row.standing.state, row.standing.taken_by) == (RepairState.CAME_BACK, "")
    assert row.standing.done is not None
    assert row.standing.done.how is RepairAct.BATTERY
    assert row.opened_at == centre.clock.now()


async def test_one_that_was_not_finished_is_still_its_taker_s_when_it_comes_back(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    await do(centre, TakeRepair, home, who=TECHNICIAN)
    await says_battery(centre, home, 95)
    await centre.pass_time(hours=1)
    await says_battery(centre, home, 4)
    assert (await work_of(centre, home)).standing.taken_by == TECHNICIAN
    await says_battery(centre, home, 95)
    await centre.pass_time(days=9)
    await says_battery(centre, home, 4)
    assert (await work_of(centre, home)).standing.taken_by == "", "after a week it is work anew"


async def test_what_is_overdue_stands_first_and_what_is_done_last(centre: Centre) -> None:
    first, second, third = (centre.home(OWN, nth) for nth in range(3))
    for home in (first, second):
        await says_battery(centre, home, 5)
    await centre.pass_time(hours=30)
    await do(centre, FinishRepair, first, how=RepairAct.NOTHING)
    await centre.pass_time(hours=5)
    await says_battery(centre, third, 5)
    kinds = await low(centre)
    assert [row.household for row in kinds] == [home.household for home in (second, third, first)]
    assert [row.overdue for row in kinds] == [True, False, False]


async def test_a_command_for_what_is_not_there_is_refused_with_its_word(centre: Centre) -> None:
    home = centre.home(OWN)
    await says_battery(centre, home, 5)
    nowhere = TakeRepair(household="nowhere", device="", fault=LOW, who=TECHNICIAN, by=TECHNICIAN)
    assert (await centre.ask(nowhere)).refused == "unknown_home"
    no_device = TakeRepair(household=home.household, device="none", fault=LOW, who=TECHNICIAN, by=TECHNICIAN)
    assert (await centre.ask(no_device)).refused == "unknown_device"
    assert await do(centre, TakeRepair, home, who="") == "not_taken"
    assert await do(centre, NoteRepair, home, note=" ") == "no_text"
