"""When a visit or call is owed, whose it is, and how it climbs and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from alerting.care import care
from alerting.care import round as round_
from alerting.care.calendar import climbs_s, duty_now
from alerting.care.commands import RecordCare, TakeBackCare
from alerting.care.decided import CareDutyChanged, HomeTold, PersonTold
from alerting.care.duty import WEEKLY, CareEnd, CareKind, CareResult, CareStage, CareState, care_key, round_key
from alerting.care.round import Round
from alerting.care.terms import CareTerms, with_changes
from alerting.care.told import CareAsked, CareReceived
from alerting.decisions import Answered, AnyDecision, PageAsked, Wake
from alerting.duty.chain import Editions
from alerting.duty.reach import Case, Line, People, Person
from alerting.duty.roster import Absence, Roster
from alerting.events import Commanded, PageTried, TimePassed
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence.inactivity import moment

HOME, VILLAGE, DEPUTY, TOWN = "HH1", "responder:v", "responder:d", "responder:t"
VISIT, CALL = CareKind.VISIT, CareKind.CALL
MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)  # 09:00 in China
DAY = timedelta(days=1)


def person(id_: str, *channels: str) -> Person:
    return Person(id=id_, name=id_, lines=tuple(Line(channel, 0) for channel in channels))


def policy(case: Case | None = None, roster: Roster | None = None, terms: CareTerms | None = None) -> Policy:
    people = {id_: person(id_, "voice", "push", "sms") for id_ in (VILLAGE, DEPUTY, TOWN)}
    mine = case or Case(area="1.2", village=VILLAGE, village_deputy=DEPUTY, town=TOWN)
    editions = Editions(people=People(persons=people, homes={HOME: mine}), roster=roster or Roster())
    return Policy(editions=editions, own_care=terms or CareTerms())


def woken(state: CareState, at: datetime, by: Policy) -> tuple[CareState, list[AnyDecision]]:
    return care.step(state, TimePassed(), at, by)


def lived(until: datetime, by: Policy, state: CareState | None = None) -> tuple[CareState, list[AnyDecision]]:
    """Woken as it wishes, from Monday morning until then."""
    at, told = MONDAY, list[AnyDecision]()
    state = state or CareState(key=care_key(HOME))
    while at <= until:
        state, decisions = woken(state, at, by)
        told += decisions
        wakes = [it.at for it in decisions if isinstance(it, Wake)]
        assert wakes, "it always wishes to be woken again"
        at = wakes[-1]
    return state, told


def asked(decisions: list[AnyDecision]) -> list[tuple[str, CareKind, CareStage]]:
    return [
        (it.person, it.event.kind, it.event.stage)
        for it in decisions
        if isinstance(it, PersonTold) and isinstance(it.event, CareAsked)
    ]


def recorded(state: CareState, result: CareResult, now: datetime, **more: Any) -> tuple[CareState, list[AnyDecision]]:
    command = RecordCare(key=state.key, by="li", **({"kind": VISIT, "result": result} | more))
    return care.step(state, Commanded(command=command), now, policy())


def test_a_week_is_from_monday_to_sunday_and_due_on_its_last_evening() -> None:
    it = duty_now(VISIT, RiskTier.CARE, int(MONDAY.timestamp()), CareTerms(), Roster())
    assert it is not None
    assert moment(it.since_s) == datetime(2026, 1, 4, 16, tzinfo=UTC)
    assert moment(it.due_s) == datetime(2026, 1, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("holidays", "workdays", "expected"),
    [
        ({}, (), ["2026-01-09", "2026-01-12", "2026-01-13", "2026-01-14"]),
        ({"2026-01-09": "", "2026-01-12": ""}, (), ["2026-01-08", "2026-01-13", "2026-01-14", "2026-01-15"]),
        ({}, ("2026-01-17", "2026-01-18"), ["2026-01-09", "2026-01-12", "2026-01-13", "2026-01-14"]),
        (dict.fromkeys((f"2026-01-{n:02}" for n in range(5, 12)), ""), (), ["2026-01-05", "2026-01-12"]),
    ],
)
def test_it_climbs_on_working_days_of_the_calendar(
    holidays: dict[str, str], workdays: tuple[str, ...], expected: list[str]
) -> None:
    roster = Roster(holidays=holidays, workdays=workdays)
    it = duty_now(VISIT, RiskTier.CARE, int(MONDAY.timestamp()), CareTerms(), roster)
    assert it is not None
    mornings = []
    for stage in list(CareStage)[:-1]:
        at = moment(climbs_s(msgspec.structs.replace(it, stage=stage), CareTerms(), roster)) + timedelta(hours=8)
        assert at.hour == 9
        mornings.append(f"{at:%Y-%m-%d}")
    assert mornings[: len(expected)] == expected
    assert climbs_s(msgspec.structs.replace(it, stage=CareStage.SUPERVISOR), CareTerms(), roster) == 0


def test_it_climbs_from_the_village_over_the_deputy_to_the_town() -> None:
    state, told = lived(MONDAY + 9 * DAY + timedelta(hours=1), policy())
    assert [it for it in asked(told) if it[1] is VISIT] == [
        (VILLAGE, VISIT, CareStage.REMINDED),
        (DEPUTY, VISIT, CareStage.DEPUTY),
        (VILLAGE, VISIT, CareStage.DEPUTY),
        (TOWN, VISIT, CareStage.TOWN),
    ]
    assert sorted((it.kind, it.stage) for it in state.owed) == [
        (CALL, CareStage.OWED),
        (CALL, CareStage.SUPERVISOR),
        (VISIT, CareStage.OWED),
        (VISIT, CareStage.SUPERVISOR),
    ]


def test_who_is_off_has_a_deputy_by_roster_or_case_file() -> None:
    off = Absence(person=VILLAGE, since=MONDAY, until=MONDAY + 30 * DAY)
    by = policy(roster=Roster(absences=(off,)))
    assert care.who_does_it(by.editions.people.homes[HOME], by, MONDAY) == DEPUTY
    by = policy(roster=Roster(absences=(off,), deputies={VILLAGE: TOWN}))
    assert care.who_does_it(by.editions.people.homes[HOME], by, MONDAY) == TOWN


def test_a_stage_with_nobody_who_can_be_reached_is_passed_at_once() -> None:
    by = policy(Case(area="1.2", town=TOWN))
    _, told = lived(MONDAY + 4 * DAY + timedelta(hours=1), by)
    assert {(who, stage) for who, _, stage in asked(told)} == {(TOWN, CareStage.TOWN)}
    state, told = lived(MONDAY + 4 * DAY + timedelta(hours=1), policy(Case(area="1.2")))
    assert asked(told) == []
    assert {it.stage for it in state.owed} == {CareStage.SUPERVISOR}


def test_a_new_home_begins_only_where_there_is_time_left() -> None:
    late = MONDAY + 5 * DAY
    state, _ = woken(CareState(key=care_key(HOME)), late, policy())
    assert state.owed == ()
    state, _ = woken(state, MONDAY + 7 * DAY, policy())
    assert len(state.owed) == len(WEEKLY)


def test_what_is_never_done_ends_as_missed_when_four_more_are_owed() -> None:
    state, told = lived(MONDAY + 29 * DAY, policy())
    missed = [it for it in told if isinstance(it, CareDutyChanged) and it.ended is CareEnd.MISSED]
    assert sorted(it.duty.kind for it in missed) == [CALL, VISIT]
    assert len(state.owed) == 2 * care.MOST_OF_A_KIND


def test_by_label_another_rhythm_or_none() -> None:
    terms = with_changes({"visit": 3, "call.watch": 0, "due_hour": 17})
    watched = policy(Case(area="1.2", tier=RiskTier.WATCH, village=VILLAGE), terms=terms)
    state, _ = woken(CareState(key=care_key(HOME)), MONDAY, watched)
    assert [it.kind for it in state.owed] == [VISIT]
    cared = policy(Case(area="1.2", tier=RiskTier.CARE, village=VILLAGE), terms=terms)
    state, _ = woken(state, MONDAY + DAY, cared)
    assert [it.kind for it in state.owed] == [VISIT, CALL], "another label, another rhythm"
    state, told = woken(state, MONDAY + 2 * DAY, watched)
    assert [it.ended for it in told if isinstance(it, CareDutyChanged)] == [CareEnd.CHANGED]


@pytest.mark.parametrize(
    "wrong", [{"visit": 93}, {"visit.nobody": 7}, {"nothing": 1}, {"due_hour": 5}, {"town_days": 1, "deputy_days": 2}]
)
def test_terms_out_of_bounds_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must|there is no"):
        with_changes(wrong)


def test_a_visit_ends_all_visits_that_are_owed_and_no_call() -> None:
    state, _ = lived(MONDAY + 8 * DAY, policy())
    state, told = recorded(state, CareResult.WELL, MONDAY + 8 * DAY)
    assert [it.ended for it in told if isinstance(it, CareDutyChanged)] == [CareEnd.LATE, CareEnd.DONE]
    assert {it.kind for it in state.owed} == {CALL}
    (home,) = [it.event for it in told if isinstance(it, HomeTold)]
    assert isinstance(home, CareReceived)


@pytest.mark.parametrize(
    ("result", "ends", "tries"),
    [
        (CareResult.WELL, CareEnd.DONE, 0),
        (CareResult.NEEDS, CareEnd.DONE, 0),
        (CareResult.AWAY, CareEnd.AWAY, 0),
        (CareResult.NOBODY, None, 1),
        (CareResult.REFUSED, None, 1),
    ],
)
def test_what_ends_it_and_what_is_a_try(result: CareResult, ends: CareEnd | None, tries: int) -> None:
    state, _ = woken(CareState(key=care_key(HOME)), MONDAY, policy())
    _, told = recorded(state, result, MONDAY + DAY)
    (duty,) = [it for it in told if isinstance(it, CareDutyChanged)]
    assert (duty.ended, duty.duty.tries) == (ends, tries)


@pytest.mark.parametrize("ago", [timedelta(days=8), timedelta(minutes=-3)])
def test_a_moment_that_cannot_be_is_refused(ago: timedelta) -> None:
    state, _ = woken(CareState(key=care_key(HOME)), MONDAY, policy())
    after, told = recorded(state, CareResult.WELL, MONDAY, at=MONDAY - ago)
    assert [it.refused for it in told if isinstance(it, Answered)] == ["bad_moment"]
    assert after.owed == state.owed


def test_taken_back_within_ten_minutes_by_the_same_person_only() -> None:
    before, _ = woken(CareState(key=care_key(HOME)), MONDAY, policy())
    state, _ = recorded(before, CareResult.WELL, MONDAY)

    def back(at: datetime, by: str) -> tuple[CareState, str]:
        command = TakeBackCare(key=state.key, by=by, number=1)
        after, told = care.step(state, Commanded(command=command), at, policy())
        return after, next(it.refused for it in told if isinstance(it, Answered))

    assert back(MONDAY, "wang")[1] == "not_recorder"
    assert back(MONDAY + timedelta(minutes=11), "li")[1] == "too_late"
    after, refused = back(MONDAY + timedelta(minutes=9), "li")
    assert (refused, after.owed) == ("", before.owed)


def test_a_person_gets_one_message_for_all_homes_by_day() -> None:
    by, state = policy(), Round(key=round_key(VILLAGE))
    for n, kind in enumerate((VISIT, VISIT, CALL)):
        event = CareAsked(home=f"HH{n}", kind=kind, number=1, due_s=int((MONDAY + n * DAY).timestamp()), stage=2)  # type: ignore[arg-type]
        state, told = round_.step(state, event, MONDAY, by)
        assert [type(it) for it in told] == ([Wake] if n == 0 else [])
    state, told = round_.step(state, TimePassed(), moment(state.page_s), by)
    (page,) = [it for it in told if isinstance(it, PageAsked)]
    assert page.to_do is not None
    assert (page.channel, page.to_do.visits, page.to_do.calls, page.to_do.late) == ("push", 2, 1, 1)
    tried = PageTried(incident="", to=VILLAGE, error="gone", gave_up=True, round=page.round)
    state, told = round_.step(state, tried, MONDAY, by)
    assert [it.channel for it in told if isinstance(it, PageAsked)] == ["sms"], "never a call by a machine"
    tried = msgspec.structs.replace(tried, round=state.pages)
    assert round_.step(state, tried, MONDAY, by)[1] == []


def test_at_night_it_waits_for_the_morning() -> None:
    event = CareAsked(home=HOME, kind=VISIT, number=1, due_s=int(MONDAY.timestamp()), stage=CareStage.TOWN)
    state, _ = round_.step(Round(key=round_key(TOWN)), event, MONDAY + timedelta(hours=12), policy())
    assert moment(state.page_s) == MONDAY + DAY


def test_a_household_that_has_left_is_owed_nothing() -> None:
    state, _ = woken(CareState(key=care_key(HOME)), MONDAY, policy())
    gone = policy(Case(area="1.2", village=VILLAGE, has_left=True))
    state, told = woken(state, MONDAY + DAY, gone)
    assert [it.ended for it in told if isinstance(it, CareDutyChanged)] == [CareEnd.CHANGED, CareEnd.CHANGED]
    assert (state.owed, state.armed_s) == ((), 0)
