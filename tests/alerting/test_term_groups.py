"""The groups of terms as lines: only true numbers within bounds, and terms from before a line was there are whole."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import msgspec
import pytest

from alerting.care.calendar import duty_now
from alerting.care.duty import CareKind
from alerting.care.terms import CareTerms
from alerting.duty.roster import Roster
from alerting.equipment_terms import EquipmentTerms
from alerting.model import RiskTier
from alerting.term_groups import GROUPS

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", GROUPS)
def test_what_is_no_finite_number_is_refused(kind: str, number: float) -> None:
    group = GROUPS[kind]
    for line in group.lines:
        assert group.flaws(group.numbers(group.usual) | {line.name: number}) == [f"no_number|{line.name}"]


def test_an_edition_from_before_a_kind_of_care_was_there_is_shown_and_put_back_and_owes_none_of_it() -> None:
    group, usual = GROUPS["care"], CareTerms(due_hour=15)
    before = msgspec.structs.replace(usual, every_days={CareKind.CALL: usual.every_days[CareKind.CALL]})
    assert "visit.urgent" not in group.numbers(before)
    assert group.build(group.whole(before)) == usual
    assert duty_now(CareKind.VISIT, RiskTier.URGENT, int(NOW.timestamp()), before, Roster()) is None
    assert duty_now(CareKind.CALL, RiskTier.URGENT, int(NOW.timestamp()), before, Roster()) is not None


def test_an_edition_from_before_a_class_of_equipment_was_there_is_put_back_with_the_usual_one() -> None:
    group, usual = GROUPS["equipment"], EquipmentTerms(weak_lqi=30)
    before = msgspec.structs.replace(usual, check_ins={k: it for k, it in usual.check_ins.items() if k != "bed"})
    assert "bed.silent" not in group.numbers(before)
    assert group.flaws(group.whole(before)) == []
    assert group.build(group.whole(before)) == usual
