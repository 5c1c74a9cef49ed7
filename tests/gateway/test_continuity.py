"""The continuity pack: closed without its passphrase, complete with it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from centre import MORNING, P1, town

from alerting.model import Aggregate, Alarm, AlarmKind, Incident, IncidentState
from gateway.desk.rows import queue_row
from gateway.fallback.continuity import HOW, MAGIC, Header, Pack, PackError, pack_of, seal, unseal, write_pack
from gateway.writing.directory import Directory

PASSPHRASE = "four words on paper"
HOME = town().registry.households[3]
PRESSED = Incident(
    id=f"{HOME.key}-1",
    key=HOME.key,
    aggregate=Aggregate.HOUSEHOLD,
    state=IncidentState.OPEN,
    priority=P1,
    alarms=(Alarm(kind=AlarmKind.PANIC, at=MORNING, room="bathroom"),),
    alarm_count=1,
    unacknowledged=True,
    opened_at=MORNING,
    rang_at=MORNING,
    changed_at=MORNING,
)


def a_pack() -> Pack:
    registry = town().registry
    row = queue_row(PRESSED, Directory(registry, {}))
    return pack_of(registry, (row,), MORNING, "测试中心", 8)


def test_it_comes_back_as_it_was() -> None:
    pack = a_pack()
    assert unseal(seal(pack, PASSPHRASE), PASSPHRASE) == pack
    assert {home.key for home in pack.households} == {home.key for home in town().registry.households}


def test_it_says_of_itself_how_to_open_it() -> None:
    first, second, _ = seal(a_pack(), PASSPHRASE).split(b"\n", 2)
    assert first + b"\n" == MAGIC
    header = msgspec.json.decode(second, type=Header)
    assert (header.open_with, header.kdf, header.cipher, header.written_at) == (HOW, "scrypt", "AES-256-GCM", MORNING)


def test_nothing_of_it_can_be_read_without_the_passphrase() -> None:
    content = seal(a_pack(), PASSPHRASE)
    for secret in (HOME.title, HOME.address, HOME.access, HOME.contacts[0].phone):
        assert secret.encode() not in content
    with pytest.raises(PackError, match="passphrase"):
        unseal(content, PASSPHRASE + " ")
    assert seal(a_pack(), PASSPHRASE)[-200:] != content[-200:]


def test_accounts_and_devices_are_not_in_it() -> None:
    body = msgspec.json.encode(a_pack())
    for account in town().registry.accounts:
        assert account.password_hash.encode() not in body
    assert town().registry.devices[0].inner.encode() not in body


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"n":131072', b'"n":131073'),
        (b'"n":131072', b'"n":99999999999'),
        (b'"r":8', b'"r":9'),
        (b'"kdf":"scrypt"', b'"kdf":"rot13_"'),
        (b'"written_at":"2026', b'"written_at":"2027'),
        (b"continuity pack 1", b"continuity pack 2"),
        (b"\n", b" "),
    ],
)
def test_a_changed_head_is_refused(old: bytes, new: bytes) -> None:
    content = seal(a_pack(), PASSPHRASE)
    assert old in content
    with pytest.raises(PackError):
        unseal(content.replace(old, new, 1), PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"nuanhu", MAGIC, MAGIC + b"{}\n", MAGIC + b"x" * 5000])
def test_what_is_no_pack_is_said_in_one_line(content: bytes) -> None:
    with pytest.raises(PackError) as said:
        unseal(content, PASSPHRASE)
    assert "\n" not in str(said.value)


def test_the_file_is_replaced_whole_and_closed_to_others(tmp_path: Path) -> None:
    write_pack(tmp_path / "packs", a_pack(), PASSPHRASE)
    file = write_pack(tmp_path / "packs", a_pack(), PASSPHRASE)
    assert [path.name for path in file.parent.iterdir()] == ["continuity.pack"]
    assert file.stat().st_mode & 0o077 == 0
    assert unseal(file.read_bytes(), PASSPHRASE) == a_pack()
