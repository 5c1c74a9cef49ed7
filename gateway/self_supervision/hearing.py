"""Can the gateway hear? Outages of its session at the broker, told to the rules so that no silence in them counts."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

from alerting.events import Unobserved
from alerting.model import BlindCause

DEAF_FROM = timedelta(minutes=2)
"""A shorter outage is none: devices repeat, and the broker keeps what it has."""
TOLD_AGAIN = timedelta(minutes=5)
"""An outage that goes on is told in parts, so that no limit passes meanwhile."""


class Hearing:
    """Written by the network's thread, asked by the writer's."""

    def __init__(self) -> None:
        """Nothing is known: neither connected nor out of reach."""
        self._lock = threading.Lock()
        self._lost: datetime | None = None
        self._over: deque[tuple[datetime, datetime]] = deque()
        self._told: datetime | None = None

    def lost(self, now: datetime) -> None:
        """From now on nothing comes from the broker, if it did before."""
        with self._lock:
            self._lost = self._lost or now

    def back(self, now: datetime) -> None:
        """The broker is there. To be said before its first message is passed on."""
        with self._lock:
            if self._lost is not None:
                self._over.append((self._lost, now))
                self._lost = None

    def part(self, now: datetime) -> Unobserved | None:
        """A part of an outage that the rules have not been told yet; None when there is none worth telling."""
        with self._lock:
            while self._over:
                began, until = self._over.popleft()
                since, self._told = self._told or began, None
                if until - began >= DEAF_FROM:
                    return _part(since, until, began)
            if self._lost is None or now - self._lost < DEAF_FROM:
                return None
            since = self._told or self._lost
            if self._told is not None and now - since < TOLD_AGAIN:
                return None
            self._told = now
            return _part(since, now, self._lost)


def _part(since: datetime, until: datetime, began: datetime) -> Unobserved:
    return Unobserved(since=since, until=until, cause=BlindCause.BROKER, began=began)
