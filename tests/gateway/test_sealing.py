"""The key that secrets of devices are sealed with: one for ever, whoever makes it."""

from __future__ import annotations

import secrets
import stat
from pathlib import Path

import pytest

from gateway.registry.sealing import KEY_BYTES, KEY_NAME, Sealing

KEYS = ("231d39c1d7cc1ab1aee224cd096db932", "00112233445566778899aabbccddeeff")


def test_two_that_seal_first_at_the_same_time_have_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes in after the first has found no key, and before it has written its own."""
    truly, between = secrets.token_bytes, list[str]()

    def token_bytes(count: int) -> bytes:
        if count == KEY_BYTES and not between:
            between.append("")
            between[0] = Sealing(tmp_path).seal(KEYS[1])
        return truly(count)

    monkeypatch.setattr(secrets, "token_bytes", token_bytes)
    sealed = Sealing(tmp_path).seal(KEYS[0])
    assert [Sealing(tmp_path).open(it) for it in (sealed, between[0])] == list(KEYS)
    assert [file.name for file in tmp_path.iterdir()] == [KEY_NAME]
    assert stat.S_IMODE((tmp_path / KEY_NAME).stat().st_mode) == 0o600


def test_a_number_of_a_person_is_sealed_the_same_each_time_and_opened_here_alone(tmp_path: Path) -> None:
    here, elsewhere = Sealing(tmp_path / "a"), Sealing(tmp_path / "b")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    number = "99010019410302001X"
    sealed = here.seal_text(number)
    assert sealed == here.seal_text(number)
    assert number not in sealed
    assert here.open_text(sealed) == number
    assert elsewhere.seal_text(number) != sealed
    assert elsewhere.open_text(sealed) == ""
    assert here.seal_text("") == here.open_text("") == here.open_text("?") == ""
    assert here.open(sealed) == "", "a bind key it is not"
