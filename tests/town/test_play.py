"""A log of a real home becomes one household that goes on living."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from device_adapters.signals import Contact, Motion
from nuanhu.home_log import read_home_log
from nuanhu.town.history import history_signals
from nuanhu.town.life import CLOSED, OPEN, local_date
from nuanhu.town.plan import TownPlan
from nuanhu.town.play import PlayedLife, played_days, room_word, with_played_home

NOW = datetime(2032, 1, 20, 4, 30, tzinfo=UTC)  # 12:30 local


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Ten days: up at 06:00 + the day's number in minutes, kitchen at 12:00, door at 15:00, bed at 21:00."""
    lines = []
    for day in range(1, 11):
        for clock, sensor in (
            (f"06:{day:02d}:00", "BedroomABed"),
            ("12:00:00", "KitchenAStove"),
            ("15:00:00", "OutsideDoor"),
            ("15:00:04", "OutsideDoor"),
            ("21:00:00", "BedroomAArea"),
        ):
            lines.append(f"2031-05-{day:02d} {clock},{sensor},ON")
    path = tmp_path / "ten-days.csv"
    path.write_text("\n".join(lines))
    return path


def test_the_last_day_is_laid_on_today_and_the_loop_goes_on(plan: TownPlan, log: Path) -> None:
    life = with_played_home(plan, log, NOW).homes[0].life
    today = local_date(NOW)

    def rises(day: date) -> float:
        return life.moves(day)[0][0]

    assert rises(today) == 6 * 3600 + 10 * 60
    assert rises(today - timedelta(days=9)) == 6 * 3600 + 60
    assert life.moves(today - timedelta(days=10)) == ()
    assert rises(today + timedelta(days=1)) == 6 * 3600 + 60


def test_its_past_are_motion_and_door_signals_of_own_devices(plan: TownPlan, log: Path) -> None:
    town = with_played_home(plan, log, NOW)
    home = town.homes[0]
    past = list(history_signals(home, NOW - timedelta(days=28), NOW))
    motions = [s for _, s in past if isinstance(s, Motion)]
    assert len(motions) == 9 * 3 + 2
    assert {m.device for m in motions} == {"pir-bedroom", "pir-kitchen"}
    doors = [s.state for _, s in past if isinstance(s, Contact)]
    assert doors == ["open", "closed"] * 9
    last = max(m.arrived_at for m in motions if m.arrived_at)
    assert last == datetime(2032, 1, 20, 4, 0, tzinfo=UTC)


def test_the_registry_knows_the_played_home(plan: TownPlan, log: Path) -> None:
    town = with_played_home(plan, log, NOW)
    household = town.registry.households[0]
    assert household.key == town.homes[0].household == "WX00000"
    assert "ten-days.csv" in household.address
    assert town.registry.households[1:] == plan.registry.households
    bridge = town.homes[0].bridge
    assert bridge in town.registry.bridges
    assert town.passwords[bridge.id]
    assert len({b.prefix for b in town.registry.bridges}) == len(town.registry.bridges)


def test_days_that_the_log_only_touches_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text(
        "2031-05-01 22:00:00 Hall ON\n2031-05-02 06:00:00 Hall ON\n2031-05-04 21:00:00 Hall ON\n"
        "2031-05-05 09:00:00 Hall ON\n"
    )

    days = played_days(read_home_log(path))
    assert [len(day) for day in days] == [1, 0, 1]


def test_a_log_without_activity_is_refused(plan: TownPlan, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("2031-05-01 22:00:00 Hall OFF\n")
    with pytest.raises(ValueError, match="no activity"):
        with_played_home(plan, path, NOW)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("BedroomABed", "bedroom"),
        ("BathroomAToilet", "bathroom"),
        ("KitchenARefrigerator", "kitchen"),
        ("LoungeChair", "living"),
        ("WorkArea", "study"),
        ("", "living"),
        ("24", "24"),
        ("Потолок / 3", "3"),
    ],
)
def test_rooms_have_our_words(name: str, word: str) -> None:
    assert room_word(name) == word


def test_a_door_that_swings_opens_once(plan: TownPlan, log: Path) -> None:
    day = with_played_home(plan, log, NOW).homes[0].life.moves(local_date(NOW))
    assert [(s, w) for s, w in day if w in (OPEN, CLOSED)] == [(54_000.0, OPEN), (54_006.0, CLOSED)]


def test_an_endless_loop_has_the_length_of_the_log() -> None:
    life = PlayedLife([[(1.0, "hall")], [(2.0, "hall")], []], date(2032, 1, 3))
    assert [list(life.moves(date(2032, 1, d))) for d in range(1, 8)] == [
        [(1.0, "hall")],
        [(2.0, "hall")],
        [],
        [(1.0, "hall")],
        [(2.0, "hall")],
        [],
        [(1.0, "hall")],
    ]
