"""The news by cursor: each event exactly once and in its order, whatever is committed meanwhile, on either store."""

from __future__ import annotations

import threading
from itertools import cycle

import msgspec
import pytest
from presses import NOON, add_press
from presses import incident as incident_of

from alerting.casefile import Household, Place
from alerting.decisions import HouseholdSaved, IncidentChanged, Noted, Registered
from alerting.enrolment.command import REGISTRY
from alerting.events import TimePassed
from alerting.model import Aggregate, Entry, EntryKind, IncidentState, RiskTier, partition_of
from gateway.exchange.addresses import is_private_enough, may_reach, networks_of
from gateway.exchange.cursor import CursorError, read, written
from gateway.exchange.feed import Feed, OutOfOrderError
from gateway.store.batch import Batch
from gateway.store.feed import FeedReads
from gateway.writing.recorder import Recorder
from nuanhu.wiring import Store

WAIT_S = 60.0
TOWN = "990100.01"
HOMES = [f"h{n}" for n in range(8)]
ROUNDS = 12


def home(key: str, n: int = 0) -> Household:
    return Household(key=key, area=TOWN, address=f"{n}号", place=Place(lat=30.0, lon=120.0), tier=RiskTier.CARE)


def feed_of(store: Store, order: list[int] | None = None) -> Feed:
    orders = order or [0]
    return Feed(FeedReads(store.engine), home, lambda: orders[0], "/api/v1")


def add_incident(batch: Batch, key: str, seq: int) -> None:
    """An incident that is closed at once: opened and closed are news."""
    where = (partition_of(key), seq, Aggregate.HOUSEHOLD, key)
    it = msgspec.structs.replace(incident_of(key, IncidentState.CLOSED), id=f"{key}-{seq}")
    batch.note_event(where, NOON, TimePassed(), policy=1)
    batch.note_decision(where, 0, NOON, IncidentChanged(incident=it))
    for n, kind in enumerate((EntryKind.ALARM, EntryKind.NOTE, EntryKind.CLOSED), 1):
        batch.note_decision(where, n, NOON, Noted(entry=Entry(incident=it.id, at=NOON, kind=kind)))


def add_homes(batch: Batch, seq: int, *keys: str) -> None:
    """Homes that are registered with one command."""
    where = (partition_of(REGISTRY), seq, Aggregate.REGISTRY, REGISTRY)
    batch.note_event(where, NOON, TimePassed(), policy=1)
    changes = tuple(HouseholdSaved(household=home(key)) for key in keys)
    batch.note_decision(where, 0, NOON, Registered(by="zhao", what="import_households", changes=changes))


