"""``nuanhu evaluate``: the rules that run live, the protocol, and logs that cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from alerting.decisions import Learned, Noted
from alerting.events import DeviceFacts, Enrolled, SignalHeard, TimePassed
from alerting.homes import household
from alerting.homes.state import HouseholdState, Memory
from alerting.model import RiskTier
from alerting.policy import Policy
from alerting.silence import inactivity
from alerting.silence.places import BRIEF, LONG
from device_adapters.signals import Motion
from gateway.clock import SystemClock
from nuanhu.cli import main
from nuanhu.evaluate import walk as walk_file
from nuanhu.evaluate.reference import RULES, TARGETS, OwnPast, own_choice
from nuanhu.evaluate.score import grid_of, passed, quantile, score
from nuanhu.evaluate.walk import walk
from nuanhu.home_log import LogEvent
from nuanhu.town.dice import dice_for

START = datetime(2031, 5, 5)  # noqa: DTZ001 - a log has local time
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "homes"


def invented(days: int, *, seed: int = 1, away: range = range(0)) -> list[LogEvent]:
    """A person's movements: asleep at night, about by day, out now and then."""
    dice = dice_for(seed, "evaluate")
    events: list[LogEvent] = []
    for day in range(days):
        if day in away:
            events.append(LogEvent(START + timedelta(days=day, hours=9, seconds=7 + 61 * day), "hall", door=False))
            continue
        at = START + timedelta(days=day, hours=6.5, seconds=1 + 3600 * dice.random())
        end = START + timedelta(days=day, hours=21.5, seconds=3600 * dice.random())
        while at < end:
            out = dice.random() < 0.02
            room = "hall" if out else "bath" if dice.random() < 0.2 and end - at > timedelta(hours=1) else "living"
            events.append(LogEvent(at.replace(microsecond=0), room, door=out))
            rests_s = 3600 + 9000 * dice.random() if out else 61 + 1500 * dice.random() ** 2
            at += timedelta(seconds=61 + 600 * dice.random() if room == "bath" else rests_s)
    return events


def written(path: Path, events: list[LogEvent]) -> Path:
    rows = [f"{e.at_local:%Y-%m-%d %H:%M:%S},{'FrontDoor' if e.door else e.room},ON" for e in events]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_it_calls_the_very_functions_that_run_live() -> None:
    for name in ("moved", "fitted", "passes_s", "present_limit", "alarmed"):
        assert getattr(walk_file, name) is getattr(inactivity, name)


ROOMS = (
    ("living", "motion", "living"),
    ("bath", "motion", "bath"),
    ("hall", "motion", "hall"),
    ("door", "door", "hall"),
)


