"""Devices that speak and are not registered, in memory: the latest of each bridge, and not more than can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from alerting.enrolment.stranger import Stranger, heard
from device_adapters.signals import AnySignal
from gateway.store.bulk import Row
from gateway.store.strangers import stranger_row

KEPT_OF_A_BRIDGE = 100
KEPT = 5_000

Place = tuple[str, str]
Note = Callable[[Place, Row | None], None]


class Strangers:
    """Written by the writer's thread alone; a screen reads a copy.

    Args:
        known: From the store, the one heard last at the end.
    """

    def __init__(self, known: Iterable[Stranger] = ()) -> None:
        """Begin with what was known before."""
        self._known: dict[Place, Stranger] = {(s.bridge, s.inner): s for s in known}
        self._count: dict[str, int] = {}
        for bridge, _ in self._known:
            self._count[bridge] = self._count.get(bridge, 0) + 1

    def hear(self, bridge: str, signals: list[AnySignal], now: datetime, note: Note) -> None:
        """One message of an unregistered device; ``note`` is told what the store should have."""
        place = (bridge, signals[0].device or signals[0].name)
        before = self._known.pop(place, None)
        if before is None:
            self._make_room(bridge, note)
            self._count[bridge] = self._count.get(bridge, 0) + 1
        after = self._known[place] = heard(before, bridge, signals, now)
        note(place, stranger_row(after))

    def _make_room(self, bridge: str, note: Note) -> None:
        if self._count.get(bridge, 0) >= KEPT_OF_A_BRIDGE:
            self.drop(next(place for place in self._known if place[0] == bridge), note)
        elif len(self._known) >= KEPT:
            self.drop(next(iter(self._known)), note)

    def drop(self, place: Place, note: Note) -> None:
        """It is none any more: registered, or forgotten."""
        if self._known.pop(place, None) is not None:
            self._count[place[0]] -= 1
            note(place, None)

    def all(self) -> list[Stranger]:
        """All of them, the one heard last first."""
        return [*self._known.values()][::-1]

    def one(self, bridge: str, inner: str) -> Stranger | None:
        """One of them."""
        return self._known.get((bridge, inner))
