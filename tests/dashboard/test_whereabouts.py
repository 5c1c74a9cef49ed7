"""A shared place is the latest alone, in memory, and short-lived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from alerting.casefile import Place
from dashboard.whereabouts import FARTHEST_OFF_M, LASTS, Whereabouts
from gateway.desk.contract import QueueRow

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
ROW = cast("QueueRow", SimpleNamespace(incident="WX1-1", responder="R1", arrived=False))
AT_THE_DOOR = cast("QueueRow", SimpleNamespace(incident="WX1-1", responder="R1", arrived=True))
OTHER = cast("QueueRow", SimpleNamespace(incident="WX1-2", responder="R1", arrived=False))


def test_it_ends_by_itself_at_the_door_and_by_word() -> None:
    now = [NOON]
    known = Whereabouts(lambda: now[0])
    first, second = Place(lat=31.5, lon=120.3), Place(lat=31.6, lon=120.3)
    assert known.put("WX1-1", "R1", first, 10)
    assert known.put("WX1-1", "R1", second, 10)
    here = known.on_the_way_to(ROW)
    assert here is not None
    assert here.place == second
    assert known.on_the_way_to(AT_THE_DOOR) is None
    assert known.on_the_way_to(OTHER) is None
    now[0] = NOON + LASTS - timedelta(seconds=1)
    assert known.on_the_way_to(ROW) is not None
    now[0] = NOON + LASTS
    assert known.on_the_way_to(ROW) is None
    known.put("WX1-1", "R1", first, 10)
    known.forget("WX1-1", "R1")
    assert known.on_the_way_to(ROW) is None


def test_a_place_that_is_hardly_known_is_none() -> None:
    known = Whereabouts(lambda: NOON)
    assert not known.put("WX1-1", "R1", Place(lat=31.5, lon=120.3), FARTHEST_OFF_M + 1)
    assert known.on_the_way_to(ROW) is None
