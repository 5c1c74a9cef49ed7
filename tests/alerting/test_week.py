"""A week of the roster: whose turn it is on which day, who stands in, and where nobody can be called."""

from __future__ import annotations

from datetime import date, timedelta

from alerting.duty.chain import Editions
from alerting.duty.roster import Absence, DayKind, Post, Roster, Shift, Swap, Times, on_duty
from alerting.duty.week import Standing, Week, midnight, monday, week
from tests.alerting.chain_of_village import PEOPLE, TOWN, VILLAGE

DAY = Times(from_min=8 * 60, to_min=20 * 60)
NIGHT = Times(from_min=20 * 60, to_min=8 * 60)
FIRST = date(2026, 1, 5)
WATCH = Roster(
    shifts=(
        Shift(role="grid", persons=("grid1",), area=TOWN, times=DAY),
        Shift(role="grid", persons=("grid2",), area=TOWN, times=NIGHT),
    ),
    posts=(Post(role="grid", area=TOWN),),
)


def of(roster: Roster) -> Week:
    return week(Editions(roster=roster, people=PEOPLE), FIRST, midnight(roster, FIRST))


def at(day: int, hour: int) -> timedelta:
    return timedelta(days=day, hours=hour)


def test_the_week_of_a_day_begins_on_its_monday() -> None:
    assert monday(date(2026, 1, 11)) == monday(FIRST) == FIRST
    seen = of(WATCH)
    assert [it.isoweekday() for it in seen.days] == [1, 2, 3, 4, 5, 6, 7]
    assert [(row.role, row.area) for row in seen.rows] == [("grid", TOWN)]


def test_each_turn_says_the_same_as_who_is_on_duty_in_each_of_its_hours() -> None:
    begins = midnight(WATCH, FIRST)
    roster = Roster(
        shifts=WATCH.shifts,
        swaps=(Swap(person="grid1", instead="chief", since=begins + at(2, 8), until=begins + at(2, 20)),),
        absences=(Absence(person="grid2", since=begins + at(3, 23), until=begins + at(4, 2)),),
        deputies={"grid2": "deputy"},
    )
    (row,) = of(roster).rows
    turns = [turn for cell in row.cells for turn in cell.turns]
    assert len(turns) == 16, "the night of the absence is cut in three"
    for turn in turns:
        moment = turn.since
        while moment < turn.until:
            assert on_duty(roster, "grid", TOWN, moment) == tuple(it.stands for it in turn.persons)
            moment += timedelta(minutes=30)
    assert row.cells[2].turns[0].persons == (Standing("grid1", "chief", "chief"),)
    assert [it.persons[0].stands for it in row.cells[3].turns] == ["grid1", "grid2", "deputy", "grid2"]


def test_where_nobody_can_be_called_each_day_says_from_when_to_when() -> None:
    begins = midnight(WATCH, FIRST)
    off = Absence(person="grid2", since=begins + at(1, 22), until=begins + at(2, 6))
    seen = of(Roster(shifts=WATCH.shifts, posts=WATCH.posts, absences=(off,)))
    (row,) = seen.rows
    assert row.cells[1].gaps == ((begins + at(1, 22), begins + at(2, 0)),)
    assert row.cells[2].gaps == ((begins + at(2, 0), begins + at(2, 6)),)
    assert not any(row.cells[n].gaps for n in (0, 3, 4, 5, 6))
    assert (seen.gaps[0].since, seen.gaps[0].until) == (off.since, off.until)


def test_what_is_over_is_no_gap_any_more() -> None:
    empty = Roster(posts=WATCH.posts)
    noon = midnight(empty, FIRST) + at(3, 12)
    seen = week(Editions(roster=empty, people=PEOPLE), FIRST, noon)
    assert seen.gaps[0].since == noon
    assert [bool(cell.gaps) for cell in seen.rows[0].cells] == [False] * 3 + [True] * 4
    assert week(Editions(roster=empty, people=PEOPLE), FIRST, noon + timedelta(days=7)).gaps == ()


def test_a_post_without_a_shift_and_a_responsible_person_who_is_off_have_rows_of_their_own() -> None:
    begins = midnight(WATCH, FIRST)
    off = Absence(person="village", since=begins, until=begins + at(1, 0))
    seen = of(Roster(posts=(Post(role="supervisor"),), absences=(off,)))
    assert {(row.role, row.area) for row in seen.rows} == {("supervisor", ""), ("village", "")}
    assert PEOPLE.areas[VILLAGE] == "村"


def test_shifts_of_working_days_are_not_there_on_a_holiday() -> None:
    office = Shift(role="grid", persons=("grid1",), times=Times(from_min=540, to_min=1020, on=DayKind.WORKING))
    (row,) = of(Roster(shifts=(office,), holidays={"2026-01-07": "假"}, workdays=("2026-01-10",))).rows
    assert [len(cell.turns) for cell in row.cells] == [1, 1, 0, 1, 1, 1, 0]
