"""A device that goes on and on is counted, not rung for again and again; a person's call never is."""

from __future__ import annotations

import msgspec
import pytest

from alerting.commands import AnyCommand
from alerting.decisions import Noted
from alerting.homes import chatter
from alerting.model import AlarmKind, Bucket, Closing, EntryKind, FaultKind, IncidentState, Outcome
from alerting.policy import Policy
from device_adapters.signals import Alarm, Fall, Panic
from tests.alerting.desk_words import claim, hand_over, hold, resolve, spoke
from tests.alerting.lone_home import LoneHome, cleared, lines, only, opened, rings

SMOKE = Alarm(alarm_type="smoke", state="active")
GAS, MONOXIDE = (Alarm(alarm_type=word, state="active") for word in ("gas", "carbon_monoxide"))
FALL = Fall(state="active")
FLOODS = Policy().floods
BURST, REFILL_S = FLOODS.chatter_burst, FLOODS.chatter_refill_s


@pytest.fixture
def home() -> LoneHome:
    return LoneHome(policy=Policy(own_ladders={}))


def test_a_few_alarms_of_one_kind_ring_each(home: LoneHome) -> None:
    assert all(rings(home.says("sos", SMOKE, after_s=1)) for _ in range(BURST))
    assert home.open.folded == ()


@pytest.mark.parametrize("signal", [SMOKE, MONOXIDE], ids=["smoke", "monoxide"])
def test_beyond_that_they_are_counted_in_the_running_incident(home: LoneHome, signal: Alarm) -> None:
    rung = sum(rings(home.says("sos", signal, after_s=0.6)) for _ in range(100))
    assert rung == BURST
    assert home.open.alarm_count == 100
    (counted,) = home.open.folded
    assert counted.count == 100 - BURST
    assert home.timeline.count(EntryKind.CHATTERS) == 1
    assert len(home.timeline) == BURST + 1, "one line for all that was counted"


def test_it_is_a_fault_of_the_device_until_it_has_been_quiet(home: LoneHome) -> None:
    faults = [fault for _ in range(50) for fault in opened(home.says("sos", SMOKE, after_s=1))]
    assert faults == [("sos", FaultKind.CHATTERS)]
    assert cleared(home.wait(REFILL_S)) == []
    assert cleared(home.wait(BURST * REFILL_S)) == [("sos", FaultKind.CHATTERS)]
    assert home.memory.hot.devices["sos"].rates == {}


def test_it_rings_again_now_and_then(home: LoneHome) -> None:
    rung = [rings(home.says("sos", SMOKE, after_s=10)) for _ in range(200)]
    assert BURST + 2000 // REFILL_S - 1 <= sum(rung) <= BURST + 2000 // REFILL_S + 1


def test_what_is_counted_breaks_nothing_off(home: LoneHome) -> None:
    for _ in range(BURST):
        home.says("sos", SMOKE, after_s=1)
    home.asks(claim(home.open))
    assert not rings(home.says("sos", SMOKE, after_s=1))
    assert home.open.state is IncidentState.CLAIMED
    assert not home.open.unacknowledged


def test_another_kind_and_another_device_have_buckets_of_their_own(home: LoneHome) -> None:
    for _ in range(20):
        home.says("sos", SMOKE, after_s=1)
    assert rings(home.says("sos", GAS, after_s=1))
    assert rings(home.says("hub", SMOKE, after_s=1))


def test_every_fall_rings_while_the_device_chatters(home: LoneHome) -> None:
    for _ in range(20):
        home.says("sos", SMOKE, after_s=1)
    assert all(rings(home.says("sos", FALL, after_s=1)) for _ in range(50))
    assert [it.kind for it in home.open.folded] == [AlarmKind.SMOKE]


def test_another_word_of_the_same_kind_has_a_bucket_of_its_own(home: LoneHome) -> None:
    for _ in range(20):
        home.says("sos", GAS, after_s=1)
    assert rings(home.says("sos", MONOXIDE, after_s=1))
    for _ in range(20):
        home.says("sos", MONOXIDE, after_s=1)
    assert [it.detail for it in home.open.folded] == ["gas", "carbon_monoxide"]


def test_a_word_that_does_not_stand_in_the_incident_is_not_counted_there(home: LoneHome) -> None:
    for _ in range(20):
        home.says("sos", GAS, after_s=1)
    monoxide = msgspec.structs.replace(home.open.alarms[0], detail="carbon_monoxide")
    empty = {"gas|carbon_monoxide": Bucket(0, int(home.now.timestamp()))}
    assert not chatter.taken(empty, monoxide, home.open, home.now, home.policy).folds
    gas = {"gas|gas": Bucket(0, int(home.now.timestamp()))}
    assert chatter.taken(gas, home.open.alarms[0], home.open, home.now, home.policy).folds


def chattering(home: LoneHome) -> None:
    for _ in range(BURST + 3):
        home.says("sos", SMOKE, after_s=1)
    home.asks(claim())


