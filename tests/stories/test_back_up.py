"""A back-up written while presses come is one moment of the store; put back, a gateway goes on from it, and says so."""

from __future__ import annotations

import asyncio
import io
import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from centre import Centre
from on_both_stores import only_sqlite
from postgres import PostgresServer

from gateway.clock import host_time
from gateway.fallback.backups import Backups, backup_files
from gateway.settings import Settings
from nuanhu.cli import main
from nuanhu.wiring import store_url

PASSPHRASE = "four words on paper"


def settings_file(centre: Centre, url: str, name: str = "nuanhu.toml") -> Path:
    file = centre.folder / name
    file.write_text(f'data = "{centre.folder / "data"}"\nstore_url = "{url}"\nbackup_passphrase = "{PASSPHRASE}"\n')
    return file


def address(centre: Centre) -> str:
    return store_url(Settings(data=centre.folder / "data", store_url=centre.store_url))


def elsewhere(centre: Centre, request: pytest.FixtureRequest) -> str:
    """An empty store of the same kind."""
    if not centre.store_url:
        return f"sqlite:///{centre.folder}/put back/nuanhu.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.database()


def names_in(folder: Path) -> list[str]:
    return [it.name for it in folder.iterdir()]


async def ran(*arguments: str | Path) -> int:
    return await asyncio.to_thread(main, [str(it) for it in arguments])


async def test_what_was_acknowledged_before_it_is_in_it_and_a_gateway_goes_on_from_there(
    centre: Centre,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if centre.store_url:  # its own tools: those of an older version refuse
        programs = request.getfixturevalue("postgres_server").programs
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    first, second = centre.home(), centre.home(nth=1)
    await centre.press(first)
    opened = (await centre.row_of(first)).incident
    file = tmp_path / "night.backup"
    running = asyncio.create_task(ran("backup", file, "--settings", settings_file(centre, centre.store_url), "--json"))
    await centre.press(second)  # the writer is not kept waiting
    await centre.row_of(second)
    assert await running == 0
    written = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])
    assert written["store"] == address(centre).partition(":")[0]
    assert written["bytes"] == file.stat().st_size < written["store_bytes"]
    assert file.stat().st_mode & 0o077 == 0, "its owner's alone"
    assert centre.plan.registry.households[0].address.encode() not in file.read_bytes()
    await centre.close_gateway()
    other = elsewhere(centre, request)
    settings = settings_file(centre, other, "other.toml")
    assert await ran("restore", file, "--settings", settings) == 0
    assert await ran("restore", file, "--settings", settings) == 2, "never over a store that is there"
    assert "already" in capsys.readouterr().err
    centre.store_url = other
    await centre.open_gateway()
    assert (await centre.row_of(first)).incident == opened
    await centre.press(first)
    assert (await centre.row_of(first)).incident == opened, "one incident goes on"


@only_sqlite
async def test_a_file_that_was_changed_cut_off_or_has_another_passphrase_makes_no_store(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, settings = tmp_path / "night.backup", settings_file(centre, centre.store_url)
    assert await ran("backup", file, "--settings", settings) == 0
    assert await ran("backup", file, "--settings", settings) == 2
    assert "is there already" in capsys.readouterr().err
    assert await ran("restore", "--check", file, "--settings", settings) == 0
    whole = file.read_bytes()
    assert b"nuanhu restore FILE" in whole[:400], "it says itself how it is opened"
    other = settings_file(centre, f"sqlite:///{tmp_path}/none.db", "other.toml")
    middle = len(whole) // 2
    for spoilt in (whole[:-1], whole[:middle], whole[:middle] + b"\x00\x01" + whole[middle + 2 :], whole[:30], b""):
        file.write_bytes(spoilt)
        assert await ran("restore", file, "--settings", other) == 2
    file.write_bytes(whole)
    monkeypatch.setenv("NUANHU_BACKUP_PASSPHRASE", "quite another one")
    capsys.readouterr()
    assert await ran("restore", file, "--settings", other) == 2
    assert "passphrase" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    monkeypatch.setenv("NUANHU_BACKUP_PASSPHRASE", "")
    plain = centre.folder / "plain.toml"
    plain.write_text(f'store_url = "{centre.store_url}"\n')
    assert await ran("backup", tmp_path / "short.backup", "--settings", plain) == 2
    assert [it for it in names_in(tmp_path) if it.startswith(("none.db", ".none", ".nuanhu", "short"))] == []


@only_sqlite
async def test_the_gateway_writes_one_each_night_keeps_a_few_and_says_when_it_cannot(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.fallback.backups.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("gateway.fallback.backups.AGAIN_S", 0.01)
    assert "backup_off" in (await centre.gateway.desk.health()).warnings
    folder = tmp_path / "copies"
    now = host_time()
    settings = Settings(backup_folder=str(folder), backup_passphrase=PASSPHRASE, backup_keep=2)
    backups = Backups(settings, address(centre), 8 * 3600, lambda: now)
    left = centre.folder / "data" / ".nuanhu.db.copy"
    left.write_text("of a process that was killed")
    backups.start()
    await centre.until(lambda: backups.warnings() == ["backup_failed"], "a folder that is not there is not made")
    assert not left.exists()
    folder.mkdir()
    (folder / "nuanhu-before-upgrade.backup").write_text("somebody's own")
    seen: set[Path] = set()

    def is_new() -> bool:
        return bool(set(backup_files(folder, now)) - seen)

    for _ in range(4):
        await centre.until(is_new, "the night's back-up")
        seen |= set(backup_files(folder, now))
        assert await ran("restore", "--check", max(seen), "--settings", settings_file(centre, "")) == 0
        now += timedelta(days=1)
    await centre.until(lambda: len(seen | set(backup_files(folder, now))) == 5, "the fifth")
    await centre.until(lambda: len(names_in(folder)) == 3, "two, and somebody's own")
    kept = backups.kept()
    assert backups.warnings() == []
    assert kept is not None
    assert kept.size_bytes == backup_files(folder, now)[0].stat().st_size
    folder.rename(tmp_path / "unplugged")
    await centre.until(lambda: backups.warnings() == ["backup_failed"], "the word for it")
    (tmp_path / "unplugged").rename(folder)
    await centre.until(lambda: backups.warnings() == [], "the next look")
    backups.stop()
