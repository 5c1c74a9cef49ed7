"""What is wrong already when the gateway starts rings: it needs no change from good to bad that somebody has seen."""

from __future__ import annotations

from centre import P1, Centre

from alerting.model import AlarmKind, FaultKind

SMOKE = {"smoke": True, "battery": 90, "linkquality": 80}


def detector(centre: Centre) -> tuple[str, str]:
    """A Zigbee device of a home: the bridge that speaks for it, and its topic."""
    home = centre.zigbee_home
    return home.bridge.id, f"{home.bridge.prefix}/{centre.device(home, 'panic').inner}"


async def test_a_detector_whose_state_at_the_broker_is_smoke_rings_at_the_first_start(centre: Centre) -> None:
    bridge, topic = detector(centre)
    await centre.close_gateway()
    await centre.forget_session()
    await centre.say(bridge, topic, SMOKE, retain=True, settle=False)
    await centre.open_gateway()
    await centre.until(lambda: centre.rang, "the smoke that stands")
    row = await centre.row_of(centre.zigbee_home)
    assert (row.priority, [it.kind for it in row.alarms]) == (P1, [AlarmKind.SMOKE])
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.settled()
    assert (await centre.row_of(centre.zigbee_home)).alarm_count == 1, "the same bytes again are no second alarm"


async def test_a_detector_whose_alarm_was_lost_in_the_outage_rings_with_its_next_word(centre: Centre) -> None:
    bridge, topic = detector(centre)
    await centre.say(bridge, topic, SMOKE | {"smoke": False})
    await centre.close_gateway()
    await centre.say(bridge, topic, SMOKE, settle=False)
    await centre.forget_session()  # what was said in the outage is gone
    await centre.open_gateway()
    assert await centre.queue() == []
    await centre.say(bridge, topic, SMOKE | {"battery": 89})  # a report about its battery: the state is in it
    row = await centre.row_of(centre.zigbee_home)
    assert (row.priority, [it.kind for it in row.alarms]) == (P1, [AlarmKind.SMOKE])


async def test_a_device_whose_first_word_is_that_it_was_opened_or_is_empty_is_a_fault(centre: Centre) -> None:
    bridge, topic = detector(centre)
    await centre.say(bridge, topic, {"battery_low": True, "tamper": True})
    kinds = {it.kind for it in await centre.gateway.desk.faults()}
    assert kinds == {FaultKind.BATTERY_LOW, FaultKind.TAMPER}
