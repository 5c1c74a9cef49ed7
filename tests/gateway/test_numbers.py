"""One telephone number is written in many ways and is one number."""

from __future__ import annotations

import pytest

from gateway.paging.numbers import e164, is_dialable, is_subscriber, normal

SAME = [
    ("13800000001", ["13800000001", "+8613800000001", "+86 138-0000-0001", "008613800000001", "8613800000001"]),
    (
        "13800000001",
        ["013800000001", "138 0000 0001", "１３８０００００００１", "（＋86）13800000001", "tel:+86-138-0000-0001"],
    ),
    ("051055500001", ["0510-55500001", "(0510) 5550 0001", "+86 510 55500001", "+8651055500001", "0086051055500001"]),
    ("051055500001", ["55500001", "5550-0001"]),
    ("01055500001", ["010-55500001", "+861055500001", "+86 10 5550 0001"]),
    ("02155500001", ["021 55500001", "+86-21-55500001"]),
    ("4008123123", ["400-812-3123", "+864008123123"]),
    ("120", ["120", "１２０"]),
    ("12345", ["12345"]),
    ("+85255500001", ["+852 5550 0001", "0085255500001"]),
    ("", ["", "anonymous", "private", "+", "-"]),
]


@pytest.mark.parametrize(("one", "ways"), SAME)
def test_every_way_of_writing_it_is_the_same_number(one: str, ways: list[str]) -> None:
    assert {way: normal(way, "0510") for way in ways} == dict.fromkeys(ways, one)


def test_a_number_in_its_one_form_stays_as_it_is() -> None:
    for one, _ in SAME:
        assert normal(one, "0510") == one


def test_without_an_area_code_of_ones_own_a_local_number_stays_local() -> None:
    assert normal("5550-0001") == "55500001"


def test_providers_are_given_the_country_code() -> None:
    assert e164("138 0000 0001") == "+8613800000001"
    assert e164("0510-55500001") == "+8651055500001"
    assert e164("+852 5550 0001") == "+85255500001"
    assert e164("") == ""


def test_nothing_but_a_number_is_dialled() -> None:
    assert all(map(is_dialable, ("120", "13800000001", "+85255500001")))
    assert not any(map(is_dialable, ("", "12", "1" * 19, "138;ext=1", "+")))


def test_no_emergency_call_is_ordered_from_a_provider() -> None:
    assert not any(map(is_subscriber, ("110", "120", "119", "12345", "96110", "4008123123")))
    assert all(map(is_subscriber, ("13800000001", "051055500001", "+85255500001")))
