"""A pressed emergency button becomes a P1 incident on every console, with who and where, whatever the make."""

import base64

from centre import P1, Centre

from alerting.model import AlarmKind, EntryKind


async def test_a_press_rings_with_name_and_address(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    case = centre.plan.registry.households[centre.plan.homes.index(home)]
    assert row.priority is P1
    assert row.alarms[0].kind is AlarmKind.PANIC
    assert (row.resident, row.address) == (case.title, case.address)
    assert row.unacknowledged
    assert centre.rang == [row.incident]


async def test_the_device_gets_a_receipt_only_for_its_own_event(centre: Centre) -> None:
    home = centre.home()
    centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    event = await centre.press(home)
    await centre.until(lambda: centre.heard, "a receipt")
    topic, receipt = centre.heard[0]
    assert topic == f"{home.bridge.prefix}/down/{centre.device(home, 'panic').inner}/receipt"
    assert receipt["id"] == event


async def test_a_repeat_of_the_same_event_is_the_same_press(centre: Centre) -> None:
    home = centre.home()
    centre.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    await centre.press(home, event_id="once", seq=1)
    await centre.press(home, event_id="once", seq=1)
    row = await centre.row_of(home)
    assert row.alarm_count == 1
    assert len(centre.rang) == 1
    await centre.until(lambda: len(centre.heard) == 2, "a receipt for the repeat as well")


async def test_one_zigbee_press_comes_as_three_messages_and_rings_once(centre: Centre) -> None:
    home = centre.zigbee_home
    button = centre.device(home, "panic").inner
    topic = f"{home.bridge.prefix}/{button}"
    await centre.say(home.bridge.id, topic, {"action": "emergency", "battery": None, "linkquality": 90})
    await centre.say(home.bridge.id, topic, {"action": "", "battery": None, "linkquality": 90})
    await centre.say(home.bridge.id, f"{topic}/action", b"emergency")
    assert (await centre.row_of(home)).alarm_count == 1
    assert len(centre.rang) == 1


async def test_two_identical_zigbee_presses_are_two(centre: Centre) -> None:
    home = centre.zigbee_home
    topic = f"{home.bridge.prefix}/{centre.device(home, 'panic').inner}"
    press = {"action": "emergency", "battery": 100, "linkquality": 90}
    await centre.say(home.bridge.id, topic, press)
    await centre.pass_time(seconds=20)
    await centre.say(home.bridge.id, topic, press)
    row = await centre.row_of(home)
    assert row.alarm_count == 2
    assert centre.rang == [row.incident, row.incident]
    kinds = [entry.kind for entry in (await centre.incident(row.incident)).timeline]
    assert kinds == [EntryKind.ALARM, EntryKind.PRESSED_AGAIN]


async def test_a_lorawan_uplink_delivered_twice_is_one_press(centre: Centre) -> None:
    home = centre.lora_home
    eui = centre.device(home, "panic").inner
    uplink = {
        "deduplicationId": "00000000-0000-4000-8000-00000000000a",
        "deviceInfo": {"devEui": eui, "deviceProfileName": "WS101"},
        "fCnt": 10,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex("ff2e01")).decode(),
        "rxInfo": [{"gatewayId": "0016c001f1000001", "rssi": -60, "snr": 8}],
    }
    topic = f"application/town/device/{eui}/event/up"
    await centre.say("chirpstack", topic, uplink)
    await centre.say("chirpstack", topic, uplink)
    assert (await centre.row_of(home)).alarm_count == 1
    await centre.say("chirpstack", topic, uplink | {"fCnt": 11, "deduplicationId": "another"})
    assert (await centre.row_of(home)).alarm_count == 2
