"""How much of a time each town's homes were protected, exact from the spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from gateway.equipment.contract import AvailabilityLine
from gateway.store.protection import Span


def seconds_protected(spans: Iterable[Span], since: datetime, until: datetime) -> dict[str, tuple[float, float]]:
    """By home: (seconds protected, seconds in which it was judged at all) of a time."""
    found: dict[str, tuple[float, float]] = {}
    for span in spans:
        began, ended = max(since, span.since), min(until, span.ended or until)
        for_s = max(0.0, (ended - began).total_seconds())
        protected_s, judged_s = found.get(span.household, (0.0, 0.0))
        found[span.household] = (protected_s + (0 if span.lacks else for_s), judged_s + for_s)
    return found


def by_area(
    spans: Iterable[Span], since: datetime, until: datetime, area_of: Mapping[str, str], names: Mapping[str, str]
) -> list[AvailabilityLine]:
    """One line an area, in the order of ``names`` (name by key); homes without an area there are left out.

    Args:
        spans: As stored.
        since: From then on, UTC.
        until: Until then, UTC.
        area_of: Area key by household.
        names: What each area is called.
    """
    sums: dict[str, tuple[int, float, float]] = {}
    for home, (protected_s, judged_s) in seconds_protected(spans, since, until).items():
        area = area_of.get(home, "")
        if area in names:
            homes, p, j = sums.get(area, (0, 0.0, 0.0))
            sums[area] = (homes + 1, p + protected_s, j + judged_s)
    return [
        AvailabilityLine(key=key, name=name, homes=n, protected_min=p / 60, judged_min=j / 60)
        for key, name in names.items()
        for n, p, j in [sums.get(key, (0, 0.0, 0.0))]
        if n
    ]
