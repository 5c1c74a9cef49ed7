"""The inbox: calls for help first, a backlog is read ahead once, too much of it blocks its source."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from gateway.clock import SystemClock
from gateway.writing.inbox import AHEAD_GLANCES, GLANCE_S, Inbox

MOST = 10
CLOCK = SystemClock()


@pytest.fixture
def pouring() -> Iterator[tuple[Inbox[int], threading.Event]]:
    """An inbox into which a backlog pours until told to stop."""
    inbox: Inbox[int] = Inbox()
    stop = threading.Event()

    def pour() -> None:
        n = 0
        while not stop.wait(0.002):
            for _ in range(10):
                inbox.put(n)
                n += 1

    source = threading.Thread(target=pour)
    source.start()
    yield inbox, stop
    stop.set()
    inbox.close()
    source.join()


def filled(count: int) -> Inbox[int]:
    inbox: Inbox[int] = Inbox()
    for n in range(count):
        inbox.put(n)
    return inbox


def took_s(inbox: Inbox[int]) -> tuple[list[int], float]:
    began_s = CLOCK.monotonic_s()
    work = inbox.take(MOST, 1.0)
    return work, CLOCK.monotonic_s() - began_s


def test_urgent_work_is_taken_alone_and_first() -> None:
    inbox = filled(5)
    inbox.put(99, urgent=True)
    assert inbox.take(MOST, 0) == [99]
    assert inbox.take(MOST, 0) == [0, 1, 2, 3, 4]


def test_a_backlog_that_pours_in_is_read_ahead_once(pouring: tuple[Inbox[int], threading.Event]) -> None:
    inbox, _ = pouring
    while len(inbox) < MOST:
        pass
    work, _ = took_s(inbox)
    assert work == list(range(MOST))
    assert len(inbox) > 10 * MOST
    again, waited_s = took_s(inbox)
    assert again == list(range(MOST, 2 * MOST))
    assert waited_s < AHEAD_GLANCES * GLANCE_S * 0.5


def test_a_press_in_it_ends_the_reading(pouring: tuple[Inbox[int], threading.Event]) -> None:
    inbox, _ = pouring
    while len(inbox) < MOST:
        pass
    threading.Timer(0.2, inbox.put, (-1,), {"urgent": True}).start()
    work, waited_s = took_s(inbox)
    assert work == [-1]
    assert waited_s < AHEAD_GLANCES * GLANCE_S * 0.7


def test_a_backlog_that_has_been_read_is_not_waited_for() -> None:
    work, waited_s = took_s(filled(MOST * 5))
    assert len(work) == MOST
    assert waited_s < AHEAD_GLANCES * GLANCE_S * 0.5


def test_too_much_blocks_its_source_but_never_a_press() -> None:
    inbox: Inbox[int] = Inbox(limit=3)
    for n in range(3):
        inbox.put(n)
    blocked = threading.Thread(target=inbox.put, args=(3,))
    blocked.start()
    blocked.join(0.1)
    assert blocked.is_alive()
    inbox.put(99, urgent=True)
    assert inbox.take(MOST, 0) == [99]
    assert inbox.take(1, 0) == [0]
    blocked.join(5)
    assert not blocked.is_alive()
    assert inbox.take(MOST, 0) == [1, 2, 3]
