"""The Chinese catalogue is complete, and the check would say so if it were not."""

from __future__ import annotations

import pytest

from dashboard import i18n


def test_the_chinese_catalogue_is_complete() -> None:
    assert list(i18n.complaints()) == []
    assert i18n.main(["--check"]) == 0


def test_a_text_without_translation_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    used = {**i18n.used_texts(), "A text nobody has translated": "somewhere.html"}
    monkeypatch.setattr(i18n, "used_texts", lambda: used)
    assert i18n.main(["--check"]) == 1
    assert "A text nobody has translated" in capsys.readouterr().out


def test_a_translation_nobody_uses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    used = i18n.used_texts()
    dropped = used.popitem()[0]
    monkeypatch.setattr(i18n, "used_texts", lambda: used)
    assert list(i18n.complaints()) == [f"not used any more: {dropped!r}"]


def test_texts_are_found_in_templates_and_python() -> None:
    used = i18n.used_texts()
    assert used["No incident is chosen"] == "templates/console.html"
    assert used["Emergency button"] == "words.py"
    assert ("%(num)s alarm", "%(num)s alarms") in used


def test_english_is_the_source_text() -> None:
    english = i18n.load_languages()["en"]
    assert english.gettext("Whom to call") == "Whom to call"
    assert english.ngettext("%(num)s alarm", "%(num)s alarms", 1) == "1 alarm"
    assert english.ngettext("%(num)s alarm", "%(num)s alarms", 3) == "3 alarms"
