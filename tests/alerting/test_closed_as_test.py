"""A press that nobody had announced, closed as a test: it counts as the home's test press, and can be taken back."""

from __future__ import annotations

import pytest

from alerting.commands import AgreeToClose, Close, Reopen
from alerting.decisions import AnyDecision, StepAnnounced, StepEnded
from alerting.homes.steps import AnnouncedFor, StepEnd
from alerting.model import Outcome
from device_adapters.signals import Alarm, Button, Fall, Motion, Panic
from tests.alerting.desk_words import ANNA, BELLA, FIRST, claim, spoke
from tests.alerting.lone_home import KEY, UNHURRIED, LoneHome, only


def closed(home: LoneHome, outcome: Outcome = Outcome.TEST, incident: str = FIRST) -> list[AnyDecision]:
    home.asks(claim(incident=incident))
    home.asks(spoke(incident=incident))
    answer, decisions = home.asks(Close(key=KEY, incident=incident, by=ANNA, outcome=outcome))
    assert not answer.refused
    assert home.calm
    return decisions


def test_it_is_in_the_ledger_with_the_name_of_who_closed_it() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.wait(3600)
    home.says("sos", Panic(subtype="single"))
    pressed_at = home.now
    home.wait(120)
    decisions = closed(home)
    (begun,), (ended,) = only(StepAnnounced, decisions), only(StepEnded, decisions)
    assert (begun.device, begun.role, begun.purpose, begun.by) == ("sos", "panic", AnnouncedFor.PRESS, ANNA)
    assert (ended.how, ended.by, ended.ended_by, ended.since) == (StepEnd.CLOSED, ANNA, ANNA, pressed_at)
    assert ended.evidence is not None
    assert (ended.evidence.at, ended.evidence.incident, ended.evidence.word) == (pressed_at, FIRST, "single")
    assert home.memory.hot.tests.pressed_s == int(pressed_at.timestamp())


def test_where_a_second_person_had_to_agree_both_are_named() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.says("sos", Panic())
    home.asks(claim())
    home.asks(Close(key=KEY, incident=FIRST, by=ANNA, outcome=Outcome.TEST))
    _, decisions = home.asks(AgreeToClose(key=KEY, incident=FIRST, by=BELLA))
    (ended,) = only(StepEnded, decisions)
    assert (ended.by, ended.ended_by) == (ANNA, BELLA)


@pytest.mark.parametrize("outcome", [it for it in Outcome if it is not Outcome.TEST])
def test_any_other_outcome_proves_nothing(outcome: Outcome) -> None:
    home = LoneHome(policy=UNHURRIED)
    home.says("sos", Panic())
    assert not only(StepEnded, closed(home, outcome))
    assert home.memory.hot.tests.pressed_s == 0


@pytest.mark.parametrize(
    ("device", "signal"),
    [
        ("hub", Panic()),
        ("sos", Fall()),
        ("sos", Alarm(alarm_type="smoke")),
        ("sos", Panic(subtype="duress")),
        ("sos", Panic(retained=True)),
    ],
)
def test_only_a_press_of_the_home_s_own_button_counts(device: str, signal: Panic | Fall | Alarm) -> None:
    home = LoneHome(policy=UNHURRIED)
    home.says(device, signal)
    assert not only(StepEnded, closed(home))
    assert home.memory.hot.tests.pressed_s == 0


def test_nothing_else_may_have_happened_in_that_incident() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.says("sos", Panic())
    home.says("hub", Fall(), after_s=2)
    assert not only(StepEnded, closed(home))


def test_presses_again_and_again_are_one_test() -> None:
    home = LoneHome(policy=UNHURRIED)
    for _ in range(3):
        home.says("sos", Panic(), after_s=20)
    home.says("pir-living", Motion(state="detected"), after_s=2)
    home.says("hub", Button(action="well"), after_s=2)
    assert len(only(StepEnded, closed(home))) == 1


def test_taken_up_again_it_was_none() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.wait(3600)
    before = home.memory.hot.tests
    home.says("sos", Panic())
    pressed_at = home.now
    closed(home)
    _, decisions = home.asks(Reopen(key=KEY, incident=FIRST, by=BELLA))
    (ended,) = only(StepEnded, decisions)
    assert (ended.how, ended.since, ended.ended_by) == (StepEnd.WITHDRAWN, pressed_at, BELLA)
    assert home.memory.hot.tests == before
