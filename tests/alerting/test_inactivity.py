"""A home that is quiet for longer than it ever should be: found when the limit passes, not before, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerting.decisions import ActivitySeen
from alerting.events import Unobserved
from alerting.model import AlarmKind, EntryKind, Outcome, Priority, RiskTier
from device_adapters.signals import AnySignal, Battery, Button, Contact, Heartbeat, Link, Motion, Panic, Presence
from tests.alerting.desk_words import claim, close, spoke
from tests.alerting.lone_home import DEVICES, HOUR, UNHURRIED, LoneHome, lines, local, only, rings

SIX_HOURS = 6 * HOUR
"""The centre's limit by day for a home of middle risk whose own rhythm is not known."""


@pytest.fixture
def home() -> LoneHome:
    """A home in which somebody moved at 09:00; what nobody takes does not climb."""
    home = LoneHome(local(8), policy=UNHURRIED)
    home.moves(after_s=HOUR)
    return home


def test_the_alarm_comes_exactly_when_the_limit_passes_and_not_before(home: LoneHome) -> None:
    assert not rings(home.wait(SIX_HOURS - 1))
    assert home.calm
    assert rings(home.wait(1))
    (alarm,) = home.open.alarms
    assert (alarm.kind, alarm.at) == (AlarmKind.INACTIVITY, local(15))
    assert (alarm.quiet_since, alarm.limit_s, alarm.limit_source) == (local(9), SIX_HOURS, "city")
    assert alarm.room == "living", "where somebody was last"


def test_an_early_wake_raises_nothing(home: LoneHome) -> None:
    home.moves(after_s=HOUR)
    assert home.wake == local(15), "a wake that has become later is left to fire early"
    assert not rings(home.wait_until(local(15)))
    assert home.wake == local(16)
    assert rings(home.wait_until(local(16)))


def test_one_silence_is_one_alarm(home: LoneHome) -> None:
    home.wait(SIX_HOURS)
    assert not rings(home.wait(SIX_HOURS - 1)), "until it is as long as is rare in any home"
    assert home.open.alarm_count == 1


def test_the_next_silence_is_the_next_alarm(home: LoneHome) -> None:
    home.wait(SIX_HOURS)
    home.moves(after_s=HOUR)
    home.wait_until(home.due)
    assert home.open.alarm_count == 2, "it joins the incident that is still open"


def test_activity_during_the_incident_is_noted_and_ends_nothing(home: LoneHome) -> None:
    home.wait(SIX_HOURS)
    decisions = home.moves("pir-bathroom", after_s=600)
    assert lines(decisions) == [EntryKind.ACTIVITY]
    assert home.open.unacknowledged, "a person closes it"
    assert not lines(home.moves("pir-bedroom", after_s=600)), "noted once a silence"


@pytest.mark.parametrize(
    ("tier", "priority"),
    [
        (RiskTier.URGENT, Priority.P2),
        (RiskTier.COVERED, Priority.P2),
        (RiskTier.CARE, Priority.P3),
        (RiskTier.WATCH, Priority.P3),
    ],
)
def test_the_risk_tier_moves_the_priority(tier: RiskTier, priority: Priority) -> None:
    home = LoneHome(tier=tier)
    home.moves()
    home.wait_until(home.due)
    assert home.open.priority is priority


def test_closing_with_was_well_restarts_the_silence_s_clock(home: LoneHome) -> None:
    home.wait(SIX_HOURS + 1800)
    home.asks(claim())
    home.asks(close(outcome=Outcome.WAS_WELL))
    assert not rings(home.wait_until(local(21, 29, 59)))
    assert rings(home.wait_until(local(21, 30)))
    assert home.open.id.endswith("-2")


def test_closing_for_faulty_equipment_does_not_say_that_the_person_is_well(home: LoneHome) -> None:
    home.says("sos", Panic(), after_s=60)
    silent_since = home.due
    home.wait(HOUR)
    home.asks(claim())
    home.asks(close(outcome=Outcome.EQUIPMENT))
    assert home.due == silent_since
    assert rings(home.wait_until(silent_since))


def test_time_in_which_nobody_could_be_heard_is_not_counted(home: LoneHome) -> None:
    home.wait(3 * HOUR)
    home.judge(Unobserved(since=local(10, 30), until=local(12)))
    assert not rings(home.wait_until(local(16, 29, 59)))
    assert rings(home.wait_until(local(16, 30)))


def test_only_the_part_of_a_gap_that_lies_in_the_silence_is_not_counted(home: LoneHome) -> None:
    home.judge(Unobserved(since=local(5), until=local(9)))
    assert rings(home.wait_until(local(15)))


def test_a_gap_told_twice_never_hides_more_than_the_silence_itself(home: LoneHome) -> None:
    home.wait(HOUR)
    for _ in range(5):
        home.judge(Unobserved(since=local(9), until=local(10)))
    assert home.due == local(16)


def test_a_gap_does_not_count_after_the_next_movement(home: LoneHome) -> None:
    home.wait(HOUR)
    home.judge(Unobserved(since=local(9), until=local(10)))
    home.moves(after_s=HOUR)
    assert home.due == local(17)


def test_a_cached_occupancy_that_is_repeated_does_not_hide_a_silence() -> None:
    home = LoneHome(local(8))
    home.says("pir-living", Motion(state="detected", level=True), after_s=HOUR)
    for _ in range(11):
        assert not only(ActivitySeen, home.says("pir-living", Motion(state="detected", level=True), after_s=1800))
    assert rings(home.wait_until(local(15)))


