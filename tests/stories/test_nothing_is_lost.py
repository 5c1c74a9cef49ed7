"""What was pressed while the gateway was away rings when it is back; what was open is still open."""

from datetime import timedelta

from centre import P1, P2, Centre

from alerting.model import AlarmKind


async def test_a_press_while_the_gateway_was_away_rings_when_it_is_back(centre: Centre) -> None:
    home = centre.home()
    await centre.close_gateway()
    await centre.press(home, settle=False)
    await centre.open_gateway()
    await centre.until(lambda: centre.rang, "the press")
    assert (await centre.row_of(home)).priority is P1


async def test_open_incidents_survive_a_restart(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    await centre.claim(row)
    await centre.close_gateway()
    await centre.open_gateway()
    again = await centre.row_of(home)
    assert (again.incident, again.claimed_by) == (row.incident, "zuoxi1")
    assert (await centre.close(again)).done


async def test_a_press_that_was_committed_before_a_restart_is_not_doubled_after_it(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home, event_id="same", seq=5)
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.press(home, event_id="same", seq=5)
    assert (await centre.row_of(home)).alarm_count == 1


async def test_a_late_press_rings_with_its_age(centre: Centre) -> None:
    home = centre.home()
    pressed_at = centre.clock.now() - timedelta(hours=3)
    await centre.press(home, at=pressed_at, buffered=True)
    row = await centre.row_of(home)
    assert row.priority is P1
    assert abs(row.alarms[0].late_s - 3 * 3600) <= 1


async def test_a_retained_press_is_a_call_task_and_opens_only_once(centre: Centre) -> None:
    home = centre.zigbee_home
    topic = f"{home.bridge.prefix}/{centre.device(home, 'panic').inner}"
    await centre.close_gateway()
    centre.broker.stop()  # the gateway's session is gone with what it held: only the retained copy is left
    for file in (centre.folder / "broker").glob("**/*.db"):
        file.unlink()
    centre.broker.start()
    await centre.say(home.bridge.id, topic, {"action": "emergency"}, retain=True, settle=False)
    await centre.open_gateway()
    await centre.until(lambda: centre.rang, "the retained press")
    row = await centre.row_of(home)
    assert (row.alarms[0].kind, row.priority) == (AlarmKind.RETAINED_PANIC, P2)
