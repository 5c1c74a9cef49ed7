"""A home's past is what the live town would have said."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from device_adapters.signals import AnySignal, Battery, Contact, Heartbeat, Motion, kind_of
from nuanhu.town.history import history_signals
from nuanhu.town.homes import LORA, OWN, Home
from nuanhu.town.plan import TownPlan
from nuanhu.town.sensing import DETECTED, doings

NOW = datetime(2025, 3, 12, 9, 17, 31, tzinfo=UTC)
SINCE = NOW - timedelta(days=9)


def _past(home: Home, **cut: datetime) -> list[tuple[str, AnySignal]]:
    return list(history_signals(home, SINCE, NOW, **cut))


def test_signals_come_in_order_within_the_time_asked_for(plan: TownPlan) -> None:
    for home in plan.homes[:12]:
        past = _past(home)
        times = [signal.arrived_at for _, signal in past]
        assert all(at is not None and SINCE <= at < NOW for at in times)
        assert all(a <= b for a, b in pairwise(t for t in times if t is not None))


def test_every_signal_names_its_bridge_and_device(plan: TownPlan) -> None:
    for home in plan.homes[:12]:
        for device_id, signal in _past(home):
            device = home.by_id[device_id].device
            assert (signal.bridge, signal.device) == (device.bridge, device.inner)


def test_the_past_has_exactly_the_detections_of_the_live_town(plan: TownPlan) -> None:
    for home in plan.homes[:12]:
        live = []
        for at_s, fitted, what in doings(home, SINCE):
            if at_s >= NOW.timestamp():
                break
            if what in {DETECTED, "open", "closed"}:
                live.append((datetime.fromtimestamp(at_s, UTC), fitted.device.id, what))
        past = [
            (signal.arrived_at, device_id, signal.state)
            for device_id, signal in _past(home)
            if isinstance(signal, Motion | Contact) and signal.arrived_at and signal.state != "clear"
        ]
        assert sorted(past) == sorted(live)


def test_a_part_of_the_past_is_a_part_of_the_whole(plan: TownPlan) -> None:
    home = plan.homes[1]
    middle = SINCE + timedelta(days=4, hours=5, minutes=3)
    whole = [entry for entry in _past(home) if entry[1].arrived_at and entry[1].arrived_at >= middle]
    part = list(history_signals(home, middle, NOW))
    assert [e for e in part if not _is_clear(e[1])] == [e for e in whole if not _is_clear(e[1])]


def _is_clear(signal: AnySignal) -> bool:
    return isinstance(signal, Motion) and signal.state == "clear"


def test_levels_are_cleared_before_they_are_seen_again(plan: TownPlan) -> None:
    """Else the rules would take the next detection for a repeated state."""
    for home in (h for h in plan.homes if h.make != OWN):
        states = [(d, s.arrived_at, s.state) for d, s in _past(home) if isinstance(s, Motion)]
        for device in {d for d, _, _ in states}:
            own = [(at, state) for d, at, state in states if d == device]
            for (before, state), (at, then) in pairwise(own):
                assert before is not None
                assert at is not None
                if state == then == "detected":
                    assert home.make != LORA
                    assert timedelta(seconds=60) <= at - before < timedelta(seconds=90)


def test_nobody_moves_after_a_collapse_but_the_devices_go_on(plan: TownPlan) -> None:
    collapsed_at = NOW - timedelta(hours=30)
    for home in plan.homes[:12]:
        past = _past(home, collapsed_at=collapsed_at)
        before = [e for e in _past(home) if e[1].arrived_at and e[1].arrived_at < collapsed_at]
        assert [e for e in past if e[1].arrived_at and e[1].arrived_at < collapsed_at] == before
        after = [signal for _, signal in past if signal.arrived_at and signal.arrived_at >= collapsed_at]
        assert not [s for s in after if isinstance(s, Contact) or (isinstance(s, Motion) and s.state == "detected")]
        kinds = Counter(kind_of(signal) for signal in after)
        assert kinds["heartbeat"] >= 2 * len(home.fitted)


def test_devices_give_signs_of_life_in_time(plan: TownPlan) -> None:
    for home in plan.homes[:12]:
        seen: dict[str, list[datetime]] = {}
        for device_id, signal in _past(home):
            if isinstance(signal, Heartbeat) and signal.arrived_at:
                seen.setdefault(device_id, []).append(signal.arrived_at)
        assert set(seen) == set(home.by_id)
        for device_id, times in seen.items():
            limit = timedelta(seconds=home.by_id[device_id].silent_s)
            assert all(b - a < limit for a, b in pairwise([SINCE, *times, NOW]))


def test_batteries_are_told(plan: TownPlan) -> None:
    for home in plan.homes[:12]:
        told = {d for d, s in _past(home) if isinstance(s, Battery) and s.percent is not None and s.percent > 20}
        assert told == {f.device.id for f in home.fitted if f.battery_days}
