"""Whose number calls is found however it is written, without a look at every case file."""

from __future__ import annotations

import msgspec
import pytest
from centre import town

from alerting.casefile import Household
from gateway.writing.number_book import NumberBook

HOME = town().registry.households[0]


def home(key: str, *phones: str) -> Household:
    people = tuple(msgspec.structs.replace(HOME.contacts[0], phone=phone) for phone in phones[1:])
    resident = msgspec.structs.replace(HOME.residents[0], phone=phones[0])
    return msgspec.structs.replace(HOME, key=key, residents=(resident,), contacts=people)


@pytest.mark.parametrize(
    "written", ["0510-5550 1234", "(0510) 55501234", "+86 510 5550-1234", "55501234", "００５５５０１２３４"]
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    book = NumberBook()
    book.note([home("H1", "13900000000"), home("H2", "13900000001", written)])
    assert book.homes_of("051055501234") == ["H2"]
    assert book.homes_of("13900000000") == ["H1"]


def test_a_number_of_many_homes_and_a_home_that_comes_later() -> None:
    book = NumberBook()
    many = [home(f"H{n:03}", f"139{n:08}", "051055500001") for n in range(200)]
    book.note(many)
    book.note([home("Z1", "051055500001"), home("A1", "13911112222")])
    assert book.homes_of("55500001") == [*(it.key for it in many), "Z1"]
    assert book.homes_of("13911112222") == ["A1"]
    assert book.homes_of("13900000007") == ["H007"]


def test_no_number_belongs_to_nobody() -> None:
    book = NumberBook()
    book.note([home("H1", ""), home("H2", "无")])
    assert book.homes_of("") == []
    assert book.homes_of("无") == []
