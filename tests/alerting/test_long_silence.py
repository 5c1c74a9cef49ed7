"""A silence that grows: the home is asked, then it rings, then it rings higher; what ends it, and what does not."""

from __future__ import annotations

from array import array
from datetime import timedelta

import msgspec
import pytest

from alerting.commands import Claim, Close, Dispatch, HoldUntil, OpenManual, RecordArrival, RecordCall
from alerting.decisions import Answered, Learned, PromptAnswered, PromptAsked
from alerting.events import DeviceFacts, HistoryLoaded
from alerting.model import AlarmKind, EntryKind, Outcome, Priority, RiskTier
from alerting.policy import Policy
from alerting.silence.grid import GRID
from alerting.silence.inactivity import terms_of
from alerting.silence.rhythm import Rhythm, Terms
from alerting.silence.stopping import ROWS, SLOTS, Waits
from device_adapters.signals import Availability, Button, Panic
from tests.alerting.lone_home import DAY_S, DEVICES, HOUR, KEY, UNASKED, LoneHome, lines, local, only, rings

WELL = Button(action="well")


def rhythm(limit_min: int, soft_min: int, *, days: int = 30) -> Rhythm:
    """A home with the same limit at every hour, that is asked as long before it at every hour."""
    limit, soft = (bytes([GRID.index(minutes // 5)]) for minutes in (limit_min, soft_min))
    waits = Waits(limit * ROWS, limit * SLOTS, expected_per_week=0.2, price=1e-5, soft=soft * ROWS)
    return Rhythm(days=days, weeks=days / 7, waits=waits)


def home(policy: Policy | None = None, *, tier: RiskTier = RiskTier.CARE, known: Rhythm | None = None) -> LoneHome:
    """A home with a limit of four hours that is asked after two; somebody moved at 09:00."""
    it = LoneHome(local(8), policy=policy, tier=tier)
    it.judge(HistoryLoaded(rhythm=known or rhythm(240, 120)))
    it.moves(after_s=HOUR)
    return it


# asked first ----------------------------------------------------------------------------------------------------


def test_the_home_is_asked_at_its_own_time_before_the_limit_and_nobody_is_called() -> None:
    it = home()
    assert not only(PromptAsked, it.wait(2 * HOUR - 1))
    (asked,) = only(PromptAsked, it.wait(1))
    assert (asked.device, asked.until) == ("hub", local(11, 5))
    assert it.calm
    assert not rings(it.wait(2 * HOUR - 1))
    assert rings(it.wait(1)), "nobody has answered: the incident comes at the limit as ever"
    assert it.open.alarms[0].asked_at == local(11)
    assert it.open.alarms[0].at == local(13)


@pytest.mark.parametrize("answer", ["motion", "well"])
def test_who_answers_by_moving_or_by_the_key_starts_the_silence_anew(answer: str) -> None:
    it = home()
    it.wait(2 * HOUR)
    told = it.moves(after_s=60) if answer == "motion" else it.says("hub", WELL, after_s=60)
    (answered,) = only(PromptAnswered, told)
    assert (answered.how, answered.after_s) == (answer, 60)
    assert not rings(it.wait_until(local(15)))
    assert it.calm
    assert rings(it.wait_until(local(15, 1)))


def test_the_panic_key_is_a_panic_also_while_the_home_is_asked() -> None:
    it = home()
    it.wait(2 * HOUR)
    told = it.says("sos", Panic(), after_s=60)
    assert rings(told)
    assert (it.open.priority, it.alarms) == (Priority.P1, [AlarmKind.PANIC])


def test_a_home_without_a_time_of_its_own_is_asked_at_nine_tenths_of_its_limit() -> None:
    it = home(known=Rhythm())
    (asked,) = only(PromptAsked, it.wait(6 * HOUR))
    assert asked.until == local(9) + timedelta(seconds=0.9 * 6 * HOUR + 300)


def test_the_answer_is_waited_for_before_the_limit_passes() -> None:
    it = home(known=rhythm(240, 240))
    assert not only(PromptAsked, it.wait(4 * HOUR - 301))
    (asked,) = only(PromptAsked, it.wait(1))
    assert asked.until == it.due


def test_by_night_nobody_is_asked_before_the_limit_itself_passes() -> None:
    it = LoneHome(local(21))
    it.judge(HistoryLoaded(rhythm=rhythm(420, 120)))
    it.moves(after_s=HOUR)
    assert not only(PromptAsked, it.wait_until(local(4, 59, 59, day=3)))
    told = it.wait_until(local(5, day=3))
    assert rings(told)
    assert len(only(PromptAsked, told)) == 1
    assert EntryKind.PROMPTED in lines(told), "the operator sees that the home is being asked"
    it.says("hub", WELL, after_s=60)
    assert it.timeline[-1] is EntryKind.ANSWERED_WELL
    assert it.open.contact


def test_a_night_s_question_waits_for_the_morning() -> None:
    it = LoneHome(local(21))
    it.judge(HistoryLoaded(rhythm=rhythm(600, 420)))
    it.moves(after_s=HOUR)
    assert not only(PromptAsked, it.wait_until(local(5, 59, 59, day=3)))
    assert len(only(PromptAsked, it.wait_until(local(6, day=3)))) == 1


def test_a_question_that_an_incident_held_back_until_the_night_waits_for_the_morning() -> None:
    it = LoneHome(local(19, 30))
    it.judge(HistoryLoaded(rhythm=rhythm(600, 60)))
    it.moves(after_s=HOUR)
    it.wait_until(local(21))
    it.asks(OpenManual(key=KEY, incident="", by="anna", text="…", priority=Priority.P3))
    assert not only(PromptAsked, it.wait_until(local(23, 30))), "due at 21:30, but an operator has it"
    it.asks(Claim(key=KEY, incident=it.open.id, by="anna"))
    answer, _ = it.asks(close_as(Outcome.EQUIPMENT, it))
    assert not answer.refused
    assert not only(PromptAsked, it.wait_until(local(5, 59, 59, day=3)))
    assert len(only(PromptAsked, it.wait_until(local(6, day=3)))) == 1


def test_nobody_is_pestered_so_often_a_day_and_no_more() -> None:
    it = home()
    asked = 0
    for _ in range(4):
        asked += len(only(PromptAsked, it.wait(2 * HOUR)))
        it.moves(after_s=60)
    assert asked == it.policy.prompts_a_day == 2
    while it.now < local(9, day=3):
        it.moves(after_s=HOUR)
    it.judge(HistoryLoaded(rhythm=rhythm(240, 120)))
    assert it.calm
    assert len(only(PromptAsked, it.wait(2 * HOUR))) == 1, "tomorrow it may be asked again"


@pytest.mark.parametrize("hub", [None, "offline", "missed"])
def test_a_home_that_cannot_be_asked_rings_at_its_limit(hub: str | None) -> None:
    checks = DeviceFacts("hub", "hub", "living", HOUR if hub == "missed" else 2 * DAY_S)
    it = LoneHome(local(8), devices=DEVICES[:-1] if hub is None else (*DEVICES[:-1], checks))
    it.judge(HistoryLoaded(rhythm=rhythm(240, 120)))
    it.moves(after_s=HOUR)
    if hub == "offline":
        it.says("hub", Availability(state="offline"))
    told = it.wait(4 * HOUR)
    assert not only(PromptAsked, told)
    assert rings(told)


def test_while_an_incident_runs_its_operator_asks() -> None:
    it = home()
    it.says("sos", Panic(), after_s=60)
    assert not only(PromptAsked, it.wait(2 * HOUR + 60))


def test_the_cheaper_a_question_the_sooner_it_is_asked() -> None:
    limits = []
    for share in (0.1, 0.5, 1.0):
        waits = Rhythm().fitted(inactivity_terms(prompt_share=share)).waits
        assert waits is not None
        assert all(a <= b for a, b in zip(waits.soft, waits.limits, strict=True)), "never after the limit"
        limits.append(sum(waits.soft))
    assert limits == sorted(limits)
    assert limits[0] < limits[-1]


def inactivity_terms(**policy: float) -> Terms:
    return terms_of(RiskTier.CARE, Policy(prompts_per_week=7, **policy), asks=True)


# growth ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "first", "then"), [(RiskTier.CARE, Priority.P3, Priority.P2), (RiskTier.URGENT, Priority.P2, Priority.P2)]
)
def test_a_silence_rare_even_here_rings_again_one_priority_higher(
    tier: RiskTier, first: Priority, then: Priority
) -> None:
    it = home(tier=tier)
    it.wait_until(it.due)
    assert it.open.priority is first
    it.asks(Claim(key=KEY, incident=it.open.id, by="anna"))
    it.asks(HoldUntil(key=KEY, incident=it.open.id, by="anna", for_s=3600, reason="ruft zurück"))
    grave_s = it.memory.hot.growing.grave_s
    assert 4.5 * HOUR <= grave_s <= DAY_S
    told = it.wait_until(local(9) + timedelta(seconds=grave_s))
    assert rings(told)
    assert [kind for kind in lines(told) if kind is EntryKind.GREW] == [EntryKind.GREW]
    if EntryKind.HOLD_ENDED not in lines(told):
        assert EntryKind.BROKEN_OFF in lines(told)
    assert it.open.priority is then
    assert it.open.unacknowledged
    assert it.open.hold is None
    assert it.open.alarms[-1].limit_source == "grown"
    assert not [kind for kind in lines(it.wait(12 * HOUR)) if kind is EntryKind.GREW], "once a silence"


def test_the_more_often_a_home_is_silent_so_long_the_later_it_is_grave() -> None:
    often = [(20_000 + day, 10, 50 + 2 * day) for day in range(28)]
    rare = msgspec.structs.replace(rhythm(240, 120), upto=20_028)
    known = msgspec.structs.replace(rare, silences=array("H", [n for silence in often for n in silence]).tobytes())
    window = 10 * 9
    assert known.rare_s(window, 4 * HOUR, 52) > rare.rare_s(window, 4 * HOUR, 52) + 2 * HOUR
    assert rare.rare_s(window, 4 * HOUR, 52) > rare.rare_s(window, 4 * HOUR, 10)
    assert Rhythm().rare_s(window, 4 * HOUR, 52) == 0


def test_it_does_not_grow_once_somebody_moves_or_is_known_to_be_well() -> None:
    it = home()
    it.wait_until(it.due)
    it.moves(after_s=60)
    assert EntryKind.GREW not in lines(it.wait_until(it.due - timedelta(seconds=1)))


def test_with_somebody_at_the_door_growth_is_only_told() -> None:
    it = home()
    it.wait_until(it.due)
    who = {"key": KEY, "incident": it.open.id, "by": "anna"}
    it.asks(Claim(**who))
    it.asks(Dispatch(**who, responder="r1"))
    it.asks(RecordArrival(**who))
    told = it.wait_until(local(9) + timedelta(seconds=it.memory.hot.growing.grave_s))
    assert EntryKind.GREW in lines(told)
    assert (it.open.priority, it.open.alarm_count) == (Priority.P3, 1)


def test_closed_as_faulty_equipment_a_silence_that_grows_rings_anew() -> None:
    it = home()
    it.wait_until(it.due)
    who = {"key": KEY, "incident": it.open.id, "by": "anna"}
    it.asks(Claim(**who))
    it.asks(close_as(Outcome.EQUIPMENT, it))
    assert it.calm
    assert rings(it.wait_until(local(9) + timedelta(seconds=it.memory.hot.growing.grave_s)))


def close_as(outcome: Outcome, it: LoneHome) -> Close:
    return Close(key=KEY, incident=it.open.id, by="anna", outcome=outcome)


# visits and calls ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whom", "result", "resets"),
    [("家中", "well", True), ("家中", "spoke", False), ("家中", "no_answer", False), ("120", "well", False)],
)
def test_a_call_resets_the_clock_only_with_evidence_and_closes_nothing(whom: str, result: str, *, resets: bool) -> None:
    it = home(UNASKED)
    it.wait_until(it.due)
    it.wait(600)
    answer, _ = it.asks(RecordCall(key=KEY, incident=it.open.id, by="anna", whom=whom, result=result))
    assert isinstance(answer, Answered)
    assert it.memory.hot.quiet.alarmed is not resets
    assert (it.memory.hot.quiet.active_s == int(it.now.timestamp())) is resets
    assert it.open.alarms[0].kind is AlarmKind.INACTIVITY, "a person closes it"


def test_a_responder_s_own_motion_ends_no_silence_and_closes_nothing() -> None:
    it = home(UNASKED)
    it.wait_until(it.due)
    who = {"key": KEY, "incident": it.open.id, "by": "anna"}
    it.asks(Claim(**who))
    it.asks(Dispatch(**who, responder="r1"))
    it.asks(RecordArrival(**who))
    before = it.memory.hot.quiet
    for device in ("door", "pir-living", "pir-bedroom"):
        told = it.moves(device, after_s=60)
        assert EntryKind.ACTIVITY not in lines(told)
        assert not only(Learned, told)
    assert (it.memory.hot.quiet.active_s, it.memory.hot.quiet.alarmed) == (before.active_s, True)
    assert it.memory.hot.quiet.unsure, "and that silence is not learned"
    assert rings(it.says("sos", Panic(), after_s=60)), "a call for help is one, whoever presses"
