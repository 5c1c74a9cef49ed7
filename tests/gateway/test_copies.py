"""What is kept outside the store: written again after a failure, and whatever is not kept is said."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest
from centre import MORNING, town

from alerting.casefile import Registry
from gateway.fallback.continuity import pack_of, unseal
from gateway.fallback.copies import Copies, latest_snapshot
from gateway.fallback.snapshot import Snapshot
from gateway.settings import Settings

PASSPHRASE = "four words on paper"
PATIENCE_S = 30.0


def copies(settings: Settings, registry: Registry) -> Copies:
    snapshot = Snapshot(written_at=MORNING, registry=registry, names={})
    return Copies(
        settings, lambda: (snapshot, registry.households), lambda: partial(pack_of, registry, (), MORNING, "", 8)
    )


async def becomes(kept: Copies, warnings: list[str]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while kept.warnings() != warnings:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("key", ["", "not 32 bytes"])
async def test_what_cannot_be_written_is_said_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr("gateway.fallback.copies.AGAIN_S", 0.01)
    packs, key_file = tmp_path / "packs", tmp_path / "key"
    packs.write_text("a file where the folder should be")
    if key:
        key_file.write_text(key)
    else:
        key_file.mkdir()
    settings = Settings(
        data=tmp_path / "data",
        snapshot_key_file=str(key_file),
        continuity_folder=str(packs),
        continuity_passphrase=PASSPHRASE,
    )
    kept = copies(settings, town().registry)
    writing = asyncio.create_task(kept.run())
    await becomes(kept, ["continuity_failed", "snapshot_failed"])
    packs.unlink()
    key_file.unlink() if key else key_file.rmdir()
    await becomes(kept, [])
    writing.cancel()
    assert latest_snapshot(settings).registry == town().registry
    assert unseal((packs / "continuity.pack").read_bytes(), PASSPHRASE).households == town().registry.households


async def test_a_gateway_without_homes_leaves_what_there_is(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, continuity_passphrase=PASSPHRASE)
    writing = asyncio.create_task(copies(settings, town().registry).run())
    pack = tmp_path / "continuity" / "continuity.pack"
    async with asyncio.timeout(PATIENCE_S):
        while not pack.exists():
            await asyncio.sleep(0.01)
    writing.cancel()
    before = pack.read_bytes()
    empty = copies(settings, Registry())
    empty._write_snapshot()
    empty._write_pack(empty._pack())
    assert latest_snapshot(settings).registry == town().registry
    assert pack.read_bytes() == before
