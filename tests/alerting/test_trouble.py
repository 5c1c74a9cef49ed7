"""Trouble that a device tells of ends: what could not be read, and what it says of itself."""

from __future__ import annotations

from alerting.events import DeviceFacts, SignalHeard
from alerting.model import AlarmKind, FaultKind
from device_adapters.codecs.frames import HIDDEN_CALL
from device_adapters.signals import AnySignal, Battery, Fault, Heartbeat, Link, Motion
from tests.alerting.lone_home import DAY_S, HOUR, UNHURRIED, LoneHome, cleared, opened, rings

UNREADABLE = ("pir-living", FaultKind.UNREADABLE)
DEVICE = ("pir-living", FaultKind.DEVICE)
ODD = (Battery(percent=80), Fault(code="unread", text="7701"), Link(rssi_dbm=-60))
WHOLE = (Battery(percent=80), Link(rssi_dbm=-60))


def told(home: LoneHome, *said: AnySignal) -> tuple[list[object], list[object]]:
    """What one message of the sensor opens and ends."""
    first, *more = said
    decided = home.judge(SignalHeard(device_id="pir-living", signal=first, more=tuple(more)))
    return [*opened(decided)], [*cleared(decided)]


def test_one_odd_frame_is_a_fault_that_three_whole_messages_end() -> None:
    home = LoneHome()
    assert told(home, *ODD) == ([UNREADABLE], [])
    assert [told(home, *WHOLE) for _ in range(4)] == [([], []), ([], []), ([], [UNREADABLE]), ([], [])]


def test_odd_frames_among_whole_ones_stay_one_fault() -> None:
    home = LoneHome()
    assert told(home, *ODD) == ([UNREADABLE], [])
    for _ in range(5):
        assert told(home, *WHOLE) == told(home, *WHOLE) == told(home, *ODD) == ([], [])
    assert [told(home, *WHOLE) for _ in range(3)][-1] == ([], [UNREADABLE])
    assert told(home, *ODD) == ([UNREADABLE], []), "and the next one begins it anew"


def test_the_signals_of_an_odd_frame_are_not_messages_of_their_own() -> None:
    home = LoneHome()
    told(home, *ODD, *WHOLE, *WHOLE, *WHOLE)
    assert told(home, *WHOLE) == ([], [])


def test_what_a_device_says_of_itself_is_over_when_it_has_not_said_so_for_a_week() -> None:
    home = LoneHome(devices=(DeviceFacts("pir-living", "motion", "living", 30 * DAY_S),))
    assert told(home, Fault(code="problem")) == ([DEVICE], [])
    for _ in range(6):
        home.wait(DAY_S)
        assert told(home, Heartbeat()) == ([], [])
    told(home, Fault(code="problem"))
    home.wait(7 * DAY_S - HOUR)
    assert told(home, Heartbeat()) == ([], []), "it has said so again"
    home.wait(HOUR)
    assert told(home, Heartbeat()) == ([], [DEVICE])


def test_silence_mends_nothing() -> None:
    home = LoneHome(devices=(DeviceFacts("pir-living", "motion", "living", 30 * DAY_S),))
    told(home, Fault(code="problem"))
    assert DEVICE not in cleared(home.wait(9 * DAY_S))
    assert told(home, Motion(state="detected", retained=True)) == ([], []), "an old copy proves nothing"


def test_a_part_that_may_be_a_call_rings_as_uncertain_once() -> None:
    home = LoneHome(policy=UNHURRIED)
    assert rings(home.says("pir-living", HIDDEN_CALL))
    assert home.alarms == [AlarmKind.UNCERTAIN]
    assert not rings(home.says("pir-living", HIDDEN_CALL, after_s=90)), "it rings already"
    assert home.open.alarm_count == 2, "but it is another one, and says so"
