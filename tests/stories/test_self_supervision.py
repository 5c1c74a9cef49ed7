"""The system tries itself: a canary press every minute, and a heartbeat that the outside waits for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from centre import Centre
from on_both_stores import only_sqlite
from trial_presses import Outside, healthz, outside_of, trying

from gateway.desk.vitals import CanaryState
from gateway.self_supervision import canary as known
from gateway.store.batch import Batch
from gateway.store.engine import StoreError
from nuanhu import canary

outside = outside_of
MISSING = timedelta(seconds=known.MISSING_S + 1)
pytestmark = only_sqlite  # the canary's way is the same on either store


async def state(centre: Centre) -> CanaryState:
    return (await centre.gateway.desk.health()).canary


async def came_through(centre: Centre) -> None:
    """One more trial press comes all the way."""
    centre.gateway.pulse.canary._seen_s = None
    await centre.until(lambda: centre.gateway.pulse.canary.state().age_s is not None, "a trial press")


async def faults(centre: Centre) -> tuple[str, ...]:
    return (await centre.gateway.desk.health()).faults


async def test_the_canary_comes_through_and_leaves_no_incident(centre: Centre) -> None:
    async with trying(centre) as base:
        await came_through(centre)
        told = await state(centre)
        assert told.on
        assert told.age_s is not None
        assert told.age_s < 1
        assert 0 < told.receipt_s < 5
        assert 0 < told.console_s < 5
        assert told.failure == ""
        assert not {"broker", "canary"} & set(await faults(centre))
        status, said = await healthz(base)
        assert (status, said["ok"]) == (200, True)
        assert said["canary"]["age_s"] == 0.0  # type: ignore[index]
        assert said["consoles"] == 0  # the canary's own is none
    assert await centre.queue() == []
    assert centre.rang == []


async def test_a_store_that_takes_nothing_silences_the_canary_and_the_heartbeat(
    centre: Centre, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "WITHIN_S", 1.0)
    real = centre.gateway.writer._recorder._write
    url = f"http://127.0.0.1:{outside.server_address[1]}/beat/secret"

    def away(_: Batch) -> None:
        raise StoreError("disk full")

    async with trying(centre, url) as base:
        await came_through(centre)
        await centre.until(lambda: len(outside.paths) >= 2, "heartbeats")
        centre.gateway.writer._recorder._write = away
        await centre.until(lambda: centre.gateway.pulse.canary.state().failure == "receipt", "a lost trial press")
        beaten = len(outside.paths)
        centre.clock.advance(MISSING)
        assert "canary" in await faults(centre)
        status, said = await healthz(base)
        assert status == 503
        assert "canary" in said["faults"]  # type: ignore[operator]
        assert len(outside.paths) == beaten
        centre.gateway.writer._recorder._write = real
        await came_through(centre)
        assert "canary" not in await faults(centre)
        await centre.until(lambda: len(outside.paths) > beaten, "the heartbeat")
    assert set(outside.paths) == {"/beat/secret"}


async def test_a_broker_that_is_gone_silences_it_too(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "WITHIN_S", 0.5)
    async with trying(centre):
        await came_through(centre)
        await asyncio.to_thread(centre.broker.stop)
        await centre.until(lambda: centre.gateway.pulse.canary.state().failure == "broker", "a lost trial press")
        assert "canary" not in await faults(centre)
        centre.clock.advance(MISSING)
        assert {"broker", "canary"} <= set(await faults(centre))
        await asyncio.to_thread(centre.broker.start)
        await came_through(centre)
        assert not {"broker", "canary"} & set(await faults(centre))


async def test_screens_that_do_not_move_silence_it_although_the_press_is_taken(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "WITHIN_S", 0.5)
    async with trying(centre):
        await came_through(centre)
        monkeypatch.setattr(centre.gateway.changes, "note", lambda *_, **__: None)
        await centre.until(lambda: centre.gateway.pulse.canary.state().failure == "console", "a lost trial press")


async def test_an_outside_that_refuses_is_counted_and_warned_of(centre: Centre, outside: Outside) -> None:
    outside.status = 500
    url = f"http://127.0.0.1:{outside.server_address[1]}/beat"
    async with trying(centre, url) as base:
        await centre.until(lambda: centre.gateway.pulse.canary.state().heartbeat_failures >= 3, "refusals")
        status, said = await healthz(base)
        assert (status, "heartbeat" in said["warnings"]) == (200, True)
        outside.status = 200
        await centre.until(lambda: centre.gateway.pulse.canary.state().heartbeats >= 1, "a heartbeat")
        assert (await state(centre)).heartbeat_failures == 0


async def test_without_an_account_it_is_off_and_says_so(centre: Centre) -> None:
    centre.clock.advance(MISSING)
    health = await centre.gateway.desk.health()
    assert (health.canary.on, "canary_off" in health.warnings, health.faults) == (False, True, ())


async def test_the_canary_s_account_speaks_for_nobody_else_and_sees_nobody(centre: Centre) -> None:
    home = centre.home()
    forged = centre.client(known.BRIDGE.id).publish(f"{home.bridge.prefix}/up/sos/event", b'{"kind":"panic"}', qos=1)
    await asyncio.to_thread(forged.wait_for_publish, 10)
    account = centre.gateway.directory.accounts[known.KEY]
    assert not (await centre.gateway.desk.snapshot(account.area)).rows
    assert account not in await centre.gateway.desk.accounts()
    await centre.press(home)
    assert [row.key for row in await centre.queue()] == [home.household]
    assert not (await centre.gateway.desk.snapshot(account.area)).rows
