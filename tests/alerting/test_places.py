"""Where a person was last: after the bath the wait is short, after a night's bed or the door it is long."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.events import DeviceFacts
from alerting.homes.state import Memory
from alerting.model import Outcome
from alerting.silence.day import NEW_NORMAL_MOST, Day
from alerting.silence.inactivity import Quiet, moved
from alerting.silence.places import BRIEF, LONG, MOST, MOST_A_DAY, NAME_MOST, NO_PLACES, Places, name_of
from alerting.silence.rhythm import Rhythm
from alerting.silence.stopping import ROWS, SLOTS
from tests.alerting.lone_home import DAY_S, DEVICES, LoneHome, local
from tests.alerting.test_limits import found_well

ROUND = ("pir-living", "pir-bathroom", "pir-living", "pir-bedroom")


def lives(home: LoneHome, days: range, *, every_min: int = 40, exit_by: str = "door") -> None:
    """A round through the rooms all day, two hours out every other noon, and the night after the bedroom."""
    for day in days:
        at, n = local(7) + timedelta(days=day - 2), 0
        end = local(22) + timedelta(days=day - 2)
        while at < end:
            home.wait_until(at)
            if not home.calm:
                found_well(home, Outcome.WAS_WELL)
            if n == 8 and day % 2:
                home.moves(exit_by)
                at += timedelta(hours=3)
            else:
                home.moves(ROUND[n % 4])
                at += timedelta(minutes=every_min)
            n += 1
        home.wait_until(end)
        home.moves("pir-bathroom")
        home.moves("pir-bedroom", after_s=60)


def due_after_h(home: LoneHome, *devices: str) -> float:
    for device in devices:
        home.moves(device, after_s=30)
    return (home.due - home.now).total_seconds() / 3600


def test_after_the_bath_the_wait_is_shorter_than_after_the_bed() -> None:
    home = LoneHome(local(6))
    lives(home, range(2, 30))
    home.wait_until(local(22) + timedelta(days=28))
    assert home.memory.rhythm.places.kinds["bathroom"] == BRIEF
    assert due_after_h(home, "pir-bathroom") + 4 < due_after_h(home, "pir-bedroom")


def test_who_came_in_and_went_on_into_the_house_is_not_out() -> None:
    home = LoneHome(local(6))
    lives(home, range(2, 30))
    home.wait_until(local(12) + timedelta(days=28))
    home.moves()
    came_in = due_after_h(home, "door", "pir-living")
    home.wait(400)
    inside = due_after_h(home, "pir-living")
    home.wait(400)
    went_out = due_after_h(home, "pir-living", "door")
    assert inside < went_out
    assert came_in <= went_out


def test_a_door_that_nobody_declared_is_found_out() -> None:
    devices = (*DEVICES, DeviceFacts("pir-hall", "motion", "hall", 2 * DAY_S))
    home = LoneHome(local(6), devices=devices)
    lives(home, range(2, 30), exit_by="pir-hall")
    home.wait_until(local(11) + timedelta(days=28))
    assert home.memory.rhythm.places.kinds["hall"] == LONG
    assert due_after_h(home, "pir-living") < due_after_h(home, "pir-hall")


@pytest.mark.parametrize(("n", "long", "kind"), [(200, 0, BRIEF), (40, 30, LONG), (200, 20, 0), (10, 0, 0), (4, 2, 0)])
def test_what_kind_a_place_is_needs_evidence(n: int, long: int, kind: int) -> None:
    rest = {"elsewhere": (1000, 100)}
    places = NO_PLACES.folded({"there": (n, long), **rest}, 1.0)
    assert places.kind("there") == kind
    assert NO_PLACES.kind("there") == 0
    assert NO_PLACES.kind(name_of("hall", door=True, after_door=False)) == LONG


def test_a_door_after_which_nobody_leaves_is_found_out() -> None:
    door = name_of("hall", door=True, after_door=False)
    places = NO_PLACES.folded({door: (300, 1), "there": (1000, 100)}, 1.0)
    assert places.kind(door) == BRIEF


def test_what_moved_in_the_same_second_has_no_order() -> None:
    known = Places(kinds={"bath": BRIEF, "kitchen": BRIEF, "bed": 0, "hall!": LONG})
    for rooms in (["bath", "bed"], ["bed", "bath"]):
        assert _after(rooms, known).kind == 0, "she may have gone to bed"
    for rooms in (["bath", "kitchen"], ["kitchen", "bath"]):
        assert _after(rooms, known).kind == BRIEF
    for rooms in (["bath", "hall"], ["hall", "bath"]):
        assert _after(rooms, known, door="hall").kind == LONG
    assert _after(["bed", "bath"], known, apart_s=1).kind == BRIEF


def _after(rooms: list[str], places: Places, door: str = "", apart_s: int = 0) -> Quiet:
    quiet = Quiet()
    for i, room in enumerate(rooms):
        quiet, _ = moved(quiet, 3_000_000 + i * apart_s, room, door=room == door, utc_offset_s=0, places=places)
    return quiet


def test_places_take_little_room_however_many_names_there_are() -> None:
    places = NO_PLACES
    day = Day(number=20_000)
    for n in range(200):
        day = day.with_active(n).with_over(
            n, name_of(f"{n} " + "x" * 90, door=False, after_door=True), 0, 1, unsure=False
        )
    assert len(day.places) == MOST_A_DAY
    for n in range(100):
        places = places.folded({name_of(f"{n} " + "客厅" * 40, door=True, after_door=False): (5, 1)}, 0.99)
    assert len(places.known) == MOST
    assert max(map(len, places.known)) <= NAME_MOST + 1
    assert len(msgspec.json.encode(places)) < 4096


def test_the_silence_of_an_hour_is_counted_where_it_began() -> None:
    quiet, start = Quiet(), 1_700_000_000 // 86_400 * 86_400 + 9 * 3600
    for at_s, room in ((0, "bed"), (300, "bath"), (600, "bed"), (600 + 4000, "bath"), (600 + 4400, "bed")):
        quiet, _ = moved(quiet, start + at_s, room, door=False, utc_offset_s=0)
    assert quiet.day.places == {"bed": (2, 1), "bath": (2, 0)}


def test_a_life_that_has_become_much_calmer_is_learned_after_two_weeks() -> None:
    home = LoneHome(local(6))
    lives(home, range(2, 30), every_min=15)
    assert not home.memory.rhythm.low
    calm = range(30, 30 + NEW_NORMAL_MOST + 4)
    lives(home, calm, every_min=180)
    rhythm = home.memory.rhythm
    assert not rhythm.low, "this is how she lives now"
    assert rhythm.days >= 27 + 2
    assert max(rhythm.normal) < 12


def test_a_trip_in_the_first_week_is_not_taken_for_her_life() -> None:
    home = LoneHome(local(6))
    lives(home, range(2, 5))
    home.wait_until(local(12) + timedelta(days=3))
    home.moves("pir-living")
    home.wait_until(local(7) + timedelta(days=4))
    lives(home, range(6, 8))
    rhythm = home.memory.rhythm
    assert rhythm.days == 4
    assert min(rhythm.normal) > 10


def test_what_an_older_version_learned_is_read() -> None:
    home = LoneHome(local(6))
    lives(home, range(2, 16))
    rhythm = home.memory.rhythm
    assert rhythm.waits is not None
    waits = msgspec.structs.replace(rhythm.waits, limits=rhythm.waits.limits[: 4 * SLOTS])
    old = msgspec.structs.replace(rhythm, counts=rhythm.counts[: 16 * SLOTS], waits=waits, places=NO_PLACES)
    assert old.limit_windows(144, BRIEF) == old.limit_windows(144, 0)
    home.memory = Memory(home.memory.hot, msgspec.json.decode(msgspec.json.encode(old), type=Rhythm))
    lives(home, range(16, 18))
    assert len(home.memory.rhythm.counts) == 4 * ROWS
    assert home.memory.rhythm.days == rhythm.days + 2
