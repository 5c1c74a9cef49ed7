"""Test mode: what was announced closes itself; all else is real."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.commands import AnnounceStep, EndStep
from alerting.decisions import AnyDecision, StepAnnounced, StepEnded
from alerting.events import DeviceFacts, Enrolled, Unobserved
from alerting.homes import testing
from alerting.homes.state import HouseholdState
from alerting.homes.steps import AnnouncedFor, StepEnd
from alerting.model import AlarmKind, RiskTier
from alerting.policy import Policy
from device_adapters.signals import Alarm, Battery, Button, Contact, Fall, Link, Motion, Panic, Test
from tests.alerting.desk_words import claim
from tests.alerting.lone_home import DEVICES, KEY, LoneHome, local, only, rings

PENDANT = DeviceFacts("pendant", "pendant", "", 2 * 86_400)
SMOKE = DeviceFacts("smoke", "smoke", "kitchen", 2 * 86_400)
MORE = (*DEVICES, PENDANT, SMOKE)
MONTH_S = Policy().test_every_s


def step(device: str = "sos", role: str = "panic", *, by: str = "anqi", for_s: int = 900) -> AnnounceStep:
    return AnnounceStep(key=KEY, device=device, role=role, by=by, for_s=for_s)


@pytest.fixture
def home() -> LoneHome:
    home = LoneHome(local(9), devices=MORE)
    home.moves()
    return home


def announced(home: LoneHome, command: AnnounceStep | None = None) -> None:
    answer, decisions = home.asks(command or step())
    assert not answer.refused
    assert only(StepAnnounced, decisions)


def how(decisions: list[AnyDecision]) -> list[StepEnd]:
    return [d.how for d in only(StepEnded, decisions)]


def test_the_announced_press_closes_itself_with_its_evidence(home: LoneHome) -> None:
    home.says("sos", Battery(percent=81))
    home.says("sos", Link(lqi=120, rssi_dbm=-71))
    announced(home)
    decisions = home.says("sos", Panic(event_id="e9", subtype="sos"), after_s=60)
    (ended,) = only(StepEnded, decisions)
    assert (ended.how, ended.by, ended.device, ended.role) == (StepEnd.MATCHED, "anqi", "sos", "panic")
    assert ended.evidence is not None
    seen = ended.evidence
    assert (seen.signal, seen.event_id, seen.word, seen.at) == ("panic", "e9", "sos", home.now)
    assert (seen.battery_percent, seen.lqi, seen.rssi_dbm) == (81, 120, -71)
    assert home.calm
    assert not rings(decisions)
    assert home.memory.hot.tests.announced is None


def test_copies_of_the_announced_press_are_the_same_press(home: LoneHome) -> None:
    announced(home)
    home.says("sos", Panic(), after_s=5)
    home.says("sos", Panic(echo=True), after_s=1)
    home.says("sos", Panic(ongoing=True), after_s=2)
    assert home.calm


def test_so_is_the_copy_that_comes_once_the_key_was_let_go(home: LoneHome) -> None:
    announced(home)
    home.says("sos", Panic(level=True), after_s=5)
    home.says("sos", Panic(state="clear", level=True), after_s=1)
    home.says("sos", Panic(echo=True), after_s=1)
    assert home.calm
    assert rings(home.says("sos", Panic(level=True), after_s=1)), "and a second press is none"


@pytest.mark.parametrize("again", [Panic(level=True), Panic(ongoing=True)], ids=["level", "ongoing"])
def test_a_press_soon_after_the_announced_one_rings_although_it_looks_like_its_repeat(
    home: LoneHome, again: Panic
) -> None:
    announced(home)
    home.says("sos", Panic(level=True), after_s=5)
    assert home.calm
    assert rings(home.says("sos", again, after_s=30))
    home.says("sos", again, after_s=30)
    assert home.open.alarm_count == 1, "what has rung is known as ever"


def test_frames_that_go_on_after_the_announced_press_ring(home: LoneHome) -> None:
    announced(home)
    home.says("sos", Panic(), after_s=5)
    rung = [rings(home.says("sos", Panic(ongoing=True), after_s=2)) for _ in range(30)]
    assert rung.index(True) == 2, "copies, as long as copies come"
    assert home.open.alarm_count == 1


def test_the_press_after_a_cleared_test_is_a_press_as_any_other(home: LoneHome) -> None:
    announced(home)
    home.says("sos", Panic(level=True), after_s=5)
    home.says("sos", Panic(state="clear", level=True), after_s=1)
    assert rings(home.says("sos", Panic(level=True), after_s=1))
    home.says("sos", Panic(level=True), after_s=20)
    assert home.open.alarm_count == 1


def test_a_second_press_rings(home: LoneHome) -> None:
    announced(home)
    home.says("sos", Panic(event_id="1"), after_s=5)
    assert rings(home.says("sos", Panic(event_id="2"), after_s=1))
    assert home.alarms == [AlarmKind.PANIC]


REAL = [
    ("pendant", Panic()),
    ("sos", Fall()),
    ("sos", Panic(subtype="duress")),
    ("sos", Panic(retained=True)),
    ("sos", Panic(buffered=True)),
    ("sos", Panic(ongoing=True)),
    ("sos", Panic(device_time=local(8, 58))),
    ("sos", Panic(device_time=local(7))),
    ("sos", Alarm(alarm_type="medical")),
]


@pytest.mark.parametrize(("device", "signal"), REAL, ids=range(len(REAL)))
def test_anything_else_rings_and_ends_it(home: LoneHome, device: str, signal: Panic) -> None:
    announced(home)
    decisions = home.says(device, signal, after_s=1)
    assert rings(decisions)
    assert how(decisions) == [StepEnd.INCIDENT]
    assert rings(home.says("sos", Panic(), after_s=1)), "and then the announced device rings too"


def test_a_device_whose_clock_is_a_little_slow_can_be_tested(home: LoneHome) -> None:
    announced(home)
    assert how(home.says("sos", Panic(device_time=home.now - timedelta(seconds=20)))) == [StepEnd.MATCHED]


def test_it_ends_by_itself_and_then_the_press_rings(home: LoneHome) -> None:
    announced(home, step(for_s=60))
    assert home.wake is not None
    assert home.wake <= home.now + timedelta(seconds=61)
    assert how(home.wait(61)) == [StepEnd.TIME]
    assert rings(home.says("sos", Panic()))


def test_a_press_after_its_time_rings_also_when_the_timer_is_late(home: LoneHome) -> None:
    announced(home, step(for_s=60))
    home.now += timedelta(seconds=60)
    assert rings(home.says("sos", Panic()))


def test_a_press_that_arrived_before_it_was_announced_rings(home: LoneHome) -> None:
    announced(home)
    home.now -= timedelta(seconds=0.5)
    assert rings(home.says("sos", Panic()))


def test_it_outlives_a_restart(home: LoneHome) -> None:
    announced(home)
    body = msgspec.json.encode(home.memory.hot)
    hot = msgspec.json.decode(body, type=HouseholdState)
    assert hot == home.memory.hot
    home.judge(Unobserved(since=home.now, until=home.now + timedelta(seconds=200)))
    assert how(home.says("sos", Panic(), after_s=300)) == [StepEnd.MATCHED]


REFUSED = [
    (step("nothing"), "no_device"),
    (step("sos", "pendant"), "other_role"),
    (step("hub", "panic"), "other_role"),
    (step(by=" "), "no_name"),
    (step(for_s=901), "bad_time"),
    (step(for_s=5), "bad_time"),
]


@pytest.mark.parametrize(("command", "word"), REFUSED, ids=[word + str(n) for n, (_, word) in enumerate(REFUSED)])
def test_it_is_refused(home: LoneHome, command: AnnounceStep, word: str) -> None:
    answer, decisions = home.asks(command)
    assert answer.refused == word
    assert not only(StepAnnounced, decisions)
    assert rings(home.says("sos", Panic(), after_s=1))


def test_it_cannot_begin_while_the_home_has_an_incident(home: LoneHome) -> None:
    home.says("pendant", Panic())
    home.asks(claim())
    answer, _ = home.asks(step())
    assert (answer.refused, answer.incident) == ("incident_open", home.open.id)
    assert rings(home.says("sos", Panic(), after_s=1))


def test_another_person_cannot_take_it_over_and_the_same_goes_on_to_the_next_device(home: LoneHome) -> None:
    announced(home)
    assert home.asks(step("pendant", "pendant", by="other"))[0].refused == "test_running"
    _, decisions = home.asks(step("pendant", "pendant"))
    assert how(decisions) == [StepEnd.REPLACED]
    assert rings(home.says("sos", Panic(), after_s=1)), "the first device is real again"


def test_anybody_may_end_it(home: LoneHome) -> None:
    announced(home)
    answer, decisions = home.asks(EndStep(key=KEY, device="sos", by="zuoxi2"))
    assert not answer.refused
    (ended,) = only(StepEnded, decisions)
    assert (ended.how, ended.ended_by) == (StepEnd.WITHDRAWN, "zuoxi2")
    assert home.asks(EndStep(key=KEY, device="sos", by="zuoxi2"))[0].refused == "no_test_running"
    assert rings(home.says("sos", Panic()))


def test_a_device_that_leaves_the_home_takes_its_test_along(home: LoneHome) -> None:
    announced(home)
    rest = tuple(facts for facts in MORE if facts.id != "sos")
    decisions = home.judge(Enrolled(tier=RiskTier.CARE, devices=rest))
    assert how(decisions) == [StepEnd.WITHDRAWN]


WALK = [
    ("pir-living", "motion", Motion(state="detected")),
    ("door", "door", Contact(state="open")),
    ("smoke", "smoke", Alarm(alarm_type="smoke", level=True)),
    ("sos", "panic", Test(subtype="key")),
]


@pytest.mark.parametrize(("device", "role", "signal"), WALK, ids=[role + str(n) for n, (_, role, _) in enumerate(WALK)])
def test_each_sensor_can_be_walked_past(home: LoneHome, device: str, role: str, signal: Motion) -> None:
    walk = AnnounceStep(key=KEY, device=device, role=role, by="anzhuang", purpose=AnnouncedFor.WALK)
    announced(home, walk)
    home.says("pir-bedroom", Motion(state="detected"), after_s=1)
    assert how(home.says(device, Battery(percent=50), after_s=1)) == []
    decisions = home.says(device, signal, after_s=1)
    (ended,) = only(StepEnded, decisions)
    assert (ended.how, ended.purpose) == (StepEnd.MATCHED, AnnouncedFor.WALK)
    assert home.calm


def test_smoke_that_is_not_smoke_rings(home: LoneHome) -> None:
    announced(home, step("smoke", "smoke"))
    assert rings(home.says("smoke", Alarm(alarm_type="gas")))


def test_a_cached_level_is_no_step_of_a_walk_test(home: LoneHome) -> None:
    home.says("pir-living", Motion(state="detected", level=True))
    announced(home, step("pir-living", "motion"))
    assert how(home.says("pir-living", Motion(state="detected", level=True), after_s=1)) == []


def test_a_general_button_is_matched_by_its_press() -> None:
    home = LoneHome(local(9), devices=(*DEVICES, DeviceFacts("key", "button", "hall", 2 * 86_400)))
    announced(home, step("key", "button"))
    assert how(home.says("key", Button(action="single"), after_s=1)) == [StepEnd.MATCHED]
    assert home.memory.hot.tests.pressed_s == 0, "by it nobody calls for help"


def test_a_home_with_a_button_owes_a_test_press_each_month(home: LoneHome) -> None:
    began_s = int(local(9).timestamp())
    due = testing.press_due_s(home.memory.hot.tests, home.policy)
    assert due == began_s + MONTH_S
    announced(home)
    home.says("sos", Panic(), after_s=30)
    assert testing.press_due_s(home.memory.hot.tests, home.policy) == began_s + 30 + MONTH_S
    now_s = began_s + 30 + MONTH_S
    assert testing.is_overdue(home.memory.hot.tests, now_s, home.policy)
    assert not testing.is_overdue(home.memory.hot.tests, now_s - 1, home.policy)


def test_a_home_without_a_button_owes_none() -> None:
    home = LoneHome(local(9), devices=DEVICES[:4])
    assert testing.press_due_s(home.memory.hot.tests, home.policy) == 0


def test_the_walk_test_of_the_button_is_a_test_press_too(home: LoneHome) -> None:
    announced(home, AnnounceStep(key=KEY, device="sos", role="panic", by="a", purpose=AnnouncedFor.WALK))
    home.says("sos", Panic(), after_s=30)
    assert home.memory.hot.tests.pressed_s == int(home.now.timestamp())
