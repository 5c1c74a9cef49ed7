"""What a device that asks would buy on a log: less delay, no more calls; said only when it is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from alerting.model import RiskTier
from alerting.policy import Policy
from nuanhu.cli import main
from nuanhu.evaluate.asked import AskedHome
from nuanhu.evaluate.walk import Walked, walk
from nuanhu.home_log import LogEvent

BEGAN = datetime(2026, 1, 5)  # noqa: DTZ001 - a log is in the home's own time
DAYS = 150


def lived() -> Iterator[LogEvent]:
    """Up at seven, to bed at ten; by day silences of all lengths, now and then a long nap."""
    for day in range(DAYS):
        minute = 7.0 * 60
        n = 0
        while minute < 22 * 60:
            yield LogEvent(BEGAN + timedelta(days=day, minutes=minute), "living", False)
            n += 1
            chance = math.modf(math.sin(day * 131.7 + n * 17.3) * 4375.5)[0] ** 2
            minute += 10 + 230 * chance**6


def under(share: float | None) -> tuple[Walked, AskedHome | None]:
    policy = Policy(utc_offset_s=0)
    asked = None if share is None else AskedHome(share, RiskTier.CARE, policy)
    return walk(lived(), policy, lambda: 0.0, asked=asked), asked


def mean_h(walked: Walked) -> float:
    late = [limit for window, limit in zip(walked.windows, walked.limits_s, strict=True) if window >= 60 * 288]
    return sum(late) / len(late) / 3600


def test_answers_buy_delay_and_cost_no_call() -> None:
    plain, _ = under(None)
    heard, asked = under(0.9)
    assert asked is not None
    assert asked.questions >= 8
    assert asked.answered >= 0.8 * asked.questions
    assert mean_h(heard) < 0.95 * mean_h(plain)
    assert len(heard.alarms) <= len(plain.alarms) + 1


def test_a_home_that_never_answers_waits_as_without_a_device() -> None:
    plain, _ = under(None)
    deaf, asked = under(0.0)
    assert asked is not None
    assert asked.answered == 0
    assert len(deaf.windows) == len(plain.windows)
    assert mean_h(deaf) == pytest.approx(mean_h(plain), rel=0.05)


def test_the_command_says_what_was_assumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "home.csv"
    lines = [f"{it.at_local:%Y-%m-%d %H:%M:%S},living,ON" for it in lived()]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["evaluate", str(log), "--answers", "0.9", "--json"]) == 0
    told = msgspec.json.decode(capsys.readouterr().out)
    assert told["asked"]["answers"] == 0.9
    assert told["asked"]["questions_per_week"] > 0
    assert main(["evaluate", str(log), "--json"]) == 0
    assert "asked" not in msgspec.json.decode(capsys.readouterr().out)
    assert main(["evaluate", str(log), "--answers", "1.5"]) == 2
