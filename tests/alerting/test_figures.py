"""The figures of a journal that was counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerting.events import ConsolesHeard
from alerting.figures.attended import operator_hours
from alerting.figures.course import Course, course_of
from alerting.figures.measures import Measure, figures, floods
from alerting.figures.worst import worst
from alerting.model import Aggregate, Alarm, AlarmKind, Entry, EntryKind, Incident, IncidentState, Outcome, Priority

T = datetime(2026, 3, 2, 1, tzinfo=UTC)
NOW = T + timedelta(days=1)
KINDS = {kind.value: kind for kind in EntryKind}


def at(seconds: float) -> datetime:
    return T + timedelta(seconds=seconds)


def went(
    n: int,
    *lines: tuple[float, str],
    outcome: Outcome | None = Outcome.REAL,
    kind: AlarmKind = AlarmKind.PANIC,
    priority: Priority = Priority.P1,
    closed_s: float = 7200,
) -> Course:
    """An incident that rang at second 0, with these lines at these seconds."""
    id_ = f"H{n}-1"
    timeline = [Entry(incident=id_, at=T, kind=EntryKind.ALARM)]
    timeline += [Entry(incident=id_, at=at(s), kind=KINDS[word], by="op", text="a|b") for s, word in lines]
    closed: dict[str, Any] = {"outcome": outcome, "closed_at": at(closed_s)} if outcome is not None else {}
    incident = Incident(
        id=id_,
        key=f"H{n}",
        aggregate=Aggregate.HOUSEHOLD,
        state=IncidentState.OPEN if outcome is None else IncidentState.CLOSED,
        priority=priority,
        alarms=(Alarm(kind=kind, at=T),),
        alarm_count=1,
        unacknowledged=False,
        opened_at=T,
        rang_at=T,
        changed_at=T,
        **closed,
    )
    return course_of(incident, "32.01.02", timeline)


JOURNAL = (
    # answered after 20 s, sent after 2 min, accepted 60 s later, at the door 30 min after that decision, inside 4 later
    went(1, (20, "claimed"), (120, "dispatched"), (180, "job_accepted"), (1920, "arrived"), (2160, "job_inside")),
    # by the telephone after 100 s; nobody had to go
    went(2, (100, "page_accepted"), outcome=Outcome.ACCIDENTAL),
    # after 200 s; sent, accepted after 5 min, at the door after 50, inside 10 min later; nobody needed help
    went(
        3,
        (200, "claimed"),
        (300, "dispatched"),
        (600, "job_accepted"),
        (3300, "arrived"),
        (3900, "job_inside"),
        outcome=Outcome.WAS_WELL,
    ),
    # called back after ten minutes, because they answered the telephone: the way is not counted
    went(4, (30, "claimed"), (60, "dispatched"), (90, "job_accepted"), (660, "recalled"), closed_s=700),
    # a silence, P2, answered in a minute sharp, and sent: never accepted, never there, still open
    went(5, (60, "claimed"), (600, "dispatched"), outcome=None, kind=AlarmKind.INACTIVITY, priority=Priority.P2),
    # a drill, answered far too late
    went(6, (4000, "claimed"), outcome=Outcome.TEST),
    # opened by hand: nobody waited to be answered
    went(7, (0, "claimed"), outcome=Outcome.OTHER, kind=AlarmKind.MANUAL),
    # P3: its answer is not counted
    went(8, (5000, "claimed"), outcome=Outcome.EQUIPMENT, kind=AlarmKind.UNSEEN, priority=Priority.P3),
    # nobody has ever answered
    went(9, outcome=None),
)


def counted(measure: Measure) -> tuple[set[str], set[str]]:
    """(counted, met) of the journal, as numbers of homes."""
    figure = figures(JOURNAL, NOW)[measure]
    return {it[1] for it in figure.of}, {it[1] for it in figure.met}


@pytest.mark.parametrize(
    ("measure", "of", "met"),
    [
        (Measure.ANSWERED_60, "123459", "145"),
        (Measure.ANSWERED_180, "123459", "1245"),
        (Measure.ACCEPTED, "1345", "14"),
        (Measure.THERE_45, "135", "1"),
        (Measure.THERE_60, "135", "13"),
        (Measure.INSIDE, "13", "1"),
        (Measure.FALSE, "123478", "238"),
        (Measure.WASTED, "13", "3"),
    ],
)
def test_each_figure_is_what_was_counted_by_hand(measure: Measure, of: str, met: str) -> None:
    assert counted(measure) == (set(of), set(met))


def test_the_times_are_those_of_the_journal() -> None:
    found = figures(JOURNAL, NOW)
    # answered after 20, 30, 60, 100 and 200 s
    assert (found[Measure.ANSWERED_60].median_s, found[Measure.ANSWERED_60].p90_s) == (60, 200)
    assert (found[Measure.THERE_45].median_s, found[Measure.THERE_45].p90_s) == (1800, 3000)
    assert found[Measure.ANSWERED_60].share == 0.5
    assert found[Measure.ANSWERED_60].missed == ("H2-1", "H3-1", "H9-1")


def test_what_still_has_time_is_not_counted_and_without_any_there_is_no_share() -> None:
    ringing = went(1, outcome=None)
    assert figures([ringing], at(59))[Measure.ANSWERED_60].share is None
    assert figures([ringing], at(61))[Measure.ANSWERED_60].share == 0
    assert figures([ringing], at(61))[Measure.ANSWERED_180].of == ()


def test_an_arrival_of_before_somebody_was_sent_again_is_not_taken_for_theirs() -> None:
    again = went(1, (10, "claimed"), (20, "arrived"), (100, "dispatched"), (400, "arrived"))
    assert again.there_at == at(400)


def test_more_than_ten_in_ten_minutes_are_a_flood_until_fewer_than_five_come() -> None:
    assert floods(at(60 * n) for n in range(30)) == []
    quick = [at(30 * n) for n in range(15)]
    slow = [at(3600 + 300 * n) for n in range(4)]
    found = floods([*slow, *quick])
    assert [(it.since, it.alarms) for it in found] == [(T, 15)]
    assert at(30 * 14) < found[0].until <= at(30 * 14 + 600)
    later = [at(86_400 + n) for n in range(11)]
    assert [it.alarms for it in floods([*quick, *later])] == [15, 11]


def test_hours_at_consoles_are_those_at_which_they_were_attended() -> None:
    told = [
        (at(-3600), ConsolesHeard(came=("a",), attended=("a",))),
        (at(3600), ConsolesHeard(came=("b",))),  # here, and not attending
        (at(7200), ConsolesHeard(attended=("a", "b"))),
        (at(10_800), ConsolesHeard(gone=(("a", at(10_790)),))),
        (at(14_400), ConsolesHeard(restarted=True)),
    ]
    # a for 3 h, b from hour 2 until the restart at hour 4
    assert operator_hours(told, T, at(5 * 3600)) == 5
    assert operator_hours(told, T, at(3600)) == 1
    assert operator_hours([], T, NOW) == 0


def test_the_worst_are_those_with_most_false_alarms_and_tests_count_for_nobody() -> None:
    courses = [
        went(1, outcome=Outcome.ACCIDENTAL),
        went(1, outcome=Outcome.WAS_WELL),
        went(1, outcome=Outcome.REAL),
        went(2, outcome=Outcome.EQUIPMENT),
        went(3, outcome=Outcome.TEST),
        went(4, outcome=Outcome.REAL),
        went(5, outcome=None),
        went(6, outcome=Outcome.ACCIDENTAL),
        went(6, outcome=Outcome.REAL),
    ]
    found = worst(courses, lambda it: it.home)
    assert [(it.of, it.false, it.closed) for it in found] == [("H1", 2, 3), ("H2", 1, 1), ("H6", 1, 2)]
    assert [it.of for it in worst(courses, lambda it: it.home, most=1)] == ["H1"]
    assert worst(courses, lambda it: it.device) == [], "nobody's"
