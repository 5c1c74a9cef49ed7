"""When to kill what: drawn from the seed alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from nuanhu.town.dice import dice_for

Target = Literal["gateway", "broker", "both"]
TARGETS: tuple[Target, ...] = ("gateway", "broker", "both")
ODDS = (9, 7, 4)
IN_A_BURST = 0.5
WHILE_RECOVERING = 0.12
AFTER_BURST_S = (0.0, 0.03)
ANY_TIME_S = (0.0, 1.0)
BETWEEN_BLOWS_S = (0.0, 0.3)
TOO_EARLY_S = (0.05, 1.0)


class Kill(msgspec.Struct, frozen=True, kw_only=True):
    """One kill.

    Attributes:
        target: What.
        broker_first: Of both, the broker is killed first.
        in_burst: Right after people press, while their presses are on the way; else at any moment.
        recovering: So soon after the kill before that its victim may not be back yet.
        wait_s: From the moment named by the above.
        between_s: From the first to the second of both.
    """

    target: Target
    broker_first: bool
    in_burst: bool
    recovering: bool
    wait_s: float
    between_s: float


def planned(seed: int, kills: int) -> Iterator[Kill]:
    """So many kills; the same for the same seed."""
    dice = dice_for(seed, "kills")
    for n in range(kills):
        recovering = n > 0 and dice.random() < WHILE_RECOVERING
        in_burst = not recovering and dice.random() < IN_A_BURST
        wait = TOO_EARLY_S if recovering else AFTER_BURST_S if in_burst else ANY_TIME_S
        yield Kill(
            target=dice.choices(TARGETS, ODDS)[0],
            broker_first=dice.random() < 0.5,  # noqa: PLR2004 - a coin
            in_burst=in_burst,
            recovering=recovering,
            wait_s=dice.uniform(*wait),
            between_s=dice.uniform(*BETWEEN_BLOWS_S),
        )
