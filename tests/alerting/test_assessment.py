"""The six-dimension assessment: what points make, which label is proposed and why, and when it is due again."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from alerting.assessment.criteria import TABLE, Criterion
from alerting.assessment.due import EVERY_DAYS, assessment_due, next_due, watched_over
from alerting.assessment.record import Assessment, Dimension, DueWhy, Library, ReviewAsked
from alerting.assessment.score import library_of, proposed
from alerting.casefile import Area, AreaLevel, Bridge, Device, Household, Installation, Place, Resident
from alerting.decisions import Answered, AnyDecision, HouseholdSaved, Registered
from alerting.enrolment.books import Pending
from alerting.enrolment.command import RegistryCommand
from alerting.enrolment.commands import AskReview, AssessHome, ImportedHome, ImportHouseholds, SaveHousehold
from alerting.enrolment.register import step
from alerting.events import Commanded
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.repair import Repair

LATE_IN_THE_EVENING = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)  # 02:00 of the next day in the town
TODAY = date(2026, 3, 2)
OFFSET_S = 8 * 3600
HOME = Household(
    key="A1",
    area="1.1.1",
    address="1号",
    place=Place(lat=31.7, lon=119.9),
    tier=RiskTier.CARE,
    categories=("低保",),
    residents=(Resident(name="王甲", birth_year=1941),),
)


class Shelf:
    """A registry with these homes."""

    def __init__(self, *homes: Household) -> None:
        self.households = {it.key: it for it in homes}
        self.devices: dict[str, Device] = {}
        self.bridges: dict[str, Bridge] = {}
        self.installations: dict[str, Installation] = {}
        self.repairs: dict[str, Repair] = {}
        self.areas = {"1.1.1": Area(key="1.1.1", name="沙埠村", level=AreaLevel.VILLAGE)}

    def named(self, _: str) -> list[Device]:
        return []

    def behind(self, _: str) -> list[Device]:
        return []

    def all_of(self, _: str) -> list[Device]:
        return []


def asked(shelf: Shelf, command: RegistryCommand) -> list[AnyDecision]:
    event = Commanded(command=command)
    return step(Pending(), shelf, event, LATE_IN_THE_EVENING, Policy(utc_offset_s=OFFSET_S))[1]


def saved(shelf: Shelf, command: RegistryCommand) -> Household:
    """The home as it is after a command."""
    done = asked(shelf, command)[0]
    assert isinstance(done, Registered), done
    change = done.changes[0]
    assert isinstance(change, HouseholdSaved)
    return change.household


def refused(shelf: Shelf, command: RegistryCommand) -> str:
    answer = asked(shelf, command)[-1]
    assert isinstance(answer, Answered)
    return answer.refused


def assessed(home: Household, on: date, tier: RiskTier = RiskTier.CARE) -> Household:
    done = Assessment(on=on, by="zhao", proposed=tier, tier=tier, library=Library.GENERAL, due=next_due(on, tier))
    return msgspec.structs.replace(home, assessment=done, tier=tier)


def test_every_dimension_has_criteria_and_all_labels_can_be_reached_by_points() -> None:
    assert all(len(TABLE.of(dimension)) >= 3 for dimension in Dimension)
    assert len(TABLE.codes) == len(TABLE.criteria)
    assert all(it.points > 0 for it in TABLE.criteria)
    assert proposed(TABLE.codes).total >= TABLE.labels[0][0]


@pytest.mark.parametrize(
    ("met", "total", "tier", "library"),
    [
        ((), 0, RiskTier.WATCH, Library.GENERAL),
        (("cannot_read", "no_own_house"), 8, RiskTier.WATCH, Library.GENERAL),
        (("lives_alone",), 10, RiskTier.WATCH, Library.MONITORED),
        (("lives_alone", "fell"), 20, RiskTier.CARE, Library.MONITORED),
        (("no_income",), 15, RiskTier.WATCH, Library.AID),
        (("grave_illness", "lives_alone", "no_visits"), 40, RiskTier.COVERED, Library.AID),
        (("bedridden", "no_carer", "severe_disability", "lives_alone"), 60, RiskTier.URGENT, Library.AID),
    ],
)
def test_points_make_the_label_and_the_library(
    met: tuple[str, ...], total: int, tier: RiskTier, library: Library
) -> None:
    it = proposed(met)
    assert (it.total, it.tier, it.library) == (total, tier, library)


def test_of_criteria_that_exclude_each_other_the_heaviest_counts() -> None:
    assert proposed(("needs_help", "bedridden")).total == proposed(("bedridden",)).total
    assert proposed(("chronic", "grave_illness")).points == proposed(("grave_illness",)).points


def test_some_criteria_make_a_label_by_themselves_and_the_reason_names_them() -> None:
    it = proposed(("self_harm",))
    assert (it.by_points, it.tier, it.least_by) == (RiskTier.CARE, RiskTier.URGENT, "self_harm")
    assert proposed(("unsafe_house",)).tier is RiskTier.COVERED
    assert proposed(("lives_alone", "fell")).least_by == ""


def test_a_decided_label_is_never_in_a_lower_library_than_it_allows() -> None:
    nothing = proposed(()).points
    assert library_of(nothing, RiskTier.COVERED) is Library.AID
    assert library_of(nothing, RiskTier.CARE) is Library.MONITORED
    assert library_of(nothing, RiskTier.WATCH) is Library.GENERAL


def test_a_centre_may_have_a_table_of_its_own() -> None:
    own = msgspec.structs.replace(
        TABLE,
        version=2,
        criteria=(Criterion(code="lives_alone", dimension=Dimension.INCLUSION, points=60),),
    )
    assert proposed(("lives_alone",), own).tier is RiskTier.URGENT


def test_an_assessment_makes_the_label_and_says_when_the_next_is_due() -> None:
    asked_anew = msgspec.structs.replace(HOME, review=ReviewAsked(on=TODAY, why=DueWhy.ENTRY))
    after = saved(
        Shelf(asked_anew),
        AssessHome(household="A1", met=("no_visits", "lives_alone", "grave_illness"), tier=RiskTier.COVERED, by="zhao"),
    )
    done = after.assessment
    assert done is not None
    assert (after.tier, done.tier, done.proposed, done.total) == (*(RiskTier.COVERED,) * 3, 40)
    assert (done.on, done.due) == (TODAY, date(2026, 8, 29)), "by the local day"
    assert done.met == ("grave_illness", "lives_alone", "no_visits")
    assert after.review is None
    assert assessment_due(after, TODAY) == (date(2026, 8, 29), DueWhy.SCHEDULE)


def test_another_label_than_the_proposed_one_needs_a_reason() -> None:
    command = AssessHome(household="A1", met=("lives_alone",), tier=RiskTier.URGENT, by="zhao")
    assert refused(Shelf(HOME), command) == "no_why"
    after = saved(Shelf(HOME), msgspec.structs.replace(command, why="三次跌倒未报"))
    done = after.assessment
    assert done is not None
    assert (after.tier, done.proposed, done.why) == (RiskTier.URGENT, RiskTier.WATCH, "三次跌倒未报")
    assert done.library is Library.AID


def test_what_nobody_knows_is_not_assessed() -> None:
    command = AssessHome(household="A1", met=("rich",), tier=RiskTier.WATCH, by="zhao")
    assert refused(Shelf(HOME), command) == "bad_assessment"
    assert refused(Shelf(), msgspec.structs.replace(command, met=())) == "unknown_home"
    old = msgspec.structs.replace(command, met=(), based_on="00000000")
    assert refused(Shelf(HOME), old) == "edited_meanwhile"


def test_it_is_due_by_the_time_of_its_label() -> None:
    assert list(EVERY_DAYS) == list(RiskTier)
    days = [EVERY_DAYS[tier] for tier in RiskTier]
    assert days == sorted(days), "the graver, the sooner"
    for tier in RiskTier:
        on, why = assessment_due(assessed(HOME, TODAY, tier), TODAY)
        assert ((on - TODAY).days, why) == (EVERY_DAYS[tier], DueWhy.SCHEDULE)
    assert assessment_due(HOME, TODAY) == (TODAY, DueWhy.NEVER)


def test_a_new_home_is_due_at_once_whoever_brings_it() -> None:
    new = msgspec.structs.replace(assessed(HOME, date(2020, 1, 1)), key="A2")
    by_list = ImportHouseholds(homes=(ImportedHome(new, "new"),), by="zhao")
    for command in (SaveHousehold(household=new, by="zhao"), by_list):
        after = saved(Shelf(HOME), command)
        assert after.assessment is None, "nobody brings an assessment in with a case file"
        assert assessment_due(after, TODAY) == (TODAY, DueWhy.ENTRY)


@pytest.mark.parametrize(
    "change",
    [
        {"residents": ()},
        {"residents": (*HOME.residents, Resident(name="李乙", birth_year=1944))},
        {"categories": ("低保", "重残")},
    ],
)
def test_a_change_in_the_family_makes_it_due_at_once(change: dict[str, object]) -> None:
    before = assessed(HOME, TODAY)
    after = watched_over(msgspec.structs.replace(before, **change), before, TODAY, "zhao")
    assert assessment_due(after, TODAY) == (TODAY, DueWhy.FAMILY)
    again = watched_over(msgspec.structs.replace(after, address="2号"), after, date(2026, 4, 1), "zhao")
    assert assessment_due(again, date(2026, 4, 1)) == (TODAY, DueWhy.FAMILY), "since when it is due stays"


def test_another_change_makes_nothing_due_and_cannot_take_an_assessment_away() -> None:
    before = assessed(HOME, TODAY)
    bare = msgspec.structs.replace(before, address="2号", assessment=None)
    after = saved(Shelf(before), SaveHousehold(household=bare, by="zhao"))
    assert (after.address, after.assessment, after.review) == ("2号", before.assessment, None)


def test_whoever_finds_something_has_it_assessed_now() -> None:
    shelf = Shelf(assessed(HOME, TODAY))
    assert refused(shelf, AskReview(household="A1", by="zhao", note=" ")) == "no_finding"
    after = saved(shelf, AskReview(household="A1", by="zhao", note="走访发现已卧床"))
    assert assessment_due(after, TODAY) == (TODAY, DueWhy.FOUND)
    assert after.review is not None
    assert after.review.note == "走访发现已卧床"
