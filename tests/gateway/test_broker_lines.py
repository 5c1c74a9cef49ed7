"""Every line of the broker's configuration says what it buys; the bench that measured it still measures."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.broker.mosquitto import MOSQUITTO
from nuanhu.bench.broker import KILLED, bench_broker, changed

CONFIGURATION = Path(__file__).resolve().parents[2] / "mosquitto" / "mosquitto.conf"


def blocks() -> list[list[str]]:
    """Settings with the comment above them."""
    found: list[list[str]] = [[]]
    for line in CONFIGURATION.read_text(encoding="utf-8").splitlines():
        starts = line.startswith("#") and found[-1] and not found[-1][-1].startswith("#")
        if starts or not line:
            found.append([])
        if line and not line.startswith("# ---"):
            found[-1].append(line)
    return [block for block in found if any(not line.startswith("#") for line in block)]


def test_every_setting_stands_below_its_reason() -> None:
    assert len(blocks()) > 12
    for block in blocks():
        assert block[0].startswith("# "), f"nothing says why: {block[0]}"


def test_a_changed_configuration_differs_in_that_line_alone() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    for variant in KILLED:
        other = changed(text, variant.changed)
        assert sum(a != b for a, b in zip(text.splitlines(), other.splitlines(), strict=False)) >= len(variant.changed)
        for name in variant.changed:
            assert f"\n{name} " in other


def test_a_setting_that_is_not_there_is_not_measured() -> None:
    with pytest.raises(AssertionError, match="stands 0 times"):
        changed("persistence true\n", {"autosave_interval": "1"})


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_our_lines_buy_what_they_say() -> None:
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    report = bench_broker(1)
    ours, default, on_changes = report.killed
    assert ours.longest_s < 2
    assert default.lost == default.acknowledged > 1_000
    assert on_changes.lost <= 5
    assert [*report.waiting_kept.values()] == [5_000, 1_000]
    assert [*report.qos0_kept.values()] == [5_000, 0]
