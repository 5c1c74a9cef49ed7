"""Values that are many are kept folded: what is asked of a cabinet is as it was put in, in a part of the memory."""

from __future__ import annotations

import gc
import sys

import pytest
from centre import town

from alerting.casefile import Household
from alerting.homes.device_memory import DeviceMemory
from alerting.homes.state import HouseholdState, Memory
from alerting.model import RiskTier
from gateway.cabinet import Cabinet
from gateway.memories import Memories

HOMES = town().registry.households
PLAIN = Memory(HouseholdState(key="H1", tier=RiskTier.URGENT, lacks=("no_role|panic",), lacks_s=1_800_000_000))
FITTED = Memory(
    HouseholdState(key="H1", devices={"d1": DeviceMemory(role="motion", room="living", check_in_s=3600, seen_s=1)})
)


def files() -> Cabinet[Household]:
    return Cabinet(Household, ((home.key, home) for home in HOMES))


def test_what_is_asked_of_a_cabinet_is_as_it_was_put_in() -> None:
    cabinet = files()
    assert dict(cabinet) == {home.key: home for home in HOMES}
    assert [*cabinet] == [home.key for home in HOMES]
    assert cabinet[HOMES[3].key] is not HOMES[3], "a copy"
    assert cabinet.get("nobody") is None
    with pytest.raises(KeyError):
        cabinet["nobody"]


def test_a_copy_goes_its_own_way() -> None:
    before = files()
    after = before.copy()
    del after[HOMES[0].key]
    after[HOMES[1].key] = HOMES[2]
    assert dict(before) == {home.key: home for home in HOMES}
    assert HOMES[0].key not in after
    assert after[HOMES[1].key] == HOMES[2]


def test_those_with_a_text_in_a_field_are_found_without_a_look_at_the_others() -> None:
    cabinet, name = files(), HOMES[4].title
    wanted = [it.key for it in HOMES if name in {it.title, *(contact.name for contact in it.contacts)}]
    assert [it.key for it in cabinet.naming(name)] == wanted
    assert [*cabinet.naming("没有这个")] == []


def test_the_collector_of_garbage_has_nothing_to_walk_through_in_a_cabinet() -> None:
    cabinet = files()
    kept = [it for it in gc.get_referents(cabinet._kept) if isinstance(it, bytes)]
    assert len(kept) == len(HOMES)
    assert not any(map(gc.is_tracked, kept))
    assert sum(map(sys.getsizeof, kept)) < 1000 * len(HOMES)


def test_a_home_without_anything_fitted_is_folded_and_remembers_the_same() -> None:
    homes = Memories([("H1", PLAIN)])
    assert homes.listened() == []
    assert homes["H1"] == PLAIN
    assert dict(homes) == {"H1": PLAIN}


def test_a_home_that_gets_a_device_is_listened_to_and_one_that_loses_its_last_is_folded_again() -> None:
    homes = Memories([("H1", PLAIN)])
    homes["H1"] = FITTED
    assert (homes.listened(), homes["H1"], len(homes)) == ([FITTED], FITTED, 1)
    homes["H1"] = PLAIN
    assert (homes.listened(), homes["H1"], len(homes)) == ([], PLAIN, 1)
    del homes["H1"]
    assert "H1" not in homes
    assert homes.get("H1") is None
