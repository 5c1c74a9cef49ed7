"""Thresholds of floods and chatter: when many incidents are one cause, too much for the desk, or one device's fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from alerting.casefile import Role


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
        flood_incidents: More new incidents than this for each attended operator are a flood.
        flood_within_s: Within this time, seconds.
        flood_quiet_s: A flood ends when there have been no more than that for so long, seconds.
        flood_page_s: While it lasts further operators are called again each time this has passed, seconds.
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
    flood_incidents: int = 10
    flood_within_s: int = 600
    flood_quiet_s: int = 600
    flood_page_s: int = 1800


class Threshold(msgspec.Struct, frozen=True):
    """One line of the table of thresholds.

    Attributes:
        setting: Name in the settings, and of the field of ``Floods``.
        least: Lower bound.
        most: Upper bound.
        by: Who may change it.
    """

    setting: str
    least: float
    most: float
    by: Role = Role.ADMINISTRATOR

    def of(self, floods: Floods) -> float:
        """Its present value: seconds where the name ends in ``_s``, a share, or a number."""
        value: float = getattr(floods, self.setting)
        return value


TABLE: tuple[Threshold, ...] = (
    Threshold("chatter_burst", 2, 20),
    Threshold("chatter_refill_s", 60, 1800),
    Threshold("outage_homes", 3, 50),
    Threshold("outage_share", 0.05, 0.8),
    Threshold("outage_within_s", 120, 3600),
    Threshold("calls_homes", 3, 50),
    Threshold("calls_share", 0.01, 0.5),
    Threshold("calls_within_s", 60, 3600),
    Threshold("settle_s", 30, 900),
    Threshold("flood_incidents", 3, 50),
    Threshold("flood_within_s", 120, 1800),
    Threshold("flood_quiet_s", 120, 3600),
    Threshold("flood_page_s", 600, 7200),
)
"""Every threshold. None of them touches a person's call: that is never counted, folded or put off, whatever is set."""


def with_changes(changes: Mapping[str, float]) -> Floods:
    """The usual thresholds with these changed, by their names in the table.

    Raises:
        ValueError: A name is unknown, a value out of bounds, or a part of what is counted whole.
    """
    by_name, floods = {line.setting: line for line in TABLE}, Floods()
    for name, value in changes.items():
        line = by_name.get(name)
        if line is None:
            raise ValueError(f"there is no threshold {name}; there are {', '.join(by_name)}")
        if not line.least <= value <= line.most:
            raise ValueError(f"{name} must be between {line.least:g} and {line.most:g}")
        is_share = isinstance(line.of(floods), float)
        if not is_share and value != int(value):
            raise ValueError(f"{name} must be a whole number")
        floods = msgspec.structs.replace(floods, **{name: float(value) if is_share else int(value)})
    return floods


class Flood(msgspec.Struct, frozen=True, array_like=True):
    """How flood mode stands; without ``since`` there is none.

    Attributes:
        since: When it began, UTC.
        ended: When it ended, UTC; None while it lasts.
        lately: New incidents within the time that counts, as of now.
        operators: Operators who attend their console, at least 1.
        total: New incidents since it began, those that led to it included.
        below_s: Since when there have been no more than it takes, UTC epoch seconds; 0: there are more.
        paged_s: When further operators were last called, UTC epoch seconds.
        pages: How often they were called.
    """

    since: datetime | None = None
    ended: datetime | None = None
    lately: int = 0
    operators: int = 1
    total: int = 0
    below_s: int = 0
    paged_s: int = 0
    pages: int = 0

    @property
    def lasts(self) -> bool:
        """Whether it lasts."""
        return self.since is not None and self.ended is None
