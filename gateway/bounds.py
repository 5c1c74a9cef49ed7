"""Bounds in rate on what comes from outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

MOST_KNOWN = 1000


class Bucket:
    """Lets so many through at once, and then so many a second, by name.

    Args:
        now: Service time.
        burst: At once.
        a_second: From then on.
    """

    def __init__(self, now: Callable[[], datetime], burst: float, a_second: float) -> None:
        """Everybody may begin."""
        self._now = now
        self._burst = burst
        self._a_second = a_second
        self._left: dict[str, tuple[float, float]] = {}

    def lets(self, name: str) -> bool:
        """Whether one more may pass; counts it."""
        now_s = self._now().timestamp()
        left, at_s = self._left.pop(name, (self._burst, now_s))
        left = min(self._burst, left + (now_s - at_s) * self._a_second)
        self._left[name] = (left - 1 if left >= 1 else left, now_s)
        while len(self._left) > MOST_KNOWN:
            del self._left[next(iter(self._left))]
        return left >= 1
