"""What was pressed while the gateway was away rings when it is back; what was open is still open."""

from datetime import timedelta

from service import P1, P2, Service

from alerting.model import AlarmKind


async def test_a_press_while_the_gateway_was_away_rings_when_it_is_back(service: Service) -> None:
    home = service.home()
    await service.close_gateway()
    await service.press(home, settle=False)
    await service.open_gateway()
    await service.until(lambda: service.rang, "the press")
    assert (await service.row_of(home)).priority is P1


async def test_open_incidents_survive_a_restart(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    await service.claim(row)
    await service.close_gateway()
    await service.open_gateway()
    again = await service.row_of(home)
    assert (again.incident, again.claimed_by) == (row.incident, "zuoxi1")
    assert (await service.close(again)).done


async def test_a_press_that_was_committed_before_a_restart_is_not_doubled_after_it(service: Service) -> None:
    home = service.home()
    await service.press(home, event_id="same", seq=5)
    await service.close_gateway()
    await service.open_gateway()
    await service.press(home, event_id="same", seq=5)
    assert (await service.row_of(home)).alarm_count == 1


async def test_a_late_press_rings_with_its_age(service: Service) -> None:
    home = service.home()
    pressed_at = service.clock.now() - timedelta(hours=3)
    await service.press(home, at=pressed_at, buffered=True)
    row = await service.row_of(home)
    assert row.priority is P1
    assert abs(row.alarms[0].late_s - 3 * 3600) <= 1


async def test_a_retained_press_is_a_call_task_and_opens_only_once(service: Service) -> None:
    home = service.zigbee_home
    topic = f"{home.bridge.prefix}/{service.device(home, 'panic').inner}"
    await service.close_gateway()
    service.broker.stop()  # the gateway's session is gone with what it held: only the retained copy is left
    for file in (service.folder / "broker").glob("**/*.db"):
        file.unlink()
    service.broker.start()
    await service.say(home.bridge.id, topic, {"action": "emergency"}, retain=True, settle=False)
    await service.open_gateway()
    await service.until(lambda: service.rang, "the retained press")
    row = await service.row_of(home)
    assert (row.alarms[0].kind, row.priority) == (AlarmKind.RETAINED_PANIC, P2)
