"""Logs of real homes in four formats; the samples here are invented, the real files are read where they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from nuanhu.home_log import LogError, LogEvent, read_home_log

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "homes"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2031-05-{text}")


def read(tmp_path: Path, text: str | bytes, **wanted: frozenset[str]) -> list[LogEvent]:
    path = tmp_path / "home.log"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_home_log(path, **wanted))


def test_windows_with_a_column_a_room(tmp_path: Path) -> None:
    text = (
        "window_start,Bedroom,Kitchen,OutsideDoor,total_events\n"
        "2031-05-02 06:00:00,2,0,0.0,2\n2031-05-02 06:05:00,0,,1.0,1\n2031-05-02 06:10:00,1,3,0,4\n"
        "2031-05-02 06:15:00,0,0,0,1\n"
    )
    assert read(tmp_path, text) == [
        LogEvent(at("02 06:00"), "Bedroom", door=False),
        LogEvent(at("02 06:05"), "OutsideDoor", door=True),
        LogEvent(at("02 06:05"), "", door=False),
        LogEvent(at("02 06:10"), "Bedroom", door=False),
        LogEvent(at("02 06:10"), "Kitchen", door=False),
        LogEvent(at("02 06:15"), "", door=False),
    ]


def test_windows_with_a_total_alone(tmp_path: Path) -> None:
    text = "\ufeffwindow_start,total_events,OutsideDoor\r\n2031-05-02 06:00:00,1,0.0\r\n2031-05-02 06:05:00,1,3.0\r\n"
    assert read(tmp_path, text) == [
        LogEvent(at("02 06:00"), "", door=False),
        LogEvent(at("02 06:05"), "", door=False),
        LogEvent(at("02 06:05"), "OutsideDoor", door=True),
    ]


def test_windows_may_have_columns_that_are_no_rooms(tmp_path: Path) -> None:
    text = "window_start,hour,Hall,temperature,label\n2031-05-02 06:00:00,6,2,21.5,Sleep\n"
    assert read(tmp_path, text) == [LogEvent(at("02 06:00"), "Hall", door=False)]


@pytest.mark.parametrize("gap", [" ", "\t"])
def test_events_by_blanks_or_tabs(tmp_path: Path, gap: str) -> None:
    lines = [
        "2031-05-02 01:03:39.14962 M003 ON",
        "2031-05-02 01:03:40 M003 OFF",
        "2031-05-02 07:00:01 FrontDoor OPEN x",
    ]
    text = "\n".join(gap.join(line.split(" ")) for line in lines)
    assert read(tmp_path, text) == [
        LogEvent(at("02 01:03:39.149620"), "M003", door=False),
        LogEvent(at("02 07:00:01"), "FrontDoor", door=True),
    ]


def test_events_with_area_and_label(tmp_path: Path) -> None:
    text = "2031-05-02 01:03:39 Bedroom BedA ON Sleep\n2031-05-02 01:03:41 Outside OutsideDoor OPEN Leave Home\n"
    assert read(tmp_path, text) == [
        LogEvent(at("02 01:03:39"), "Bedroom", door=False),
        LogEvent(at("02 01:03:41"), "Outside", door=True),
    ]


def test_a_date_and_a_time_joined_by_a_tab_column(tmp_path: Path) -> None:
    text = "2031-05-02 00:00:30.600670\tBedroom\tON\t\n2031-05-02 00:00:31.7\tBedroom\tOFF\t\n"
    assert read(tmp_path, text) == [LogEvent(at("02 00:00:30.600670"), "Bedroom", door=False)]


def test_events_by_commas_one_file_a_day(tmp_path: Path) -> None:
    (tmp_path / "2031-05-02.csv").write_text("2031-05-02 23:59:59.5,Kitchen,ON\n2031-05-02 23:59:59.9,Kitchen,OFF\n")
    (tmp_path / "2031-05-03.csv").write_text("2031-05-03 00:00:01,OutsideDoor,ON\n")
    assert list(read_home_log(tmp_path)) == [
        LogEvent(at("02 23:59:59.500000"), "Kitchen", door=False),
        LogEvent(at("03 00:00:01"), "OutsideDoor", door=True),
    ]


def test_intervals(tmp_path: Path) -> None:
    text = (
        "Start time\tEnd time\tID\tVal\n-----\n"
        "02-May-2031 00:20:14\t02-May-2031 00:22:57\t24\t1\r\n2-may-2031 07:00:00\t02-May-2031 07:00:01\t7\t\r\n"
    )
    assert read(tmp_path, text, outside_doors=frozenset({"7"})) == [
        LogEvent(at("02 00:20:14"), "24", door=False),
        LogEvent(at("02 07:00"), "7", door=True),
    ]


def test_readings_and_garbled_words_are_no_trouble(tmp_path: Path) -> None:
    text = (
        "2031-05-02 01:00:00 M1 ON\n2031-05-02 01:00:01 T101 21.5\n2031-05-02 01:00:02 Hall T102 22\n"
        "2031-05-02 01:00:03 M1 OFFc\n2031-05-02 01:00:04 M1 ONF\n"
    )
    assert [event.at_local for event in read(tmp_path, text)] == [at("02 01:00:00"), at("02 01:00:04")]


def test_lines_out_of_order_are_put_in_their_place(tmp_path: Path) -> None:
    text = (
        "# a comment\n\n2031-05-02 01:00:00,A,ON\n2031-05-02 03:00:00,B,ON\n2031-05-02 02:00:00,C,ON\n\n"
        "2031-05-01 23:00:00,D,ON\n"
    )
    assert [event.room for event in read(tmp_path, text)] == ["D", "A", "C", "B"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\n# only words\n\n", "empty"),
        ("hello world\n", r"line 1.*no known format"),
        ("2031-05-02 25:00:00 M1 ON\n", r"line 1.*no known format"),
        ("2031-05-02 01:00:00 M1 ON\n\n2031-05-02 0x:00:00 M1 ON\n", r"line 3.*time such as"),
        ("2031-05-02 01:00:00 M1 ON\n2031-05-02 01:00:00 M1 MAYBE\n", r"line 2.*ON, OFF, OPEN or CLOSE"),
        ("2031-05-02 01:00:00 M1 ON\n2031-05-02 01:00:00 M1\n", r"line 2.*DATE TIME"),
        ("2031-05-02 01:00:00,M1,ON\n2031-05-02 01:00:00,M1\n", r"line 2.*DATE TIME,SENSOR"),
        ("window_start,Hall\n2031-05-02 01:00:00,x\n", r"line 2.*a count"),
        ("window_start,Hall\n2031-05-02 01:00:00,1,2\n", r"line 2.*2 columns"),
        ("02-May-2031 00:20:14\t01-May-2031 00:22:57\t24\t1\n", r"line 1"),
        ("02-May-2031 00:20:14\t02-May-2031 00:22:57\t24\t1\nx\ty\tz\n", r"line 2.*25-Feb-2008"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(LogError, match=said):
        read(tmp_path, text)


def test_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="UTF-8"):
        read(tmp_path, b"2031-05-02 01:00:00 M1 ON\n\xff\xfe\x00\n")


@pytest.mark.parametrize(
    ("name", "days", "least", "rooms"),
    [
        ("hh102.windows.csv", 1036, 100_000, {"", "OutsideDoor"}),
        ("al.events.txt", 29, 30_000, {"Bedroom", "Kitchen", "Bathroom", "LivingRoom"}),
        ("tm000.events.txt", 6, 10_000, {"KitchenASink", "BedroomABed"}),
        ("kasteren_a.txt", 27, 1_200, {"24", "12"}),
        ("kasteren_b.txt", 27, 19_000, {"28", "13"}),
    ],
)
def test_the_real_homes(name: str, days: int, least: int, rooms: set[str]) -> None:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    events = list(read_home_log(path))
    assert len(events) > least
    assert (events[-1].at_local - events[0].at_local) // timedelta(days=1) == days
    assert rooms <= {event.room for event in events}
    assert all(a.at_local <= b.at_local for a, b in pairwise(events))
