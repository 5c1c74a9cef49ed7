"""Which page a reference names: in memory for the latest, so that an answer counts while the store is away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import msgspec

from alerting.decisions import PageAsked
from gateway.notify.links import Paged
from gateway.store.bulk import Row
from gateway.store.outgoing import Place

MOST_KEPT = 5000


def reference_of(place: Place) -> str:
    """The reference of a page: the place of its row."""
    return ".".join(map(str, place))


def place_of(reference: str) -> Place | None:
    """The place that a reference names; None when it is none."""
    parts = reference.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):  # noqa: PLR2004
        return None
    partition, seq, n = map(int, parts)
    return partition, seq, n


class PagesOut:
    """Pages that have left, by their reference and by the providers' own ids. Used by several threads.

    Args:
        stored: What the store has at a place: the decision as JSON; None when nothing is there.
        recalled: What the store remembers of a provider's id.
    """

    def __init__(self, stored: Callable[[Place], bytes | None], recalled: Callable[[str, str], bytes | None]) -> None:
        """Nothing is in memory."""
        self._stored = stored
        self._recalled = recalled
        self._lock = threading.Lock()
        self._pages: dict[str, PageAsked] = {}
        self._ids: dict[tuple[str, str], str] = {}

    def add(self, rows: Iterable[Row]) -> None:
        """Outbox rows, as they are handed to the outbox."""
        for row in rows:
            if row["channel"] == "page":
                place: Place = (row["partition"], row["seq"], row["n"])  # type: ignore[assignment]
                body: bytes = row["body"]  # type: ignore[assignment]
                self._keep(reference_of(place), msgspec.json.decode(body, type=PageAsked))

    def carried(self, provider: str, id_: str, reference: str) -> None:
        """A provider has taken a page under an id of its own."""
        with self._lock:
            self._ids[provider, id_] = reference
            while len(self._ids) > MOST_KEPT:
                del self._ids[next(iter(self._ids))]

    def reference(self, provider: str, id_: str) -> str:
        """Our reference by a provider's id; empty when there is none. Asks the store for older ones."""
        with self._lock:
            known = self._ids.get((provider, id_))
        return known or (self._recalled(origin_of(provider), id_) or b"").decode()

    def asked(self, reference: str) -> PageAsked | None:
        """The page of a reference; asks the store for older ones, and may raise when it is away."""
        place = place_of(reference)
        if place is None:
            return None
        reference = reference_of(place)
        with self._lock:
            known = self._pages.get(reference)
        if known is None:
            body = self._stored(place)
            if body is None:
                return None
            known = msgspec.json.decode(body, type=PageAsked)
            self._keep(reference, known)
        return known

    def paged(self, reference: str) -> Paged | None:
        """Whom that page went to, and what about."""
        asked = self.asked(reference)
        if asked is None:
            return None
        return Paged(
            reference=reference, incident=asked.incident, key=asked.key, person=asked.to, name=asked.name or asked.to
        )

    def _keep(self, reference: str, page: PageAsked) -> None:
        with self._lock:
            self._pages[reference] = page
            while len(self._pages) > MOST_KEPT:
                del self._pages[next(iter(self._pages))]


def origin_of(provider: str) -> str:
    """Under which word the ids of a provider are remembered."""
    return f"carrier {provider}"
