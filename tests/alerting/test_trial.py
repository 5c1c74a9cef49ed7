"""Who would be called: a climb thought through comes to what the rules then really do."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from alerting.decisions import Noted
from alerting.duty.plan import Plan
from alerting.duty.roster import Absence, Roster, Shift, Times
from alerting.duty.trial import Trial, example_home, tried, with_drafts
from alerting.model import EntryKind, EscalationLevel, Priority, RiskTier
from tests.alerting.chain_of_village import DUTY, LAST, PEOPLE, TOWN, VILLAGE, home_with, plan, policy, step
from tests.alerting.lone_home import KEY, local, only

CLIMBED = {EntryKind.ESCALATED, EntryKind.UNCLAIMED}
NIGHT = Times(from_min=22 * 60, to_min=6 * 60)


def names(trial: Trial) -> list[tuple[str, ...]]:
    return [tuple(person.id for person in it.people) for it in trial.steps]


@pytest.mark.parametrize(
    "tested",
    [
        plan("p", step(30, "consoles"), step(60, "supervisor", "village", in_turn=True), LAST),
        plan("p", step(30, "village"), step(60, "on_duty:nobody"), step(90, "town"), LAST, rounds=3),
        plan("p", step(30, "on_duty:nobody"), step(100, "person:grid2"), LAST, rounds=1),
    ],
    ids=["in turn", "an empty step", "one person"],
)
def test_every_step_comes_when_the_real_climb_takes_it_and_calls_the_same(tested: Plan) -> None:
    roster = Roster(shifts=(Shift(role="supervisor", persons=("chief",)), Shift(role="nobody", persons=("silent",))))
    home = home_with(tested, roster=roster)
    began = home.now
    seen: list[tuple[datetime, str]] = []
    for _ in range(700):
        lines = [it.entry for it in only(Noted, home.wait(1))]
        seen += [(line.at, line.text.partition("|")[2]) for line in lines if line.kind in CLIMBED]
    foreseen = tried(KEY, Priority.P1, began, policy(tested, roster=roster))
    told = [(it.at, "、".join(person.name for person in it.people)) for it in foreseen.steps]
    assert told == seen[: len(told)]
    assert foreseen.steps[-1].level is EscalationLevel.EVERYBODY
    assert [it.lap for it in foreseen.steps][-2:] == [tested.rounds, 0]


def test_it_is_the_plan_and_the_roster_of_that_hour() -> None:
    night, day = plan("夜", step(30, "on_duty:grid"), LAST, times=NIGHT), plan("昼", step(30, "village"), LAST)
    roster = Roster(
        shifts=(
            Shift(role="grid", persons=("grid1",), times=Times(from_min=0, to_min=3 * 60)),
            Shift(role="grid", persons=("grid2",), times=Times(from_min=3 * 60, to_min=0)),
        )
    )
    drafted = with_drafts(policy(), (night, day), roster)
    at_two = tried(KEY, Priority.P1, local(2), drafted)
    assert at_two.plan == night
    assert names(at_two)[:2] == [("grid1",), (DUTY,)]
    assert names(tried(KEY, Priority.P1, local(5), drafted))[0] == ("grid2",)
    assert names(tried(KEY, Priority.P1, local(12), drafted))[0] == ("village",)
    assert tried(KEY, Priority.P1, local(2), policy()).plan != night, "unsaved plans hold for the trial alone"


def test_one_person_is_called_by_name_and_their_deputy_while_they_are_off() -> None:
    own = plan("p", step(30, "person:town"), LAST)
    away = Absence(person="town", since=local(0), until=local(12))
    roster = Roster(absences=(away,), deputies={"town": "deputy"})
    assert names(tried(KEY, Priority.P1, local(13), policy(own, roster=roster)))[0] == ("town",)
    assert names(tried(KEY, Priority.P1, local(11), policy(own, roster=roster)))[0] == ("deputy",)
    everybody = names(tried(KEY, Priority.P1, local(13), policy(own, roster=roster)))[-1]
    assert {"town", "deputy", DUTY} <= set(everybody)


def test_an_example_home_is_of_the_area_and_label_that_were_asked_for() -> None:
    assert example_home(PEOPLE, TOWN) == example_home(PEOPLE, VILLAGE) == KEY
    assert example_home(PEOPLE, TOWN, RiskTier.URGENT) == ""
    assert example_home(PEOPLE, "32", RiskTier.URGENT) == "other"
    assert example_home(PEOPLE, "99") == ""


def test_where_no_plan_calls_anybody_it_says_so() -> None:
    silent = msgspec.structs.replace(policy(), own_ladders={})
    assert tried(KEY, Priority.P3, local(2), silent).plan is None
