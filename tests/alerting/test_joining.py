"""Which alarm rings again in a running incident: every kind after every other, in every way an incident can lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest

from alerting.dispatch.job import offered
from alerting.incidents import incident
from alerting.incidents.joining import TABLE
from alerting.model import (
    Aggregate,
    Alarm,
    AlarmKind,
    Closing,
    Hold,
    Incident,
    IncidentState,
    Offer,
    Outcome,
    Priority,
)
from alerting.policy import Policy
from device_adapters.signals import Alarm as SelfRaised
from tests.alerting.desk_words import brought_to, claim, spoke
from tests.alerting.lone_home import UNHURRIED, LoneHome, rings

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
P1, P2, P3, P4 = Priority
PRIORITIES = Policy().priorities
ALWAYS = {
    AlarmKind.PANIC,
    AlarmKind.FALL,
    AlarmKind.SMOKE,
    AlarmKind.GAS,
    AlarmKind.MEDICAL,
    AlarmKind.MANUAL,
    AlarmKind.RULE_FAILED,
    AlarmKind.AUDIT,
    AlarmKind.AREA_CALLS,
}
PERHAPS_A_CALL = {AlarmKind.RETAINED_PANIC, AlarmKind.UNCERTAIN}

TAKEN: dict[str, object] = {"claimed_by": "anna", "unacknowledged": False, "state": IncidentState.VERIFYING}
WORKED: dict[str, dict[str, object]] = {
    "open": {},
    "claimed": TAKEN,
    "on scene": TAKEN
    | {"state": IncidentState.ON_SCENE, "jobs": (offered("worker", datetime(2026, 3, 2, 1, tzinfo=UTC)),)},
}
PUT_AWAY: dict[str, dict[str, object]] = {
    "contact": TAKEN | {"contact": True},
    "held": TAKEN | {"hold": Hold(LATER, "waits")},
    "offered": TAKEN | {"offer": Offer("bella", LATER)},
    "second wanted": TAKEN | {"closing": Closing("anna", Outcome.TEST, "", LATER)},
    "resolved": TAKEN | {"state": IncidentState.RESOLVED},
}


def lies(first: Alarm, priority: Priority, fields: dict[str, object]) -> Incident:
    running, _ = incident.begin("H1", Aggregate.HOUSEHOLD, 1, first, priority)
    return msgspec.structs.replace(running, **fields)


def joins(running: Incident, alarm: Alarm, priority: Priority) -> bool:
    after, decisions = incident.join(running, alarm, priority, PRIORITIES)
    assert after.alarm_count == 2
    if rings(decisions):
        assert after.unacknowledged
        assert (after.hold, after.offer, after.closing) == (None, None, None)
        assert after.state is not IncidentState.RESOLVED
    else:
        assert (
            msgspec.structs.replace(after, alarms=running.alarms, alarm_count=1, changed_at=running.changed_at)
            == running
        ), "what does not ring changes nothing else"
    return rings(decisions)


def test_the_table_has_every_kind() -> None:
    assert set(TABLE) == set(AlarmKind)


@pytest.mark.parametrize("how", [*WORKED, *PUT_AWAY])
def test_every_kind_after_every_other(how: str) -> None:
    fields = (WORKED | PUT_AWAY)[how]
    for first, second in product(AlarmKind, AlarmKind):
        one, two = Alarm(kind=first, at=AT), Alarm(kind=second, at=LATER)
        as_urgent = PRIORITIES[second] <= PRIORITIES[first]
        wanted = second in ALWAYS or (
            first is not second and (as_urgent or (second in PERHAPS_A_CALL and how in PUT_AWAY))
        )
        running = lies(one, PRIORITIES[first], fields)
        assert joins(running, two, PRIORITIES[second]) == wanted, f"{second} after {first}, {how}"


@pytest.mark.parametrize(("first", "second"), list(product([P1, P2, P3, P4], [P2, P3, P4])))
def test_whoever_telephones_again_is_heard(first: Priority, second: Priority) -> None:
    one, two = Alarm(kind=AlarmKind.MANUAL, at=AT), Alarm(kind=AlarmKind.MANUAL, at=LATER)
    for fields in (*WORKED.values(), *PUT_AWAY.values()):
        assert joins(lies(one, first, fields), two, second)


def uncertain(word: str, device: str = "hub") -> Alarm:
    return Alarm(kind=AlarmKind.UNCERTAIN, at=LATER, device=device, detail=word)


@pytest.mark.parametrize("word", ["duress", "DURESS_CODE", "hostage", "sos", "help call"])
def test_a_word_of_a_person_rings_whatever_stands(word: str) -> None:
    firsts = [(Alarm(kind=kind, at=AT), PRIORITIES[kind]) for kind in AlarmKind]
    firsts += [(uncertain("vibration"), P2), (uncertain(word), P2)]
    for (first, priority), fields in product(firsts, [*WORKED.values(), *PUT_AWAY.values()]):
        assert joins(lies(first, priority, fields), uncertain(word), P2)


def test_another_word_or_device_is_another_condition() -> None:
    running = lies(uncertain("vibration"), P2, TAKEN)
    assert joins(running, uncertain("water_leak"), P2)
    assert joins(running, uncertain("vibration", "leak"), P2)
    assert not joins(running, uncertain("vibration"), P2)
    retained = lies(Alarm(kind=AlarmKind.RETAINED_PANIC, at=AT, device="sos"), P2, TAKEN)
    assert joins(retained, Alarm(kind=AlarmKind.RETAINED_PANIC, at=LATER, device="pendant"), P2)
    assert not joins(retained, Alarm(kind=AlarmKind.RETAINED_PANIC, at=LATER, device="sos"), P2)


def test_duress_after_vibration_rings_on_the_way_of_the_signals_too() -> None:
    home = LoneHome(policy=UNHURRIED)
    assert rings(home.says("hub", SelfRaised(alarm_type="vibration")))
    home.asks(claim())
    for _ in range(8):
        assert rings(home.says("hub", SelfRaised(alarm_type="duress"), after_s=2)), "a person's call is never counted"
        home.asks(claim())
    assert not rings(home.says("hub", SelfRaised(alarm_type="vibration"), after_s=2))


def test_a_leak_behind_a_resolved_press_rings() -> None:
    home = LoneHome(policy=UNHURRIED)
    home.says("hub", SelfRaised(alarm_type="smoke"))
    home.asks(claim())
    assert not rings(home.says("hub", SelfRaised(alarm_type="water_leak"), after_s=2)), "smoke is being worked on"
    home.asks(spoke())
    assert rings(home.says("hub", SelfRaised(alarm_type="flood"), after_s=2)), "somebody has said that all is well"
    home.asks(claim())
    brought = LoneHome(policy=UNHURRIED)
    brought.says("hub", SelfRaised(alarm_type="smoke"))
    brought_to(brought, IncidentState.RESOLVED)
    assert rings(brought.says("hub", SelfRaised(alarm_type="water_leak"), after_s=2))


def test_a_device_that_invents_words_rings_four_times() -> None:
    home = LoneHome(policy=UNHURRIED)
    rang = [rings(home.says("hub", SelfRaised(alarm_type=f"word-{n}"), after_s=2)) for n in range(40)]
    assert rang == [True] * 4 + [False] * 36
