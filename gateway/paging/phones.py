"""The duty telephones: when each was last tested, and whether a page would reach it as far as known."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone

from gateway.desk.vitals import PhoneView
from gateway.store.outgoing import LastTest

TEST_AGAIN = timedelta(minutes=15)
"""A telephone that failed its test is tested again until it passes."""


class Phones:
    """What is known of each duty telephone. Used by several threads.

    Args:
        names: The telephones, the first one called first.
        tests: Latest tests of an earlier run.
        hour: Local hour of the daily test.
        utc_offset_s: Local time, seconds east of Greenwich.
    """

    def __init__(self, names: Iterable[str], tests: Mapping[str, LastTest], hour: int, utc_offset_s: int) -> None:
        """Begin with what the store knows."""
        self._lock = threading.Lock()
        self._hour = hour
        self._zone = timezone(timedelta(seconds=utc_offset_s))
        self._views = {name: _begin(name, tests.get(name)) for name in names}

    def views(self) -> tuple[PhoneView, ...]:
        """All telephones in their order."""
        with self._lock:
            return tuple(self._views.values())

    def tested(self, name: str, at: datetime, error: str) -> None:
        """A daily test was made; ``error`` is empty when the channel took it."""
        with self._lock:
            if name in self._views:
                self._views[name] = PhoneView(name=name, tested_at=at, tried_at=at, error=error)

    def paged(self, name: str, at: datetime, error: str) -> None:
        """A page was tried in earnest."""
        with self._lock:
            known = self._views.get(name)
            if known is not None:
                self._views[name] = PhoneView(name=name, tested_at=known.tested_at, tried_at=at, error=error)

    def test_due(self, name: str, now: datetime) -> datetime:
        """When a telephone has to be tested next: at the hour, also when that was missed; soon after a failure."""
        with self._lock:
            known = self._views[name]
        if known.error and known.tried_at is not None:
            return known.tried_at + TEST_AGAIN
        if known.tested_at is None:
            return max(now, self._hour_of_day(now))
        hour = self._hour_of_day(known.tested_at)
        return hour if hour > known.tested_at else hour + timedelta(days=1)

    def _hour_of_day(self, moment: datetime) -> datetime:
        """The hour of the test on a moment's local day."""
        local = moment.astimezone(self._zone).replace(hour=self._hour, minute=0, second=0, microsecond=0)
        return local.astimezone(moment.tzinfo)

    def faults(self) -> list[str]:
        """Words for what is wrong: nobody can be called, or somebody could not be reached the last time."""
        views = self.views()
        if not views:
            return ["no_duty_phone"]
        return ["duty_phone"] if any(view.error for view in views) else []


def _begin(name: str, test: LastTest | None) -> PhoneView:
    if test is None:
        return PhoneView(name=name)
    return PhoneView(name=name, tested_at=test.at, tried_at=test.at, error="" if test.ok else test.error)
