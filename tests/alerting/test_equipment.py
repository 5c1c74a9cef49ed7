"""Is the equipment there? Check-ins, batteries, tampering, and a home that cannot be seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alerting.decisions import ActivitySeen
from alerting.events import DeviceFacts, Enrolled, Unobserved
from alerting.homes import testing
from alerting.model import AlarmKind, EntryKind, FaultKind, Outcome, Priority, RiskTier
from device_adapters.signals import (
    Alarm,
    AnySignal,
    Availability,
    Battery,
    Fault,
    Heartbeat,
    Motion,
    Panic,
    Provisioning,
    Tamper,
)
from tests.alerting.desk_words import claim, close
from tests.alerting.lone_home import DEVICES, HOUR, UNHURRIED, LoneHome, cleared, lines, local, only, opened, rings

MISSED = FaultKind.MISSED_CHECK_IN
LOW = FaultKind.BATTERY_LOW

SMALL = (
    DeviceFacts("pir", "motion", "living", 2 * HOUR),
    DeviceFacts("door", "door", "hall", 2 * HOUR),
    DeviceFacts("sos", "panic", "bedroom", 30 * HOUR),
)
"""A home whose sensors speak at least every two hours."""


@pytest.fixture
def home() -> LoneHome:
    """A small home, enrolled at 08:00; somebody moved at 09:00."""
    home = LoneHome(local(8), devices=SMALL)
    home.moves("pir", after_s=HOUR)
    home.says("door", Heartbeat())
    return home


def test_a_missed_check_in_opens_a_fault_exactly_at_the_deadline(home: LoneHome) -> None:
    home.says("door", Heartbeat(), after_s=60)
    assert not opened(home.wait_until(local(10, 59, 59)))
    assert opened(home.wait_until(local(11))) == [("pir", MISSED)]
    assert home.calm, "one sensor less is a fault, not an alarm"


def test_it_is_one_fault_and_clears_at_the_next_word(home: LoneHome) -> None:
    home.wait(3 * HOUR)
    assert not opened(home.wait(3 * HOUR))
    assert cleared(home.says("pir", Heartbeat())) == [("pir", MISSED)]
    assert opened(home.wait(2 * HOUR)) == [("pir", MISSED)], "the next silence is the next fault"


@pytest.mark.parametrize(
    "signal",
    [
        Motion(state="detected", retained=True),
        Battery(percent=90, retained=True),
        Availability(state="online"),
        Provisioning(code="device_leave"),
        Fault(code="UPLINK_MIC", scope="network"),
    ],
    ids=lambda signal: type(signal).__name__,
)
def test_what_others_say_of_a_device_is_no_sign_of_its_life(home: LoneHome, signal: AnySignal) -> None:
    home.says("pir", signal, after_s=HOUR)
    home.says("door", Heartbeat())
    assert opened(home.wait_until(local(11))) == [("pir", MISSED)]


def test_a_device_that_never_spoke_is_missed_after_its_time() -> None:
    home = LoneHome(local(8), devices=SMALL)
    never = FaultKind.NEVER_SEEN
    assert opened(home.wait_until(local(10))) == [("pir", never), ("door", never)]
    assert cleared(home.says("pir", Heartbeat())) == [("pir", never)]
    assert opened(home.wait(2 * HOUR)) == [("pir", MISSED)], "from now on it is one that was heard"


def test_no_device_is_late_for_time_in_which_nobody_could_be_heard(home: LoneHome) -> None:
    home.wait_until(local(10, 30))
    home.judge(Unobserved(since=local(9, 30), until=local(10, 30)))
    assert not opened(home.wait_until(local(11, 59, 59)))
    assert opened(home.wait_until(local(12))) == [("pir", MISSED), ("door", MISSED)]


def test_a_device_that_was_missed_before_a_gap_keeps_its_last_word(home: LoneHome) -> None:
    home.wait_until(local(12))
    home.judge(Unobserved(since=local(11, 30), until=local(12)))
    assert home.memory.hot.devices["pir"].seen_s == int(local(9).timestamp())


def test_a_gap_from_before_a_device_s_last_word_changes_nothing(home: LoneHome) -> None:
    seen_s = home.memory.hot.devices["pir"].seen_s
    home.judge(Unobserved(since=local(8), until=local(8, 30)))
    assert home.memory.hot.devices["pir"].seen_s == seen_s


def test_a_dead_sensor_is_unseen_and_not_inactivity(home: LoneHome) -> None:
    decisions = home.wait_until(local(11))
    assert opened(decisions) == [("pir", MISSED), ("door", MISSED)]
    assert rings(decisions)
    assert home.alarms == [AlarmKind.UNSEEN]
    assert home.open.priority is Priority.P3
    home.wait(26 * HOUR)
    assert home.alarms == [AlarmKind.UNSEEN], "silence of dead sensors is no evidence, and one outage is one alarm"


def test_an_unseen_home_sleeps_until_something_is_said(home: LoneHome) -> None:
    home.policy = UNHURRIED
    home.wait_until(local(11))
    assert home.wake == local(14, day=3), "only the button's check-in is still waited for"
    home.wait(48 * HOUR)
    press_due_s = testing.press_due_s(home.memory.hot.tests, home.policy)
    assert home.wake == datetime.fromtimestamp(press_due_s, UTC), "only the test press of the month is waited for"


def test_the_silence_of_an_outage_is_not_counted_when_the_sensors_are_back(home: LoneHome) -> None:
    home.wait_until(local(18))
    decisions = home.says("pir", Heartbeat())
    assert cleared(decisions) == [("pir", MISSED)]
    assert lines(decisions) == [EntryKind.CLEARED]
    for _ in range(5):
        home.says("pir", Heartbeat(), after_s=HOUR)
    assert home.alarms == [AlarmKind.UNSEEN]
    home.says("pir", Heartbeat(), after_s=HOUR - 1)
    home.wait(1)
    assert home.alarms == [AlarmKind.UNSEEN, AlarmKind.INACTIVITY], "six hours seen to be silent, from 18:00 on"


def test_a_home_can_become_unseen_again(home: LoneHome) -> None:
    home.wait_until(local(12))
    home.says("pir", Heartbeat())
    home.asks(claim())
    home.asks(close(outcome=Outcome.EQUIPMENT))
    assert rings(home.wait(2 * HOUR))
    assert home.alarms == [AlarmKind.UNSEEN]


def test_pressing_the_button_does_not_make_the_home_seen(home: LoneHome) -> None:
    home.wait_until(local(12))
    home.says("sos", Panic())
    home.wait(20 * HOUR)
    assert home.alarms == [AlarmKind.UNSEEN, AlarmKind.PANIC]


def test_an_unseen_home_is_brought_up_again_after_it_was_only_called(home: LoneHome) -> None:
    home.wait_until(local(12))
    home.asks(claim())
    home.asks(close(outcome=Outcome.WAS_WELL))
    home.wait_until(local(18))
    assert home.alarms == [AlarmKind.UNSEEN]


def test_sensors_that_the_bridge_cannot_reach_do_not_see() -> None:
    home = LoneHome(local(9))
    home.moves()
    for device in ("pir-living", "pir-bedroom", "pir-bathroom", "door"):
        assert opened(home.says(device, Availability(state="offline"))) == [(device, FaultKind.OFFLINE)]
    home.wait_until(local(15))
    assert home.alarms == [AlarmKind.UNSEEN]
    decisions = home.says("door", Availability(state="online"))
    assert cleared(decisions) == [("door", FaultKind.OFFLINE)]
    assert lines(decisions) == [EntryKind.CLEARED]
    assert home.due == local(21), "nothing is known of the time before"


def test_a_word_of_its_own_ends_being_offline(home: LoneHome) -> None:
    home.says("pir", Availability(state="offline", retained=True))
    assert cleared(home.says("pir", Motion(state="detected"), after_s=60)) == [("pir", FaultKind.OFFLINE)]


def test_a_low_battery_opens_and_clears() -> None:
    home = LoneHome()
    assert not opened(home.says("sos", Battery(percent=11)))
    assert opened(home.says("sos", Battery(percent=10))) == [("sos", LOW)]
    assert not opened(home.says("sos", Battery(percent=9)))
    assert cleared(home.says("sos", Battery(percent=100))) == [("sos", LOW)]


def test_the_device_s_own_flag_opens_and_clears() -> None:
    home = LoneHome()
    assert opened(home.says("sos", Battery(low=True))) == [("sos", LOW)]
    assert cleared(home.says("sos", Battery(low=False))) == [("sos", LOW)]


def test_a_percentage_does_not_contradict_the_device_s_own_flag() -> None:
    home = LoneHome()
    home.says("sos", Battery(low=True))
    assert not cleared(home.says("sos", Battery(percent=60)))
    assert not cleared(home.says("sos", Battery(percent=59)))
    assert cleared(home.says("sos", Battery(low=False)))


def test_a_flag_that_never_says_low_does_not_contradict_a_low_percentage() -> None:
    home = LoneHome()
    assert opened(home.says("sos", Battery(percent=4))) == [("sos", LOW)]
    for _ in range(3):
        assert not cleared(home.says("sos", Battery(low=False)))
        assert not opened(home.says("sos", Battery(percent=4)))
    assert cleared(home.says("sos", Battery(percent=95))) == [("sos", LOW)]


def test_volts_are_kept_and_judge_nothing() -> None:
    home = LoneHome()
    assert not opened(home.says("sos", Battery(volts=2.1)))
    assert home.memory.hot.devices["sos"].volts == pytest.approx(2.1)


def test_tampering_opens_and_clears_once() -> None:
    home = LoneHome()
    assert opened(home.says("sos", Tamper(state="active"))) == [("sos", FaultKind.TAMPER)]
    assert not opened(home.says("sos", Tamper(state="active")))
    assert cleared(home.says("sos", Tamper(state="clear"))) == [("sos", FaultKind.TAMPER)]
    assert not cleared(home.says("sos", Tamper(state="clear")))
    assert home.calm


def test_a_device_s_own_trouble_is_a_fault_in_its_own_words() -> None:
    assert opened(LoneHome().says("sos", Fault(code="power_off"))) == [("sos", FaultKind.DEVICE)]


def test_a_device_that_leaves_the_home_takes_its_faults_along(home: LoneHome) -> None:
    home.says("door", Tamper(state="active"))
    home.says("door", Battery(low=True))
    home.says("door", Fault(code="power_off"))
    for _ in range(20):
        home.says("door", Alarm(alarm_type="vibration"), after_s=1)
    decisions = home.judge(Enrolled(tier=RiskTier.CARE, devices=SMALL[:1]))
    kinds = {FaultKind.TAMPER, LOW, FaultKind.DEVICE, FaultKind.CHATTERS}
    assert set(cleared(decisions)) == {("door", kind) for kind in kinds}


def test_a_device_without_faults_leaves_without_a_word(home: LoneHome) -> None:
    assert cleared(home.judge(Enrolled(tier=RiskTier.CARE, devices=SMALL[:1]))) == []


def test_a_device_that_stays_keeps_its_memory_and_takes_new_facts(home: LoneHome) -> None:
    before = home.memory.hot.devices["pir"]
    home.wait(600)
    home.judge(Enrolled(tier=RiskTier.URGENT, devices=(DeviceFacts("pir", "motion", "kitchen", HOUR), *SMALL[1:])))
    after = home.memory.hot.devices["pir"]
    assert (after.room, after.check_in_s, after.seen_s) == ("kitchen", HOUR, before.seen_s + 600)
    assert not opened(home.wait(HOUR - 1))
    assert opened(home.wait(1)) == [("pir", MISSED)], "a shorter time counts from now on"


def test_numbered_repeats_are_dropped() -> None:
    home = LoneHome()
    home.says("pir-living", Motion(state="detected", boot="b1", seq=7))
    before = home.memory
    assert home.says("pir-living", Motion(state="detected", boot="b1", seq=6), after_s=600) == []
    assert home.memory == before


def test_the_signals_of_one_message_share_its_number() -> None:
    home = LoneHome()
    home.says("pir-living", Battery(percent=50, boot="b1", seq=7))
    assert only(ActivitySeen, home.says("pir-living", Motion(state="detected", boot="b1", seq=7)))


def test_after_a_restart_the_numbers_begin_again() -> None:
    home = LoneHome()
    home.says("pir-living", Motion(state="detected", boot="b1", seq=900))
    assert only(ActivitySeen, home.says("pir-living", Motion(state="detected", boot="b2", seq=1), after_s=600))


def test_numbers_without_a_boot_prove_nothing() -> None:
    home = LoneHome()
    home.says("pir-living", Motion(state="detected", seq=900))
    assert only(ActivitySeen, home.says("pir-living", Motion(state="detected", seq=1), after_s=600))


def test_a_signal_of_a_device_that_is_not_of_this_home_is_not_guessed_at() -> None:
    with pytest.raises(KeyError, match="stranger"):
        LoneHome().says("stranger", Panic())


def test_with_all_devices_well_nothing_is_ever_opened() -> None:
    home = LoneHome(local(8))
    for _ in range(24):
        for facts in DEVICES:
            assert not opened(home.says(facts.id, Heartbeat()))
        home.moves(after_s=HOUR)
    assert home.calm
