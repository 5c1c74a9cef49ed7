"""After an outage the press comes first, whatever the broker has kept before it."""

from __future__ import annotations

import asyncio
import re
import threading
from datetime import datetime
from typing import Any

import pytest
from centre import P1, Centre
from sqlalchemy import select

from device_adapters.own_protocol import encode_event, encode_online
from gateway.store import schema
from gateway.writing.effects import Effects
from gateway.writing.inbox import Inbox
from nuanhu.bench.stage import motions
from nuanhu.town.homes import OWN

TELEMETRY = 12_000
RETAINED_EVERY = 50
WORKED_OFF_WITHIN_S = 300


def backlog(centre: Centre) -> list[tuple[str, bytes, bool]]:
    """What the homes say while nobody listens: movements, and now and then a retained state of a hub."""
    prefixes = [home.bridge.prefix for home in centre.plan.homes if home.make == OWN]
    said: list[tuple[str, bytes, bool]] = []
    for n, (topic, payload) in enumerate(motions(centre.plan, TELEMETRY)):
        said.append((topic, payload, False))
        if n % RETAINED_EVERY == 0:
            said.append((*encode_online(prefixes[n // RETAINED_EVERY % len(prefixes)], online=True), True))
    return said


def judged(centre: Centre) -> set[int]:
    """Which of the movements are in the journal."""
    j = schema.journal.c
    with centre.gateway.store.engine.connect() as c:
        found = (re.search(rb'"load-(\d+)"', event) for (event,) in c.execute(select(j.event).where(j.judged)))
        return {int(number[1]) for number in found if number is not None}


@pytest.mark.timeout(600)
async def test_a_press_rings_before_twelve_thousand_messages_are_worked_off(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    await asyncio.to_thread(sent.wait_for_publish, 120)

    all_is_read = threading.Event()
    take: Any = Inbox.take

    def take_later(*args: Any, **how: Any) -> Any:
        """However slow the machine is: the writer begins when the press lies behind all the others."""
        all_is_read.wait()
        return take(*args, **how)

    monkeypatch.setattr(Inbox, "take", take_later)
    await centre.open_gateway()
    gateway, committed = centre.gateway, centre.gateway.writer.committed
    before_it: list[int] = []

    def note(at: datetime, effects: Effects) -> None:
        if effects.rung:
            before_it.append(gateway.writer.messages)
        committed(at, effects)

    gateway.writer.committed = note
    for _ in range(WORKED_OFF_WITHIN_S * 10):
        if len(gateway.writer.inbox) > len(said):
            break
        await asyncio.sleep(0.1)
    assert len(gateway.writer.inbox) > len(said)
    all_is_read.set()
    await centre.until(lambda: centre.rang, "the press")
    assert before_it == [0]
    assert (await centre.row_of(home)).priority is P1
    for _ in range(WORKED_OFF_WITHIN_S * 10):
        if gateway.writer.messages > len(said):
            break
        await asyncio.sleep(0.1)
    assert judged(centre) == set(range(TELEMETRY))
    assert (await centre.row_of(home)).alarm_count == 1
