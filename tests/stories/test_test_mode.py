"""Test mode covers the one announced press of one device; everything else rings as real."""

from __future__ import annotations

from centre import Centre

from alerting.casefile import Device
from alerting.commands import AnnounceStep, EndStep
from alerting.homes.steps import StepEnd
from alerting.model import AlarmKind
from gateway.equipment.contract import StepView
from nuanhu.town.homes import OWN, ZIGBEE, Home

TESTER = "zuoxi1"


def step_of(home: Home, device: Device, **fields: object) -> AnnounceStep:
    return AnnounceStep(key=home.household, device=device.id, role=device.role, by=TESTER, **fields)  # type: ignore[arg-type]


async def announce(centre: Centre, home: Home, role: str = "panic") -> None:
    assert (await centre.ask(step_of(home, centre.device(home, role)))).done


async def ledger(centre: Centre, home: Home) -> list[StepView]:
    return list(await centre.gateway.desk.home_tests(home.household))


async def test_the_announced_press_rings_nowhere_and_is_in_the_ledger(centre: Centre) -> None:
    home = centre.home()
    await announce(centre, home)
    (running,) = await centre.gateway.desk.announced()
    assert (running.household, running.role, running.how) == (home.household, "panic", "")
    assert (running.until - running.since).total_seconds() == 900
    id_ = await centre.press(home)
    assert await centre.queue() == []
    assert centre.rang == []
    (done,) = await ledger(centre, home)
    assert (done.how, done.by) == (StepEnd.MATCHED, TESTER)
    assert done.by_name != TESTER
    assert done.evidence is not None
    assert (done.evidence.signal, done.evidence.event_id) == ("panic", id_)
    (shown,) = await centre.gateway.desk.announced()
    assert shown.how == StepEnd.MATCHED, "the desk sees that it came"
    told = [change.steps for change in centre.changes if change.steps is not None]
    assert [steps[0].how for steps in told] == ["", StepEnd.MATCHED]
    await centre.pass_time(minutes=3)
    assert await centre.gateway.desk.announced() == []


async def test_the_second_press_rings(centre: Centre) -> None:
    home = centre.home()
    await announce(centre, home)
    await centre.press(home)
    await centre.press(home)
    row = await centre.row_of(home)
    assert row.alarms[0].kind is AlarmKind.PANIC
    assert centre.rang == [row.incident]


async def test_the_same_press_said_again_is_no_second_one(centre: Centre) -> None:
    home = centre.home()
    await announce(centre, home)
    id_ = await centre.press(home)
    await centre.press(home, event_id=id_)
    assert await centre.queue() == []


async def test_two_identical_presses_of_a_zigbee_button_are_a_test_and_a_call(centre: Centre) -> None:
    home = centre.home(ZIGBEE)
    await announce(centre, home)
    topic = f"{home.bridge.prefix}/{centre.device(home, 'panic').inner}"
    for _ in range(2):
        await centre.say(home.bridge.id, topic, {"action": "emergency", "linkquality": 120, "battery": 90})
    assert (await centre.row_of(home)).alarm_count == 1
    assert [step.how for step in await ledger(centre, home)] == [StepEnd.MATCHED]


async def test_a_press_elsewhere_in_the_home_rings_and_ends_the_test(centre: Centre) -> None:
    home = next(h for h in centre.plan.homes if h.make == OWN and h.with_role("pendant") is not None)
    await announce(centre, home)
    await centre.event(home, "pendant", "panic")
    assert len(centre.rang) == 1
    await centre.press(home)
    assert (await centre.row_of(home)).alarm_count == 2, "the announced device is real now"
    assert [step.how for step in await ledger(centre, home)] == [StepEnd.INCIDENT]


async def test_the_neighbour_is_not_in_test_mode(centre: Centre) -> None:
    await announce(centre, centre.home(OWN, 0))
    await centre.press(centre.home(OWN, 1))
    assert len(centre.rang) == 1


async def test_it_ends_by_itself_after_fifteen_minutes_also_across_a_restart(centre: Centre) -> None:
    home = centre.home()
    await announce(centre, home)
    await centre.close_gateway()
    await centre.open_gateway()
    (running,) = await centre.gateway.desk.announced()
    assert running.how == ""
    await centre.pass_time(minutes=15, seconds=1)
    assert [step.how for step in await ledger(centre, home)] == [StepEnd.TIME]
    await centre.press(home)
    assert len(centre.rang) == 1


async def test_a_press_between_two_starts_of_the_gateway_is_still_the_test(centre: Centre) -> None:
    home = centre.home()
    await announce(centre, home)
    await centre.close_gateway()
    await centre.press(home, settle=False)
    await centre.open_gateway()
    await centre.until(lambda: centre.gateway.writer.messages >= 1, "the press")
    await centre.barrier()
    assert await centre.queue() == []
    assert [step.how for step in await ledger(centre, home)] == [StepEnd.MATCHED]


async def test_it_cannot_be_started_in_a_home_with_an_open_incident(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    await centre.claim(await centre.row_of(home))
    answer = await centre.ask(step_of(home, centre.device(home, "panic")))
    assert answer.refused == "incident_open"
    await centre.press(home)
    assert (await centre.row_of(home)).alarm_count == 2


async def test_anybody_at_the_desk_may_end_it(centre: Centre) -> None:
    home = centre.home()
    await announce(centre, home)
    device = centre.device(home, "panic").id
    assert (await centre.ask(EndStep(key=home.household, device=device, by="zuoxi2"))).done
    await centre.press(home)
    assert len(centre.rang) == 1
    (ended,) = await ledger(centre, home)
    assert (ended.how, ended.ended_by_name != "") == (StepEnd.WITHDRAWN, True)
