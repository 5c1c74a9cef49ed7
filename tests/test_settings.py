"""Settings that are wrong are told in one line, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerting.model import EscalationLevel, Priority
from gateway.settings import read_settings
from nuanhu.cli import main


def written(folder: Path, *lines: str) -> Path:
    file = folder / "nuanhu.toml"
    file.write_text("\n".join([f'data = "{folder}/data"', "port = 0", *lines]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("p1_steps_s = [30, 60, 60, 120]", "p1_steps_s"),
        ("p1_steps_s = [5, 60, 90, 120]", "p1_steps_s"),
        ("p2_steps_s = [60, 180]", "p2_steps_s"),
        ("page_test_hour = 24", "page_test_hour"),
        ('[duty_phones]\n"值班手机" = "nonsense://somebody:geheim@host"', "值班手机"),
        ('[duty_phones]\n"值班手机" = "sms://main/13800000001"', "值班手机"),
        ('[providers.main]\nurl = "http://sms.example.org"\nsecret = "geheim"', "providers.main.url"),
        ('[providers.main]\nurl = "https://sms.example.org"\nsecrets = "geheim"', "providers.main.secrets"),
        ('[providers.main]\nshape = "acme"\nsecret = "geheim"', "acme"),
        ('[providers.main]\nsecret = "geheim"', "url is missing"),
        ('[providers.main]\nshape = "aliyun"\nsecret = "geheim"\nparams = {x = "{health}"}', "health"),
        ('page_pins = {"值班手机" = "geheim"}', "page_pins"),
        ('telephony_token = "geheim"', "telephony_token"),
        ('telephony_dial = "javascript:geheim"', "telephony_dial"),
        ('telephony_dial = "http://pbx.example/{number}"', "telephony_dial"),
        ('area_code = "510"', "area_code"),
    ],
)
def test_a_wrong_setting_of_the_ladder_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, word: str
) -> None:
    assert main(["run", "--settings", str(written(tmp_path, line))]) == 2
    told = [said for said in capsys.readouterr().err.splitlines() if said.startswith("nuanhu: ") and word in said]
    assert len(told) == 1
    assert "geheim" not in told[0]


def test_the_ladder_of_a_centre_is_its_own(tmp_path: Path) -> None:
    lines = ("p1_steps_s = [20, 40, 60, 80]", "p2_again_s = 600", "[duty_phones]", '"甲" = "x://"', '"乙" = "y://"')
    policy = read_settings(written(tmp_path, *lines)).policy()
    assert [(step.after_s, step.level) for step in policy.ladders[Priority.P1]] == [
        (20, EscalationLevel.RING),
        (40, EscalationLevel.SUPERVISOR),
        (60, EscalationLevel.DUTY),
        (80, EscalationLevel.CHAIN),
    ]
    assert policy.ladder_again_s[Priority.P2] == 600
    assert policy.duty_phones == ("甲", "乙")