def followed(feed: Feed, done: threading.Event, most: int) -> list[str]:
    """Ids of all events, read page by page while others write, until nothing more comes."""
    at, ids, limits = "", list[str](), cycle((most, 1 + most // 3, 1 + most // 2))
    while True:
        was_done = done.is_set()
        page = feed.page(read(at), next(limits), "")
        ids += [it.event.id for it in page.told]
        at = written(page.upto)
        if not page.more and was_done:
            return ids


@pytest.mark.parametrize("most", [9, 60])
def test_nothing_is_missed_or_doubled_while_partitions_commit(store: Store, most: int) -> None:
    done = threading.Event()

    def write() -> None:
        seqs = dict.fromkeys(range(256), 0)
        for n in range(ROUNDS):
            batch = Batch()
            for key in (HOMES[(7 * n + m) % len(HOMES)] for m in range(5)):
                seqs[partition_of(key)] += 1
                add_incident(batch, key, seqs[partition_of(key)])
            seqs[partition_of(REGISTRY)] += 1
            add_homes(batch, seqs[partition_of(REGISTRY)], *(f"n{n}-{m}" for m in range(3)))
            store.write(batch)
        done.set()

    writing = threading.Thread(target=write)
    writing.start()
    ids = followed(feed_of(store), done, most)
    writing.join()
    assert len(ids) == len(set(ids)) == ROUNDS * (5 * 2 + 3)
    places = [tuple(map(int, id_.split("-"))) for id_ in ids]
    streams: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for of, partition, seq, n in places:
        streams.setdefault((of, partition), []).append((seq, n))
    assert all(found == sorted(found) for found in streams.values()), "each stream in the order of its commits"


def test_a_batch_of_one_command_is_cut_anywhere(store: Store) -> None:
    batch = Batch()
    add_homes(batch, 1, *(f"n{m:03}" for m in range(250)))
    store.write(batch)
    feed, at, subjects = feed_of(store), "", []
    for _ in range(9):
        page = feed.page(read(at), 30, "")
        subjects += [it.event.subject for it in page.told]
        at = written(page.upto)
    assert subjects == [f"n{m:03}" for m in range(250)]


def test_while_a_batch_is_taken_apart_nothing_is_read(store: Store) -> None:
    """Two homes of one partition: the later number becomes visible first, and the cursor must not pass the earlier."""
    first = "h0"
    second = next(f"x{n}" for n in range(100_000) if partition_of(f"x{n}") == partition_of(first))
    batch = Batch()
    add_incident(batch, second, 1)  # taken apart, its home comes first, with both of its numbers
    add_incident(batch, first, 2)
    add_incident(batch, second, 3)
    add_press(batch, "h1", 1)
    batch.journal[-1]["reason"] = "\ud800"  # no store takes it
    parts, go_on = threading.Event(), threading.Event()
    written_parts: list[Batch] = []

    def write(part: Batch) -> None:
        store.write(part)
        written_parts.append(part)
        if len(written_parts) == 1:
            parts.set()
            assert go_on.wait(WAIT_S)

    recorder = Recorder(write)
    feed = Feed(FeedReads(store.engine), home, lambda: recorder.order, "/api/v1")
    durable = threading.Event()
    recorder.on_settled = durable.set
    asked = threading.Thread(target=recorder.record, args=(batch,))
    asked.start()
    assert parts.wait(WAIT_S)
    visible = {row.place[0] for row in FeedReads(store.engine).after({}, 100).rows}
    assert visible == {1, 3}, "a later number is visible, and an earlier one is not"
    with pytest.raises(OutOfOrderError):
        feed.page({}, 100, "")
    with pytest.raises(OutOfOrderError):
        feed.head()
    go_on.set()
    assert durable.wait(WAIT_S)
    asked.join()
    recorder.stop()
    page = feed.page({}, 100, "")
    assert {it.event.id for it in page.told} == {
        f"1-{partition_of(first)}-{seq}-{n}" for seq in (1, 2, 3) for n in (1, 3)
    }


def test_what_becomes_disordered_while_it_is_read_is_read_again(store: Store) -> None:
    batch = Batch()
    add_homes(batch, 1, "n1")
    store.write(batch)
    orders = iter([0, 1])
    feed = Feed(FeedReads(store.engine), home, lambda: next(orders), "/api/v1")
    with pytest.raises(OutOfOrderError):
        feed.page({}, 10, "")


def test_a_reader_of_another_town_gets_nothing_and_still_gets_on(store: Store) -> None:
    batch = Batch()
    add_homes(batch, 1, "n1", "n2")
    add_incident(batch, "h1", 1)
    store.write(batch)
    feed = feed_of(store)
    page = feed.page({}, 10, "990100.02")
    assert (page.told, page.more) == ((), False)
    assert page.upto == feed.head()
    assert len(feed.page({}, 10, TOWN).told) == 4


@pytest.mark.parametrize("word", ["!", "AAAA", "kZQA", "\u4e2d", "x" * 9000, "kZQAzQEsAQE", "lA", "_" * 11])
def test_a_cursor_that_was_not_made_here_is_refused(word: str) -> None:
    with pytest.raises(CursorError):
        read(word)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("169.254.169.254", False),
        ("10.0.0.1", False),
        ("10.20.1.1", True),
        ("::ffff:10.20.1.1", True),
        ("192.168.1.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nobody listens
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("100.64.0.1", False),
        ("nonsense", False),
    ],
)
def test_only_public_addresses_and_named_networks_may_be_spoken_to(address: str, *, may: bool) -> None:
    assert may_reach(address, networks_of(("10.20.0.0/16",))) is may


def test_plain_http_is_for_addresses_inside_a_named_network() -> None:
    named = networks_of(("10.20.0.0/16",))
    assert is_private_enough("https://platform.example/x", named)
    assert is_private_enough("http://10.20.3.4:8080/x", named)
    assert not is_private_enough("http://10.21.3.4/x", named)
    assert not is_private_enough("http://platform.example/x", named)
