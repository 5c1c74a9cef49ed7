"""Where those are who go to a door and choose to share it: the latest place alone, in memory, until they are there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from alerting.casefile import Place
from gateway.desk.contract import QueueRow

LASTS = timedelta(minutes=10)
"""A place that is older says nothing any more."""
FARTHEST_OFF_M = 5000
"""A place that is less exact is no place."""


class Shared(msgspec.Struct, frozen=True):
    """Somebody's place.

    Attributes:
        place: Where, WGS-84.
        accuracy_m: How exact the telephone thinks it is.
        at: When it was told, service time, UTC.
    """

    place: Place
    accuracy_m: float
    at: datetime


class Whereabouts:
    """The latest place of each who shares it, by incident and responder id. Nothing of it is ever written down."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Nobody shares anything."""
        self._now = now
        self._of: dict[tuple[str, str], Shared] = {}

    def put(self, incident: str, responder: str, place: Place, accuracy_m: float) -> bool:
        """They are here now; False when that is too inexact to be shown."""
        if not 0 <= accuracy_m <= FARTHEST_OFF_M:
            return False
        self._forget_old()
        self._of[incident, responder] = Shared(place, accuracy_m, self._now())
        return True

    def forget(self, incident: str, responder: str) -> None:
        """They share it no longer, or are there."""
        self._of.pop((incident, responder), None)

    def on_the_way_to(self, row: QueueRow) -> Shared | None:
        """Where the one is whom an open incident shows as sent; None: not shared, too old, or there already."""
        self._forget_old()
        return None if row.arrived else self._of.get((row.incident, row.responder))

    def _forget_old(self) -> None:
        now = self._now()
        self._of = {who: it for who, it in self._of.items() if now - it.at < LASTS}
