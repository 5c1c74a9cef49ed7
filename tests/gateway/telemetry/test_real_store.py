"""A real store: what it has is compared as a set with what the journal says."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import msgspec
import sqlalchemy
from followed import Followed
from metric_store import TOKEN, MetricStore, Sample

from device_adapters.signals import Battery, Heartbeat, Link, Motion
from gateway.telemetry.influx import Influx
from gateway.telemetry.stream import BEHIND_S

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN_WITHIN_S = 20.0
NUMBERS = {"percent", "rssi_dbm", "lqi"}


def influx(store: MetricStore, token: str = TOKEN) -> Influx:
    return Influx(store.url, "centre", "nuanhu", token)


def said(followed: Followed) -> set[Sample]:
    """What the store must have, read from the journal without the side stream's help."""
    samples: set[Sample] = set()
    with followed.store.engine.connect() as c:
        rows = c.execute(sqlalchemy.text("SELECT key, event FROM journal WHERE judged")).all()
    for home, body in rows:
        event = msgspec.json.decode(body)
        if event["event"] != "signal":
            continue
        for signal in (event["signal"], *event.get("more", ())):
            device = event["device_id"]
            tags = {"household": home, "device": device, "room": f"room-{device[-1]}", "bridge": signal["bridge"]}
            at = datetime.fromisoformat(signal["arrived_at"])
            at_ms = (at - EPOCH) // timedelta(milliseconds=1)
            values = {name: float(value) for name, value in signal.items() if name in NUMBERS}
            if signal["kind"] == "motion":
                values = {"active": float(signal["state"] == "detected")}
            for name, value in (values or {"heard": 1.0}).items():
                samples.add((f"{signal['kind']}_{name}", frozenset(tags.items()), at_ms, value))
    return samples


def samples_of(store: MetricStore, expected: set[Sample]) -> set[Sample]:
    """Everything the store has, as soon as it shows as much as is expected; it shows what it took a little later."""
    for _ in range(int(SHOWN_WITHIN_S / 0.1)):
        if (found := store.samples()) == expected:
            break
        time.sleep(0.1)
    return found


def live(followed: Followed, minutes: int, homes: int = 8, every: int = 1, passing: float = 60) -> None:
    """Some minutes (of ``passing`` seconds) in some homes: somebody moves, something reports battery and radio."""
    for minute in range(0, minutes, every):
        for number in range(homes):
            home, at = f"a-{number:03}", followed.clock.now() + timedelta(milliseconds=number)
            common = {"bridge": f"b{number % 3}", "arrived_at": at}
            state = "detected" if (minute // every + number) % 2 else "clear"
            followed.hear(home, f"{home}-d{minute % 3}", Motion(state=state, **common))
            if minute % 60 == 0:
                battery, link = Battery(percent=80.0 - number, **common), Link(rssi_dbm=-70.5, lqi=number, **common)
                followed.hear(home, f"{home}-d9", battery, link, Heartbeat(**common))
        followed.clock.advance(timedelta(seconds=every * passing))
    followed.commit()


def test_the_store_gets_what_the_journal_says(followed: Followed, metric_store: MetricStore) -> None:
    metric_store.start()
    stream = followed.stream(influx(metric_store))
    live(followed, 90)
    followed.hear("a-000", "a-000-d1", Motion(state="clear", bridge="b0"), failed="RuntimeError: not judged")
    followed.commit()
    followed.until_carried(stream)
    expected = said(followed)
    assert len(expected) > 700
    assert samples_of(metric_store, expected) == expected
    assert stream.faults() == []


def test_a_store_that_was_away_for_a_day_is_filled_in(followed: Followed, metric_store: MetricStore) -> None:
    stream = followed.stream(influx(metric_store))
    for _hour in range(24):
        live(followed, 60, homes=24, every=4)
    followed.until(lambda: stream.state().waiting == followed.rows, "the stream to see that it is behind")
    state = stream.state()
    assert state.error.startswith("HTTP 502")
    assert state.behind_s > 86_000
    assert stream.faults() == ["telemetry_behind"]
    metric_store.start()
    followed.until_carried(stream)
    expected = said(followed)
    assert len(expected) > 9_000
    assert samples_of(metric_store, expected) == expected
    assert (stream.state().behind_s, stream.state().refused, stream.faults()) == (0.0, 0, [])


def test_a_store_that_is_killed_loses_nothing(followed: Followed, metric_store: MetricStore) -> None:
    metric_store.start()
    stream = followed.stream(influx(metric_store))
    for _kill in range(3):
        for _second in range(4):
            live(followed, 2, homes=20, passing=0.1)
            before = stream.state().written
            followed.until(lambda before=before: stream.state().written > before, "something to be taken")
        metric_store.kill()  # what it took last is not on its disk yet
        live(followed, 1, passing=0.1)
        followed.until(lambda: stream.state().error, "the stream to notice")
        metric_store.start()
        followed.until_carried(stream)
    assert samples_of(metric_store, said(followed)) == said(followed)


def test_a_wrong_token_is_a_fault_and_loses_nothing(followed: Followed, metric_store: MetricStore) -> None:
    metric_store.start()
    live(followed, 10)
    shut_out = followed.stream(influx(metric_store, "another"))
    followed.until(shut_out.faults, "the fault")
    turns = shut_out.turns
    followed.until(lambda: shut_out.turns > turns + 5, "some more attempts")
    assert shut_out.faults()[0] == "telemetry_refused"
    assert (shut_out.state().written, shut_out.state().refused) == (0, 0)
    assert metric_store.samples() == set()
    shut_out.stop()
    stream = followed.stream(influx(metric_store))
    followed.until_carried(stream)
    assert samples_of(metric_store, said(followed)) == said(followed)
    assert stream.faults() == []


def test_it_goes_on_from_its_stored_cursor(followed: Followed, metric_store: MetricStore) -> None:
    metric_store.start()
    target = influx(metric_store)
    stream = followed.stream(target)
    live(followed, 30)
    followed.until_carried(stream)
    followed.clock.advance(timedelta(seconds=11))
    followed.until(lambda: followed.cursor(target) == followed.rows, "the cursor to be stored")
    stream.stop()
    earlier = followed.rows
    live(followed, 30)
    again = followed.stream(target)
    followed.until_carried(again)
    assert again.state().written < followed.rows - earlier + 100
    assert samples_of(metric_store, said(followed)) == said(followed)
    assert again.state().behind_s < BEHIND_S
