"""From the criteria that are met to label and library, with the reason."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from alerting.assessment.criteria import TABLE, Criterion, Table
from alerting.assessment.record import Dimension, Library
from alerting.model import RiskTier

_TIERS = list(RiskTier)
_ANSWERED_BY_AID = frozenset({Dimension.HOUSING, Dimension.WORK, Dimension.EDUCATION})


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What the points make.

    Attributes:
        counted: Criteria that count, in the order of the table: of a group the heaviest alone.
        points: By dimension, in the order of ``Dimension``.
        tier: Proposed label.
        by_points: Label that the total alone would make.
        least_by: Code of the criterion that makes the label higher than the total does; empty: none.
        library: Library, by the total and by the need that aid can answer; of a decided label see ``library_of``.
    """

    counted: tuple[Criterion, ...]
    points: tuple[int, ...]
    tier: RiskTier
    by_points: RiskTier
    least_by: str
    library: Library

    @property
    def total(self) -> int:
        """All points."""
        return sum(self.points)


def proposed(met: Collection[str], table: Table = TABLE) -> Proposal:
    """Label and library by the criteria that are met.

    Args:
        met: Codes; what the table does not have counts nothing.
        table: Criteria and thresholds.
    """
    chosen = [it for it in table.criteria if it.code in met]
    counted = tuple(it for it in chosen if not _is_outweighed(it, chosen))
    points = tuple(sum(it.points for it in counted if it.dimension is dimension) for dimension in Dimension)
    total = sum(points)
    by_points = next((tier for least, tier in table.labels if total >= least), RiskTier.WATCH)
    tier, least_by = by_points, ""
    for it in counted:
        if it.at_least is not None and _TIERS.index(it.at_least) < _TIERS.index(tier):
            tier, least_by = it.at_least, it.code
    library = library_of(points, tier, table)
    return Proposal(counted=counted, points=points, tier=tier, by_points=by_points, least_by=least_by, library=library)


def _is_outweighed(it: Criterion, chosen: list[Criterion]) -> bool:
    return bool(it.group) and any(other.group == it.group and other.points > it.points for other in chosen)


def library_of(points: tuple[int, ...], tier: RiskTier, table: Table = TABLE) -> Library:
    """The library by points, and never one below the decided label.

    Args:
        points: By dimension, in the order of ``Dimension``.
        tier: Decided label: *urgent* and *covered* are always in the library of aid, *care* is monitored at least.
        table: Thresholds.
    """
    by_dimension = dict(zip(Dimension, points, strict=True))
    need = sum(by_dimension[it] for it in _ANSWERED_BY_AID)
    total = sum(points)
    if total >= table.aid_from or need >= table.aid_need_from or tier in {RiskTier.URGENT, RiskTier.COVERED}:
        return Library.AID
    is_heavy = total >= table.monitored_from or max(points) >= table.monitored_one_from
    return Library.MONITORED if is_heavy or tier is RiskTier.CARE else Library.GENERAL
