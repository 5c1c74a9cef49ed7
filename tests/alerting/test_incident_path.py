"""The way of an incident: who may do what, what undoes what, and what the timeline keeps."""

from __future__ import annotations

import pytest

from alerting.commands import AnyCommand, Claim, OpenManual
from alerting.decisions import IncidentChanged, PromptAsked, Rang
from alerting.model import AlarmKind, EntryKind, IncidentState, Outcome, Priority
from device_adapters.signals import Panic
from tests.alerting.desk_words import (
    ANNA,
    BELLA,
    FIRST,
    WORKER,
    arrive,
    brought_to,
    call,
    claim,
    close,
    dispatch,
    manual,
    note,
    prompt,
    recall,
    release,
    reopen,
    resolve,
    spoke,
    take_back,
)
from tests.alerting.lone_home import DEVICES, KEY, LoneHome, last_incident, lines, only, rings


@pytest.fixture
def home() -> LoneHome:
    """A home in which the button was pressed a moment ago."""
    home = LoneHome()
    home.says("sos", Panic())
    home.wait(20)
    return home


def test_the_whole_way_from_press_to_closing_is_in_the_timeline(home: LoneHome) -> None:
    states = [home.open.state]
    for command in (claim(), call(), dispatch(), arrive(), note(), resolve()):
        home.wait(5)
        answer, _ = home.asks(command)
        assert (answer.incident, answer.refused) == (FIRST, "")
        states.append(home.open.state)
    answer, decisions = home.asks(close(outcome=Outcome.REAL))
    assert not answer.refused
    assert states == ["open", "claimed", "verifying", "dispatched", "on_scene", "on_scene", "resolved"]
    assert home.calm
    closed = last_incident(decisions)
    assert (closed.state, closed.outcome, closed.closed_at) == (IncidentState.CLOSED, Outcome.REAL, home.now)
    assert home.timeline == [
        EntryKind.ALARM,
        EntryKind.CLAIMED,
        EntryKind.CALLED,
        EntryKind.DISPATCHED,
        EntryKind.ARRIVED,
        EntryKind.NOTE,
        EntryKind.RESOLVED,
        EntryKind.CLOSED,
        EntryKind.FOLLOW_UP_PLANNED,
    ]


def test_claiming_silences_and_says_who_holds_it(home: LoneHome) -> None:
    _, decisions = home.asks(claim())
    assert not rings(decisions)
    assert not home.open.unacknowledged
    assert home.open.claimed_by == ANNA
    assert home.open.changed_at == home.now


def test_claiming_twice_is_answered_and_written_once(home: LoneHome) -> None:
    home.asks(claim())
    answer, decisions = home.asks(claim())
    assert not answer.refused
    assert not lines(decisions)


@pytest.mark.parametrize("command", [dispatch(BELLA), resolve(BELLA), close(BELLA), release(BELLA), claim(BELLA)])
def test_others_are_told_who_holds_it(home: LoneHome, command: AnyCommand) -> None:
    home.asks(claim())
    before = home.memory
    answer, decisions = home.asks(command)
    assert (answer.refused, answer.held_by) == ("held_by_other", ANNA)
    assert not only(IncidentChanged, decisions)
    assert home.memory == before


@pytest.mark.parametrize("command", [recall(BELLA), resolve(BELLA), close(BELLA)])
def test_others_cannot_touch_a_dispatched_incident(home: LoneHome, command: AnyCommand) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    assert home.asks(command)[0].held_by == ANNA


@pytest.mark.parametrize("command", [call(BELLA), note(BELLA), prompt(BELLA)])
def test_everybody_may_add_what_they_know(home: LoneHome, command: AnyCommand) -> None:
    home.asks(claim())
    assert not home.asks(command)[0].refused
    assert home.open.claimed_by == ANNA


def test_a_new_press_may_be_taken_by_whoever_is_free(home: LoneHome) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    home.says("sos", Panic(), after_s=60)
    assert not home.asks(claim(BELLA))[0].refused
    assert (home.open.claimed_by, home.open.state) == (BELLA, IncidentState.DISPATCHED)
    assert home.open.responder == WORKER, "who is on the way stays on the way"


def test_nothing_closes_without_a_claim(home: LoneHome) -> None:
    assert home.asks(close())[0].refused == "not_claimed"
    assert home.asks(dispatch())[0].refused == "not_claimed"
    assert home.asks(resolve())[0].refused == "not_claimed"
    assert home.open.unacknowledged


def test_a_claimed_incident_can_be_closed_by_telephone_alone(home: LoneHome) -> None:
    home.asks(claim())
    home.asks(spoke())
    _, decisions = home.asks(close(outcome=Outcome.ACCIDENTAL))
    assert last_incident(decisions).outcome is Outcome.ACCIDENTAL


def test_nothing_is_resolved_over_a_press_that_nobody_took(home: LoneHome) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    home.says("sos", Panic(), after_s=60)
    assert home.asks(resolve())[0].refused == "unacknowledged"
    home.asks(claim())
    assert not home.asks(resolve())[0].refused


def test_the_responder_who_was_sent_may_say_that_the_person_is_safe(home: LoneHome) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    assert home.asks(resolve("responder:somebody.else"))[0].refused == "held_by_other"
    assert not home.asks(resolve(f"responder:{WORKER}"))[0].refused
    assert home.open.state is IncidentState.RESOLVED


