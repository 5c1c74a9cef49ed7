"""Who could go to a home: whoever would be inside first on top, and every reason is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerting.casefile import Contact, Household, Place, Resident, Responder, Skill
from alerting.duty.candidates import Moment, Whereabouts, Why, apart_m, candidates, skills_for
from alerting.duty.roster import Absence, Roster, Shift
from alerting.model import AlarmKind, RiskTier

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 on the wall
NIGHT = NOON + timedelta(hours=12)
HERE = Place(lat=31.8, lon=119.97)
KM_LAT = 1 / 111.32
VILLAGE, OTHER = "32.01.02", "32.02.05"


def home(**more: Any) -> Household:
    file: dict[str, Any] = {"key": "H1", "area": VILLAGE, "address": "1", "place": HERE, "tier": RiskTier.CARE}
    return Household(**file | {"village_responder": "wang", "town_responder": "zhou"} | more)


def away(km: float) -> Place:
    return Place(lat=HERE.lat + km * KM_LAT, lon=HERE.lon)


def one(id_: str, km: float | None = 1.0, *, area: str = VILLAGE, phone: str = "", **more: Any) -> Responder:
    place = None if km is None else away(km)
    return Responder(id=id_, name=id_, phone=phone or f"1-{id_}", area=area, duty="grid", place=place, **more)


def moment(at: datetime = NOON, **more: Any) -> Moment:
    return Moment(at=at, **({"roster": Roster()} | more))


def ids(found: Any) -> list[str]:
    return [it.responder.id for it in found]


def of(found: Any, id_: str) -> Any:
    return next(it for it in found if it.responder.id == id_)


def test_a_distance_is_that_of_the_map() -> None:
    assert apart_m(HERE, away(2)) == pytest.approx(2000, abs=2)
    assert apart_m(Place(lat=31.8, lon=119.97), Place(lat=31.8, lon=119.98)) == pytest.approx(946, abs=3)


def test_whoever_would_be_inside_first_is_on_top() -> None:
    found = candidates(home(), Whereabouts([one("far", 4), one("near", 0.4), one("middle", 1.5)]), moment())
    assert ids(found) == ["near", "middle", "far"]
    assert found[0].reasons == (Why.NEAREST,)
    assert (found[0].distance_m, found[0].minutes) == (400, 5 + 2 + 10)
    assert [it.minutes for it in found] == sorted(it.minutes for it in found)


def test_a_key_is_worth_the_time_that_it_saves_at_the_door() -> None:
    """Two kilometres further, and inside sooner all the same."""
    file = home(contacts=(Contact(name="李", relation="网格员", phone="139", key_holder=True),))
    found = candidates(file, Whereabouts([one("near", 0.2), one("key", 1.8, phone="139")]), moment())
    assert ids(found) == ["key", "near"]
    assert found[0].reasons == (Why.HOLDS_KEY,)
    assert found[1].reasons == (Why.NEAREST,)


def test_whoever_is_on_duty_is_sooner_on_the_road_above_all_at_night() -> None:
    roster = Roster(shifts=(Shift(role="grid", persons=("responder:duty",), area="32.01"),))
    whereabouts = Whereabouts([one("asleep", 0.5), one("duty", 1.5)])
    by_day = candidates(home(), whereabouts, moment(roster=roster))
    by_night = candidates(home(), whereabouts, moment(NIGHT, roster=roster))
    assert ids(by_day)[0] == "asleep"
    assert ids(by_night)[0] == "duty"
    assert Why.ON_DUTY in by_night[0].reasons
    assert of(by_night, "asleep").minutes == of(by_day, "asleep").minutes + 10


def test_the_named_person_comes_from_anywhere_and_their_deputy_while_they_are_off() -> None:
    far = one("wang", 30, area="32.01")
    named = candidates(home(village_deputy="sun"), Whereabouts([far, one("sun", 9, area="32.03")]), moment())
    assert [it.reasons for it in named] == [(Why.NEAREST, Why.RESPONSIBLE)]
    off = Roster(absences=(Absence(person="responder:wang", since=NOON, until=NIGHT),))
    found = candidates(home(village_deputy="sun"), Whereabouts([far, one("sun", 9, area="32.03")]), moment(roster=off))
    assert ids(found) == ["sun", "wang"]
    assert Why.STANDS_IN in found[0].reasons
    assert found[1].reasons == (Why.OFF, Why.RESPONSIBLE)
    assert not found[1].is_free


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"busy": {"responder:near": "H9-1"}}, Why.ON_A_JOB),
        ({"refused": frozenset({"near"})}, Why.REFUSED),
        ({"roster": Roster(absences=(Absence(person="responder:near", since=NOON, until=NIGHT),))}, Why.OFF),
    ],
)
def test_who_cannot_go_comes_last_and_it_is_said_why(more: dict[str, Any], why: Why) -> None:
    found = candidates(home(), Whereabouts([one("near", 0.1), one("far", 4)]), moment(**more))
    assert ids(found) == ["far", "near"]
    assert why in found[1].reasons
    assert not found[1].is_free
    assert Why.NEAREST in found[0].reasons, "the nearest of those who can go"
    assert found[1].busy_with == (more.get("busy") or {}).get("responder:near", "")


def test_whoever_answers_for_the_home_comes_before_somebody_a_little_nearer() -> None:
    helpers = [one("near", 0.4), one("wang", 2.0)]
    assert ids(candidates(home(), Whereabouts(helpers), moment())) == ["wang", "near"]
    assert ids(candidates(home(), Whereabouts([helpers[0], one("wang", 3.0)]), moment())) == ["near", "wang"]


def test_who_has_left_is_never_offered() -> None:
    assert not candidates(home(), Whereabouts([one("gone")]), moment(roster=Roster(left=("responder:gone",))))


def test_somebody_of_whom_no_place_is_known_is_judged_by_what_they_answer_for() -> None:
    found = candidates(home(), Whereabouts([one("town", None, area="32.01"), one("village", None)]), moment())
    assert ids(found) == ["village", "town"]
    assert [it.distance_m for it in found] == [None, None]
    assert not any(Why.NEAREST in it.reasons for it in found)


def test_a_neighbouring_village_counts_by_distance_and_the_other_end_of_the_city_not_at_all() -> None:
    whereabouts = Whereabouts([one("across", 0.8, area=OTHER), one("elsewhere", 6, area=OTHER), one("mine", 4)])
    assert ids(candidates(home(), whereabouts, moment())) == ["across", "mine"]


def test_who_has_moved_is_found_where_they_are_now() -> None:
    whereabouts = Whereabouts([one("near", 0.8, area=OTHER)])
    whereabouts.put(one("near", 9, area=OTHER))
    assert not candidates(home(), whereabouts, moment())
    whereabouts.put(one("near", 0.3, area="32.02.07"))
    assert ids(candidates(home(), whereabouts, moment())) == ["near"]


def test_what_has_happened_and_who_lives_there_say_what_skills_are_wanted() -> None:
    deaf = home(residents=(Resident(name="王", birth_year=1940, hearing="聋"),))
    assert skills_for([AlarmKind.PANIC], home()) == frozenset()
    assert skills_for([AlarmKind.PANIC, AlarmKind.FALL], home()) == {Skill.NURSE, Skill.FIRST_AID}
    assert skills_for([AlarmKind.PANIC], deaf) == {Skill.SIGN_LANGUAGE}
    whereabouts = Whereabouts([one("nurse", 1.8, skills=(Skill.NURSE,)), one("other", 1.2)])
    assert ids(candidates(home(), whereabouts, moment())) == ["other", "nurse"]
    found = candidates(home(), whereabouts, moment(skills=frozenset({Skill.NURSE})))
    assert ids(found) == ["nurse", "other"], "worth a few minutes"
    assert [Why.SKILLED in it.reasons for it in found] == [True, False]


def test_who_has_no_verified_address_is_offered_with_a_word() -> None:
    found = candidates(home(), Whereabouts([one("near")]), moment(can_reach=lambda person: person != "responder:near"))
    assert found[0].is_free
    assert Why.CANNOT_BE_PAGED in found[0].reasons


def test_at_most_so_many_and_those_who_can_go_before_the_others() -> None:
    many = [one(f"p{n:02d}", 0.1 + n / 10) for n in range(30)]
    busy = {f"responder:p{n:02d}": "H9-1" for n in range(10)}
    found = candidates(home(), Whereabouts(many), moment(busy=busy), most=12)
    assert ids(found) == [f"p{n}" for n in range(10, 22)]


def test_whom_people_look_for_is_in_the_list_however_far_down() -> None:
    many = [one(f"p{n:02d}", 0.1 + n / 10) for n in range(30)]
    far = one("wang", 40, area="32.01")
    found = candidates(home(), Whereabouts([*many, far]), moment(refused={"p00"}), most=5)
    assert ids(found) == ["p01", "p02", "p03", "p04", "p05", "wang", "p00"]
