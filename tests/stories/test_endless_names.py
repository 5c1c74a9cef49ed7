"""What a device calls itself may be as long as a message: it stops nothing, and a call for help in it rings."""

from __future__ import annotations

import base64
from typing import Any

from centre import P1, Centre

# Letters that no store can press together: PostgreSQL's indexes take 2,700 bytes, after compression.
ENDLESS = base64.urlsafe_b64encode(bytes(n * n * 7 % 251 ^ n >> 3 & 255 for n in range(9000))).decode()


def press_frame(eui: str, deduplication_id: str, count: int) -> dict[str, Any]:
    return {
        "deduplicationId": deduplication_id,
        "deviceInfo": {"devEui": eui, "deviceProfileName": "WS101"},
        "fCnt": count,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex("ff2e01")).decode(),
    }


async def test_a_press_with_an_endless_id_rings_once(centre: Centre) -> None:
    home = centre.lora_home
    eui = centre.device(home, "panic").inner
    topic = f"application/town/device/{eui}/event/up"
    for beginning in ("a", "a", "b"):
        await centre.say("chirpstack", topic, press_frame(eui, beginning + ENDLESS, ord(beginning)))
    assert (await centre.row_of(home)).alarm_count == 2


async def test_a_press_of_a_device_with_an_endless_name_rings(centre: Centre) -> None:
    home = centre.zigbee_home
    for ending in ("a", "b"):
        await centre.say(home.bridge.id, f"{home.bridge.prefix}/{ENDLESS}{ending}", {"action": "emergency"})
    rows = await centre.queue()
    assert [row.priority for row in rows] == [P1, P1]
    for row in rows:
        assert (await centre.claim(row)).done
        assert (await centre.incident(row.incident)).incident.id == row.incident


async def test_a_retained_press_on_an_endless_topic_is_found_once(centre: Centre) -> None:
    topic = f"{centre.zigbee_home.bridge.prefix}/{ENDLESS}"
    for _ in range(2):
        await centre.close_gateway()
        await centre.say(centre.zigbee_home.bridge.id, topic, {"action": "emergency"}, retain=True, settle=False)
        await centre.open_gateway()
        await centre.until(lambda: centre.rang, "the press")
        await centre.barrier()
    assert len(await centre.queue()) == 1


async def test_endless_friendly_names_stop_nothing(centre: Centre) -> None:
    home = centre.zigbee_home
    button = centre.device(home, "panic").inner
    inventory = [{"ieee_address": button, "friendly_name": ENDLESS, "type": "EndDevice"}]
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/bridge/devices", inventory)
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/{ENDLESS}", {"action": "emergency"})
    assert [row.priority for row in await centre.queue()] == [P1]
