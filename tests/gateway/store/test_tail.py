"""The journal read beyond a cursor, on either store."""

from __future__ import annotations

from datetime import UTC, datetime

from alerting.events import TimePassed
from alerting.model import PARTITIONS, Aggregate
from gateway.store.batch import Batch
from gateway.store.tail import JournalTail
from nuanhu.wiring import Store

AT = datetime(2026, 1, 5, tzinfo=UTC)


def add(store: Store, partition: int, *seqs: int) -> None:
    batch = Batch()
    for seq in seqs:
        batch.note_event((partition, seq, Aggregate.HOUSEHOLD, f"a-{partition}"), AT, TimePassed(), policy=1)
    store.write(batch)


def test_an_empty_journal_has_nothing(store: Store) -> None:
    piece = JournalTail(store.engine).after({}, 10)
    assert (piece.rows, piece.upto, piece.left) == ([], {}, 0)


def test_a_full_partition_does_not_hold_up_the_others(store: Store) -> None:
    add(store, 7, *range(1, 101))
    for partition in (0, 255):
        add(store, partition, 1)
    tail = JournalTail(store.engine)
    piece = tail.after({}, 30)
    assert piece.upto == {0: 1, 7: 10, 255: 1}
    assert [row.seq for row in piece.rows if row.partition == 7] == list(range(1, 11))
    assert piece.left == 90
    seen, cursor = len(piece.rows), dict(piece.upto)
    while (piece := tail.after(cursor, 30)).rows:
        cursor |= piece.upto
        seen += len(piece.rows)
    assert (seen, cursor) == (102, {0: 1, 7: 100, 255: 1})


def test_numbers_that_were_never_committed_do_not_stop_it(store: Store) -> None:
    add(store, 3, 1, 2, 50, 51)
    tail = JournalTail(store.engine)
    cursor: dict[int, int] = {}
    seqs = []
    while (piece := tail.after(cursor, 1)).upto:
        cursor |= piece.upto
        seqs += [row.seq for row in piece.rows]
    assert seqs == [1, 2, 50, 51]


def test_a_cursor_is_kept_for_each_target(store: Store) -> None:
    for target, upto in (("one", {0: 5, PARTITIONS - 1: 7}), ("two", {0: 1}), ("one", {0: 6})):
        batch = Batch()
        batch.note_cursor(target, upto)
        assert not batch.is_empty()
        store.write(batch)
    tail = JournalTail(store.engine)
    assert tail.cursor("one") == {0: 6, PARTITIONS - 1: 7}
    assert tail.cursor("two") == {0: 1}
    assert tail.cursor("three") == {}