PUT_AWAY = {
    "resolved": [spoke(), resolve()],
    "spoken to": [spoke()],
    "held": [hold()],
    "offered": [hand_over()],
}


@pytest.mark.parametrize("commands", PUT_AWAY.values(), ids=PUT_AWAY)
def test_what_is_about_to_be_put_away_rings_again(home: LoneHome, commands: list[AnyCommand]) -> None:
    chattering(home)
    for command in commands:
        assert not home.asks(command)[0].refused
    assert rings(home.says("sos", SMOKE, after_s=1))
    assert home.open.unacknowledged
    assert home.open.state is not IncidentState.RESOLVED
    assert (home.open.contact, home.open.hold, home.open.offer) == (False, None, None)
    assert not rings(home.says("sos", SMOKE, after_s=1)), "and then it is counted on"


def test_what_waits_for_a_second_person_rings_again(home: LoneHome) -> None:
    chattering(home)
    asked = Closing(by="anna", outcome=Outcome.WAS_WELL, text="", until=home.now)
    waiting = msgspec.structs.replace(home.open, closing=asked)
    rates = home.memory.hot.devices["sos"].rates
    smoke = home.open.alarms[0]
    assert chatter.taken(rates, smoke, home.open, home.now, home.policy).folds
    assert not chatter.taken(rates, smoke, waiting, home.now, home.policy).folds


def test_what_would_ring_nobody_is_counted_on_while_it_is_held(home: LoneHome) -> None:
    knock = Alarm(alarm_type="vibration", state="active")
    for _ in range(BURST + 3):
        home.says("sos", knock, after_s=1)
    home.asks(claim())
    assert not home.asks(hold())[0].refused
    lines_before = len(home.timeline)
    for _ in range(50):
        home.says("sos", knock, after_s=1)
    assert len(home.timeline) == lines_before
    assert home.open.hold is not None


def test_every_press_rings_and_has_its_line_while_the_device_chatters(home: LoneHome) -> None:
    for _ in range(30):
        home.says("sos", SMOKE, after_s=1)
    presses = [home.says("sos", Panic(state="active"), after_s=1) for _ in range(100)]
    assert all(rings(decisions) for decisions in presses)
    pressed = [d.entry for decisions in presses for d in only(Noted, decisions)]
    assert len([entry for entry in pressed if entry.alarm and entry.alarm.kind is AlarmKind.PANIC]) == 100


@pytest.mark.parametrize("kind", sorted(chatter.EXEMPT))
def test_a_person_s_call_takes_no_token(home: LoneHome, kind: AlarmKind) -> None:
    home.says("sos", SMOKE)
    alarm = msgspec.structs.replace(home.open.alarms[0], kind=kind)
    empty = chatter.taken({}, alarm, home.open, home.now, Policy())
    assert (empty.rates, empty.folds) == ({}, False)


def test_nothing_is_folded_where_no_incident_shows_it(home: LoneHome) -> None:
    for _ in range(20):
        home.says("sos", SMOKE, after_s=1)
    alarm = home.open.alarms[0]
    rates = home.memory.hot.devices["sos"].rates
    assert chatter.taken(rates, alarm, home.open, home.now, home.policy).folds
    assert not chatter.taken(rates, alarm, None, home.now, home.policy).folds
    other = msgspec.structs.replace(home.open, folded=(), alarms=(msgspec.structs.replace(alarm, device="pir"),))
    assert not chatter.taken(rates, alarm, other, home.now, home.policy).folds


def test_a_chattering_device_takes_little_room(home: LoneHome) -> None:
    before = len(msgspec.json.encode(home.memory.hot.devices))
    for _ in range(500):
        home.says("sos", SMOKE, after_s=0.5)
    assert len(msgspec.json.encode(home.memory.hot.devices)) - before < 60


def test_a_device_that_invents_words_takes_little_room_and_stays_a_fault(home: LoneHome) -> None:
    before = len(msgspec.json.encode(home.memory.hot.devices))
    for _ in range(BURST + 3):
        home.says("sos", SMOKE, after_s=1)
    for n in range(100):
        home.says("sos", Alarm(alarm_type=f"{n} {'word' * 40}", state="active"), after_s=1)
    rates = home.memory.hot.devices["sos"].rates
    assert len(rates) == chatter.MOST_RATES
    assert chatter.is_chattering(rates)
    assert len(msgspec.json.encode(home.memory.hot.devices)) - before < 250


def test_the_line_names_the_device(home: LoneHome) -> None:
    decisions = [d for _ in range(BURST + 1) for d in home.says("sos", SMOKE, after_s=1)]
    (entry,) = [d.entry for d in only(Noted, decisions) if d.entry.kind is EntryKind.CHATTERS]
    assert entry.alarm is not None
    assert entry.alarm.device == "sos"
    assert lines(decisions)[-1] is EntryKind.CHATTERS
