"""``nuanhu import``: with a gateway that runs and without one; every refused row by its number; exit status."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from centre import Centre
from on_both_stores import only_sqlite

from dashboard.sheet import as_csv, as_excel
from nuanhu.cli import main
from tests.gateway.test_provisioning import installation
from tests.list_of_homes import gbk, homes_of, rows, table
from tests.store_away import read_only


async def run(settings: Path, file: Path, *more: str) -> int:
    return await asyncio.to_thread(main, ["import", str(file), "--settings", str(settings), *more])


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


async def test_a_list_goes_to_the_running_gateway_all_of_it_or_nothing(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, before = await installation(centre, tmp_path), homes_of(centre)
    homes = rows(centre, 400)
    file = tmp_path / "名单.csv"
    file.write_bytes(gbk([*homes[:-1], homes[-1] | {"residents.1.birth_year": "1941-02-30"}]))
    assert await run(settings, file, "--json") == 1
    report = said(capsys)
    assert (report["new"], report["imported"]) == (399, 0)
    assert [(it["row"], it["field"], it["word"]) for it in report["rejected"]] == [
        (401, "residents.1.birth_year", "impossible_date")
    ]
    assert homes_of(centre) == before
    assert await run(settings, file, "--json", "--partial") == 1
    assert said(capsys)["imported"] == 399
    assert len(homes_of(centre)) == len(before) + 399
    file.write_bytes(as_excel("住户", table(homes)))
    assert await run(settings, file, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "400 rows: 1 new, 0 changed, 399 as they were, 0 refused" in told
    assert len(homes_of(centre)) == len(before) + 399
    assert await run(settings, file, "--json") == 0
    assert said(capsys)["imported"] == 1
    assert len(homes_of(centre)) == len(before) + 400


async def test_without_a_gateway_the_store_is_written_and_what_lowers_safety_has_to_be_said(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = await installation(centre, tmp_path)
    await centre.stop_serving()
    key = next(key for key, it in homes_of(centre).items() if it.tier.value != "watch")
    await centre.close_gateway()
    file = tmp_path / "a.csv"
    file.write_bytes(as_csv([["档案编号", "紧急程度", "备注"], [key, "持续关注", "x"]]))
    assert await run(settings, file, "--json") == 1
    report = said(capsys)
    assert (report["changed"], report["imported"], report["ignored_columns"]) == (1, 0, ["备注"])
    assert "tier_lowered" in report["lowers_safety"][0]
    assert await run(settings, file, "--json", "--lowering") == 0
    assert said(capsys)["imported"] == 1
    await centre.open_gateway()
    assert homes_of(centre)[key].tier.value == "watch"
    assert await run(settings, tmp_path / "none.csv") == 2


async def test_positions_say_from_which_map_they_are(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = await installation(centre, tmp_path)
    key = next(iter(homes_of(centre)))
    file = tmp_path / "a.csv"
    file.write_bytes(as_csv([["档案号", "纬度", "经度"], [key, "31.175304", "121.531542"]]))
    assert await run(settings, file) == 2
    assert "--datum" in capsys.readouterr().err
    assert await run(settings, file, "--datum", "GCJ-02", "--json") == 0
    place = homes_of(centre)[key].place
    assert (place.lat, place.lon) == pytest.approx((31.1774276, 121.5272106), abs=2e-6)


@only_sqlite
async def test_a_list_that_the_store_has_not_is_not_called_registered(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, before = await installation(centre, tmp_path), homes_of(centre)
    file = tmp_path / "a.csv"
    file.write_bytes(gbk(rows(centre, 5)))
    with read_only(centre):
        assert await run(settings, file, "--json") == 3
        report = said(capsys)
        assert (report["imported"], report["recorded"]) == (0, False)
    await centre.until(lambda: len(homes_of(centre)) == len(before) + 5, "the store having it after all")
    assert await run(settings, file) == 0
    assert "5 as they were" in capsys.readouterr().out
