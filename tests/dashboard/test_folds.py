"""What the queue folds, whatever happens: never P1 or P2, never what somebody has; and everything is somewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.floods import Flood
from alerting.model import Alarm, AlarmKind, FaultKind, IncidentState, Priority
from dashboard.folds import Folds, faults_folded, folds_of, piled
from dashboard.i18n import load_languages, read_catalogue
from dashboard.rows import console_row
from dashboard.speech import Speech
from dashboard.times import LocalTime
from gateway.desk.contract import FaultView, QueueRow

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
FLOOD = Flood(since=NOW, lately=31, operators=2, total=31)
ZH = Speech(load_languages()["zh_CN"], LocalTime(8))
FOLDABLE = {Priority.P3, Priority.P4}


def row(n: int, priority: Priority, kind: AlarmKind = AlarmKind.UNSEEN, **more: object) -> QueueRow:
    fields: dict[str, object] = {
        "incident": f"H{n}-1",
        "key": f"H{n}",
        "household": f"H{n}",
        "resident": f"住户{n}",
        "address": "",
        "area": "1.2.3",
        "town": "柳溪镇",
        "village": "",
        "tier": "care",
        "state": "open",
        "priority": priority,
        "alarms": (Alarm(kind=kind, at=NOW),),
        "alarm_count": 1,
        "unacknowledged": True,
        "opened_at": NOW + timedelta(seconds=n),
        "rang_at": NOW,
        "changed_at": NOW,
    }
    return QueueRow(**(fields | more))  # type: ignore[arg-type]


def outage(*homes: str, kind: AlarmKind = AlarmKind.AREA_OUTAGE, **more: object) -> QueueRow:
    fields: dict[str, object] = {"incident": "@outage@1.2.3-1", "household": "", "resident": "河湾村"}
    return row(999, Priority.P2, kind, **(fields | {"members": homes, "homes": len(homes)} | more))


anything = st.builds(
    row,
    st.integers(0, 30),
    st.sampled_from(Priority),
    st.sampled_from(AlarmKind),
    state=st.sampled_from([it.value for it in IncidentState]),
    claimed_by=st.sampled_from(["", "zuoxi1"]),
    second_person=st.booleans(),
    town=st.sampled_from(["柳溪镇", "石桥镇", ""]),
)
floods = st.sampled_from([Flood(), FLOOD, Flood(since=NOW, ended=NOW)])
areas = st.lists(st.integers(0, 30).map(lambda n: f"H{n}"), max_size=20)
causes = st.sampled_from([AlarmKind.AREA_OUTAGE, AlarmKind.AREA_BRIDGE, AlarmKind.AREA_CALLS])


@given(st.lists(anything, max_size=20), floods, areas, causes)
def test_p1_and_p2_are_never_folded(rows: list[QueueRow], flood: Flood, homes: list[str], cause: AlarmKind) -> None:
    everything = [*rows, outage(*homes, kind=cause)]
    folds = folds_of(everything, flood)
    for it in everything:
        if folds.of(it):
            assert it.priority in FOLDABLE
            assert not it.claimed_by


@given(st.lists(anything, max_size=20, unique_by=lambda it: it.incident), floods, areas)
def test_everything_is_somewhere_in_the_queue(rows: list[QueueRow], flood: Flood, homes: list[str]) -> None:
    say = ZH
    folds = folds_of([*rows, outage(*homes)], flood)
    shown = [folds.applied(console_row(it, say), it) for it in rows]
    piles = piled(shown)
    assert sorted(it["incident"] for pile in piles for it in pile.rows) == sorted(it.incident for it in rows)
    assert all(len(pile.rows) == 1 for pile in piles if not pile.fold)
    assert all(it["priority"] > Priority.P2 for pile in piles if pile.fold for it in pile.rows)


def test_homes_of_an_outage_that_cannot_be_seen_stand_under_it() -> None:
    rows = [row(1, Priority.P3), row(2, Priority.P3), row(3, Priority.P1, AlarmKind.PANIC), outage("H1", "H3")]
    folds = folds_of(rows, Flood())
    assert [bool(folds.of(it)) for it in rows] == [True, False, False, False]
    assert folds.of(row(1, Priority.P3, AlarmKind.CANNOT_CALL)), "nor those that cannot call: their hubs have no power"


def fault(home: str, kind: FaultKind) -> FaultView:
    return FaultView(household=home, resident="", area="", address="", kind=kind, opened_at=NOW)


def test_faults_that_an_outage_explains_stand_under_it_and_no_others() -> None:
    faults = [fault(home, kind) for home in ("H1", "H2") for kind in (FaultKind.OFFLINE, FaultKind.BATTERY_LOW)]
    under, alone = faults_folded(faults, [outage("H1")])
    assert [(area.resident, found) for area, found in under] == [("河湾村", [faults[0]])]
    assert alone == faults[1:]
    assert faults_folded(faults, []) == ([], faults)


def test_many_calls_fold_nothing() -> None:
    rows = [row(1, Priority.P3), outage("H1", kind=AlarmKind.AREA_CALLS)]
    assert folds_of(rows, Flood()).homes == {}


def test_they_come_back_when_it_is_closed() -> None:
    rows = [row(1, Priority.P3), outage("H1", state="closed")]
    assert folds_of(rows, Flood()) == Folds()


def test_a_home_with_another_alarm_stands_by_itself() -> None:
    alarms = (Alarm(kind=AlarmKind.UNSEEN, at=NOW), Alarm(kind=AlarmKind.INACTIVITY, at=NOW))
    rows = [row(1, Priority.P3, alarms=alarms), outage("H1")]
    assert folds_of(rows, Flood()).of(rows[0]) == ""


def test_a_flood_folds_by_cause_and_town() -> None:
    rows = [row(1, Priority.P3), row(2, Priority.P3), row(3, Priority.P3, town="石桥镇"), row(4, Priority.P4)]
    folds = folds_of(rows, FLOOD)
    assert len({folds.of(it) for it in rows}) == 2
    say = ZH
    piles = piled([folds.applied(console_row(it, say), it) for it in rows])
    assert [len(pile.rows) for pile in piles] == [3, 1]
    assert piles[0].first["fold_word"] == "住户失联 · 柳溪镇"
    assert not any(it["ringing"] for pile in piles for it in pile.rows)


def test_the_band_says_since_when_how_many_and_how_many_are_folded() -> None:
    rows = [row(1, Priority.P3), row(2, Priority.P1), row(3, Priority.P3), row(4, Priority.P3, town="石桥镇")]
    band = folds_of(rows, FLOOD).band(rows, ZH)
    assert "12:00" in band
    assert "31 起" in band
    assert "共 2 起" in band, "one alone stands by itself"
    assert folds_of(rows, Flood()).band(rows, ZH) == ""
    ended = Flood(since=NOW, ended=NOW + timedelta(minutes=30), total=44)
    assert "12:30 结束" in folds_of(rows, ended).band(rows, ZH)


@pytest.mark.parametrize("language", ["zh_CN"])
def test_the_words_of_folds_are_translated(language: str) -> None:
    assert read_catalogue(language).get("%(n)s folded") is not None
