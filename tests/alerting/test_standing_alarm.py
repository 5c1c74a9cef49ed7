"""Smoke, gas and falls that a device reports as a state: a repeat is known, and hides no new one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerting import stray
from alerting.commands import AnnounceStep, Claim, Close, Note, RecordCall, Resolve
from alerting.events import DeviceFacts, SignalHeard
from alerting.model import IncidentState, Outcome
from alerting.policy import Policy
from alerting.stray import StrayState
from device_adapters.signals import Alarm, AnySignal, Fall
from tests.alerting.desk_words import brought_to
from tests.alerting.lone_home import DAY_S, DEVICES, KEY, UNHURRIED, LoneHome, local, rings

SMOKE, GAS, FALL = Alarm(alarm_type="smoke", level=True), Alarm(alarm_type="gas", level=True), Fall(level=True)
EACH = pytest.mark.parametrize("signal", [SMOKE, GAS, FALL], ids=["smoke", "gas", "fall"])
DETECTORS = (
    *DEVICES,
    DeviceFacts("smoke", "smoke", "living", 2 * DAY_S),
    DeviceFacts("gas", "gas", "kitchen", 2 * DAY_S),
    DeviceFacts("fall", "fall", "bathroom", 2 * DAY_S),
)
BY = "zuoxi1"


def a_home() -> LoneHome:
    return LoneHome(local(9), devices=DETECTORS, policy=UNHURRIED)


def of(signal: AnySignal) -> str:
    return signal.alarm_type if isinstance(signal, Alarm) else "fall"


def announced(home: LoneHome, signal: AnySignal) -> None:
    role = of(signal)
    answer, _ = home.asks(AnnounceStep(key=KEY, device=role, role=role, by="anzhuang"))
    assert not answer.refused


@EACH
def test_a_real_alarm_soon_after_a_test_rings_although_the_test_s_end_was_lost(signal: AnySignal) -> None:
    home = a_home()
    announced(home, signal)
    home.says(of(signal), signal, after_s=5)
    assert home.calm
    assert not rings(home.says(of(signal), signal, after_s=2)), "a copy of the test"
    assert rings(home.says(of(signal), signal, after_s=6)), "more than its copies"


@EACH
def test_copies_of_a_test_do_not_make_its_short_time_longer(signal: AnySignal) -> None:
    home = a_home()
    announced(home, signal)
    home.says(of(signal), signal, after_s=5)
    heard = [rings(home.says(of(signal), signal, after_s=2)) for _ in range(4)]
    assert heard == [False, False, True, False], "what rang is known again"


@EACH
def test_a_second_one_rings_when_the_end_of_the_first_was_lost_and_its_incident_is_closed(signal: AnySignal) -> None:
    home = a_home()
    assert rings(home.says(of(signal), signal))
    brought_to(home, IncidentState.CLOSED)
    assert rings(home.says(of(signal), signal, after_s=20 * 60))
    assert home.open.id == f"{KEY}-2"


@EACH
def test_it_rings_again_once_somebody_believes_that_it_is_over(signal: AnySignal) -> None:
    home = a_home()
    home.says(of(signal), signal)
    id_ = home.open.id
    home.asks(Claim(key=KEY, incident=id_, by=BY))
    assert not rings(home.says(of(signal), signal, after_s=70)), "it is being worked on: a repeat disturbs nobody"
    home.asks(RecordCall(key=KEY, incident=id_, by=BY, whom="resident", result="well"))
    assert rings(home.says(of(signal), signal, after_s=70)), "said to be well, and it is reported still"
    home.asks(Claim(key=KEY, incident=id_, by=BY))
    assert not home.asks(Resolve(key=KEY, incident=id_, by=BY))[0].refused
    assert rings(home.says(of(signal), signal, after_s=70)), "resolved, and it is reported still"
    assert home.open.unacknowledged


@EACH
def test_a_state_repeated_all_the_time_does_not_keep_its_incident_from_being_closed(signal: AnySignal) -> None:
    home = a_home()
    home.says(of(signal), signal)
    id_ = home.open.id
    home.asks(Claim(key=KEY, incident=id_, by=BY))
    home.says(of(signal), signal, after_s=20)
    home.asks(RecordCall(key=KEY, incident=id_, by=BY, whom="resident", result="well"))
    for _ in range(20):
        assert not rings(home.says(of(signal), signal, after_s=30))
        home.asks(Note(key=KEY, incident=id_, by=BY, text="the daughter looks at the detector"))
    assert not home.asks(Close(key=KEY, incident=id_, by=BY, outcome=Outcome.EQUIPMENT))[0].refused
    assert not rings(home.says(of(signal), signal, after_s=30)), "the flag has not been gone for a moment"


def test_a_stray_detector_s_second_alarm_rings_too() -> None:
    at, policy = datetime(2026, 3, 2, 1, tzinfo=UTC), Policy()
    heard = SignalHeard(device_id="hub/1", signal=SMOKE)
    state, _ = stray.step(StrayState(key="hub/1"), heard, at, policy)
    assert state.open is not None
    state = msgspec.structs.replace(state, open=None, closed=None)
    state, decisions = stray.step(state, heard, at + timedelta(minutes=20), policy)
    assert rings(decisions)
