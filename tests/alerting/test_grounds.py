"""The tree of areas: where a new one may stand, what of one that is there stays, and what may be removed."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from alerting.casefile import Account, Area, AreaLevel, Household, Place, Registry, Responder, Role
from alerting.decisions import Answered, AreaRemoved, AreaSaved, Registered, RegistryChange
from alerting.duty.chain import Editions
from alerting.duty.reach import people_of
from alerting.duty.roster import Post, Roster, Shift
from alerting.enrolment import register
from alerting.enrolment.books import Pending
from alerting.enrolment.command import RegistryCommand
from alerting.enrolment.running import RemoveArea, SaveAreas
from alerting.events import Commanded
from alerting.model import RiskTier
from alerting.policy import Policy
from gateway.writing.directory import Directory
from tests.alerting.chain_of_village import LAST, plan

NOW = datetime(2026, 1, 5, tzinfo=UTC)
RING = ((119.9, 31.7), (119.95, 31.7), (119.95, 31.75), (119.9, 31.7))
CITY = Area(key="32", name="城", level=AreaLevel.CITY)
TOWN = Area(key="32.01", name="甲镇", level=AreaLevel.TOWN, parent="32", boundary=RING)
VILLAGE = Area(key="32.01.02", name="柳村", level=AreaLevel.VILLAGE, parent="32.01")
EMPTY = Area(key="32.01.03", name="空村", level=AreaLevel.VILLAGE, parent="32.01")
OTHER = Area(key="32.02", name="乙镇", level=AreaLevel.TOWN, parent="32")
NEW = Area(key="32.01.04", name="新村", level=AreaLevel.VILLAGE, parent="32.01", boundary=RING)
CELL = Area(key="32.01.02.01", name="第一网格", level=AreaLevel.GRID, parent="32.01.02")
PLACE = Place(lat=31.7, lon=119.9)
HOME = Household(key="H1", area=VILLAGE.key, tier=RiskTier.CARE, address="柳村一号", place=PLACE)


def books(**more: object) -> Directory:
    registry = Registry(areas=(CITY, TOWN, VILLAGE, EMPTY, OTHER), households=(HOME,))
    return Directory(msgspec.structs.replace(registry, **more), {})


def asked(command: RegistryCommand, of: Directory | None = None) -> list[RegistryChange] | str:
    """The changes, or the word of the refusal with its reasons."""
    _, decisions = register.step(Pending(), of or books(), Commanded(command=command), NOW)
    if isinstance(decisions[0], Registered):
        return list(decisions[0].changes)
    assert isinstance(decisions[-1], Answered)
    return " ".join((decisions[-1].refused, *decisions[-1].reasons))


def changed(it: Area, **fields: object) -> Area:
    return msgspec.structs.replace(it, **fields)


@pytest.mark.parametrize(
    ("area", "refused"),
    [
        (changed(NEW, key="32.01.x y"), "bad_area_key"),
        (changed(NEW, key="32.02.04"), "bad_area_key"),
        (changed(NEW, key="32.09.04", parent="32.09"), "area_without_parent"),
        (changed(NEW, key="33", parent=""), "area_without_parent"),
        (changed(NEW, level=AreaLevel.TOWN), "bad_area_level"),
        (changed(NEW, name=" "), "bad_area_name"),
        (changed(NEW, name="柳村"), "area_name_taken"),
        (changed(NEW, boundary=RING[:3]), "bad_ring"),
        (changed(NEW, boundary=(RING[0], RING[1], RING[0], RING[0])), "bad_ring"),
        (changed(NEW, boundary=((190.0, 31.7), *RING[1:3], (190.0, 31.7))), "bad_ring"),
        (VILLAGE, "area_taken"),
    ],
)
def test_where_a_new_one_cannot_stand(area: Area, refused: str) -> None:
    assert asked(SaveAreas(areas=(area,), is_new=True)) == refused


def test_of_one_that_is_there_name_and_boundary_change_and_nothing_else() -> None:
    assert asked(SaveAreas(areas=(changed(VILLAGE, level=AreaLevel.TOWN),))) == "area_stays"
    assert asked(SaveAreas(areas=(changed(VILLAGE, name="柳新村"),))) == [
        AreaSaved(area=changed(VILLAGE, name="柳新村"), before=VILLAGE)
    ]
    assert asked(SaveAreas(areas=(VILLAGE,))) == []


def test_a_list_is_taken_whole_or_not_at_all_and_says_which_are_wrong() -> None:
    cell = changed(CELL, key="32.01.04.01", parent=NEW.key)
    assert asked(SaveAreas(areas=(cell, NEW))) == [AreaSaved(area=NEW), AreaSaved(area=cell)], "parents first"
    wrong = changed(NEW, key="32.03.01", parent="32.03")
    assert asked(SaveAreas(areas=(NEW, wrong, NEW))) == "bad_areas 32.03.01|area_without_parent 32.01.04|area_twice"


def test_a_town_keeps_its_own_tree_alone() -> None:
    assert asked(SaveAreas(areas=(changed(OTHER, name="改"),), within=TOWN.key)) == "unknown_area"
    elsewhere = changed(NEW, key="32.02.01", parent=OTHER.key)
    assert asked(SaveAreas(areas=(elsewhere,), within=TOWN.key)) == "unknown_area"
    sibling = Area(key="32.03", name="丙镇", level=AreaLevel.TOWN, parent="32")
    assert asked(SaveAreas(areas=(sibling,), within=TOWN.key)) == "unknown_area"
    assert asked(RemoveArea(area=OTHER.key, within=TOWN.key)) == "unknown_area"
    assert asked(SaveAreas(areas=(NEW,), within=TOWN.key)) == [AreaSaved(area=NEW)]


def test_what_belongs_to_an_area_keeps_it() -> None:
    assert asked(RemoveArea(area=EMPTY.key)) == [AreaRemoved(area=EMPTY)]
    assert asked(RemoveArea(area=VILLAGE.key)) == "area_in_use", "a home"
    assert asked(RemoveArea(area=TOWN.key)) == "area_in_use", "areas"
    person = Responder(id="R1", name="戴", phone="13900000001", area=EMPTY.key, duty="village")
    assert asked(RemoveArea(area=EMPTY.key), books(responders=(person,))) == "area_in_use"
    account = Account(login="wang", name="王", role=Role.OPERATOR, password_hash="x", area=EMPTY.key)
    assert asked(RemoveArea(area=EMPTY.key), books(accounts=(account,))) == "area_in_use"


@pytest.mark.parametrize(
    "editions",
    [
        Editions(plans=(plan("p", LAST, area=EMPTY.key),)),
        Editions(roster=Roster(posts=(Post(role="grid", area=EMPTY.key),))),
        Editions(roster=Roster(shifts=(Shift(role="grid", area=EMPTY.key, persons=("a",)),))),
    ],
    ids=["plan", "post", "shift"],
)
def test_what_duty_names_keeps_it_too(editions: Editions) -> None:
    event, policy = Commanded(command=RemoveArea(area=EMPTY.key)), Policy(editions=editions)
    _, decisions = register.step(Pending(), books(), event, NOW, policy)
    assert getattr(decisions[-1], "refused", "") == "area_in_use"


def test_two_swap_their_names_in_one_list_and_no_two_have_the_same() -> None:
    one, other = changed(VILLAGE, name=EMPTY.name), changed(EMPTY, name=VILLAGE.name)
    assert asked(SaveAreas(areas=(one, other))) == [
        AreaSaved(area=one, before=VILLAGE),
        AreaSaved(area=other, before=EMPTY),
    ]
    assert asked(SaveAreas(areas=(one, changed(EMPTY)))) == f"bad_areas {EMPTY.key}|area_name_taken"
    assert asked(SaveAreas(areas=(one,))) == "area_name_taken"


def test_one_that_is_judged_but_not_yet_in_force_counts() -> None:
    pending, _ = register.step(Pending(), books(), Commanded(command=RemoveArea(area=EMPTY.key)), NOW)
    _, decisions = register.step(pending, books(), Commanded(command=RemoveArea(area=EMPTY.key)), NOW)
    assert getattr(decisions[-1], "refused", "") == "unknown_area"


def test_the_directory_and_the_people_follow() -> None:
    directory = books()
    directory.take(
        [AreaSaved(area=NEW), AreaRemoved(area=EMPTY), AreaSaved(area=changed(TOWN, name="新镇"), before=TOWN)]
    )
    assert [*directory.areas] == ["32", "32.01", "32.01.02", "32.01.04", "32.02"]
    assert directory.people.areas["32.01"] == "新镇"
    assert directory.people.towns == ("32.01", "32.02")


def test_a_home_in_a_grid_cell_has_the_village_and_the_town_above_it() -> None:
    people = people_of(Registry(areas=(CITY, TOWN, VILLAGE, CELL)))
    assert (people.village_of(CELL.key), people.town_of(CELL.key)) == (VILLAGE.key, TOWN.key)
    assert (people.village_of(VILLAGE.key), people.town_of(VILLAGE.key)) == (VILLAGE.key, TOWN.key)
    assert (people.village_of(TOWN.key), people.town_of(TOWN.key)) == (TOWN.key, TOWN.key)
    assert (people.village_of("99.1"), people.town_of("99.1")) == ("99.1", "99")
