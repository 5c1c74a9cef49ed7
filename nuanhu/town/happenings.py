"""What happens to people and devices, from a seed: presses meant and not meant, falls, collapses, dead batteries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from nuanhu.town.dice import dice_for
from nuanhu.town.homes import Home


class What(StrEnum):
    """Kinds of happening."""

    REAL_PRESS = "real_press"
    MISTAKEN_PRESS = "mistaken_press"
    TEST_PRESS = "test_press"
    """Somebody tries the button, and no device or person says that it is a test."""
    MARKED_TEST = "marked_test"
    """The same with the device in its test mode; makes without one: as above."""
    FALL = "fall"
    """Felt by a pendant where there is one; else nobody moves for a while."""
    COLLAPSE = "collapse"
    """Nobody moves any more, until rescued."""
    DEAD_BATTERY = "dead_battery"
    """A device reports a low battery, and falls silent hours later."""
    TAMPER = "tamper"
    SILENT_DEVICE = "silent_device"
    OUTAGE = "outage"
    """The connection of a home is gone for a while; what happens meanwhile comes late."""


SHARES = {
    What.REAL_PRESS: 16,
    What.MISTAKEN_PRESS: 26,
    What.TEST_PRESS: 9,
    What.MARKED_TEST: 6,
    What.FALL: 9,
    What.COLLAPSE: 6,
    What.DEAD_BATTERY: 9,
    What.TAMPER: 6,
    What.SILENT_DEVICE: 7,
    What.OUTAGE: 6,
}

CALLS = frozenset({What.REAL_PRESS, What.MISTAKEN_PRESS, What.TEST_PRESS, What.MARKED_TEST, What.FALL})
"""What ends in a call for help."""


class Happening(NamedTuple):
    """One happening: service time, household, what, and 0-1 to decide details with."""

    at: datetime
    household: str
    what: What
    chance: float


def happenings(seed: int, homes: Sequence[Home], start: datetime, per_hour: float) -> Iterator[Happening]:
    """All happenings from ``start`` on, endless, in order; ``per_hour`` of service time in the whole town.

    Depends on the seed, the number of homes and the rate, not on the time of start: the gaps are what is drawn.
    """
    if per_hour <= 0:
        return
    dice = dice_for(seed, "happenings", len(homes))
    kinds, shares = tuple(SHARES), tuple(SHARES.values())
    at = start
    while True:
        at += timedelta(hours=dice.expovariate(per_hour))
        home = dice.choice(homes)
        yield Happening(at, home.household, dice.choices(kinds, shares)[0], dice.random())
