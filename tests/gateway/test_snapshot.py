"""The registry's encrypted copy: whole or not at all, and closed to everybody without its key."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from centre import MORNING, town

from gateway.fallback.snapshot import Snapshot, SnapshotError, read_snapshot, write_snapshot

SNAPSHOT = Snapshot(written_at=MORNING, registry=town().registry, names={"z1": {"bath": "0x01"}})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "registry.snapshot", tmp_path / "snapshot.key"


def test_it_comes_back_as_it_was(files: tuple[Path, Path]) -> None:
    write_snapshot(*files, SNAPSHOT)
    write_snapshot(*files, SNAPSHOT)
    assert read_snapshot(*files) == SNAPSHOT
    assert sorted(path.name for path in files[0].parent.iterdir()) == ["registry.snapshot", "snapshot.key"]


def test_nobody_else_can_read_it(files: tuple[Path, Path]) -> None:
    write_snapshot(*files, SNAPSHOT)
    home = SNAPSHOT.registry.households[0]
    content = files[0].read_bytes()
    for secret in (home.title, home.address, home.contacts[0].phone, SNAPSHOT.registry.accounts[0].password_hash):
        assert secret.encode() not in content
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]


def test_the_same_registry_never_gives_the_same_bytes(files: tuple[Path, Path]) -> None:
    write_snapshot(*files, SNAPSHOT)
    first = files[0].read_bytes()
    write_snapshot(*files, SNAPSHOT)
    assert files[0].read_bytes()[-100:] != first[-100:]


@pytest.mark.parametrize("place", [0, 30, 45, -1])
def test_a_changed_file_is_refused(files: tuple[Path, Path], place: int) -> None:
    write_snapshot(*files, SNAPSHOT)
    content = bytearray(files[0].read_bytes())
    content[place] ^= 1
    files[0].write_bytes(content)
    with pytest.raises(SnapshotError):
        read_snapshot(*files)


def test_another_key_or_no_file_is_said_in_one_line(files: tuple[Path, Path]) -> None:
    with pytest.raises(SnapshotError, match="no snapshot"):
        read_snapshot(*files)
    write_snapshot(*files, SNAPSHOT)
    files[1].write_bytes(bytes(32))
    with pytest.raises(SnapshotError, match="not its key"):
        read_snapshot(*files)


def test_a_write_that_fails_leaves_the_one_before(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    write_snapshot(*files, SNAPSHOT)
    before = files[0].read_bytes()

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_snapshot(*files, SNAPSHOT)
    assert files[0].read_bytes() == before
    assert len(list(files[0].parent.iterdir())) == 2
