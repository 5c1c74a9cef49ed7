"""After an outage the press comes first, whatever the broker has kept before it."""

from __future__ import annotations

import asyncio

import pytest
from centre import P1, Centre
from on_both_stores import only_sqlite

from device_adapters.own_protocol import encode_event, encode_online
from nuanhu.bench.stage import motions
from nuanhu.town.homes import OWN

TELEMETRY = 12_000
RETAINED_EVERY = 50
STILL_WAITING = 1_000


def backlog(centre: Centre) -> list[tuple[str, bytes, bool]]:
    """What the homes say while nobody listens: movements, and now and then a retained state of a hub."""
    prefixes = [home.bridge.prefix for home in centre.plan.homes if home.make == OWN]
    said: list[tuple[str, bytes, bool]] = []
    for n, (topic, payload) in enumerate(motions(centre.plan, TELEMETRY)):
        said.append((topic, payload, False))
        if n % RETAINED_EVERY == 0:
            said.append((*encode_online(prefixes[n // RETAINED_EVERY % len(prefixes)], online=True), True))
    return said


@only_sqlite  # it is about the broker's backlog, and how much of it is left depends on the store's speed
@pytest.mark.timeout(180)
async def test_a_press_rings_before_twelve_thousand_messages_are_worked_off(centre: Centre) -> None:
    home = centre.home()
    await centre.close_gateway()
    client = centre.client("stranger")
    said = backlog(centre)
    for topic, payload, retain in said:
        client.publish(topic, payload, qos=1, retain=retain)
    press = encode_event(
        home.bridge.prefix, centre.device(home, "panic").inner, event_id="p1", boot="b", seq=1, kind="panic"
    )
    sent = client.publish(*press, qos=1)
    await asyncio.to_thread(sent.wait_for_publish, 60)
    await centre.open_gateway()
    await centre.until(lambda: centre.rang, "the press")
    waiting = len(said) + 1 - centre.gateway.writer.messages
    assert (await centre.row_of(home)).priority is P1
    assert waiting > STILL_WAITING
    for _ in range(300):
        if centre.gateway.writer.messages > len(said):
            break
        await asyncio.sleep(0.1)
    assert centre.gateway.writer.messages == len(said) + 1
    assert (await centre.row_of(home)).alarm_count == 1
