"""Said twice it is one event; two that look the same are two; when nothing tells them apart, it rings."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from centre import Centre

from nuanhu.town.homes import Home

LONG_AFTER_D = 40


def press_frame(eui: str, count: int, **more: Any) -> dict[str, Any]:
    """A press of a LoRaWAN button as ChirpStack publishes it."""
    return {
        "deviceInfo": {"devEui": eui, "deviceProfileName": "WS101"},
        "fCnt": count,
        "fPort": 85,
        "data": base64.b64encode(bytes.fromhex("ff2e01")).decode(),
        **more,
    }


async def presses(centre: Centre, home: Home) -> int:
    """How many presses the home's open incident counts."""
    count = (await centre.row_of(home)).alarm_count
    assert len(centre.rang) == count
    return count


async def test_a_press_is_remembered_over_restarts_and_for_ever(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home, event_id="once", seq=5, boot="b1")
    first = (await centre.row_of(home)).incident
    await centre.claim(await centre.row_of(home))
    await centre.spoke(await centre.row_of(home))
    await centre.close(await centre.row_of(home))
    for _ in range(LONG_AFTER_D // 10):
        await centre.close_gateway()
        centre.clock.advance(timedelta(days=10))
        await centre.open_gateway()
        await centre.press(home, event_id="once", seq=5, boot="b1")
    assert centre.rang == [first]
    await centre.press(home, event_id="another", seq=5, boot="b1")
    assert len(centre.rang) == 2


async def test_two_presses_with_the_same_bytes_and_other_ids_are_two(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home, event_id="e-1", seq=7)
    await centre.press(home, event_id="e-2", seq=7)
    assert await presses(centre, home) == 2


async def test_an_id_counts_only_for_the_device_that_gave_it(centre: Centre) -> None:
    one, other = centre.home(nth=0), centre.home(nth=1)
    await centre.press(one, event_id="1")
    await centre.press(other, event_id="1")
    assert len(centre.rang) == 2


async def test_telemetry_is_told_apart_by_boot_and_sequence(centre: Centre) -> None:
    """A sensor that never gets its receipts repeats for ever: that must not look like somebody moving."""
    home = centre.home()

    async def said(boot: str, seq: int) -> bool:
        """Whether the home took this message for somebody moving just now."""
        await centre.pass_time(minutes=6)
        await centre.event(home, "motion", "motion", boot=boot, seq=seq, event_id=f"{boot}-{seq}")
        quiet = centre.gateway.judge.memory_of(home.household).hot.quiet
        return quiet.active_s == int(centre.clock.now().timestamp())

    assert await said("b1", 10)
    assert not await said("b1", 10)
    assert not await said("b1", 9)
    assert await said("b1", 11)
    await centre.close_gateway()
    await centre.open_gateway()
    assert not await said("b1", 11)
    assert await said("b2", 0)
    assert not await said("b1", 11)  # still repeated from before the sensor's restart
    assert not await said("b2", 0)
    assert await said("b2", 1)


async def test_a_radio_frame_is_known_by_its_id_also_after_a_restart(centre: Centre) -> None:
    home = centre.lora_home
    eui = centre.device(home, "panic").inner
    topic = f"application/town/device/{eui}/event/up"
    await centre.say("chirpstack", topic, press_frame(eui, 10, deduplicationId="a"))
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.say("chirpstack", topic, press_frame(eui, 10, deduplicationId="a"))
    assert await presses(centre, home) == 1
    await centre.say("chirpstack", topic, press_frame(eui, 10, deduplicationId="b"))
    assert await presses(centre, home) == 2


async def test_a_radio_frame_without_an_id_is_known_by_its_counter(centre: Centre) -> None:
    home = centre.lora_home
    eui = centre.device(home, "panic").inner
    topic = f"application/town/device/{eui}/event/up"
    heard = {"devAddr": "01020304", "time": "2026-01-05T00:00:00.1+00:00"}
    await centre.say("chirpstack", topic, press_frame(eui, 10, **heard))
    await centre.say("chirpstack", topic, press_frame(eui, 10, **heard))
    assert await presses(centre, home) == 1
    await centre.say("chirpstack", topic, press_frame(eui, 11, **heard))
    assert await presses(centre, home) == 2


async def test_a_counter_alone_begins_anew_and_proves_nothing_so_it_rings(centre: Centre) -> None:
    """A button that joins again counts from 0: the frame may be a repeat, or the press of somebody who fell."""
    home = centre.lora_home
    eui = centre.device(home, "panic").inner
    topic = f"application/town/device/{eui}/event/up"
    await centre.say("chirpstack", topic, press_frame(eui, 10))
    await centre.say("chirpstack", topic, press_frame(eui, 10))
    assert await presses(centre, home) == 2


async def test_a_zigbee_press_has_nothing_that_tells_it_apart_so_it_rings(centre: Centre) -> None:
    """Redelivered after a crash or pressed again: nobody can know, so a person is asked to look."""
    home = centre.zigbee_home
    topic = f"{home.bridge.prefix}/{centre.device(home, 'panic').inner}"
    await centre.say(home.bridge.id, topic, {"action": "emergency", "linkquality": 90})
    await centre.close_gateway()
    await centre.open_gateway()
    await centre.say(home.bridge.id, topic, {"action": "emergency", "linkquality": 90})
    assert await presses(centre, home) == 2
