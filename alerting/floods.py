"""Thresholds of floods and chatter: when many incidents are one cause, too much for the desk, or one device's fault."""

from __future__ import annotations

import msgspec


class Floods(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre has decided about floods.

    Attributes:
        chatter_burst: So many alarms of one kind a device may raise at once; what it says beyond that while its
            incident runs is only counted. A person's call is exempt.
        chatter_refill_s: After so long it may raise one more, seconds.
    """

    chatter_burst: int = 5
    chatter_refill_s: int = 300
