"""A pressed emergency button becomes a P1 incident on every console, with who and where, whatever the make."""

import base64

from service import P1, Service

from alerting.model import AlarmKind, EntryKind


async def test_a_press_rings_with_name_and_address(service: Service) -> None:
    home = service.home()
    await service.press(home)
    row = await service.row_of(home)
    case = service.plan.registry.households[service.plan.homes.index(home)]
    assert row.priority is P1
    assert row.alarms[0].kind is AlarmKind.PANIC
    assert (row.resident, row.address) == (case.title, case.address)
    assert row.unacknowledged
    assert service.rang == [row.incident]


async def test_the_device_gets_a_receipt_only_for_its_own_event(service: Service) -> None:
    home = service.home()
    service.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    event = await service.press(home)
    await service.until(lambda: service.heard, "a receipt")
    topic, receipt = service.heard[0]
    assert topic == f"{home.bridge.prefix}/down/{service.device(home, 'panic').inner}/receipt"
    assert receipt["id"] == event


async def test_a_repeat_of_the_same_event_is_the_same_press(service: Service) -> None:
    home = service.home()
    service.client(home.bridge.id).subscribe(f"{home.bridge.prefix}/down/#", qos=1)
    await service.press(home, event_id="once", seq=1)
    await service.press(home, event_id="once", seq=1)
    row = await service.row_of(home)
    assert row.alarm_count == 1
    assert len(service.rang) == 1
    await service.until(lambda: len(service.heard) == 2, "a receipt for the repeat as well")


async def test_one_zigbee_press_comes_as_three_messages_and_rings_once(service: Service) -> None:
    home = service.zigbee_home
    button = service.device(home, "panic").inner
    topic = f"{home.bridge.prefix}/{button}"
    await service.say(home.bridge.id, topic, {"action": "emergency", "battery": None, "linkquality": 90})
    await service.say(home.bridge.id, topic, {"action": "", "battery": None, "linkquality": 90})
    await service.say(home.bridge.id, f"{topic}/action", b"emergency")
    assert (await service.row_of(home)).alarm_count == 1
    assert len(service.rang) == 1


async def test_two_identical_zigbee_presses_are_two(service: Service) -> None:
    home = service.zigbee_home
    topic = f"{home.bridge.prefix}/{service.device(home, 'panic').inner}"
    press = {"action": "emergency", "battery": 100, "linkquality": 90}
    await service.say(home.bridge.id, topic, press)
    await service.pass_time(seconds=20)
    await service.say(home.bridge.id, topic, press)
    row = await service.row_of(home)
    assert row.alarm_count == 2
    assert service.rang == [row.incident, row.incident]
    kinds = [entry.kind for entry in (await service.incident(row.incident)).timeline]
    assert kinds == [EntryKind.ALARM, EntryKind.PRESSED_AGAIN]


async def test_a_lorawan_uplink_delivered_twice_is_one_press(service: Service) -> None:
    home = service.lora_home
    eui = service.device(home, "panic").inner
    uplink = {
        "deduplicationId": "00000000-0000-4000-8000-00000000000a",
        "deviceInfo": {"devEui": eui, "deviceProfileName": "WS101"},
        "fCnt": 10,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex("ff2e01")).decode(),
        "rxInfo": [{"gatewayId": "0016c001f1000001", "rssi": -60, "snr": 8}],
    }
    topic = f"application/town/device/{eui}/event/up"
    await service.say("chirpstack", topic, uplink)
    await service.say("chirpstack", topic, uplink)
    assert (await service.row_of(home)).alarm_count == 1
    await service.say("chirpstack", topic, uplink | {"fCnt": 11, "deduplicationId": "another"})
    assert (await service.row_of(home)).alarm_count == 2
