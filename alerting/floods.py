"""Thresholds of floods and chatter: when many incidents are one cause, too much for the desk, or one device's fault."""

from __future__ import annotations

import msgspec


class Floods(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre has decided about floods.

    Attributes:
        chatter_burst: So many alarms of one kind a device may raise at once; what it says beyond that while its
            incident runs is only counted. A person's call is exempt.
        chatter_refill_s: After so long it may raise one more, seconds.
        outage_homes: So many homes of a village or town that fall silent are an outage, or of one bridge.
        outage_share: And this share of the area's homes.
        outage_within_s: If it happens within this time, seconds.
        calls_homes: So many homes that call for help have one cause.
        calls_share: And this share of the area's homes.
        calls_within_s: If it happens within this time, seconds.
        settle_s: An outage ends when all its homes have been back for so long, seconds.
    """

    chatter_burst: int = 5
    chatter_refill_s: int = 300
    outage_homes: int = 4
    outage_share: float = 0.2
    outage_within_s: int = 900
    calls_homes: int = 4
    calls_share: float = 0.05
    calls_within_s: int = 600
    settle_s: int = 120
