"""One home while the town runs: who lies still, which device is silent, and what is said on each occasion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from nuanhu.town.devices.voice import Outgoing, Voice
from nuanhu.town.homes import Fitted, Home
from nuanhu.town.publisher import Link
from nuanhu.town.sensing import DETECTED, REPORT, doings

FOR_EVER = float("inf")


class Dwelling:
    """One home while the town runs. All times are UTC epoch seconds of service time.

    Args:
        home: Which.
        voice: How its devices speak.
        link: Its bridge's connection.
    """

    def __init__(self, home: Home, voice: Voice, link: Link) -> None:
        """Nothing has happened yet."""
        self.home = home
        self.voice = voice
        self.link = link
        self.doings: Iterator[tuple[float, Fitted, str]] = iter(())
        self.called_s = 0.0
        self._still = (FOR_EVER, FOR_EVER)
        self._silent: dict[str, tuple[float, float]] = {}
        self._detected_s: dict[str, float] = {}

    def begin(self, start: datetime) -> None:
        """From here on ``doings`` are this resident's days; ``start`` is aware UTC."""
        self.doings = doings(self.home, start)

    def lie_still(self, since_s: float, until_s: float = FOR_EVER) -> None:
        """Nobody moves between these moments."""
        self._still = (since_s, until_s)

    def is_still(self, at_s: float) -> bool:
        """Whether nobody moves at this moment."""
        return self._still[0] <= at_s < self._still[1]

    def fall_silent(self, device: str, since_s: float, until_s: float) -> None:
        """A device says nothing between these moments."""
        self._silent[device] = (since_s, until_s)

    def is_silent(self, device: str, at_s: float) -> bool:
        """Whether a device says nothing at this moment."""
        silent = self._silent.get(device)
        return silent is not None and silent[0] <= at_s < silent[1]

    def run_low(self, device: str) -> None:
        """From now on the device reports a battery that is nearly empty."""
        self.voice.low.add(device)

    def do(self, at: datetime, fitted: Fitted, what: str) -> list[Outgoing]:
        """What the devices say when the plan of the day comes to this point."""
        at_s, device = at.timestamp(), fitted.device.id
        if self.is_silent(device, at_s):
            return []
        if what == REPORT:
            return self.voice.report(fitted, at)
        if self.is_still(at_s):
            return []
        if what == DETECTED:
            self._detected_s[device] = at_s
            return self.voice.detected(fitted, at)
        return self.voice.moved(fitted, at, is_open=what == "open")

    def settle(self, at: datetime, fitted: Fitted, detected_s: float) -> list[Outgoing]:
        """What is said when a sensor has seen nobody for a while; nothing when it has meanwhile."""
        device = fitted.device.id
        if self._detected_s.get(device) != detected_s or self.is_silent(device, at.timestamp()):
            return []
        return self.voice.settled(fitted, at)
