"""The stages of a device: on by one, back by any; nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from alerting.casefile import DeviceStage
from alerting.enrolment.stages import NEXT, may_go

ORDER = list(DeviceStage)


@pytest.mark.parametrize(("before", "after"), list(product(ORDER, ORDER)))
def test_a_stage_is_never_skipped(before: DeviceStage, after: DeviceStage) -> None:
    assert may_go(before, after) is (ORDER.index(after) <= ORDER.index(before) + 1)


def test_the_table_has_a_line_for_every_stage() -> None:
    assert list(NEXT) == ORDER
