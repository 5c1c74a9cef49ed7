"""Plans: the most specific one wins, each target is a function of case file, roster and moment, flaws are told."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.casefile import Contact, Household, Place, Registry
from alerting.commands import SavePlans, SaveRoster
from alerting.decisions import Answered, AnyDecision, EditionSaved
from alerting.duty import editions
from alerting.duty.chain import Editions, no_cover
from alerting.duty.editions import PEOPLE as WHOLE
from alerting.duty.editions import PEOPLE_CHANGE, PLANS, ROSTER
from alerting.duty.plan import Plan
from alerting.duty.reach import Case, Line, PeopleChange, change_of, people_of, with_homes
from alerting.duty.roster import Absence, Roster, Shift, Swap, Times
from alerting.model import EscalationLevel, Priority, RiskTier
from alerting.policy import Policy
from tests.alerting.chain_of_village import (
    DUTY,
    LAST,
    PEOPLE,
    ROSTER_OF_TWO,
    TOWN,
    VILLAGE,
    home_with,
    pages,
    person,
    plan,
    policy,
    step,
)
from tests.alerting.lone_home import KEY, local, only


def test_a_person_is_paged_by_push_at_once_then_sms_then_voice_and_then_it_is_the_next_one_s_turn() -> None:
    home = home_with(plan("p", step(30, "village", "town", in_turn=True), LAST))
    assert pages(home.wait(30)) == [("village", "push")]
    assert pages(home.wait(29)) == []
    assert pages(home.wait(1)) == [("village", "sms")]
    assert pages(home.wait(30)) == [("village", "voice")]
    assert pages(home.wait(30)) == [(DUTY, "")], "the next step does not wait for the first one's people"
    assert pages(home.wait(30)) == [("town", "push"), ("village", "push")], "120 s after the first; and the second pass"


def test_order_and_times_are_the_person_s_own() -> None:
    people = msgspec.structs.replace(
        PEOPLE,
        persons={**PEOPLE.persons, "village": person("village", Line("voice", 0), Line("sms", 10), next_s=40)},
    )
    home = home_with(plan("p", step(30, "village", "town", in_turn=True), LAST), people=people)
    assert pages(home.wait(30)) == [("village", "voice")]
    assert pages(home.wait(10)) == [("village", "sms")]
    assert pages(home.wait(29)) == []
    assert pages(home.wait(1)) == [("town", "push")]


def test_without_in_turn_all_of_a_step_are_called_at_once() -> None:
    home = home_with(plan("p", step(30, "village", "town", "key_holder", "on_duty:grid", "supervisor"), LAST))
    assert pages(home.wait(30)) == [
        ("village", "push"),
        ("town", "push"),
        ("key", "sms"),
        ("grid1", "push"),
        ("grid2", "push"),
        ("chief", "push"),
    ]


@pytest.mark.parametrize(
    ("plans", "wins"),
    [
        (("any", "town"), "town"),
        (("town", "village"), "village"),
        (("village", "tier"), "village"),
        (("any", "tier"), "tier"),
        (("tier", "night"), "tier"),
        (("any", "day"), "day"),
        (("any", "night"), "any"),
        (("any", "elsewhere", "other tier"), "any"),
        (("p2",), ""),
    ],
)
def test_the_most_specific_plan_wins(plans: tuple[str, ...], wins: str) -> None:
    known = {
        "any": plan("any", LAST),
        "town": plan("town", LAST, area=TOWN),
        "village": plan("village", LAST, area=VILLAGE),
        "elsewhere": plan("elsewhere", LAST, area="32.02"),
        "tier": plan("tier", LAST, tiers=(RiskTier.CARE,)),
        "other tier": plan("other tier", LAST, tiers=(RiskTier.URGENT,)),
        "day": plan("day", LAST, times=Times(from_min=8 * 60, to_min=20 * 60)),
        "night": plan("night", LAST, times=Times(from_min=20 * 60, to_min=8 * 60)),
        "p2": plan("p2", LAST, priority=Priority.P2),
    }
    for order in (plans, tuple(reversed(plans))):
        fitting = policy(*(known[name] for name in order)).plan_for(Priority.P1, KEY, local(9))
        assert fitting is not None
        assert fitting.name == wins


def test_an_empty_step_is_skipped_at_once() -> None:
    nobody = msgspec.structs.replace(PEOPLE.homes[KEY], village="silent")
    people = msgspec.structs.replace(PEOPLE, homes={KEY: nobody})
    home = home_with(plan("p", step(30, "village"), step(300, "duty_phones")), people=people)
    assert pages(home.wait(30)) == [(DUTY, "")]


def test_a_is_off_b_is_called_and_a_swap_counts() -> None:
    at = local(9)
    roster = msgspec.structs.replace(
        ROSTER_OF_TWO,
        absences=(Absence(person="village", since=at, until=at + timedelta(days=1)),),
        deputies={"village": "deputy"},
        swaps=(Swap(person="grid1", instead="deputy", since=at, until=at + timedelta(days=1)),),
    )
    home = home_with(plan("p", step(30, "village"), step(60, "on_duty:grid"), LAST), roster=roster)
    assert pages(home.wait(30)) == [("deputy", "push")]
    assert pages(home.wait(29)) == []
    assert ("grid2", "push") in pages(home.wait(1))
    assert ("grid1", "push") not in pages(home.wait(60))


def test_at_the_end_everybody_is_called_duty_or_not() -> None:
    never = Shift(role="grid", persons=("grid1",), area=TOWN, times=Times(from_min=180, to_min=181))
    roster = msgspec.structs.replace(
        ROSTER_OF_TWO,
        shifts=(never,),
        absences=(Absence(person="village", since=local(0), until=local(0, day=9)),),
        deputies={"village": "deputy"},
    )
    home = home_with(plan("p", step(30, "village", "on_duty:grid"), step(60, "duty_phones")), roster=roster)
    before = pages(home.wait(149))
    assert {to for to, _ in before} == {"deputy", DUTY}
    assert [to for to, channel in pages(home.wait(1)) if channel in {"", "push"}] == [
        DUTY,
        "village",
        "deputy",
        "grid1",
    ]


def test_who_is_removed_while_calls_are_to_come_gets_none_of_them() -> None:
    home = home_with(plan("p", step(30, "village", "town"), LAST))
    assert pages(home.wait(30)) == [("village", "push"), ("town", "push")]
    gone = {id_: known for id_, known in PEOPLE.persons.items() if id_ != "village"}
    home.policy = policy(*home.policy.editions.plans, people=msgspec.structs.replace(PEOPLE, persons=gone))
    assert pages(home.wait(60)) == [("town", "sms"), ("town", "voice")]
    assert "village" not in {to for to, _ in pages(home.wait(7200))}
    home.policy = policy(*home.policy.editions.plans, roster=Roster(left=("town",)))
    assert "town" not in {to for to, _ in pages(home.wait(7200))}


def saved(decisions: list[AnyDecision]) -> list[int]:
    return [edition.number for edition in only(EditionSaved, decisions)]


GOOD = (plan("p", step(30, "consoles"), LAST),)
NOW = local(9)


@pytest.mark.parametrize(
    ("plans", "reason"),
    [
        ((plan("p", step(30, "consoles")),), "no_staffed_last_step|p"),
        ((plan("p", step(30, "consoles"), step(60, "village")),), "no_staffed_last_step|p"),
        ((plan("p", step(30, "consoles"), step(60, "on_duty:office")),), "no_staffed_last_step|p"),
        ((plan("p", LAST, step(60, "duty_phones")),), "steps_out_of_order|p"),
        ((plan("p"),), "no_steps|p"),
        ((plan("p", step(5, "duty_phones")),), "bad_step_time|p"),
        ((plan("p", step(4000, "duty_phones")),), "too_slow_for_p1|p"),
        ((plan("p", LAST, rounds=9),), "bad_rounds|p"),
        ((plan("p", LAST, accept_s=5),), "bad_times|p"),
        ((plan("p", LAST, area="99"),), "unknown_area|99"),
        ((plan("p", step(30, "on_duty:nobody"), LAST),), "unknown_role|p · nobody"),
        ((plan("p", LAST), plan("p", LAST, area=TOWN)), "name_twice|p"),
        ((plan("p", LAST), plan("q", LAST)), "same_scope|p、q"),
        (
            (
                plan("p", LAST, times=Times(from_min=0, to_min=600)),
                plan("q", LAST, times=Times(from_min=500, to_min=900)),
            ),
            "same_scope|p、q",
        ),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_with_the_reason(plans: tuple[Plan, ...], reason: str) -> None:
    roster = msgspec.structs.replace(
        ROSTER_OF_TWO,
        shifts=(
            *ROSTER_OF_TWO.shifts,
            Shift(role="office", persons=("grid1",), times=Times(from_min=480, to_min=1020)),
        ),
    )
    before = Editions(people=PEOPLE, roster=roster)
    after, decisions = editions.save(before, SavePlans(key="", plans=plans, by="boss"), NOW, policy())
    (answer,) = only(Answered, decisions)
    assert answer.refused == "bad_plans"
    assert reason in answer.reasons
    assert after == before
    assert not saved(decisions)


def test_two_plans_of_one_rank_for_different_hours_or_tiers_go_together() -> None:
    plans = (
        plan("day", LAST, times=Times(from_min=480, to_min=1200)),
        plan("night", LAST, times=Times(from_min=1200, to_min=480)),
        plan("urgent", LAST, tiers=(RiskTier.URGENT,)),
        plan("care", LAST, tiers=(RiskTier.CARE, RiskTier.WATCH)),
    )
    _, decisions = editions.save(Editions(people=PEOPLE), SavePlans(key="", plans=plans), NOW, policy())
    assert saved(decisions) == [1]


def test_a_post_that_is_covered_round_the_clock_is_staffed() -> None:
    mine = (plan("p", step(30, "consoles"), step(60, "supervisor")),)
    _, decisions = editions.save(
        Editions(people=PEOPLE, roster=ROSTER_OF_TWO), SavePlans(key="", plans=mine), NOW, Policy()
    )
    assert saved(decisions) == [1]


def test_a_roster_that_would_leave_a_plan_without_its_last_step_is_refused() -> None:
    mine = (plan("p", step(30, "consoles"), step(60, "supervisor")),)
    before = Editions(number=4, people=PEOPLE, roster=ROSTER_OF_TWO, plans=mine, plans_number=3, roster_number=4)
    by_day = Roster(shifts=(Shift(role="supervisor", persons=("chief",), times=Times(from_min=480, to_min=1200)),))
    after, decisions = editions.save(before, SaveRoster(key="", roster=by_day, based_on=4), NOW, Policy())
    (answer,) = only(Answered, decisions)
    assert (answer.refused, answer.reasons) == ("bad_roster", ("no_staffed_last_step|p",))
    assert after == before


def test_editions_are_numbered_in_one_row_and_come_back_from_the_store_as_they_were() -> None:
    first, a = editions.known(Editions(), PEOPLE)
    second, b = editions.save(first, SaveRoster(key="", roster=ROSTER_OF_TWO, by="boss"), NOW, policy())
    third, c = editions.save(second, SavePlans(key="", plans=GOOD, by="boss"), NOW, policy())
    stored = [*only(EditionSaved, a), *only(EditionSaved, b), *only(EditionSaved, c)]
    assert [(edition.number, edition.kind) for edition in stored] == [(1, "people"), (2, ROSTER), (3, PLANS)]
    assert editions.loaded(stored) == third
    assert editions.known(third, PEOPLE) == (third, [])


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten() -> None:
    before = Editions(number=7, people=PEOPLE, plans=GOOD, plans_number=7)
    _, decisions = editions.save(before, SavePlans(key="", plans=GOOD, based_on=6), NOW, policy())
    assert [answer.refused for answer in only(Answered, decisions)] == ["edited_meanwhile"]


def test_stored_plans_that_cannot_be_used_any_more_give_way_to_the_built_in_ones() -> None:
    stored = Editions(number=7, people=PEOPLE, plans=GOOD, plans_number=7)
    usable, wrong = editions.usable(stored, NOW, Policy(duty_phones=()))
    assert wrong == ["no_staffed_last_step|p"]
    assert usable.plans == ()
    built_in = Policy(editions=usable).plan_for(Priority.P1, KEY, NOW)
    assert built_in is not None
    assert [s.level for s in built_in.steps][-1] is EscalationLevel.CHAIN


def test_a_responsible_person_who_is_off_without_a_deputy_is_a_gap_found_ahead() -> None:
    away = Absence(person="village", since=local(22), until=local(8, day=3))
    alone = Editions(people=PEOPLE, roster=Roster(absences=(away,)))
    (gap,) = no_cover(alone, NOW, NOW + timedelta(days=1))
    assert (gap.role, gap.person, gap.since, gap.until) == ("village", "village·名", local(22), local(8, day=3))
    covered = Editions(people=PEOPLE, roster=Roster(absences=(away,), deputies={"village": "deputy"}))
    assert no_cover(covered, NOW, NOW + timedelta(days=1)) == ()


def test_a_person_whom_a_plan_names_and_whose_account_is_shut_is_a_gap_from_now_on() -> None:
    there = Editions(people=PEOPLE, plans=(plan("p", step(30, "person:deputy"), LAST, area="32"),) * 2, plans_number=1)
    assert no_cover(there, NOW, NOW + timedelta(days=1)) == ()
    shut = msgspec.structs.replace(PEOPLE.persons["deputy"], lines=())
    people = msgspec.structs.replace(PEOPLE, persons={**PEOPLE.persons, "deputy": shut})
    in_vain = msgspec.structs.replace(there, people=people)
    (gap,) = no_cover(in_vain, NOW, NOW + timedelta(days=1))
    assert (gap.role, gap.area, gap.person, gap.since) == ("person", "32", shut.name, NOW)
    stood_in = msgspec.structs.replace(
        in_vain,
        roster=Roster(
            absences=(Absence(person="deputy", since=NOW, until=NOW + timedelta(days=1)),),
            deputies={"deputy": "village"},
        ),
    )
    assert no_cover(stood_in, NOW, NOW + timedelta(days=1)) == ()


def test_a_person_whom_a_plan_names_is_a_gap_only_while_they_are_off_without_anybody_in_their_place() -> None:
    off = Absence(person="deputy", since=NOW + timedelta(hours=2), until=NOW + timedelta(hours=20))
    there = Editions(people=PEOPLE, plans=(plan("p", step(30, "person:deputy"), LAST, area="32"),), plans_number=1)
    away = msgspec.structs.replace(there, roster=Roster(absences=(off,)))
    (gap,) = no_cover(away, NOW, NOW + timedelta(days=1))
    assert (gap.role, gap.since, gap.until) == ("person", off.since, off.until)
    stood_in = msgspec.structs.replace(there, roster=Roster(absences=(off,), deputies={"deputy": "village"}))
    assert no_cover(stood_in, NOW, NOW + timedelta(days=1)) == ()
    village = msgspec.structs.replace(away, plans=(plan("p", step(30, "person:village"), LAST),))
    absence = msgspec.structs.replace(off, person="village")
    (gap,) = no_cover(
        msgspec.structs.replace(village, roster=Roster(absences=(absence,))), NOW, NOW + timedelta(days=1)
    )
    assert gap.role == "village", "told once"


def test_what_changes_in_one_home_is_saved_as_that_change_alone_and_read_back_as_a_whole() -> None:
    first, a = editions.known(Editions(), PEOPLE)
    moved = msgspec.structs.replace(PEOPLE.homes[KEY], area="32.09")
    others = {f"H{n}": PEOPLE.homes[KEY] for n in range(99)}
    many = msgspec.structs.replace(PEOPLE, homes={**PEOPLE.homes, **others})
    second, b = editions.known(first, many)
    gone = {id_: person for id_, person in PEOPLE.persons.items() if id_ != "village"}
    later = msgspec.structs.replace(many, homes={**many.homes, KEY: moved}, persons=gone)
    third, c = editions.known(second, later)
    stored = [only(EditionSaved, it)[0] for it in (a, b, c)]
    assert [edition.kind for edition in stored] == [WHOLE, WHOLE, PEOPLE_CHANGE]
    assert msgspec.json.decode(stored[2].body, type=PeopleChange) == PeopleChange(
        persons={"village": None}, homes={KEY: moved}
    )
    assert editions.loaded([stored[1], stored[2]]) == third
    assert third.people == later
    assert editions.loaded([*editions.kept(third)]).people == later


def test_the_homes_of_an_area_are_counted_as_they_change() -> None:
    many = msgspec.structs.replace(PEOPLE, homes={f"H{n}": Case(area=f"32.01.0{n % 3}") for n in range(9)})
    assert many.homes_by_area["32.01"] == 9
    change = PeopleChange(homes={"H0": None, "H1": Case(area="32.02.01"), "new": Case(area="32.01.01")})
    after = many.after(change)
    fresh = msgspec.structs.replace(after)
    assert +after.homes_by_area == +fresh.homes_by_area
    assert after.homes_by_area["32.01"] == 8


def test_case_files_that_change_name_their_homes_and_key_holders_and_nobody_else() -> None:
    def home(*keys: bool) -> Household:
        contacts = tuple(Contact(name="n", relation="r", phone="1", key_holder=k, verified=True) for k in keys)
        return Household(
            key="H1", area="32.01", address="a", place=Place(lat=31, lon=119), tier=RiskTier.CARE, contacts=contacts
        )

    before = people_of(Registry(households=(home(True, True),)))
    assert with_homes(before, [(home(True, True), home(True, True))]) is before
    after = with_homes(before, [(home(True, True), home(False, True))])
    assert after == people_of(Registry(households=(home(False, True),)))
    change = change_of(before, after)
    assert change.persons == {"key:H1:0": None}
    assert change.homes == {"H1": after.homes["H1"]}
    assert change == change_of(before, msgspec.structs.replace(after)), "as when both are compared"