def test_somebody_was_there_until_the_occupancy_ended() -> None:
    home = LoneHome(local(8))
    home.says("pir-living", Motion(state="detected", level=True), after_s=HOUR)
    home.says("pir-living", Motion(state="clear", level=True), after_s=2 * HOUR)
    home.says("pir-living", Motion(state="clear", level=True), after_s=HOUR)
    assert home.due == local(17)


def test_cached_states_of_two_kinds_do_not_make_each_other_news() -> None:
    home = LoneHome(local(8))
    states = (Motion(state="detected", level=True), Presence(state="clear"), Contact(state="open", level=True))
    for signal in states:
        home.says("pir-living", signal, after_s=HOUR)
    since = home.due
    for signal in states * 3:
        home.says("pir-living", signal, after_s=60)
    assert home.due == since


def test_a_door_that_opens_or_closes_is_activity() -> None:
    home = LoneHome(local(8))
    home.says("door", Contact(state="closed", level=True), after_s=HOUR)
    assert not home.memory.hot.quiet.active_s, "the first report of a level is no change"
    for state in ("open", "closed"):
        (seen,) = only(ActivitySeen, home.says("door", Contact(state=state, level=True), after_s=HOUR))
        assert (seen.rooms, seen.door) == ("hall", True)
    home.says("door", Contact(state="closed", level=True), after_s=HOUR)
    assert home.due == local(17), "counted from 11:00, when it was closed"


@pytest.mark.parametrize(
    "signal",
    [
        Motion(state="detected", retained=True),
        Motion(state="detected", buffered=True),
        Motion(state="clear"),
        Contact(state="open", buffered=True),
        Presence(state="detected", retained=True),
        Button(action="single", retained=True),
        Panic(retained=True),
        Panic(buffered=True),
        Panic(state="clear"),
        Heartbeat(),
        Battery(percent=80),
        Link(lqi=90),
    ],
    ids=lambda signal: f"{type(signal).__name__}{signal.retained:d}{signal.buffered:d}",
)
def test_what_says_nothing_about_now_is_no_activity(home: LoneHome, signal: AnySignal) -> None:
    decisions = home.says("pir-living", signal, after_s=HOUR)
    assert not only(ActivitySeen, decisions)
    assert home.due == local(15)


def test_a_stored_report_does_not_change_what_the_sensor_last_said(home: LoneHome) -> None:
    home.says("pir-living", Motion(state="clear", level=True), after_s=60)
    home.says("pir-living", Motion(state="detected", level=True, buffered=True), after_s=60)
    assert only(ActivitySeen, home.says("pir-living", Motion(state="detected", level=True), after_s=300))


@pytest.mark.parametrize("signal", [Panic(), Button(action="single"), Motion(state="detected"), Contact(state="open")])
def test_whoever_presses_or_moves_is_active(home: LoneHome, signal: AnySignal) -> None:
    home.says("pir-living", signal, after_s=HOUR)
    assert home.due == local(16)


def test_a_copy_of_a_press_is_no_further_activity(home: LoneHome) -> None:
    home.says("sos", Panic(level=True), after_s=HOUR)
    home.says("sos", Panic(level=True), after_s=45)
    assert home.due == local(16)


def test_activity_is_told_once_for_each_window_and_room() -> None:
    home = LoneHome(local(9))
    told = [only(ActivitySeen, home.moves(device)) for device in ("pir-living", "pir-living", "pir-bedroom")]
    assert [[d.rooms for d in seen] for seen in told] == [["living"], [], ["living,bedroom"]]
    assert told[0][0].window == told[2][0].window == local(9)
    assert [d.window for d in only(ActivitySeen, home.moves(after_s=300))] == [local(9, 5)]


def test_a_home_without_sensors_that_show_life_is_not_judged_by_its_silence() -> None:
    home = LoneHome(devices=tuple(d for d in DEVICES if d.role in {"panic", "hub"}))
    home.says("sos", Panic())
    home.asks(claim())
    home.asks(spoke())
    home.asks(close())
    for _ in range(10):
        home.says("sos", Heartbeat(), after_s=12 * HOUR)
        home.says("hub", Heartbeat())
    assert home.calm


def test_before_the_first_activity_there_is_no_silence() -> None:
    home = LoneHome()
    for _ in range(10):
        for facts in DEVICES:
            home.says(facts.id, Heartbeat())
        assert not rings(home.wait(12 * HOUR))


def test_a_press_just_before_the_limit_restarts_the_silence(home: LoneHome) -> None:
    home.wait(SIX_HOURS - 1)
    home.says("sos", Panic())
    assert home.alarms == [AlarmKind.PANIC]
    home.wait(SIX_HOURS - 1)
    assert home.alarms == [AlarmKind.PANIC]
    home.wait(1)
    assert home.alarms == [AlarmKind.PANIC, AlarmKind.INACTIVITY]


def test_the_times_of_an_incident_never_go_back(home: LoneHome) -> None:
    home.wait(SIX_HOURS)
    home.now += timedelta(milliseconds=700)
    home.says("sos", Panic())
    assert home.timeline[-2:] == [EntryKind.RAISED, EntryKind.ACTIVITY]
    assert home.open.changed_at == home.open.rang_at == home.now


def test_the_limit_counts_from_the_second_of_the_movement() -> None:
    home = LoneHome(local(9) + timedelta(milliseconds=400))
    home.moves()
    assert home.due == datetime(2026, 3, 2, 7, tzinfo=UTC)
