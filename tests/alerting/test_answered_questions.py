"""A home that answers its own device is called sooner when it does not; one that never answered is called as ever."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from alerting.commands import Claim, Close
from alerting.decisions import Learned, PromptAsked
from alerting.events import HistoryLoaded
from alerting.model import Outcome, RiskTier
from alerting.policy import Policy
from alerting.silence.grid import GRID
from alerting.silence.inactivity import terms_of
from alerting.silence.rhythm import Rhythm
from alerting.silence.stopping import ROWS, SLOTS, Waits
from device_adapters.signals import Availability, Button
from tests.alerting.lone_home import HOUR, KEY, LoneHome, local, only, rings

WELL = Button(action="well")
MIN = 60


def rhythm(limit_min: int = 240, asked_min: int = 150, soft_min: int = 120) -> Rhythm:
    """A home with the same limits at every hour; ``asked_min`` once it was asked and does not answer."""
    limit, asked, soft = (bytes([GRID.index(minutes // 5)]) for minutes in (limit_min, asked_min, soft_min))
    waits = Waits(limit * ROWS, limit * SLOTS, 0.2, 1e-5, soft=soft * ROWS, asked=asked * ROWS)
    return Rhythm(days=30, weeks=30 / 7, waits=waits)


def home(known: Rhythm | None = None, policy: Policy | None = None) -> LoneHome:
    """Somebody moved at 09:00."""
    it = LoneHome(local(8), policy=policy)
    it.judge(HistoryLoaded(rhythm=known or rhythm()))
    it.moves(after_s=HOUR)
    return it


def test_who_does_not_answer_is_called_at_the_sooner_limit_and_the_alarm_says_both() -> None:
    it = home()
    assert len(only(PromptAsked, it.wait(2 * HOUR))) == 1
    assert not rings(it.wait(30 * MIN - 1))
    assert rings(it.wait(1))
    (alarm,) = it.open.alarms
    assert (alarm.at, alarm.asked_at) == (local(11, 30), local(11))
    assert (alarm.limit_s, alarm.unasked_s, alarm.limit_source) == (150 * MIN, 240 * MIN, "own_rhythm")


def test_it_waits_for_the_answer_and_that_time_is_within_the_limit() -> None:
    it = home(rhythm(asked_min=120))
    it.wait(2 * HOUR)
    assert not rings(it.wait(5 * MIN - 1))
    assert rings(it.wait(1))
    assert it.open.alarms[0].limit_s == 125 * MIN


def test_who_answers_is_not_called_and_the_home_is_known_to_answer() -> None:
    it = home()
    it.wait(2 * HOUR)
    (learned,) = only(Learned, it.says("hub", WELL, after_s=MIN))
    assert (learned.rhythm.questions, learned.rhythm.unanswered) == (1, 0)
    assert it.calm
    it.wait(2 * HOUR + 6 * MIN)
    (learned,) = only(Learned, it.moves(after_s=MIN))
    assert (learned.rhythm.questions, learned.rhythm.unanswered) == (2, 1)


def test_a_call_that_came_sooner_counts_once_as_a_false_one_and_not_when_help_was_needed() -> None:
    it = home()
    it.wait(2 * HOUR + 30 * MIN)
    assert it.memory.rhythm.spent == 1
    who = {"key": KEY, "incident": it.open.id, "by": "zuoxi1"}
    it.asks(Claim(**who))
    it.asks(Close(**who, outcome=Outcome.REAL))
    assert it.memory.rhythm.spent == 0


def test_while_its_device_is_away_a_question_that_was_never_heard_hastens_nothing() -> None:
    it = home()
    it.wait(2 * HOUR)
    it.says("hub", Availability(state="offline"), after_s=MIN)
    assert not rings(it.wait_until(local(12, 59)))
    assert rings(it.wait_until(local(13)))
    assert it.open.alarms[0].unasked_s == 0


def test_a_question_that_waited_for_the_morning_hastens_nothing() -> None:
    it = LoneHome(local(21))
    it.judge(HistoryLoaded(rhythm=rhythm(600, 450, 420)))
    it.moves(after_s=HOUR)
    assert len(only(PromptAsked, it.wait_until(local(6, day=3)))) == 1
    assert not rings(it.wait_until(local(7, 59, 59, day=3)))
    assert rings(it.wait_until(local(8, day=3)))
    assert it.open.alarms[0].unasked_s == 0


def test_with_nobody_to_be_asked_the_limit_is_the_usual_one() -> None:
    it = home(policy=Policy(prompts_a_day=0))
    assert not rings(it.wait_until(local(12, 59, 59)))
    assert rings(it.wait_until(local(13)))


def test_only_a_home_that_has_answered_is_planned_to_be_called_sooner() -> None:
    terms = terms_of(RiskTier.CARE, Policy(), asks=True)
    fresh = Rhythm().fitted(terms).waits
    assert fresh is not None
    assert fresh.asked == b""
    silent = Rhythm(questions=8, unanswered=8).fitted(terms).waits
    assert silent is not None
    assert silent.asked == b""
    heard = Rhythm(questions=8, unanswered=0).fitted(terms).waits
    assert heard is not None
    assert heard.limits == fresh.limits, "without a question nothing changes"
    every = zip(heard.soft, heard.asked, heard.limits, strict=True)
    assert all(soft <= asked <= limit for soft, asked, limit in every)
    assert sum(heard.asked) < sum(heard.limits)


def test_the_more_it_answers_the_sooner_it_is_called_and_it_forgets_slowly() -> None:
    terms = terms_of(RiskTier.CARE, Policy(), asks=True)
    waits = [Rhythm(questions=8, unanswered=n).fitted(terms).waits for n in (6, 4, 2, 0)]
    sums = [sum(it.asked) for it in waits if it is not None]
    assert sums == sorted(sums, reverse=True)
    assert Rhythm().unanswered_share == 1
    one = Rhythm().answered(in_time=True)
    assert one.unanswered_share < 1
    assert msgspec.json.decode(msgspec.json.encode(one), type=Rhythm) == one
    assert timedelta(minutes=5) == timedelta(seconds=Policy().prompt_s)
