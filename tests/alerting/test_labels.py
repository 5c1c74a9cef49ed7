"""What the outcome of an incident says about the silence that rang: bounded, and taken back with the incident."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.commands import Claim, Close
from alerting.events import HistoryLoaded
from alerting.model import Outcome
from alerting.silence.labels import LABELS, MOST, SilenceLabel
from device_adapters.signals import Panic
from tests.alerting.desk_words import ANNA, claim, close, reopen, spoke
from tests.alerting.lone_home import KEY, UNASKED, LoneHome, history, local
from tests.alerting.test_long_silence import rhythm


def rung(home: LoneHome) -> None:
    """The silence passes its limit, and the incident is closed."""
    home.wait_until(home.due + timedelta(seconds=2))


def silent_home() -> LoneHome:
    home = LoneHome(local(9))
    home.judge(history(local(8)))
    return home


def said(home: LoneHome) -> list[tuple[int, SilenceLabel]]:
    return [(it.incident, it.label) for it in home.memory.hot.labels.latest]


def test_every_outcome_says_something() -> None:
    assert set(LABELS) == set(Outcome)


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (Outcome.WAS_WELL, SilenceLabel.FALSE),
        (Outcome.REAL, SilenceLabel.NEEDED_HELP),
        (Outcome.EQUIPMENT, SilenceLabel.EQUIPMENT),
        (Outcome.NOT_AT_HOME, SilenceLabel.FALSE),
    ],
)
def test_the_outcome_of_a_silence_that_rang_is_its_label(outcome: Outcome, label: SilenceLabel) -> None:
    home = silent_home()
    rung(home)
    home.asks(claim())
    answer, _ = home.asks(close(outcome=outcome))
    assert not answer.refused
    assert said(home) == [(1, label)]
    assert home.memory.hot.labels.count(label) == 1


def learned(outcomes: list[Outcome]) -> float:
    """False alarms a week that a home is in account for, after its silence was closed as these, one after another."""
    home = LoneHome(local(8), policy=UNASKED)
    home.judge(HistoryLoaded(rhythm=rhythm(240, 120)))
    home.moves(after_s=3600)
    rung(home)
    home.asks(claim())
    for n, outcome in enumerate(outcomes):
        if n:
            home.wait(600)
            assert not home.asks(reopen())[0].refused
        assert not home.asks(close(outcome=outcome))[0].refused
    home.wait_until(local(9, day=3))
    home.moves()
    home.wait_until(local(9, day=4))
    home.moves()
    return home.memory.rhythm.spent


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_what_was_false_is_counted_for_the_price(outcome: Outcome) -> None:
    assert (learned([outcome]) > 0) is (LABELS[outcome] is SilenceLabel.FALSE)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_corrected_outcome_moves_it_back(outcome: Outcome) -> None:
    for first in Outcome:
        assert learned([first, outcome]) == pytest.approx(learned([outcome]))
        assert learned([outcome, first, outcome]) == pytest.approx(learned([outcome]))


def test_a_test_and_what_nobody_can_say_are_neither() -> None:
    assert {outcome for outcome in Outcome if LABELS[outcome] is SilenceLabel.UNKNOWN} == {Outcome.TEST, Outcome.OTHER}


def test_an_incident_without_a_silence_teaches_nothing() -> None:
    home = silent_home()
    home.says("sos", Panic())
    home.asks(claim())
    home.asks(spoke())
    home.asks(close(outcome=Outcome.WAS_WELL))
    assert home.calm
    assert said(home) == []


def test_taken_up_again_and_closed_otherwise_it_is_corrected() -> None:
    home = silent_home()
    rung(home)
    home.asks(claim())
    home.asks(close(outcome=Outcome.WAS_WELL))
    home.asks(reopen())
    assert said(home) == [], "the word of an incident that is open again counts still"
    home.asks(close(outcome=Outcome.REAL))
    assert said(home) == [(1, SilenceLabel.NEEDED_HELP)]


def test_only_the_latest_are_remembered() -> None:
    home = silent_home()
    for n in range(1, MOST + 4):
        home.moves(after_s=3600)
        rung(home)
        home.asks(Claim(key=KEY, incident=f"{KEY}-{n}", by=ANNA))
        home.asks(Close(key=KEY, incident=f"{KEY}-{n}", by=ANNA, outcome=Outcome.WAS_WELL))
    assert [n for n, _ in said(home)] == list(range(4, MOST + 4))
    assert len(msgspec.json.encode(home.memory.hot.labels)) < 200