def test_a_press_while_the_responder_is_there_is_still_claimed_before_closing(home: LoneHome) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    home.says("sos", Panic(), after_s=60)
    assert not home.asks(resolve(f"responder:{WORKER}"))[0].refused
    assert home.asks(close())[0].refused == "unacknowledged"
    assert not home.asks(claim())[0].refused
    assert home.open.state is IncidentState.RESOLVED
    assert not home.asks(close())[0].refused


def test_a_released_incident_rings_again_and_is_free(home: LoneHome) -> None:
    home.asks(claim())
    home.wait(60)
    answer, decisions = home.asks(release())
    assert not answer.refused
    assert rings(decisions)
    assert (home.open.state, home.open.claimed_by) == (IncidentState.OPEN, "")
    assert home.open.unacknowledged
    assert home.open.rang_at == home.now
    assert not home.asks(claim(BELLA))[0].refused


def test_a_recalled_responder_is_not_on_the_way_any_more(home: LoneHome) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    assert not home.asks(recall())[0].refused
    assert (home.open.state, home.open.responder) == (IncidentState.CLAIMED, "")
    assert home.timeline[-1] is EntryKind.RECALLED


def test_another_responder_can_be_sent_instead(home: LoneHome) -> None:
    brought_to(home, IncidentState.DISPATCHED)
    assert not home.asks(dispatch(responder="social.worker"))[0].refused
    assert home.open.responder == "social.worker"


def test_nobody_cannot_be_sent(home: LoneHome) -> None:
    home.asks(claim())
    assert home.asks(dispatch(responder=""))[0].refused == "unknown_responder"
    assert home.open.state is IncidentState.CLAIMED


@pytest.mark.parametrize("sent", [True, False])
def test_a_reopened_incident_stands_where_it_stood(home: LoneHome, sent: bool) -> None:
    words: list[AnyCommand] = [claim(), *([dispatch()] if sent else []), resolve(), reopen()]
    for command in words:
        assert not home.asks(command)[0].refused
    assert home.open.state is (IncidentState.DISPATCHED if sent else IncidentState.CLAIMED)


def test_a_closed_incident_is_closed_for_ever(home: LoneHome) -> None:
    brought_to(home, IncidentState.CLOSED)
    for command in (note(), claim(), close()):
        assert home.asks(command)[0].refused == "no_incident"
    home.wait(home.policy.values.reopen_s + 1)
    assert home.asks(reopen())[0].refused in {"too_late", "no_incident"}
    assert home.calm


def test_a_command_for_another_incident_is_refused(home: LoneHome) -> None:
    assert home.asks(claim(incident=f"{KEY}-7"))[0].refused == "no_incident"
    assert home.open.unacknowledged


def test_somebody_telephoned_and_the_operator_opens_an_incident() -> None:
    home = LoneHome()
    answer, decisions = home.asks(manual())
    assert answer.incident == FIRST
    assert [d.priority for d in only(Rang, decisions)] == [Priority.P1]
    assert home.open.alarms[0].kind is AlarmKind.MANUAL
    assert home.open.alarms[0].detail == "the son telephoned"
    assert not home.asks(claim())[0].refused


def test_a_manual_incident_has_the_urgency_the_operator_gives_it() -> None:
    home = LoneHome()
    home.asks(OpenManual(key=KEY, by=ANNA, text="the bell seems broken", priority=Priority.P3))
    assert home.open.priority is Priority.P3


def test_a_telephone_call_joins_the_running_incident(home: LoneHome) -> None:
    answer, _ = home.asks(manual())
    assert answer.incident == FIRST
    assert home.open.alarm_count == 2
    assert home.memory.hot.incidents == 1


def test_a_less_urgent_call_does_not_lower_a_press(home: LoneHome) -> None:
    home.asks(claim())
    _, decisions = home.asks(OpenManual(key=KEY, by=BELLA, text="is she well?", priority=Priority.P4))
    assert home.open.priority is Priority.P1
    assert not rings(decisions)
    assert not home.open.unacknowledged


def test_the_home_s_own_device_is_asked_whether_all_is_well(home: LoneHome) -> None:
    home.asks(claim())
    answer, decisions = home.asks(prompt())
    (asked,) = only(PromptAsked, decisions)
    assert asked.device == "hub"
    assert (asked.until - home.now).total_seconds() == home.policy.prompt_s
    assert lines(decisions) == [EntryKind.PROMPTED]
    assert not answer.refused


def test_a_press_while_a_prompt_runs_is_a_press(home: LoneHome) -> None:
    home.asks(claim())
    home.asks(prompt())
    assert rings(home.says("sos", Panic(), after_s=30))


def test_a_home_without_such_a_device_cannot_be_prompted() -> None:
    home = LoneHome(devices=tuple(d for d in DEVICES if d.role != "hub"))
    home.says("sos", Panic())
    home.asks(Claim(key=KEY, incident=FIRST, by=ANNA))
    answer, decisions = home.asks(prompt())
    assert answer.refused == "no_prompt_device"
    assert not only(PromptAsked, decisions)


def test_whoever_stands_at_the_door_has_not_seen_the_person_yet(home: LoneHome) -> None:
    for command in (claim(), dispatch(), arrive(), close()):
        assert not home.asks(command)[0].refused
    assert home.open.closing is not None, "an arrival has closed it"
    for command in (take_back(), resolve(), close()):
        assert not home.asks(command)[0].refused
    assert home.calm
