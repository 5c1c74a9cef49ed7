"""Who is on duty: a pure function of the roster and the moment, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, timedelta

from alerting.duty.roster import (
    Absence,
    DayKind,
    Gap,
    Post,
    Roster,
    Shift,
    Swap,
    Times,
    flaws,
    gaps,
    next_working_day,
    of_role,
    on_duty,
    stand_in,
)
from tests.alerting.lone_home import local

DAY = Times(from_min=8 * 60, to_min=20 * 60)
NIGHT = Times(from_min=20 * 60, to_min=8 * 60)
TOWN, VILLAGE, OTHER = "32.01", "32.01.02", "32.02"
WATCH = (
    Shift(role="supervisor", persons=("day",), times=DAY),
    Shift(role="supervisor", persons=("night",), times=NIGHT),
)


def test_a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = Shift(role="grid", persons=("friday",), times=Times(from_min=20 * 60, to_min=8 * 60, days=(5,)))
    roster = Roster(shifts=(*WATCH, friday_night))
    assert on_duty(roster, "supervisor", "", local(19, 59)) == ("day",)
    assert on_duty(roster, "supervisor", "", local(20)) == ("night",)
    assert on_duty(roster, "supervisor", "", local(7, 59, 59)) == ("night",)
    assert on_duty(roster, "supervisor", "", local(8)) == ("day",)
    assert on_duty(roster, "grid", "", local(20, day=6)) == ("friday",)
    assert on_duty(roster, "grid", "", local(7, day=7)) == ("friday",)
    assert on_duty(roster, "grid", "", local(20, day=7)) == ()


def test_it_is_the_clock_on_the_wall_that_counts_whatever_zone_the_moment_is_told_in() -> None:
    roster = Roster(shifts=WATCH)
    at = local(7, 30)
    assert at.tzinfo is UTC
    assert on_duty(roster, "supervisor", "", at) == ("night",)
    abroad = Roster(shifts=WATCH, utc_offset_s=0)
    assert on_duty(abroad, "supervisor", "", at) == ("night",), "23:30 there"
    assert on_duty(abroad, "supervisor", "", at + timedelta(hours=9)) == ("day",)


def test_the_nearest_area_s_people_come_first_and_others_areas_people_never() -> None:
    roster = Roster(
        shifts=(
            Shift(role="grid", persons=("city",)),
            Shift(role="grid", persons=("town",), area=TOWN),
            Shift(role="grid", persons=("village",), area=VILLAGE),
            Shift(role="grid", persons=("other",), area=OTHER),
        )
    )
    assert on_duty(roster, "grid", VILLAGE, local(9)) == ("village", "town", "city")
    assert on_duty(roster, "grid", f"{TOWN}.03", local(9)) == ("town", "city")
    assert on_duty(roster, "grid", "32.011", local(9)) == ("city",), "a key that only begins alike lies elsewhere"
    assert on_duty(roster, "grid", "", local(9)) == ("city",)


def test_a_holiday_is_off_and_the_weekend_worked_instead_is_not() -> None:
    roster = Roster(
        shifts=(
            Shift(role="town", persons=("office",), times=Times(from_min=540, to_min=1020, on=DayKind.WORKING)),
            Shift(role="town", persons=("duty",), times=Times(on=DayKind.OFF)),
        ),
        holidays={"2026-03-03": "节日"},
        workdays=("2026-03-08",),
    )
    assert on_duty(roster, "town", "", local(10, day=2)) == ("office",)
    assert on_duty(roster, "town", "", local(10, day=3)) == ("duty",)
    assert on_duty(roster, "town", "", local(10, day=7)) == ("duty",), "a Saturday"
    assert on_duty(roster, "town", "", local(10, day=8)) == ("office",), "a Sunday that is worked"
    assert next_working_day(roster, local(15, day=2)) == local(9, day=4)
    assert next_working_day(roster, local(15, day=6)) == local(9, day=8)


def test_while_a_is_off_b_stands_in_and_whoever_stands_in_for_b() -> None:
    roster = Roster(
        shifts=(Shift(role="town", persons=("a",)),),
        absences=(Absence(person="a", since=local(10), until=local(12)),),
        deputies={"a": "b", "b": "c"},
    )
    assert on_duty(roster, "town", "", local(9, 59)) == ("a",)
    assert on_duty(roster, "town", "", local(10)) == ("b",)
    assert on_duty(roster, "town", "", local(12)) == ("a",)
    both = Roster(
        shifts=roster.shifts,
        absences=(*roster.absences, Absence(person="b", since=local(11), until=local(12))),
        deputies=roster.deputies,
    )
    assert on_duty(both, "town", "", local(11)) == ("c",)
    in_a_ring = Roster(shifts=roster.shifts, absences=both.absences, deputies={"a": "b", "b": "a"})
    assert on_duty(in_a_ring, "town", "", local(11)) == ()
    assert stand_in(Roster(left=("a",), deputies={"a": "b"}), "a", local(9)) == "b"


def test_a_swap_holds_for_its_time_and_the_other_may_be_off_too() -> None:
    roster = Roster(
        shifts=WATCH,
        swaps=(Swap(person="night", instead="day", since=local(20), until=local(8, day=3)),),
        absences=(Absence(person="day", since=local(2, day=3), until=local(4, day=3)),),
        deputies={"day": "deputy"},
    )
    assert on_duty(roster, "supervisor", "", local(21)) == ("day",)
    assert on_duty(roster, "supervisor", "", local(3, day=3)) == ("deputy",)
    assert on_duty(roster, "supervisor", "", local(21, day=3)) == ("night",)


def test_who_has_left_is_never_on_duty() -> None:
    roster = Roster(shifts=WATCH, left=("night",))
    assert on_duty(roster, "supervisor", "", local(21)) == ()
    assert of_role(roster, "supervisor", "") == ("day",)


def test_gaps_are_found_before_they_come_to_the_minute() -> None:
    post = Post(role="town", area=TOWN)
    shift = Shift(role="town", persons=("a",), area=TOWN, times=Times(from_min=6 * 60, to_min=22 * 60))
    roster = Roster(shifts=(shift,), posts=(post,))
    (gap,) = gaps(roster, local(9), local(9, day=3))
    assert gap == Gap(role="town", area=TOWN, since=local(22), until=local(6, day=3))
    covered = Roster(shifts=(shift, Shift(role="town", persons=("b",), times=NIGHT)), posts=(post,))
    assert gaps(covered, local(9), local(9, day=3)) == ()
    away = Roster(
        shifts=covered.shifts, posts=(post,), absences=(Absence(person="b", since=local(23), until=local(1, day=3)),)
    )
    assert gaps(away, local(9), local(9, day=3)) == (
        Gap(role="town", area=TOWN, since=local(23), until=local(1, day=3)),
    )


def test_who_cannot_be_reached_is_no_cover() -> None:
    roster = Roster(shifts=WATCH, posts=(Post(role="supervisor"),))
    (gap,) = gaps(roster, local(9), local(9, day=3), lambda person: person != "night")
    assert (gap.since, gap.until) == (local(20), local(8, day=3))


def test_a_post_that_is_wanted_by_day_has_no_gap_at_night() -> None:
    roster = Roster(shifts=(WATCH[0],), posts=(Post(role="supervisor", times=DAY),))
    assert gaps(roster, local(9), local(9, day=4)) == ()


def test_a_roster_that_names_what_is_not_there_says_so() -> None:
    roster = Roster(
        shifts=(Shift(role="grid", persons=("nobody",), area="99"), Shift(role="", persons=())),
        absences=(Absence(person="a", since=local(10), until=local(9)),),
        holidays={"2026-02-30": "?"},
    )
    assert flaws(roster, {"a"}.__contains__, frozenset({"32"})) == [
        "unknown_person|nobody",
        "unknown_area|99",
        "empty_shift|",
        "ends_before|a",
        "bad_date|2026-02-30",
    ]
