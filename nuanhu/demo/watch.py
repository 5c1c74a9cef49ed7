"""What a console was really told during the demo, held against the town's own ledger."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from gateway.clock import SystemClock
from nuanhu.console_client import ConsoleClient
from nuanhu.town.ledger import Ledger
from nuanhu.town.town import Town

CALLS = frozenset({"panic", "fall", "retained_panic"})
MS = 1000
TOLERANCE_MS = 2000


class Watch:
    """One console that only looks.

    Attributes:
        town: Whose residents are rescued when their incident is closed.
        inactive: Households whose inactivity was shown.
        errors: What went wrong.
    """

    def __init__(self, console: ConsoleClient) -> None:
        """Look through a console that has signed in."""
        self.town: Town | None = None
        self.inactive: set[str] = set()
        self.errors: list[str] = []
        self._console = console
        self._rang_ms: dict[str, list[int]] = {}
        self._clock = SystemClock()
        self._began_s = self._clock.monotonic_s()

    def elapsed_s(self) -> float:
        """Real seconds since the first screen."""
        return self._clock.monotonic_s() - self._began_s

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                async for frame in self._console.frames():
                    self._see(frame)
            except (OSError, asyncio.IncompleteReadError) as broken:
                self.errors.append(f"console socket: {broken}")
            await asyncio.sleep(0.5)

    def _see(self, frame: dict[str, Any]) -> None:
        rows = frame.get("rows") or ([frame["row"]] if frame.get("row") else [])
        for row in rows:
            if row["kind"] in CALLS:
                self._rang_ms.setdefault(row["key"], []).append(max(row["since_ms"], row["again_ms"]))
            if row["kind"] == "inactivity":
                self.inactive.add(row["key"])
            if row["state"] == "closed" and self.town is not None:
                self._help(self.town, row["key"])

    @staticmethod
    def _help(town: Town, household: str) -> None:
        """Somebody was there: whoever could not move is helped up."""
        with suppress(KeyError):  # a device without a home
            if town.dwelling(household).is_still(town.clock.now().timestamp()):
                town.rescue(household)

    def shown(self, ledger: Ledger) -> int:
        """How many of the ledger's calls for help were shown: their home rang at or after the press."""
        return sum(
            any(ms >= press.at.timestamp() * MS - TOLERANCE_MS for ms in self._rang_ms.get(press.household, ()))
            for press in ledger.presses
        )
