"""A press of the button is never lost, never late in ringing, never mistaken for less than it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerting.decisions import ActivitySeen, Rang
from alerting.model import AlarmKind, EntryKind, IncidentState, Priority, RiskTier
from device_adapters.signals import Alarm, Button, Fall, Motion, Panic, Test
from tests.alerting.desk_words import brought_to, claim, close, spoke
from tests.alerting.lone_home import UNHURRIED, LoneHome, last_incident, lines, local, only, rings


def test_a_press_rings_at_once_as_p1() -> None:
    home = LoneHome()
    decisions = home.says("sos", Panic())
    assert [d.priority for d in only(Rang, decisions)] == [Priority.P1]
    assert home.open.state is IncidentState.OPEN
    assert home.open.unacknowledged
    (alarm,) = home.open.alarms
    assert (alarm.kind, alarm.at, alarm.device, alarm.room) == (AlarmKind.PANIC, home.now, "sos", "bedroom")
    assert lines(decisions) == [EntryKind.ALARM]


def test_a_first_press_of_a_home_that_was_only_just_enrolled_rings() -> None:
    assert rings(LoneHome().says("sos", Panic()))


def test_a_late_press_rings_with_its_age() -> None:
    home = LoneHome(local(9, 0, 30))
    decisions = home.says("sos", Panic(buffered=True, device_time=local(8, 20)))
    assert rings(decisions)
    (alarm,) = home.open.alarms
    assert alarm.late_s == 40 * 60 + 30
    assert alarm.device_time == local(8, 20)
    assert home.open.priority is Priority.P1


def test_a_press_a_moment_old_is_not_called_late() -> None:
    home = LoneHome()
    home.says("sos", Panic(device_time=home.now - timedelta(seconds=3)))
    assert home.open.alarms[0].late_s == 0


def test_a_device_whose_clock_is_ahead_rings_as_live() -> None:
    home = LoneHome()
    home.says("sos", Panic(device_time=home.now + timedelta(days=400)))
    assert home.open.alarms[0].late_s == 0


def test_a_press_under_the_retain_flag_opens_a_call_task_and_is_not_a_live_press() -> None:
    home = LoneHome()
    home.moves()
    decisions = home.says("sos", Panic(retained=True), after_s=3600)
    assert rings(decisions)
    assert home.alarms == [AlarmKind.RETAINED_PANIC]
    assert home.open.priority is Priority.P2
    assert not only(ActivitySeen, decisions), "what the broker kept says nothing about now"


def test_a_live_press_after_a_retained_one_raises_its_call_task_to_p1() -> None:
    home = LoneHome()
    home.says("sos", Panic(retained=True))
    assert rings(home.says("sos", Panic(echo=True), after_s=2)), "the copy of a live press is no copy of a retained one"
    assert home.open.priority is Priority.P1


def test_a_retained_press_in_an_inactivity_incident_of_the_same_urgency_rings() -> None:
    home = LoneHome(tier=RiskTier.URGENT)
    home.moves()
    home.wait_until(home.due)
    home.asks(claim())
    assert home.open.priority is Priority.P2
    assert rings(home.says("sos", Panic(retained=True), after_s=60))
    assert home.asks(close())[0].refused == "unacknowledged"


@pytest.mark.parametrize("after_s", [0.02, 1, 5])
def test_the_bridge_s_copy_of_a_press_is_the_same_press(after_s: float) -> None:
    home = LoneHome()
    home.says("sos", Panic(subtype="emergency"))
    assert not rings(home.says("sos", Panic(subtype="emergency", echo=True), after_s=after_s))
    assert home.open.alarm_count == 1


def test_a_copy_whose_first_was_lost_rings() -> None:
    home = LoneHome()
    assert rings(home.says("sos", Panic(echo=True)))


def test_a_copy_that_comes_later_than_copies_do_rings() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    assert rings(home.says("sos", Panic(echo=True), after_s=6))


def test_a_copy_does_not_make_the_next_one_a_copy() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    home.says("sos", Panic(echo=True), after_s=4)
    assert rings(home.says("sos", Panic(echo=True), after_s=4)), "8 s after the press this is a press of its own"


def test_a_copy_that_comes_after_the_key_was_let_go_is_of_that_press_and_a_new_press_rings() -> None:
    home = LoneHome()
    assert rings(home.says("sos", Panic(level=True)))
    home.says("sos", Panic(state="clear", level=True), after_s=1)
    assert not rings(home.says("sos", Panic(echo=True, subtype="short"), after_s=0.5))
    assert home.open.alarm_count == 1
    assert rings(home.says("sos", Panic(level=True), after_s=1)), "pressed again"
    home.says("sos", Panic(state="clear", level=True), after_s=1)
    assert rings(home.says("sos", Panic(echo=True, subtype="short"), after_s=6)), "too late for a copy"


def test_two_identical_presses_are_two_alarms_of_one_incident() -> None:
    home = LoneHome()
    home.says("sos", Panic(subtype="emergency"))
    decisions = home.says("sos", Panic(subtype="emergency"), after_s=20)
    assert rings(decisions)
    assert lines(decisions) == [EntryKind.PRESSED_AGAIN]
    assert home.open.alarm_count == 2
    assert home.memory.hot.incidents == 1


def test_many_presses_keep_the_first_and_the_latest_in_memory_and_count_them_all() -> None:
    home = LoneHome()
    began = home.now
    for _ in range(10):
        home.says("sos", Panic(), after_s=20)
    assert home.open.alarm_count == 10
    assert len(home.open.alarms) == 6
    assert home.open.alarms[0].at == began + timedelta(seconds=20)
    assert home.open.alarms[-1].at == home.now
    assert home.timeline.count(EntryKind.PRESSED_AGAIN) == 9, "the timeline has every one"


@pytest.mark.parametrize("state", [s for s in IncidentState if s is not IncidentState.CLOSED])
def test_a_press_in_a_running_incident_raises_it_rings_and_blocks_closing_until_claimed(state: IncidentState) -> None:
    home = LoneHome()
    home.moves()
    home.wait_until(home.due)
    assert home.alarms == [AlarmKind.INACTIVITY]
    brought_to(home, state)
    rang_before = home.open.rang_at
    decisions = home.says("sos", Panic(), after_s=60)
    assert [d.priority for d in only(Rang, decisions)] == [Priority.P1]
    assert home.open.priority is Priority.P1
    assert home.open.rang_at == home.now > rang_before
    assert EntryKind.RAISED in lines(decisions)
    assert home.open.state is not IncidentState.RESOLVED, "it is not resolved any more"
    refused, _ = home.asks(close())
    assert refused.refused == ("not_claimed" if state is IncidentState.OPEN else "unacknowledged")
    assert not home.asks(claim())[0].refused
    home.asks(spoke())
    assert not home.asks(close())[0].refused
    assert home.calm


def test_a_press_in_a_resolved_incident_sends_it_back_to_whoever_was_on_the_way() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    brought_to(home, IncidentState.RESOLVED)
    home.says("sos", Panic(), after_s=60)
    assert home.open.state is IncidentState.DISPATCHED


def test_a_press_after_closing_is_the_next_incident() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    brought_to(home, IncidentState.CLOSED)
    decisions = home.says("sos", Panic(), after_s=60)
    assert rings(decisions)
    assert home.open.id == "H000001-2"
    assert home.open.alarm_count == 1


@pytest.mark.parametrize(
    ("signal", "kind", "priority"),
    [
        (Fall(), AlarmKind.FALL, Priority.P1),
        (Alarm(alarm_type="smoke"), AlarmKind.SMOKE, Priority.P1),
        (Alarm(alarm_type="gas"), AlarmKind.GAS, Priority.P1),
        (Alarm(alarm_type="medical"), AlarmKind.MEDICAL, Priority.P1),
        (Alarm(alarm_type="something else"), AlarmKind.UNCERTAIN, Priority.P2),
    ],
)
def test_other_alarms_of_devices_ring_too(signal: Fall | Alarm, kind: AlarmKind, priority: Priority) -> None:
    home = LoneHome()
    assert rings(home.says("hub", signal))
    assert (home.alarms, home.open.priority) == ([kind], priority)


def test_a_flag_that_is_repeated_until_it_ends_is_one_press() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.says("sos", Panic(subtype="sos"))
    for _ in range(30):
        assert not rings(home.says("sos", Panic(ongoing=True), after_s=600)), "kept known by its own repeats"
    home.says("sos", Panic(state="clear"), after_s=600)
    assert home.open.alarm_count == 1


def test_a_repeated_flag_whose_first_frame_was_lost_rings() -> None:
    home = LoneHome()
    assert rings(home.says("sos", Panic(ongoing=True)))
    home.says("sos", Panic(state="clear"), after_s=60)
    assert rings(home.says("sos", Panic(ongoing=True), after_s=60)), "a new press: the one before had ended"


def test_a_press_reported_as_a_state_rings_once_and_again_when_pressed_again() -> None:
    home = LoneHome()
    assert rings(home.says("sos", Panic(level=True)))
    assert not rings(home.says("sos", Panic(level=True), after_s=10)), "the cached state in another report"
    home.says("sos", Panic(level=True, state="clear"), after_s=5)
    assert rings(home.says("sos", Panic(level=True), after_s=5))


def test_a_state_that_may_be_a_new_press_rings_when_in_doubt() -> None:
    home = LoneHome()
    home.says("sos", Panic(level=True))
    assert rings(home.says("sos", Panic(level=True), after_s=600)), "the end of the first may have been lost"


def test_a_fall_reported_as_a_state_rings_once_while_it_stands() -> None:
    home = LoneHome(policy=UNHURRIED)
    assert rings(home.says("hub", Fall(level=True)))
    for _ in range(20):
        assert not rings(home.says("hub", Fall(level=True), after_s=30))
    home.says("hub", Fall(level=True, state="clear"), after_s=30)
    assert rings(home.says("hub", Fall(level=True), after_s=30)), "another fall"


def test_smoke_does_not_silence_gas_of_the_same_device() -> None:
    home = LoneHome()
    home.says("hub", Alarm(alarm_type="smoke", level=True))
    assert rings(home.says("hub", Alarm(alarm_type="gas", level=True), after_s=1))


def test_a_press_with_an_old_number_rings_all_the_same() -> None:
    home = LoneHome()
    home.says("sos", Panic(boot="b1", seq=10))
    assert rings(home.says("sos", Panic(boot="b1", seq=4), after_s=30)), "late is not stale"


def test_a_plain_button_is_never_an_alarm() -> None:
    home = LoneHome()
    for action in ("single", "double", "long", "well", "sos"):
        assert not rings(home.says("sos", Button(action=action), after_s=20))
    assert home.calm, "the role that makes a press a panic is given before the rules"


def test_a_test_press_is_never_an_alarm() -> None:
    home = LoneHome()
    home.says("sos", Test())
    assert home.calm


def test_i_am_well_is_noted_in_the_running_incident_and_ends_nothing() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    decisions = home.says("hub", Button(action="well"), after_s=20)
    assert lines(decisions) == [EntryKind.ANSWERED_WELL]
    assert last_incident(decisions).state is IncidentState.OPEN
    assert home.open.unacknowledged


def test_motion_during_a_press_s_incident_changes_nothing_of_it() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    before = home.open
    home.says("pir-living", Motion(state="detected"), after_s=20)
    assert home.open == before
