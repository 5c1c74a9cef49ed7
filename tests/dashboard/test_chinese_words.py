"""One Chinese word for one thing on all screens; units, keys and reasons are in Chinese too."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from centre import Centre

from alerting.casefile import Role
from alerting.enrolment import labels
from dashboard.device_words import LABEL_KINDS
from tests.dashboard.visitor import arrived

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = (ROOT / "dashboard/locale/zh_CN/LC_MESSAGES/nuanhu.po").read_text(encoding="utf-8")
SOURCES = [it for room in ("alerting", "gateway", "dashboard", "nuanhu") for it in (ROOT / room).rglob("*.py")]


@pytest.mark.parametrize(("old", "word"), [("督导", "主管"), ("坐席台", "值班台"), ("处置流程", "处置脚本")])
def test_a_supervisor_a_console_and_a_script_have_one_word_each(old: str, word: str) -> None:
    assert old not in CATALOGUE
    assert word in CATALOGUE
    assert [it.name for it in SOURCES if old in it.read_text(encoding="utf-8")] == []


async def test_the_key_that_sends_a_form_is_named_in_chinese(centre: Centre) -> None:
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    operator = arrived(centre, "op", Role.OPERATOR)
    await operator.go(f"/incidents/{row.incident}")
    page = await operator.send(f"/incidents/{row.incident}/claim")
    kbds = re.findall(r"<kbd[^>]*>([^<]+)</kbd>", page)
    assert "回车" in kbds
    assert "Enter" not in kbds


async def test_seconds_until_a_channel_are_in_chinese(centre: Centre) -> None:
    boss = arrived(centre, "boss", Role.SUPERVISOR)
    page = html.unescape(await boss.go(f"/duty/try?try_area={centre.home().household}&try_priority=1&try_when=now"))
    lines = page.split('class="trial-steps"')[1].split("</section>")[0]
    assert re.search(r"\+\d+ 秒", lines)
    assert not re.search(r"\d s\b", page)
    assert not re.search(r"\d s\b", await boss.go("/duty"))


async def test_why_a_message_was_set_aside_is_said_in_chinese_alone_where_there_is_a_word(centre: Centre) -> None:
    home = centre.zigbee_home
    await centre.say(home.bridge.id, f"{home.bridge.prefix}/0x00124b00deadbeef", b"{not json")
    page = await arrived(centre, "root", Role.ADMINISTRATOR).go("/quarantine")
    cells = re.findall(r'<td title="([^"]+)">(.*?)</td>', page, re.DOTALL)
    assert cells
    for reason, told in cells:
        assert reason.isascii()
        assert not re.search("[a-z]{3}", told), told


def test_each_kind_of_label_has_a_word() -> None:
    kinds = re.findall(r'kind="(\w+)"', Path(labels.__file__).read_text(encoding="utf-8"))
    assert kinds
    assert set(kinds) <= LABEL_KINDS.keys()
