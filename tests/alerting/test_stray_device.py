"""A device without a home: its call for help rings as what it is, never as a guessed home's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alerting import stray
from alerting.commands import Claim, Close, Dispatch, OpenManual, Prompt, RecordCall
from alerting.decisions import Answered, AnyDecision, Noted, Rang
from alerting.events import Commanded, Enrolled, RuleFailed, SignalHeard, TimePassed
from alerting.model import Aggregate, AlarmKind, Outcome, Priority, RiskTier
from alerting.policy import Policy
from alerting.stray import StrayState
from device_adapters.signals import Alarm, AnySignal, Battery, Fall, Motion, Panic
from tests.alerting.desk_words import ANNA
from tests.alerting.lone_home import local, only, rings

KEY = "~hub-9/0x00158d0001825000"


class LoneDevice:
    """One device that nobody has given a home, with a scripted ``now``."""

    def __init__(self) -> None:
        """Begin at 09:00."""
        self.now = local(9)
        self.state = StrayState(key=KEY)

    def says(self, signal: AnySignal, *, last_home: str = "", after_s: float = 0) -> list[AnyDecision]:
        """It speaks, ``after_s`` seconds from now."""
        self.now += timedelta(seconds=after_s)
        event = SignalHeard(device_id="", signal=signal, last_home=last_home)
        self.state, decisions = stray.step(self.state, event, self.now, Policy())
        return decisions


def test_the_press_of_an_unknown_device_rings_as_unregistered() -> None:
    device = LoneDevice()
    decisions = device.says(Panic())
    assert [d.priority for d in only(Rang, decisions)] == [Priority.P1]
    assert device.state.open is not None
    assert device.state.open.aggregate is Aggregate.DEVICE
    assert device.state.open.alarms[0].detail == "unregistered"
    assert device.state.last_home == ""


def test_the_press_of_a_moved_device_rings_with_its_last_home_and_the_word_moved() -> None:
    device = LoneDevice()
    assert rings(device.says(Panic(), last_home="H000042"))
    assert device.state.open is not None
    assert device.state.open.alarms[0].detail == "moved"
    assert device.state.last_home == "H000042"


def test_its_other_words_are_heard_and_mean_nothing() -> None:
    device = LoneDevice()
    assert device.says(Motion(state="detected")) == []
    assert device.says(Battery(percent=1)) == []
    assert device.state.open is None


def test_two_presses_are_two_and_a_copy_is_none() -> None:
    device = LoneDevice()
    device.says(Panic())
    assert not rings(device.says(Panic(echo=True), after_s=1))
    assert rings(device.says(Panic(), after_s=20))
    assert device.state.open is not None
    assert device.state.open.alarm_count == 2


def test_a_flag_it_repeats_is_one_press_and_one_whose_beginning_was_lost_rings() -> None:
    device = LoneDevice()
    assert rings(device.says(Panic(ongoing=True)))
    assert not rings(device.says(Panic(ongoing=True), after_s=1800))
    assert not rings(device.says(Panic(ongoing=True), after_s=1800))


def test_a_fall_it_reports_as_a_state_rings_once() -> None:
    device = LoneDevice()
    assert rings(device.says(Fall(level=True)))
    assert not rings(device.says(Fall(level=True), after_s=30))


def test_a_retained_press_of_an_unknown_device_is_a_call_task() -> None:
    device = LoneDevice()
    device.says(Panic(retained=True))
    assert device.state.open is not None
    assert (device.state.open.alarms[0].kind, device.state.open.priority) == (AlarmKind.RETAINED_PANIC, Priority.P2)


def test_what_the_rules_could_not_judge_rings_as_p1_with_the_home_it_came_from() -> None:
    state = StrayState(key="~failed/H000007")
    failed = RuleFailed(household="H000007", reason="KeyError: sos")
    state, decisions = stray.step(state, failed, local(9), Policy())
    assert [d.priority for d in only(Rang, decisions)] == [Priority.P1]
    assert state.open is not None
    assert state.open.alarms[0].kind is AlarmKind.RULE_FAILED
    assert state.last_home == "H000007"


def test_its_incident_is_claimed_and_closed_like_any_other() -> None:
    device = LoneDevice()
    device.says(Panic())
    assert device.state.open is not None
    common = {"key": KEY, "incident": device.state.open.id, "by": ANNA}
    spoke = RecordCall(**common, whom="the installer", result="spoke")
    for command in (Claim(**common), spoke, Close(**common, outcome=Outcome.TEST)):
        device.state, decisions = stray.step(device.state, Commanded(command=command), device.now, Policy())
        assert [d.refused for d in only(Answered, decisions)] == [""]
    assert device.state.open is None
    assert rings(device.says(Panic(), after_s=60))
    assert device.state.incidents == 2


def test_what_needs_a_home_is_refused() -> None:
    device = LoneDevice()
    device.says(Panic())
    for command in (OpenManual(key=KEY, by=ANNA, text="?"), Prompt(key=KEY, by=ANNA, incident="x")):
        _, decisions = stray.step(device.state, Commanded(command=command), device.now, Policy())
        assert [d.refused for d in only(Answered, decisions)] == ["no_home"]
    sent = Dispatch(key=KEY, incident="x", by=ANNA, responder="grid.worker")
    _, decisions = stray.step(StrayState(key=KEY), Commanded(command=sent), device.now, Policy())
    assert [d.refused for d in only(Answered, decisions)] == ["no_incident"]


def test_what_it_repeats_is_counted_by_its_own_word() -> None:
    device = LoneDevice()
    knock, threat = (Alarm(alarm_type=word) for word in ("vibration", "duress"))
    for _ in range(20):
        device.says(knock, after_s=1)
    assert device.state.open is not None
    assert [(it.detail, it.count) for it in device.state.open.folded] == [("vibration", 15)]
    count = device.state.open.alarm_count
    decisions = device.says(threat, after_s=1)
    assert [d.entry.alarm.said for d in only(Noted, decisions) if d.entry.alarm] == ["duress"]
    assert rings(decisions)
    assert device.state.open.alarm_count == count + 1
    assert device.state.open.alarms[-1].detail == "unregistered"


def test_time_alone_means_nothing_to_it() -> None:
    assert stray.step(StrayState(key=KEY), TimePassed(), local(9), Policy()) == (StrayState(key=KEY), [])


def test_the_facts_of_a_home_are_not_its_business() -> None:
    with pytest.raises(TypeError, match="Enrolled"):
        stray.step(StrayState(key=KEY), Enrolled(tier=RiskTier.CARE, devices=()), local(9), Policy())
