"""Homes are found by any part of a name, its initials, number, address, case number or a device, on either store."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from alerting.casefile import Bridge, Contact, Device, DeviceStatus, Household, Place, Registry, Resident
from alerting.decisions import DeviceSaved, HouseholdSaved, Registered
from alerting.model import RiskTier
from gateway.registry.initials import initials
from gateway.store.books import BookRows
from gateway.store.engine import MIGRATIONS
from nuanhu.wiring import Store

HOME = Household(
    key="AY-17",
    area="330.1.1",
    address="听潮街道12号 West",
    place=Place(lat=30, lon=120),
    tier=RiskTier.CARE,
    residents=(Resident(name="曾桂兰", birth_year=1941, phone="0511-8800 1234"),),
    contacts=(Contact(name="周小妹", relation="女儿", phone="19900000777"),),
)
NEXT = Resident(name="王德宝", birth_year=1940)
OTHER = msgspec.structs.replace(HOME, key="AY-18", area="330.2.1", address="柳湾街道", residents=(NEXT,), contacts=())
BRIDGE = Bridge(id="hub", adapter="zigbee2mqtt", prefix="homes/hub")
BUTTON = Device(id="hub/1", bridge="hub", inner="00:12:4B:00:AA:01", household="AY-17", role="panic", title="床头按钮")


def filled(store: Store) -> None:
    store.register(Registry(households=(HOME, OTHER), bridges=(BRIDGE,), devices=(BUTTON,)))


def keys(store: Store, text: str, area: str = "") -> list[str]:
    return [key for key, _ in store.reads.find_households(area, text, 5)]


def saved(store: Store, *changes: HouseholdSaved | DeviceSaved) -> None:
    rows = BookRows()
    rows.note({"partition": 0, "seq": 1, "n": 0}, 0, Registered(by="x", what="y", note="", changes=changes))
    rows.history = []
    with store.seat.engine.begin() as c:
        rows.write(c)


def test_by_everything_that_people_have_at_hand(store: Store) -> None:
    filled(store)
    said = ("桂兰", "zgl", "CGL", "8800 1234", "051188001234", "0777", "周小妹", "12号", "west", "ay-17")
    device = ("00:12:4b:00:aa:01", "00124B00AA01", "aa01", "床头", "hub/1")
    for text in (*said, *device):
        assert keys(store, text) == ["AY-17"], text
    assert keys(store, "街道") == keys(store, "") == ["AY-17", "AY-18"]
    assert keys(store, "wdb") == ["AY-18"]
    for text in ("没有", "%", "_", "zgl wdb"):
        assert keys(store, text) == [], text


def test_within_an_area_alone_also_by_a_device(store: Store) -> None:
    filled(store)
    assert keys(store, "床头", "330.2") == []
    assert keys(store, "床头", "330.1") == ["AY-17"]
    assert keys(store, "", "330.2") == ["AY-18"]


def test_what_is_saved_is_found_at_once_and_what_was_is_not_any_more(store: Store) -> None:
    filled(store)
    married = msgspec.structs.replace(HOME, area="330.2.2", residents=(Resident(name="李娟", birth_year=1941),))
    saved(store, HouseholdSaved(household=married, before=HOME))
    assert (keys(store, "zgl"), keys(store, "lj")) == ([], ["AY-17"])
    assert (keys(store, "床头", "330.1"), keys(store, "床头", "330.2")) == ([], ["AY-17"])
    moved = msgspec.structs.replace(BUTTON, household="AY-18", title="枕边", status=DeviceStatus.ACTIVE)
    saved(store, DeviceSaved(device=moved, before=BUTTON))
    assert (keys(store, "床头"), keys(store, "枕边", "330.2"), keys(store, "aa01")) == ([], ["AY-18"], ["AY-18"])


def test_a_store_of_before_is_filled_by_its_migration(store: Store) -> None:
    filled(store)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.seat.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0011")
        assert "finding" not in sa.inspect(connection).get_table_names()
        command.upgrade(config, "head")
    assert keys(store, "zgl", "330.1") == keys(store, "床头", "330.1") == ["AY-17"]


def test_initials_of_characters_with_several_readings() -> None:
    assert set(initials("曾桂兰")) == {"zgl", "cgl"}
    assert "sxy" in initials("单秀英")
    assert initials("欧阳娜A1") == ("oyna1",)
    assert initials("") == ()
    assert len(initials("曾" * 40)) <= 8
