"""What the demo says: Chinese where the locale is, else each line in both; and where to begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from nuanhu.demo.people import ACCOUNTS
from nuanhu.demo.welcome import ROLES, Opened, farewell, said, tongue_of, welcome

OPENED = Opened(
    households=60,
    base="http://127.0.0.1:8080",
    telephones="http://127.0.0.1:8081",
    folder=Path("var/demo/60-1"),
    broker=("mosquitto", "127.0.0.1", 1883),
    first_screen_s=4.25,
    is_new=True,
    limits=("retained messages",),
)


@pytest.mark.parametrize(
    ("environment", "tongue"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "both"),
        ({"LANG": "en_US.UTF-8"}, "both"),
        ({}, "both"),
    ],
)
def test_the_locale_says_the_language(environment: dict[str, str], tongue: str) -> None:
    assert tongue_of(environment) == tongue


def test_every_account_and_what_to_try_is_there_in_each_language() -> None:
    chinese, english = said("zh", welcome(OPENED)), said("en", welcome(OPENED))
    for text in (chinese, english):
        for wanted in (*(it.login for it in ACCOUNTS), OPENED.base, OPENED.telephones, "mosquitto_pub", "2468"):
            assert wanted in text
        assert f"nuanhu replay --data {OPENED.folder}" in text
    assert "先试这几步" in chinese
    assert "Try this first" not in chinese
    assert "先试" not in english
    assert {account.role for account in ACCOUNTS} <= set(ROLES)


def test_in_both_every_line_stands_in_chinese_first_and_what_is_the_same_once() -> None:
    lines = said("both", welcome(OPENED)).splitlines()
    assert lines.index("  先试这几步：") + 1 == lines.index("  Try this first:")
    assert sum("mosquitto_pub" in line for line in lines) == 1
    assert [line for line in said("both", farewell(9, 1, 1, OPENED.folder)).splitlines() if "var/demo" in line]
