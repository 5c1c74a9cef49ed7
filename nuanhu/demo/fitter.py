"""The fitter's hand in the demo: a step that an installer announces at a home of the town is done a moment later.

Whoever tries the installer's pages has no sensor to walk past and no plug to pull; the town has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from gateway.desk.contract import Desk
from gateway.equipment.contract import StepView
from nuanhu.town.town import Town

LOOKS_EVERY_S = 1.0
WALKS_FOR_S = 3.0
"""From the telephone to the sensor."""


class Fitter:
    """Somebody in the homes who does what is announced.

    Args:
        town: Whose devices.
    """

    def __init__(self, town: Town) -> None:
        """Nothing is announced yet."""
        self._town = town
        self._seen: set[tuple[str, str, float]] = set()

    def do(self, announced: Iterable[StepView]) -> list[tuple[str, str]]:
        """Set about what is announced and new; returns the devices, each with its household."""
        done: list[tuple[str, str]] = []
        for step in announced:
            once = (step.household, step.device, step.since.timestamp())
            if step.how or once in self._seen:
                continue
            self._seen.add(once)
            if self._town.try_out(step.household, step.device, WALKS_FOR_S):
                done.append((step.household, step.device))
        return done

    async def run(self, desk: Desk) -> None:
        """Look at what is announced, until cancelled."""
        while True:
            self.do(await desk.announced())
            await asyncio.sleep(LOOKS_EVERY_S)
