"""Outages of the broker are told to the rules in parts: each once, all of them, and short ones not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerting.events import Unobserved
from alerting.model import BlindCause
from gateway.self_supervision.hearing import Hearing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def part(since: float, until: float, began: float = 0) -> Unobserved:
    return Unobserved(since=at(since), until=at(until), cause=BlindCause.BROKER, began=at(began))


@pytest.fixture
def hearing() -> Hearing:
    """Lost at noon."""
    hearing = Hearing()
    hearing.back(at(-60))
    hearing.lost(at(0))
    return hearing


def test_nothing_is_told_while_the_broker_is_there() -> None:
    hearing = Hearing()
    hearing.back(at(0))
    assert hearing.part(at(600)) is None


def test_a_short_outage_is_none(hearing: Hearing) -> None:
    assert hearing.part(at(1.9)) is None
    hearing.back(at(1.99))
    assert hearing.part(at(60)) is None


def test_an_outage_is_told_from_two_minutes_on_and_then_every_five(hearing: Hearing) -> None:
    told = [hearing.part(at(minute)) for minute in range(16)]
    assert [part for part in told if part] == [part(0, 2), part(2, 7), part(7, 12)]


def test_its_end_is_told_with_the_rest(hearing: Hearing) -> None:
    assert hearing.part(at(2)) == part(0, 2)
    hearing.lost(at(3))  # it never came back
    hearing.back(at(4))
    assert hearing.part(at(10)) == part(2, 4)
    assert hearing.part(at(20)) is None


def test_an_outage_nobody_asked_about_is_told_whole_and_in_its_turn(hearing: Hearing) -> None:
    hearing.back(at(10))
    hearing.lost(at(20))
    hearing.back(at(21))
    hearing.lost(at(30))
    assert hearing.part(at(33)) == part(0, 10)
    assert hearing.part(at(33)) == part(30, 33, began=30)
    assert hearing.part(at(33)) is None
