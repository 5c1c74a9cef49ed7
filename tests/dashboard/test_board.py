"""The board counts and folds as it changes exactly what counting and folding everything anew would say."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.casefile import covers
from alerting.floods import Flood
from alerting.model import AlarmKind, IncidentState, Priority
from dashboard.board import Board
from dashboard.folds import folds_of
from dashboard.rows import group_of
from gateway.desk.contract import QueueRow
from tests.dashboard.test_folds import FLOOD, NOW, ZH, outage, row

HOMES = [f"H{n}" for n in range(6)]
AREAS = ["", "1.2", "1.3"]

homes_rows = st.builds(
    row,
    st.integers(0, 5),
    st.sampled_from(Priority),
    st.sampled_from([AlarmKind.UNSEEN, AlarmKind.PANIC]),
    state=st.sampled_from(["open", "claimed", "closed"]),
    claimed_by=st.sampled_from(["", "zuoxi1"]),
    area=st.sampled_from(["1.2.3", "1.3.1", ""]),
)
areas_rows = st.builds(
    lambda n, homes, state: outage(
        *homes, incident=f"@outage@{n}-1", resident=f"村{n}", state=state, opened_at=NOW + timedelta(minutes=n)
    ),
    st.integers(0, 2),
    st.lists(st.sampled_from(HOMES), unique=True),
    st.sampled_from(["open", "closed"]),
)
floods = st.sampled_from([FLOOD, Flood()])


def expected(rows: dict[str, QueueRow], flood: Flood, area: str) -> tuple[int, int, str]:
    shown = [it for it in rows.values() if covers(area, it.area)]
    groups = [group_of(it) for it in shown]
    return groups.count("unclaimed"), groups.count("progress"), folds_of(rows.values(), flood).band(shown, ZH)


@settings(deadline=None)
@given(st.lists(st.one_of(homes_rows, areas_rows, floods), max_size=40), st.integers(0, 40))
def test_counted_and_folded_as_it_changes_it_is_what_it_would_be_anew(
    news: list[QueueRow | Flood], begins: int
) -> None:
    board, rows, flood = Board(), dict[str, QueueRow](), Flood()
    for n, it in enumerate(news):
        before = {id_: folds_of(rows.values(), flood).of(old) for id_, old in rows.items()}
        if n == begins:
            board.begin(rows.values(), flood)
        if isinstance(it, Flood):
            flood, moved = it, board.flood(it)
        else:
            moved = board.put(it)
            if it.state == IncidentState.CLOSED:
                rows.pop(it.incident, None)
            else:
                rows[it.incident] = it
        folds = folds_of(rows.values(), flood)
        assert board.rows == rows
        assert board.folds == folds
        changed = "" if isinstance(it, Flood) else it.incident
        assert moved == any(
            fold != folds.of(rows[id_]) for id_, fold in before.items() if id_ in rows and id_ != changed
        )
        for area in AREAS:
            tally = board.tally(area, lambda key, area=area: covers(area, key))  # type: ignore[misc]
            told = tally.groups["unclaimed"], tally.groups["progress"], board.folds.told(tally.folded, ZH)
            assert told == expected(rows, flood, area)


def test_a_group_nobody_is_in_is_counted_no_more_and_counted_anew_when_they_come() -> None:
    board = Board()
    assert not board.put(row(1, Priority.P1))
    assert board.tally("all", lambda _: True).groups["unclaimed"] == 1
    board.keep_tallies([])
    board.put(row(2, Priority.P1))
    assert board.tally("all", lambda _: True).groups["unclaimed"] == 2
