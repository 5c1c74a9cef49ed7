"""The thresholds of floods and chatter are one table with bounds; a person's call is exempt whatever is set."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from centre import Centre
from on_both_stores import only_sqlite
from pydantic import ValidationError

from alerting.casefile import Role
from alerting.commands import OpenManual
from alerting.floods import TABLE, Floods, Threshold, with_changes
from alerting.model import Priority
from alerting.policy import Policy
from dashboard.value_words import THRESHOLDS
from device_adapters.signals import Alarm, Panic
from gateway.settings import Settings
from tests.alerting.desk_words import claim
from tests.alerting.lone_home import LoneHome, rings
from tests.dashboard.visitor import arrived

PAPER = Path(__file__).resolve().parents[2] / "docs" / "floods.md"


@only_sqlite
async def test_a_centre_s_own_flood_begins_where_it_says(centre: Centre) -> None:
    await centre.set_up(floods={"flood_incidents": 3})
    for home in centre.plan.homes[:3]:
        await centre.ask(OpenManual(key=home.household, by="zuoxi1", text="?", priority=Priority.P3))
    assert not centre.gateway.judge.states.desk.inflow.flood.lasts
    await centre.ask(OpenManual(key=centre.plan.homes[3].household, by="zuoxi1", text="?", priority=Priority.P3))
    assert centre.gateway.judge.states.desk.inflow.flood.lasts


@only_sqlite
async def test_the_administrator_sees_them_with_bounds_and_who_changes_them(centre: Centre) -> None:
    await centre.set_up(floods={"outage_share": 0.3, "flood_quiet_s": 300})
    await centre.serve()
    page = await arrived(centre, "guanli9", Role.ADMINISTRATOR).go("/values")
    for line in TABLE:
        assert f"<code>{line.setting}</code>" in page
    assert "<strong>30 %</strong>" in page
    assert "<strong>5 分钟</strong>" in page


@pytest.mark.parametrize(
    "changes",
    [{"flood_incidents": 2}, {"outage_share": 0.9}, {"chatter_burst": 2.5}, {"panic_burst": 3}, {"settle_s": 901}],
)
def test_beyond_the_bounds_there_is_no_start(changes: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Settings(floods=changes)


def test_the_table_has_every_threshold_and_words_for_it() -> None:
    assert [line.setting for line in TABLE] == list(Floods.__struct_fields__)
    assert list(THRESHOLDS) == [line.setting for line in TABLE]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.setting)
def test_every_line_lies_within_its_bounds_and_can_be_changed(line: Threshold) -> None:
    assert line.least <= line.of(Floods()) <= line.most
    for value in (line.least, line.most):
        changed = with_changes({line.setting: value})
        assert line.of(changed) == value
        assert type(line.of(changed)) is type(line.of(Floods()))
        assert Settings(floods={line.setting: value}).policy().floods == changed


def test_the_paper_has_the_table() -> None:
    told = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| (\w+) \|", PAPER.read_text("utf-8"), re.MULTILINE
    )
    rows = [(it.setting, it.of(Floods()), it.least, it.most, it.by.value) for it in TABLE]
    assert [(name, float(a), float(b), float(c), by) for name, a, b, c, by in told] == rows


def test_whatever_is_set_every_press_rings_and_a_word_of_a_person_too() -> None:
    least = with_changes({"chatter_burst": 2, "chatter_refill_s": 1800})
    home = LoneHome(policy=msgspec.structs.replace(Policy(), own_floods=least))
    for _ in range(30):
        assert rings(home.says("sos", Panic(), after_s=1))
        assert rings(home.says("hub", Alarm(alarm_type="duress"), after_s=1))
        home.asks(claim())
    smoke = [rings(home.says("hub", Alarm(alarm_type="smoke"), after_s=1)) for _ in range(4)]
    assert smoke == [True, True, False, False], "a device that chatters has what is set"
