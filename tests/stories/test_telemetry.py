"""Telemetry is a side stream: it arrives whole, and nothing of the centre ever waits for it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from centre import MORNING, P1, Centre
from metric_store import TOKEN, MetricStore, Sample, new_metric_store

from gateway.telemetry.influx import TIMEOUT_S
from gateway.writing.writer import Writer
from nuanhu.town.homes import OWN


@pytest.fixture
def metric_store() -> Iterator[MetricStore]:
    store = new_metric_store()
    yield store
    store.close()


class Mute:
    """A store that takes every connection and whatever is sent, and never says a word."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.heard = 0
        self._guests: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            self._guests.append(guest)
            self.heard += len(guest.recv(65_536))

    def close(self) -> None:
        for sock in (self._door, *self._guests):
            sock.close()


async def carried(centre: Centre) -> None:
    """Wait until the time-series store has everything; time passes a little, which wakes the side stream."""
    stream = centre.gateway.telemetry
    assert stream is not None
    turns = stream.turns

    def is_so() -> bool:
        centre.clock.advance(timedelta(milliseconds=1))
        state = stream.state()
        return stream.turns > turns + 1 and state.waiting == 0 and not state.error

    await centre.until(is_so, "telemetry to be carried")


async def walk_about(centre: Centre, times: int) -> set[Sample]:
    """Somebody walks past the sensors of two homes again and again; returns what a store must have of it."""
    expected: set[Sample] = set()
    for n in range(times):
        for nth in range(2):
            home = centre.home(OWN, nth)
            state = "detected" if n % 2 == 0 else "clear"
            await centre.event(home, "motion", "motion", state=state, settle=False)
            device = centre.device(home, "motion")
            tags = {"household": home.household, "device": device.id, "room": device.room, "bridge": home.bridge.id}
            at_ms = int(centre.clock.now().timestamp() * 1000)
            expected.add(("motion_active", frozenset(tags.items()), at_ms, float(n % 2 == 0)))
        await centre.settled()
        centre.clock.advance(timedelta(minutes=20))
    return expected


def movements(store: MetricStore) -> set[Sample]:
    return {sample for sample in store.samples() if sample[0] == "motion_active"}


async def test_what_was_heard_reaches_the_time_series_store(centre: Centre, metric_store: MetricStore) -> None:
    metric_store.start()
    await centre.set_up(influx_url=metric_store.url, influx_org="centre", influx_token=TOKEN)
    expected = await walk_about(centre, 6)
    await carried(centre)
    assert await asyncio.to_thread(movements, metric_store) == expected
    health = await centre.gateway.desk.health()
    assert health.telemetry is not None
    assert (health.telemetry.behind_s, health.telemetry.error) == (0.0, "")
    assert not any(word.startswith("telemetry") for word in health.warnings)


async def test_what_is_seen_while_a_batch_is_taken_apart_waits(
    centre: Centre, metric_store: MetricStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await centre.set_up(influx_url=metric_store.url, influx_org="centre", influx_token=TOKEN)
    expected = await walk_about(centre, 2)
    stream = centre.gateway.telemetry
    assert stream is not None
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Writer, "order", property(lambda _: 1))
        metric_store.start()
        await centre.until(lambda: looked(centre) and stream._opened, "the store to be open")
        turns = stream.turns
        await centre.until(lambda: looked(centre) and stream.turns > turns + 1, "another look")
        assert await asyncio.to_thread(movements, metric_store) == set()
    await carried(centre)
    assert await asyncio.to_thread(movements, metric_store) == expected


def looked(centre: Centre) -> bool:
    """A second passes, which wakes the side stream."""
    centre.clock.advance(timedelta(seconds=1))
    return True


async def test_a_day_without_the_store_is_filled_in_across_a_restart(centre: Centre, metric_store: MetricStore) -> None:
    await centre.set_up(influx_url=metric_store.url, influx_org="centre", influx_token=TOKEN)
    expected = await walk_about(centre, 24 * 3)
    assert centre.clock.now() - MORNING >= timedelta(days=1)
    health = await centre.gateway.desk.health()
    assert "telemetry_behind" in health.warnings
    assert health.telemetry is not None
    assert health.telemetry.behind_s > 80_000
    await centre.set_up()
    metric_store.start()
    await carried(centre)
    assert await asyncio.to_thread(movements, metric_store) == expected
    assert not any(word.startswith("telemetry") for word in (await centre.gateway.desk.health()).warnings)
    centre.clock.advance(timedelta(seconds=11))
    await carried(centre)
    await centre.until(lambda: not behind_its_cursor(centre), "the writer to store the cursor")


def behind_its_cursor(centre: Centre) -> bool:
    """Whether the stored cursor has not passed every row yet."""
    centre.clock.advance(timedelta(milliseconds=1))
    stream = centre.gateway.telemetry
    assert stream is not None
    stored = stream._tail.cursor(stream._target.name)
    return bool(stream._tail.after(stored, 1).upto)


async def test_a_wrong_token_is_seen_and_the_centre_goes_on(centre: Centre, metric_store: MetricStore) -> None:
    metric_store.start()
    await centre.set_up(influx_url=metric_store.url, influx_org="centre", influx_token="another")
    expected = await walk_about(centre, 1)
    stream = centre.gateway.telemetry
    assert stream is not None
    await centre.until(lambda: "telemetry_refused" in stream.faults(), "the fault")
    url = await centre.serve()
    answer = await asyncio.to_thread(httpx.get, f"{url}/healthz")
    told = answer.json()
    assert (answer.status_code, told["ok"], told["faults"]) == (200, True, [])
    assert "telemetry_refused" in told["warnings"]
    assert told["telemetry"]["error"] == "HTTP 400 Bad Request"
    await centre.press(centre.home(OWN))
    assert (await centre.row_of(centre.home(OWN))).priority is P1
    await centre.stop_serving()
    await centre.set_up(influx_token=TOKEN)
    await carried(centre)
    assert await asyncio.to_thread(movements, metric_store) == expected


async def test_a_press_rings_while_the_store_hangs(centre: Centre) -> None:
    mute = Mute()
    try:
        await centre.set_up(influx_url=mute.url, influx_org="centre", influx_token=TOKEN)
        home = centre.home(OWN)
        await centre.move(home)
        await centre.until(lambda: mute.heard, "the side stream to be stuck in its request")
        stream = centre.gateway.telemetry
        assert stream is not None
        turns, loop = stream.turns, asyncio.get_running_loop()
        before_s = loop.time()
        for _ in range(5):
            await centre.press(home)  # committed, and the desk has its answer
        row = await centre.row_of(home)
        assert centre.rang[0] == row.incident
        assert row.priority is P1
        assert stream.turns == turns  # the request hangs still
        assert loop.time() - before_s < TIMEOUT_S / 2
    finally:
        mute.close()