class Live:
    """A household under the live rules, woken by its own timer."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.memory = Memory(HouseholdState(key="H1"))
        self.alarms: list[datetime] = []
        self.learned = 0
        facts = tuple(DeviceFacts(id_, role, room, 400 * 86_400) for id_, role, room in ROOMS)
        self.step(Enrolled(tier=RiskTier.CARE, devices=facts), START.replace(tzinfo=UTC))

    def step(self, event: object, at: datetime) -> None:
        self.memory, decisions = household.step(self.memory, event, at, self.policy)  # type: ignore[arg-type]
        for decision in decisions:
            self.learned += isinstance(decision, Learned)
            if isinstance(decision, Noted) and decision.entry.alarm is not None:
                quiet_since = decision.entry.alarm.quiet_since
                assert quiet_since is not None, "nothing but silences happens here"
                self.alarms.append(quiet_since)

    def hear(self, event: LogEvent) -> None:
        at = event.at_local.replace(tzinfo=UTC)
        while (armed := self.memory.hot.armed_s) and armed <= at.timestamp():
            self.step(TimePassed(), datetime.fromtimestamp(armed, UTC))
        self.step(SignalHeard(device_id="door" if event.door else event.room, signal=Motion(state="detected")), at)


def test_the_same_events_give_the_same_decisions_live() -> None:
    policy = Policy(utc_offset_s=0, false_per_week=2.0, own_ladders={})
    events = invented(60, away=range(40, 43))
    live = Live(policy)
    for event in events:
        live.hear(event)
    walked = walk(iter(events), policy, SystemClock().monotonic_s)
    first = START.replace(tzinfo=UTC)
    silences = dict.fromkeys(live.alarms)  # one that has become rare even for this home rings once more
    theirs = [int((at - first).total_seconds()) // 300 for at in silences]
    ours = [walked.windows[at] for at in walked.alarms]
    assert len(ours) >= 3, "something to compare"
    assert theirs == ours
    assert live.memory.rhythm == walked.rhythm
    assert {*walked.rhythm.places.kinds.values()} == {LONG, BRIEF}, "the places of this home have been found out"
    assert live.learned == walked.refits


def test_only_the_past_is_used() -> None:
    events = invented(50)
    policy = Policy(utc_offset_s=0)
    whole = walk(iter(events), policy, SystemClock().monotonic_s)
    cut = [e for e in events if e.at_local < START + timedelta(days=35)]
    part = walk(iter(cut), policy, SystemClock().monotonic_s)
    assert len(part.windows) > 500
    assert list(whole.limits_s[: len(part.limits_s)]) == list(part.limits_s)


def test_delay_and_false_alerts_by_hand() -> None:
    windows = [100, 101, 150, 288 + 100, 288 + 160, 576 + 30]
    grid = grid_of(windows, bytes(6), 576 + 60)
    limits = [6 * 3600.0] * 6
    assert passed(grid, limits) == [2, 4]
    found = score(grid, limits, passed(grid, limits), 1)
    assert found is not None
    assert (found.false, round(found.false_per_week, 2)) == (1, 3.5), "the first day is learning"
    assert found.delay_h.mean == 6
    assert quantile([1, 2, 3, 4], 0.9) == pytest.approx(3.7)


def test_low_activity_days_are_counted_apart_and_a_run_is_one() -> None:
    windows = [day * 288 + 80 + n for day in range(20) for n in range(100 if day not in (12, 13) else 2)]
    grid = grid_of(windows, bytes(len(windows)), windows[-1] + 1)
    assert [day for day, low in enumerate(grid.low) if low] == [12, 13]
    found = score(grid, [6 * 3600.0] * len(windows), passed(grid, [6 * 3600.0] * len(windows)), 8)
    assert found is not None
    assert found.low_activity_incidents == 1, "three silences, one run"
    assert grid.weeks(8) == pytest.approx(10 / 7)


@pytest.mark.parametrize("name", RULES)
def test_a_reference_rule_uses_only_the_past(name: str) -> None:
    events = invented(60)
    walked = walk(iter(events), Policy(utc_offset_s=0), SystemClock().monotonic_s)
    windows, doors = list(walked.windows), walked.doors
    whole = own_choice(grid_of(windows, doors, windows[-1] + 1), RULES[name], 28, 0.5)
    cut = next(i for i, window in enumerate(windows) if window >= 49 * 288)
    part = own_choice(grid_of(windows[:cut], doors[:cut], windows[cut]), RULES[name], 28, 0.5)
    assert part == whole[:cut]
    assert len(set(part)) > 1


def test_a_reference_rule_at_as_few_false_alerts_needs_a_target_for_it() -> None:
    walked = walk(iter(invented(60)), Policy(utc_offset_s=0), SystemClock().monotonic_s)
    grid = grid_of(list(walked.windows), walked.doors, walked.windows[-1] + 1)
    past = OwnPast(grid, RULES["fixed timer"], 14)
    by_false: dict[int, float] = {}
    for target in TARGETS:
        limits_s = past.limits_s(target)
        found = score(grid, limits_s, passed(grid, limits_s), 28)
        assert found is not None
        by_false[found.false] = min(found.delay_h.mean, by_false.get(found.false, 99.0))
    assert len(by_false) > 2
    for false in range(max(by_false) + 1):
        at_rate_h = past.at_rate_h(false, 28)
        assert at_rate_h == min((h for n, h in by_false.items() if n <= false), default=None)


def answer(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return json.loads(capsys.readouterr().out.splitlines()[-1])  # type: ignore[no-any-return]


def test_the_command_answers_with_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "lane.log", invented(70))
    assert main(["evaluate", str(path), "--target", "0.5", "--compare", "--json"]) == 0
    found = answer(capsys)
    assert found["home"] == "lane"
    assert found["weeks_scored"] == 6.0
    assert set(found["delay_h"]) == {"mean", "day_median", "day_p90", "night_median", "night_p90"}  # type: ignore[call-overload]
    assert [rule["rule"] for rule in found["compared"]] == [*RULES]  # type: ignore[attr-defined]
    as_few = [rule["at_our_rate_h"] for rule in found["compared"]]  # type: ignore[attr-defined]
    assert as_few[0] is None or as_few[0] >= found["fixed_at_this_rate_h"], "a target in hindsight knows less than all"
    assert any(as_few), "some rule can be as quiet as ours"
    assert found["rows"] == len(invented(70))
    assert 0 < int(found["learned_bytes"]) <= 16 * 1024  # type: ignore[call-overload]
    assert main(["evaluate", str(path), "--plot", str(tmp_path / "lane.svg")]) == 0
    assert (tmp_path / "lane.svg").read_text(encoding="utf-8").count("<polyline") == 3
    assert "this home's rhythm" in capsys.readouterr().out


def test_parts_of_a_home_s_log_are_put_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = invented(40)
    whole = written(tmp_path / "a.log", events)
    first, second = written(tmp_path / "x.log", events[700:]), written(tmp_path / "y.log", events[:700])
    assert main(["evaluate", str(whole), "--json"]) == 0
    once = answer(capsys)
    assert main(["evaluate", str(first), str(second), "--json"]) == 0
    twice = answer(capsys)
    for name in ("false", "delay_h", "weeks_scored", "rows"):
        assert once[name] == twice[name]


def test_lines_said_twice_change_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = invented(40)
    assert main(["evaluate", str(written(tmp_path / "a.log", events)), "--json"]) == 0
    once = answer(capsys)
    assert main(["evaluate", str(written(tmp_path / "b.log", [e for e in events for _ in range(2)])), "--json"]) == 0
    assert answer(capsys)["delay_h"] == once["delay_h"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\n# nothing\n\n", "empty"),
        ("a line of prose\n", "line 1"),
        ("2031-05-05 08:00:00,living,ON\n2031-05-05 08:00:00,living,perhaps\n", "line 2"),
        ("2031-05-09 08:00:00,living,ON\n2031-05-05 08:00:00,living,ON\n", "line 2"),
        ("2031-05-05 08:00:00,living,ON\n2031-05-05 09:00:00,living,ON\n", "nothing to be scored"),
    ],
)
def test_a_log_that_cannot_be_used_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "bad.log"
    path.write_text(text, encoding="utf-8")
    assert main(["evaluate", str(path), "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "bad.log" in told.err
    assert said in told.err


@pytest.mark.parametrize(
    "wrong", [["--target", "0"], ["--score-from-week", "0"], ["--leave-out", "nobody"], ["--train-days", "-1"]]
)
def test_wrong_arguments_are_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str]
) -> None:
    path = written(tmp_path / "a.log", invented(40))
    assert main(["evaluate", str(path), *wrong]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_parts_that_overlap_by_days_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = written(tmp_path / "a.log", invented(40)), written(tmp_path / "b.log", invented(20, seed=2))
    assert main(["evaluate", str(one), str(two)]) == 2
    assert "overlap" in capsys.readouterr().err


@pytest.mark.skipif(not (REAL / "hh102.windows.csv").exists(), reason="hh102.windows.csv of the real homes is not here")
@pytest.mark.parametrize(
    ("target", "least", "most", "mean_h", "day_p90_h"), [("0.23", 0.15, 0.35, 4.0, 5.6), ("1.0", 0.5, 1.3, 2.8, 4.5)]
)
def test_a_real_home_at_one_false_alert_a_month_and_a_week(
    capsys: pytest.CaptureFixture[str], target: str, least: float, most: float, mean_h: float, day_p90_h: float
) -> None:
    wanted = ["--target", target, "--score-from-week", "53", "--leave-out", "hh102", "--json"]
    assert main(["evaluate", str(REAL / "hh102.windows.csv"), *wanted]) == 0
    found = answer(capsys)
    delay = msgspec.convert(found["delay_h"], dict[str, float])
    assert least <= found["false_per_week"] <= most  # type: ignore[operator]
    assert delay["mean"] <= mean_h
    assert delay["day_p90"] <= day_p90_h
    assert delay["mean"] < found["fixed_at_this_rate_h"], "the best fixed timer for as few, chosen with hindsight"  # type: ignore[operator]
    assert found["learned_bytes"] <= 16 * 1024  # type: ignore[operator]
