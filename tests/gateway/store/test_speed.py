"""How many rows a second go into either store: ``scripts/test -s -m slow tests/gateway/store/test_speed.py``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from postgres import NoServerError, PostgresServer
from presses import NOON, where

from alerting.events import SignalHeard
from alerting.homes.state import HouseholdState
from device_adapters.signals import Motion
from gateway.clock import SystemClock
from gateway.settings import Settings
from gateway.store.batch import Batch
from nuanhu.wiring import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EVENTS_A_COMMIT = (1, 20, 200, 500)
COMMITS = 20
ROUNDS = 10  # the best one: whatever else the machine does only ever slows it down
ROWS_AN_EVENT = 2  # journal and hot state; each event is of another home


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A store whose commits wait for the disk."""
    if request.param == "sqlite":
        yield ""
        return
    server = PostgresServer(durable=True)
    try:
        server.start()
        yield server.database()
    except NoServerError as why:
        pytest.skip(f"PostgreSQL does not run here: {why}")
    finally:
        server.stop()


def test_rows_a_second(durable_url: str, tmp_path: Path) -> None:
    store = Store(Settings(data=tmp_path, store_url=durable_url))
    print(f"\n{store.engine.dialect.name}: rows a second, best of {ROUNDS} rounds")  # noqa: T201
    seq = 0
    found = {}
    for events in EVENTS_A_COMMIT:
        rounds = []
        for _ in range(ROUNDS):
            batches = [some_motions(seq + n * events, events) for n in range(COMMITS)]
            seq += COMMITS * events
            rounds.append(COMMITS * events * ROWS_AN_EVENT / seconds_to_write(store, batches))
        found[events] = max(rounds)
        print(f"  {events:4} events a commit: {found[events]:10,.0f}")  # noqa: T201
    store.close()
    assert found[200] > 5 * found[1], "many events a commit must pay"


def some_motions(first: int, events: int) -> Batch:
    """Motions in as many homes."""
    batch = Batch()
    for n in range(events):
        place = where(f"home {n}", first + n)
        at = NOON + timedelta(seconds=first + n)
        signal = Motion(device=f"0x{n:016x}", arrived_at=at, state="detected")
        batch.note_event(place, at, SignalHeard(device_id=f"device {n}", signal=signal), policy=1)
        batch.note_state(place, HouseholdState(key=f"home {n}", incidents=first))
    return batch


def seconds_to_write(store: Store, batches: list[Batch]) -> float:
    clock = SystemClock()
    began_s = clock.monotonic_s()
    for batch in batches:
        store.write(batch)
    return clock.monotonic_s() - began_s
