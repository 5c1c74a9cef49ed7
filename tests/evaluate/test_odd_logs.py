"""One home's life written in every form there is, tidy or not, is judged alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nuanhu.cli import main
from nuanhu.home_log import LogEvent
from nuanhu.town.dice import dice_for
from tests.evaluate.test_evaluate import START, invented

DAYS = 46
LIFE = invented(DAYS)
SENSORS = {"living": "M003", "bath": "BathroomASink", "hall": "D001"}


def sensor(event: LogEvent) -> str:
    return SENSORS[event.room]


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def by_commas(event: LogEvent) -> str:
    return f"{iso(event.at_local)},{sensor(event)},{'OPEN' if event.door else 'ON'}"


def plain(events: list[LogEvent]) -> str:
    return "\n".join(map(by_commas, events)) + "\n"


def blanks(events: list[LogEvent]) -> str:
    return "".join(f"{iso(e.at_local)}.04 {sensor(e)}   ON\n{iso(e.at_local)}.9 {sensor(e)} OFF\n" for e in events)


def tabs_with_labels(events: list[LogEvent]) -> str:
    lines = (f"{iso(e.at_local)}.000059\t{sensor(e)}\tON\t\tSleep begin\n" for e in events)
    return "".join(lines)


def areas(events: list[LogEvent]) -> str:
    return "".join(f"{iso(e.at_local)} {sensor(e)} {sensor(e)}x {'CLOSE' if e.door else 'ON'} Work\n" for e in events)


def dates_with_slashes(events: list[LogEvent]) -> str:
    return "".join(f"{e.at_local:%Y/%m/%d %H:%M:%S},{sensor(e)},ON,Leave_Home\n" for e in events)


def date_and_time_apart(events: list[LogEvent]) -> str:
    return "".join(f"{e.at_local:%Y-%m-%d},{e.at_local:%H:%M:%S.%f},{sensor(e)},ON\n" for e in events)


def intervals(events: list[LogEvent]) -> str:
    head = "Start time\tEnd time\tID\tVal\n"
    at = "%d-%b-%Y %H:%M:%S"
    return head + "".join(
        f"{e.at_local:{at}}\t{e.at_local + timedelta(seconds=9):{at}}\t{sensor(e)}\t1\r\n" for e in events
    )


def with_readings(events: list[LogEvent]) -> str:
    """Thermometers, light and batteries speak at all hours: nobody moves there."""
    lines = [(e.at_local, by_commas(e)) for e in events]
    for quarter in range(DAYS * 96):
        at = START + timedelta(minutes=15 * quarter)
        lines += [(at, f"{iso(at)},{what}") for what in ("T101,21.5", "LS004,17", "BATP102,96", "LL001,-3e1")]
    return "\n".join(text for _, text in sorted(lines)) + "\n"


def said_twice(events: list[LogEvent]) -> str:
    return "".join(f"{by_commas(e)}\n" * 2 for e in events)


def shuffled_within_hours(events: list[LogEvent]) -> str:
    dice = dice_for(7, "late")
    late = {e: e.at_local + timedelta(hours=20 * dice.random()) for e in events}
    return plain(sorted(events, key=lambda e: late[e]))


def untidy(events: list[LogEvent]) -> str:
    lines = [f"  {by_commas(e)}   " for e in events]
    return "\ufeff# a home\r\n\r\n" + "\r\n\r\n".join(lines) + "\r\n\r\n   \r\n"


WRITTEN: tuple[Callable[[list[LogEvent]], str], ...] = (
    blanks,
    tabs_with_labels,
    areas,
    dates_with_slashes,
    date_and_time_apart,
    intervals,
    with_readings,
    said_twice,
    shuffled_within_hours,
    untidy,
)


def judged(capsys: pytest.CaptureFixture[str], *files: Path, more: tuple[str, ...] = ()) -> dict[str, Any]:
    assert main(["evaluate", *map(str, files), "--outside-door", "D001", "--target", "1", "--json", *more]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    return {k: answer[k] for k in ("false", "low_activity_incidents", "delay_h", "weeks_scored", "expected_per_week")}


@pytest.fixture
def expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    path = tmp_path / "plain.log"
    path.write_text(plain(LIFE), encoding="utf-8")
    return judged(capsys, path)


@pytest.mark.parametrize("written", WRITTEN, ids=lambda f: f.__name__)
def test_the_same_life_in_another_form_is_judged_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: dict[str, Any], written: Callable[..., str]
) -> None:
    assert expected["false"] > 0, "something is judged"
    path = tmp_path / "home.log"
    path.write_bytes(written(LIFE).encode())
    assert judged(capsys, path) == expected


def test_a_file_a_day_in_any_order_or_as_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: dict[str, Any]
) -> None:
    folder = tmp_path / "days"
    folder.mkdir()
    for day in range(DAYS):
        since = START + timedelta(days=day)
        (folder / f"{since:%Y-%m-%d}.txt").write_text(
            plain([e for e in LIFE if since <= e.at_local < since + timedelta(days=1)]), encoding="utf-8"
        )
    (folder / ".hidden").write_text("not a log", encoding="utf-8")
    files = sorted(folder.glob("*.txt"), reverse=True)
    assert judged(capsys, *files) == expected
    assert judged(capsys, folder) == expected


def test_a_clock_put_back_and_a_gap_of_months(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    away = timedelta(days=120)
    events = [e if e.at_local < START + timedelta(days=40) else e._replace(at_local=e.at_local + away) for e in LIFE]
    path = tmp_path / "gap.log"
    path.write_text(plain(events), encoding="utf-8")
    answer = judged(capsys, path)
    assert answer["weeks_scored"] == pytest.approx((DAYS - 28) / 7, abs=0.01), "days without anybody are apart"
    assert answer["low_activity_incidents"] == 1
    repeated = [e._replace(at_local=e.at_local - timedelta(hours=1)) if e.at_local.hour == 2 else e for e in LIFE]
    path.write_text(plain(repeated), encoding="utf-8")
    assert judged(capsys, path)["weeks_scored"] == pytest.approx((DAYS - 28) / 7, abs=0.01)


@pytest.mark.parametrize("rooms", [{"living"}, {"living", "bath"}])
def test_one_sensor_alone_or_no_door(tmp_path: Path, capsys: pytest.CaptureFixture[str], rooms: set[str]) -> None:
    path = tmp_path / "few.log"
    path.write_text(plain([e for e in LIFE if e.room in rooms]), encoding="utf-8")
    found = judged(capsys, path)
    assert found["false"] <= 8, "three times what was asked for, at most"
    assert found["delay_h"]["day_median"] < 6 < found["delay_h"]["night_median"], "it has a rhythm nevertheless"


def test_a_log_that_begins_at_night_or_is_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = LogEvent(START - timedelta(hours=1, minutes=7), "living", door=False)
    path = tmp_path / "night.log"
    path.write_text(plain([night, *LIFE]), encoding="utf-8")
    assert judged(capsys, path)["weeks_scored"] == pytest.approx((DAYS + 1 - 28) / 7, abs=0.01)
    path.write_text(plain([e for e in LIFE if e.at_local < START + timedelta(days=20)]), encoding="utf-8")
    assert judged(capsys, path)["weeks_scored"] == pytest.approx(6 / 7, abs=0.01), "two weeks of learning"
    assert judged(capsys, path, more=("--train-days", "7"))["weeks_scored"] == pytest.approx(13 / 7, abs=0.01)
    assert judged(capsys, path, more=("--score-from-week", "3"))["weeks_scored"] == pytest.approx(6 / 7, abs=0.01)


def test_rooms_of_a_window_have_no_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    windows: dict[datetime, set[str]] = {}
    for event in LIFE:
        start = event.at_local.replace(minute=event.at_local.minute // 5 * 5, second=0)
        windows.setdefault(start, set()).add(event.room)
    answers = []
    for rooms in (["living", "bath", "hall"], ["hall", "bath", "living"]):
        names = [{"living": "LivingRoom", "bath": "Bathroom", "hall": "OutsideDoor"}[room] for room in rooms]
        lines = [f"window_start,{','.join(names)},total_events"]
        lines += [
            f"{iso(at)},{','.join(str(int(r in seen)) for r in rooms)},{len(seen)}" for at, seen in windows.items()
        ]
        path = tmp_path / "home.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        answers.append(judged(capsys, path))
    assert answers[0] == answers[1]
