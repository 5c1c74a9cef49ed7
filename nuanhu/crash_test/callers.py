"""Who presses when: bursts of presses from every class of device, all the time, each device seldom enough."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from nuanhu.crash_test.verdict import QOS0, QOS1, RECEIPTED
from nuanhu.town.devices.voice import CallKind, Outgoing, Voice
from nuanhu.town.dice import dice_for
from nuanhu.town.dwelling import Dwelling
from nuanhu.town.homes import LORA, OWN, ZIGBEE, Fitted, Home
from nuanhu.town.ledger import Press
from nuanhu.town.town import Town

RECEIPTED_AT_ONCE = 3
PAUSE_S = (0.5, 0.9)
EVERY_THIRD = 3


class AtMostOnce:
    """A hub whose integration publishes calls for help with QoS 0, as many are set up.

    Args:
        voice: How it speaks otherwise.
    """

    def __init__(self, voice: Voice) -> None:
        """Speak like this voice."""
        self._voice = voice

    def __getattr__(self, name: str) -> object:
        """Everything else is said as before."""
        return getattr(self._voice, name)

    def call(self, fitted: Fitted, at: datetime, kind: CallKind) -> list[Outgoing]:
        """The same messages, each sent once and never again."""
        return [message._replace(qos=0) for message in self._voice.call(fitted, at, kind)]


class Callers:
    """Presses buttons in a running town until told to stop.

    Args:
        town: Whose.
        seed: Gives the rhythm of the bursts.

    Attributes:
        class_of: Class of each household's button.
        burst: Set at each burst, for whoever wants to strike just then.
    """

    def __init__(self, town: Town, seed: int) -> None:
        """Sort the homes into classes."""
        self._town = town
        self._dice = dice_for(seed, "bursts")
        self.class_of: dict[str, str] = {}
        self.burst = asyncio.Condition()
        homes = [home for home in town.plan.homes if home.with_role("panic") is not None]
        zigbee = [home for home in homes if home.make == ZIGBEE]
        at_most_once = zigbee[::EVERY_THIRD]
        for home in at_most_once:
            _speak_at_most_once(town.dwelling(home.household))
        at_least_once = [home for home in zigbee if home not in at_most_once]
        lora = [home for home in homes if home.make == LORA]
        self._own = self._turns([home for home in homes if home.make == OWN], RECEIPTED)
        turns = [self._turns(at_least_once, QOS1), self._turns(lora, QOS1), self._turns(at_most_once, QOS0)]
        self._vendors = itertools.cycle([turns[0], turns[1], turns[0], turns[2]])

    def _turns(self, homes: list[Home], name: str) -> Iterator[Home]:
        self.class_of |= {home.household: name for home in homes}
        return itertools.cycle(homes)

    def press_first(self) -> Press:
        """One press of a receipted device."""
        return self._town.press(next(self._own).household)

    async def run(self) -> None:
        """Press until cancelled."""
        while True:
            for home in itertools.islice(self._own, RECEIPTED_AT_ONCE):
                self._town.press(home.household)
            self._town.press(next(next(self._vendors)).household)
            async with self.burst:
                self.burst.notify_all()
            await asyncio.sleep(self._dice.uniform(*PAUSE_S))


def _speak_at_most_once(dwelling: Dwelling) -> None:
    dwelling.voice = cast("Voice", AtMostOnce(dwelling.voice))  # what it does not say itself is passed on
