"""The table of points. Its criteria follow the six dimensions of the programmes; its weights are ours, chosen by hand.

A centre that has weights of its own makes a ``Table`` of them and gives it to ``proposed``. A table with other weights
has another version: an assessment keeps the points as they counted when it was made.
"""

from __future__ import annotations

import msgspec

from alerting.assessment.record import Dimension
from alerting.model import RiskTier


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is so in a household, or not.

    Attributes:
        code: Its name, for ever.
        dimension: Where it belongs.
        points: What it counts.
        group: Of the criteria of one group only the heaviest counts.
        at_least: No lower label than this is proposed when it is met, whatever the points.
    """

    code: str
    dimension: Dimension
    points: int
    group: str = ""
    at_least: RiskTier | None = None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Criteria, and from which total on there is which label and library.

    Attributes:
        version: Another one for other weights.
        criteria: In the order of the form.
        labels: From so many points on it is this label; from the highest down. Below all: *watch*.
        aid_from: From so many points on it is the library of aid.
        aid_need_from: Or from so many points of need that aid can answer (housing, work, education).
        monitored_from: From so many points on, or so many in one dimension (``monitored_one_from``), it is monitored.
        monitored_one_from: See there.
    """

    version: int
    criteria: tuple[Criterion, ...]
    labels: tuple[tuple[int, RiskTier], ...]
    aid_from: int
    aid_need_from: int
    monitored_from: int
    monitored_one_from: int

    def of(self, dimension: Dimension) -> tuple[Criterion, ...]:
        """The criteria of one dimension."""
        return tuple(it for it in self.criteria if it.dimension is dimension)

    @property
    def codes(self) -> frozenset[str]:
        """Codes of all criteria."""
        return frozenset(it.code for it in self.criteria)


def _criteria() -> tuple[Criterion, ...]:
    c, (daily, housing, work, health, education, inclusion) = Criterion, Dimension
    urgent, covered = RiskTier.URGENT, RiskTier.COVERED
    return (
        c(code="bedridden", dimension=daily, points=25, group="self_care", at_least=covered),
        c(code="needs_help", dimension=daily, points=15, group="self_care"),
        c(code="confused", dimension=daily, points=15),
        c(code="no_carer", dimension=daily, points=10),
        c(code="unsafe_house", dimension=housing, points=15, at_least=covered),
        c(code="bare_house", dimension=housing, points=8),
        c(code="no_own_house", dimension=housing, points=4),
        c(code="high_stairs", dimension=housing, points=4),
        c(code="no_income", dimension=work, points=15, group="income"),
        c(code="aid_only", dimension=work, points=8, group="income"),
        c(code="debt", dimension=work, points=8),
        c(code="out_of_work", dimension=work, points=4),
        c(code="grave_illness", dimension=health, points=20, group="illness"),
        c(code="chronic", dimension=health, points=8, group="illness"),
        c(code="severe_disability", dimension=health, points=15),
        c(code="fell", dimension=health, points=10),
        c(code="self_harm", dimension=health, points=25, at_least=urgent),
        c(code="no_school", dimension=education, points=10),
        c(code="school_costs", dimension=education, points=5),
        c(code="cannot_read", dimension=education, points=4),
        c(code="lives_alone", dimension=inclusion, points=10),
        c(code="no_visits", dimension=inclusion, points=10),
        c(code="abuse", dimension=inclusion, points=20, at_least=urgent),
        c(code="withdrawn", dimension=inclusion, points=8),
        c(code="bereaved", dimension=inclusion, points=8),
    )


TABLE = Table(
    version=1,
    criteria=_criteria(),
    labels=((60, RiskTier.URGENT), (40, RiskTier.COVERED), (20, RiskTier.CARE)),
    aid_from=40,
    aid_need_from=15,
    monitored_from=20,
    monitored_one_from=10,
)
