"""``nuanhu crash-test``: real processes, real ``kill -9``; and a verdict that sees what it should."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from centre import MORNING

from alerting.model import AlarmKind
from gateway.broker.mosquitto import MOSQUITTO
from gateway.store.rung import RungAlarm
from nuanhu.crash_test.plan import planned
from nuanhu.crash_test.verdict import QOS1, RECEIPTED, Verdict, judge
from nuanhu.town.homes import OWN, ZIGBEE
from nuanhu.town.ledger import Press

ROOT = Path(__file__).resolve().parents[2]


def press(after_s: float, event_id: str = "", household: str = "own") -> Press:
    return Press(
        household=household,
        device=f"{household}-1",
        inner="sos",
        bridge="hub",
        make=OWN if event_id else ZIGBEE,
        kind="panic",
        cause="canary",
        at=MORNING + timedelta(seconds=after_s),
        monotonic_s=after_s,
        event_id=event_id,
    )


def rung(after_s: float, event_id: str = "", household: str = "own", incident: str = "own-1") -> RungAlarm:
    return RungAlarm(
        incident=incident,
        kind=AlarmKind.PANIC,
        at=MORNING + timedelta(seconds=after_s),
        device=f"{household}-1",
        bridge="hub",
        inner="sos",
        event_id=event_id,
    )


def verdict(presses: list[Press], alarms: list[RungAlarm]) -> Verdict:
    return judge(presses, alarms, {"own": RECEIPTED, "zigbee": QOS1})


def test_a_press_without_an_alarm_is_lost() -> None:
    found = verdict([press(0, "a"), press(5, "b")], [rung(0, "a")])
    assert (found.lost, [p.event_id for p in found.lost_presses], found.doubled) == (1, ["b"], 0)
    assert found.by_class[RECEIPTED].sent == 2


def test_an_event_with_two_alarms_is_doubled_in_one_incident_or_two() -> None:
    found = verdict([press(0, "a"), press(5, "b")], [rung(0, "a"), rung(1, "a", incident="own-2"), rung(5, "b")])
    assert (found.lost, found.doubled, found.doubled_ids) == (0, 1, [("hub", "sos", "a")])


def test_presses_without_ids_are_told_apart_by_their_time() -> None:
    presses = [press(0, household="zigbee"), press(20, household="zigbee"), press(40, household="zigbee")]
    found = verdict(presses, [rung(1, household="zigbee"), rung(43, household="zigbee"), rung(44, household="zigbee")])
    assert (found.by_class[QOS1].lost, found.by_class[QOS1].doubled, found.doubled) == (1, 1, 0)
    assert found.lost_presses == [presses[1]]
    assert found.lost == 0, "only receipted devices are promised"


def test_the_plan_of_kills_follows_from_the_seed_and_strikes_everything() -> None:
    assert list(planned(3, 50)) == list(planned(3, 50)) != list(planned(4, 50))
    kills = list(planned(3, 50))
    assert {kill.target for kill in kills} == {"gateway", "broker", "both"}
    assert any(kill.in_burst for kill in kills)
    assert any(kill.recovering for kill in kills)


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    if MOSQUITTO.find() is None:
        pytest.skip("mosquitto is not installed")
    return subprocess.Popen(
        [sys.executable, "-m", "nuanhu", "crash-test", "--json", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(running: subprocess.Popen[str], within_s: float) -> tuple[dict[str, Any], str]:
    """The report and what was said beside it."""
    try:
        out, said = running.communicate(timeout=within_s)
    finally:
        running.kill()
    return json.loads(out.splitlines()[-1]), said


def left_over(folder: Path) -> list[str]:
    """Command lines of running processes that name this folder."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            lines.append(line)
    return lines


def crash(folder: Path, kills: int, within_s: float) -> dict[str, Any]:
    report, said = ended(started(folder, "--kills", str(kills)), within_s)
    assert report["errors"] == [], said
    assert (report["kills"], report["lost"], report["doubled"]) == (kills, 0, 0)
    assert report["by_class"]["receipted"]["sent"] >= 10 * kills
    assert report["by_class"]["qos1"]["sent"] >= kills
    assert 0 < report["recovery_p50_s"] <= report["recovery_p99_s"]
    assert left_over(folder) == []
    return report


def test_three_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    crash(tmp_path, 3, within_s=90)
    assert list(tmp_path.iterdir()) == [], "nothing is left behind when all is well"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_ten_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    report = crash(tmp_path, 10, within_s=280)
    assert len(report["killed"]) >= 2


@pytest.mark.slow
def test_ctrl_c_ends_everything_it_started_with_a_verdict(tmp_path: Path) -> None:
    running = started(tmp_path, "--kills", "500")
    threading.Event().wait(8)
    assert left_over(tmp_path), "it never began"
    running.send_signal(signal.SIGINT)
    report, _ = ended(running, 60)
    assert (report["lost"], report["doubled"]) == (0, 0)
    assert report["errors"][0] == "interrupted"
    assert running.returncode == 1
    assert left_over(tmp_path) == []
