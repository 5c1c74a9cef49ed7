"""While the system is down, a laptop with the pack and the passphrase has who, where, phones, chain and access."""

from __future__ import annotations

import asyncio
import html
import re
import shutil
from pathlib import Path

import msgspec
import pytest
from centre import Centre
from on_both_stores import only_sqlite

from nuanhu.cli import main

PASSPHRASE = "four words on paper"


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUANHU_CONTINUITY_PASSPHRASE", PASSPHRASE)


def settings_file(centre: Centre) -> Path:
    file = centre.folder / "nuanhu.toml"
    file.write_text(f'data = "{centre.folder / "data"}"\nstore_url = "{centre.store_url}"\ntitle = "测试中心"\n')
    return file


def plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


async def test_the_gateway_writes_it_and_it_opens_when_nothing_else_runs(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = centre.folder / "data" / "continuity" / "continuity.pack"
    await centre.until(pack.exists, "the pack")
    pressed = centre.home(nth=2)
    await centre.press(pressed)
    assert await asyncio.to_thread(main, ["continuity", "write", "--settings", str(settings_file(centre))]) == 0
    await centre.close_gateway()
    await asyncio.to_thread(centre.broker.stop)
    out = tmp_path / "pack.html"
    capsys.readouterr()
    assert main(["continuity", "open", str(pack), "--out", str(out), "--json"]) == 0
    report = msgspec.json.decode(capsys.readouterr().out)
    assert (report["file"], report["homes"], report["open"]) == (str(out), len(centre.plan.homes), 1)
    page = out.read_text("utf-8")
    told = plain(page)
    for case in centre.plan.registry.households:
        expected = [case.title, case.address, case.access, *(c.phone for c in case.contacts), *case.risks]
        assert [part for part in expected if part not in told] == [], case.key
    case = next(case for case in centre.plan.registry.households if case.key == pressed.household)
    assert told.index(case.title) < told.index("全部住户")
    assert "紧急按钮" in told
    assert 'lang="zh-CN"' in page
    for outside in ("<script", "<link", "src=", "http:", "https:", "@import", "url("):
        assert outside not in page
    await asyncio.to_thread(centre.broker.start)
    await centre.open_gateway()


@only_sqlite
async def test_a_wrong_passphrase_is_one_line(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = centre.folder / "data" / "continuity" / "continuity.pack"
    await centre.until(pack.exists, "the pack")
    monkeypatch.setenv("NUANHU_CONTINUITY_PASSPHRASE", "another passphrase")
    out = tmp_path / "pack.html"
    assert main(["continuity", "open", str(pack), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "passphrase" in said
    assert not out.exists()


@only_sqlite
async def test_without_a_passphrase_nothing_is_written_and_the_system_page_says_so(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NUANHU_CONTINUITY_PASSPHRASE")
    assert await asyncio.to_thread(main, ["continuity", "write", "--settings", str(settings_file(centre))]) == 2
    assert "continuity_passphrase" in capsys.readouterr().err
    folder = centre.folder / "data" / "continuity"
    await centre.until((folder / "continuity.pack").exists, "the pack of the gateway that had a passphrase")
    await centre.close_gateway()
    shutil.rmtree(folder, ignore_errors=True)
    await centre.open_gateway()
    assert centre.gateway.copies.warnings() == ["continuity_off"]
    assert "continuity_off" in (await centre.gateway.desk.health()).warnings
    await asyncio.to_thread(centre.gateway.copies._write_pack, centre.gateway._pack())
    assert not folder.exists()
