"""What a home remembers: when it wants to be woken, its past, and how little room all that takes."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.areas.news import called_in
from alerting.commands import OpenManual
from alerting.decisions import Learned, Wake
from alerting.events import DeviceFacts, HistoryLoaded, SignalHeard, TimePassed
from alerting.homes import household, supervision
from alerting.homes.state import HouseholdState, Memory
from alerting.model import MAX_ALARMS, AlarmKind, Priority
from alerting.silence.rhythm import Rhythm
from device_adapters.signals import Alarm, Battery, Heartbeat, Link, Motion, Panic
from tests.alerting.desk_words import claim, dispatch
from tests.alerting.lone_home import (
    DEVICES,
    HOUR,
    KEY,
    UNASKED,
    UNHURRIED,
    LoneHome,
    history,
    local,
    only,
    quiet_since,
    rings,
)

QUIET_HOME_BYTES = 1100
"""About 1 KB: six devices of which everything is known, and the silences of one day."""

SEVEN_HOURS_S = 7 * HOUR


def test_a_home_names_its_next_wake_in_the_future() -> None:
    home = LoneHome(local(9), policy=UNASKED)
    (wish,) = only(Wake, home.moves())
    assert wish.at == local(15)


def test_a_wake_that_has_become_later_is_not_written_again() -> None:
    home = LoneHome(local(9), policy=UNASKED)
    home.moves()
    for _ in range(10):
        assert not only(Wake, home.moves(after_s=600))
    assert home.wake == local(15)
    assert [d.at for d in only(Wake, home.wait_until(local(15)))] == [home.due], "woken early, it looks again"


def test_a_wake_that_has_become_earlier_is_written() -> None:
    home = LoneHome(local(9), devices=(*DEVICES, DeviceFacts("own", "motion", "hall", HOUR)))
    home.says("own", Heartbeat())
    assert home.wake == local(10)
    early = LoneHome(local(9), policy=UNASKED)
    assert early.wake == local(9, day=4), "check-ins only"
    assert [d.at for d in only(Wake, early.moves())] == [local(15)]


def test_a_home_that_waits_for_nothing_is_not_woken() -> None:
    home = LoneHome(devices=())
    assert home.wake is None


def test_a_wake_that_comes_late_still_finds_everything_due() -> None:
    home = LoneHome(local(9))
    home.moves()
    home.now = local(16, 20)
    assert rings(home.judge(TimePassed()))
    assert home.open.alarms[0].at == local(16, 20)


def test_a_silence_that_the_history_began_raises_its_alarm_when_due() -> None:
    home = LoneHome(local(9), policy=UNASKED)
    decisions = home.judge(history(local(1, 30)))
    assert [d.at for d in only(Wake, decisions)] == [local(11, 30)], "the night's limit is ten hours"
    assert rings(home.wait_until(local(11, 30)))
    assert home.open.alarms[0].quiet_since == local(1, 30)


def test_a_silence_that_was_too_long_before_the_history_came_raises_its_alarm_at_once() -> None:
    home = LoneHome(local(9))
    home.judge(history(local(22, day=1)))
    assert home.wake == local(9, 0, 1)
    assert rings(home.wait(1))


def test_loaded_history_does_not_move_the_clock_back() -> None:
    home = LoneHome(local(9))
    home.moves()
    home.judge(history(local(3)))
    assert home.due == local(15)


def test_loaded_history_without_any_activity_leaves_the_clock_alone() -> None:
    home = LoneHome(local(9))
    home.moves()
    home.judge(HistoryLoaded(rhythm=Rhythm(days=28)))
    assert home.due == local(15)
    assert home.memory.rhythm.days == 28


def test_loaded_history_is_learned_and_its_last_silences_are_kept() -> None:
    home = LoneHome(local(9))
    rhythm = Rhythm(days=28)
    past = quiet_since(local(7), local(8))
    decisions = home.judge(HistoryLoaded(rhythm=rhythm, quiet=past))
    assert [d.rhythm for d in only(Learned, decisions)] == [rhythm]
    assert home.memory.hot.quiet.day.count == 2


def test_a_past_of_the_same_day_and_what_was_heard_since_are_one_day() -> None:
    home = LoneHome(local(9))
    home.moves()
    home.moves(after_s=HOUR)
    home.judge(history(local(21, day=1), local(7), local(8)))
    quiet = home.memory.hot.quiet
    assert quiet.day.count == 4
    assert quiet.over is not None
    assert quiet.over.count == 1, "yesterday is learned at the next movement"
    home.moves(after_s=600)
    assert home.memory.rhythm.days == 1
    assert home.memory.hot.quiet.over is None


def test_a_past_that_ended_yesterday_is_learned_at_the_next_movement() -> None:
    home = LoneHome(local(9))
    home.moves()
    home.judge(history(local(20, day=1), local(21, day=1)))
    assert home.memory.hot.quiet.day.count == 1
    home.moves(after_s=600)
    assert home.memory.rhythm.days == 1
    held = home.memory.rhythm.held
    assert held is not None
    assert held.length == 12 * 12, "the night is judged when today is over"


def test_a_signal_that_was_overtaken_takes_nothing_back() -> None:
    """A press overtakes what arrived before it, so that a step's ``now`` may be a little older than the last one's."""
    home = LoneHome(local(9))
    home.moves()
    home.says("pir-living", Motion(state="detected"), after_s=SEVEN_HOURS_S)
    before, due = home.open, home.due
    home.now -= timedelta(minutes=2)
    home.moves()
    home.says("sos", Panic())
    assert home.memory.hot.devices["pir-living"].seen_s == int((home.now + timedelta(minutes=2)).timestamp())
    assert home.due == due
    assert (home.open.changed_at, home.open.rang_at) >= (before.changed_at, before.rang_at)


@pytest.fixture
def full() -> LoneHome:
    """A home with six devices, all of which have said everything a device can say, at the end of a day."""
    home = LoneHome(local(6))
    for hour in range(14):
        for facts in DEVICES:
            home.says(facts.id, Battery(percent=87.5), after_s=1)
            home.says(facts.id, Link(lqi=123, rssi_dbm=-87.5))
            home.says(facts.id, Heartbeat(boot="b1f3c29a", seq=123_456 + hour))
            if facts.role == "motion":
                home.says(facts.id, Motion(state="detected", level=True))
                home.says(facts.id, Motion(state="clear", level=True), after_s=90)
        home.wait(HOUR)
    assert home.calm
    return home


def test_the_hot_state_of_a_home_stays_at_about_a_kilobyte(full: LoneHome) -> None:
    assert full.memory.hot.quiet.day.count >= 26
    assert len(msgspec.json.encode(full.memory.hot)) <= QUIET_HOME_BYTES


def test_nor_does_what_is_learned_of_its_devices_make_it_grow(full: LoneHome) -> None:
    """After months of reports each device has its pauses, its battery in six periods and a weak link."""
    devices = full.memory.hot.devices
    for day in range(200):
        at_s = int(full.now.timestamp()) + day * 24 * HOUR
        for id_, device in devices.items():
            for signal in (Battery(percent=87.5 - day / 4), Link(lqi=12)):
                devices = {**devices, id_: supervision.heard(id_, device, signal, at_s, full.policy)[0]}
                device = devices[id_]  # noqa: PLW2901 - as it has become
    traces = [len(device.trace) for device in devices.values()]
    assert max(traces) <= 15
    hot = msgspec.structs.replace(full.memory.hot, devices=devices)
    assert len(msgspec.json.encode(hot)) <= QUIET_HOME_BYTES


def test_an_open_incident_with_six_alarms_adds_no_more_than_it_must(full: LoneHome) -> None:
    calm_bytes = len(msgspec.json.encode(full.memory.hot))
    for _ in range(MAX_ALARMS):
        full.says("sos", Panic(subtype="emergency", buffered=True, device_time=full.now), after_s=300)
    full.asks(claim())
    full.asks(dispatch())
    for _ in range(2):
        full.says("sos", Panic(subtype="emergency", buffered=True, device_time=full.now), after_s=300)
    assert len(full.open.alarms) == MAX_ALARMS
    most = len(msgspec.json.encode(full.memory.hot))
    for _ in range(50):
        full.says("sos", Panic(subtype="emergency", buffered=True, device_time=full.now), after_s=300)
    assert most - calm_bytes <= 1600
    assert len(msgspec.json.encode(full.memory.hot)) <= most + 20, "it does not grow with the presses"


def test_however_much_follows_the_first_call_for_help_stays_among_the_alarms() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.asks(OpenManual(key=KEY, incident="", by="anna", text="…", priority=Priority.P1))
    home.says("sos", Panic(), after_s=60)
    pressed = home.open.alarms[-1]
    for n in range(2 * MAX_ALARMS):
        home.says("hub", Alarm(alarm_type=f"word-{n}", state="active"), after_s=3600)
        home.asks(OpenManual(key=KEY, incident="", by="anna", text=str(n), priority=Priority.P1))
    kept = home.open.alarms
    assert len(kept) == MAX_ALARMS
    assert kept[0].detail == "…"
    assert kept[1] == pressed
    assert [it.detail for it in kept if it.kind is AlarmKind.MANUAL][-1] == str(2 * MAX_ALARMS - 1), "and the latest"
    assert called_in(home.open) is AlarmKind.PANIC


def test_what_the_store_gives_back_is_what_was_written(full: LoneHome) -> None:
    full.says("sos", Panic(), after_s=60)
    hot = msgspec.json.decode(msgspec.json.encode(full.memory.hot), type=HouseholdState)
    rhythm = msgspec.json.decode(msgspec.json.encode(full.memory.rhythm), type=Rhythm)
    assert Memory(hot, rhythm) == full.memory


def test_the_same_day_twice_is_the_same_to_the_bit() -> None:
    def lived() -> bytes:
        home = LoneHome(local(6))
        for hour in range(30):
            home.moves(("pir-living", "pir-bedroom")[hour % 2], after_s=HOUR)
            home.says("sos", Panic() if hour == 12 else Heartbeat(), after_s=0.25)
        return msgspec.json.encode(home.memory) + b"".join(kind.encode() for kind in home.timeline)

    assert lived() == lived()


def test_a_home_is_judged_alike_whatever_was_judged_before_it() -> None:
    """No hidden state: a neighbour's steps in between change nothing."""
    home, neighbour = LoneHome(local(9)), LoneHome(local(9))
    home.moves()
    start, press = home.memory, SignalHeard(device_id="sos", signal=Panic())
    alone = household.step(start, press, home.now + timedelta(seconds=5), home.policy)
    for _ in range(5):
        neighbour.says("sos", Panic(), after_s=30)
    assert household.step(start, press, home.now + timedelta(seconds=5), home.policy) == alone
    assert neighbour.alarms == [AlarmKind.PANIC] * 5
