"""Keeping case files: numbers of identity cards, what is missing, what is to be tried again, what was agreed."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from alerting.casefile import Contact, Household, Place, Resident
from alerting.enrolment.home_flaws import home_flaws
from alerting.intake.columns import recognised
from alerting.intake.row import RowReader
from alerting.keeping.completeness import Part, completeness, contacts_due, is_plan_due
from alerting.keeping.consent import Consent, ConsentFor, Standing, standing
from alerting.keeping.id_number import birth_of, check_of, id_flaw, masked, plain
from alerting.keeping.leaving import ERASE_WITHIN_DAYS, erase_on
from alerting.model import RiskTier
from tests.alerting.test_intake import ROW, ground

TODAY = date(2026, 11, 30)
FIRST = "99010019410302001"  # no region of China has this code
NUMBER = FIRST + check_of(FIRST)
HOME = Household(
    key="A1",
    area="1.1.1",
    address="1号",
    place=Place(lat=31.7, lon=119.9),
    tier=RiskTier.CARE,
    residents=(Resident(name="王甲", birth_year=1941),),
)


def test_the_check_character_of_a_published_example() -> None:
    assert check_of("11010519491231002") == "X", "the example of GB 11643-1999"
    assert birth_of("11010519491231002X") == date(1949, 12, 31)


@pytest.mark.parametrize("wrong", ["", "1101051949123100", "110105194912310021", "11010519490231002X", "1" * 18])
def test_what_is_no_identity_card_number(wrong: str) -> None:
    assert id_flaw(wrong, 0) == "bad_id_number"


def test_a_number_is_read_as_people_write_it_and_shown_by_its_end() -> None:
    assert plain(" 110105 19491231 002x ") == "11010519491231002X"
    assert id_flaw(NUMBER, 1941) == ""
    assert id_flaw(NUMBER, 1942) == "id_of_another_year"
    assert masked("11010519491231002X") == "**************002X"


def test_what_is_missing_is_named_and_counts() -> None:
    bare = completeness(HOME, TODAY)
    assert set(Part) == set(bare.missing)
    assert bare.percent == 0
    more = msgspec.structs.replace(HOME, categories=("低保",), grid_cell="12", access="邻居有钥匙")
    some = completeness(more, TODAY)
    assert set(bare.missing) - set(some.missing) == {Part.CATEGORIES, Part.GRID_CELL, Part.WAY_IN}
    assert some.percent == 3 * 100 // len(Part)


def test_a_number_is_tried_once_a_year() -> None:
    tried = Contact(name="周", relation="女儿", phone="19900000001", verified=True, verified_on=date(2026, 1, 10))
    never = Contact(name="李", relation="邻居", phone="19900000002")
    assert contacts_due(HOME) == date.max
    one = msgspec.structs.replace(HOME, contacts=(tried,))
    assert contacts_due(one) == date(2027, 1, 10)
    assert Part.CONTACTS_TRIED not in completeness(one, TODAY).missing
    assert Part.CONTACTS_TRIED in completeness(one, date(2027, 1, 10)).missing
    assert contacts_due(msgspec.structs.replace(HOME, contacts=(tried, never))) == date.min


def test_a_plan_without_a_day_or_past_its_day_is_to_be_reviewed() -> None:
    assert not is_plan_due(HOME, TODAY)
    plan = msgspec.structs.replace(HOME, care_plan="每周上门")
    assert is_plan_due(plan, TODAY)
    dated = msgspec.structs.replace(plan, care_plan_review=date(2026, 12, 1))
    assert not is_plan_due(dated, TODAY)
    assert is_plan_due(dated, date(2026, 12, 1))


def test_one_paper_that_holds_is_enough_and_what_was_taken_back_is_known() -> None:
    both = Consent(who="王甲", on=date(2026, 1, 1), purposes=tuple(ConsentFor))
    back = msgspec.structs.replace(both, withdrawn_on=date(2026, 5, 1))
    anew = Consent(who="王甲", on=date(2026, 6, 1), purposes=(ConsentFor.MONITORING,))
    assert standing(HOME, ConsentFor.SHARING) is Standing.NONE
    home = msgspec.structs.replace(HOME, consents=(back,))
    assert standing(home, ConsentFor.MONITORING) is Standing.WITHDRAWN
    home = msgspec.structs.replace(HOME, consents=(back, anew))
    assert standing(home, ConsentFor.MONITORING) is Standing.GIVEN
    assert standing(home, ConsentFor.SHARING) is Standing.WITHDRAWN


def test_a_paper_without_hand_or_purpose_is_none_and_cannot_end_before_it_began() -> None:
    paper = Consent(who=" ", on=TODAY, withdrawn_on=date(2020, 1, 1))
    flaws = home_flaws(msgspec.structs.replace(HOME, consents=(paper,)), 2026, lambda _: True)
    assert set(flaws) == {
        ("consents.1.who", "missing"),
        ("consents.1.purposes", "missing"),
        ("consents.1.withdrawn_on", "bad_date"),
    }


def test_a_household_is_erased_within_bounds() -> None:
    least, most = ERASE_WITHIN_DAYS
    assert erase_on(TODAY, 30) == date(2026, 12, 30)
    for days in (least - 1, most + 1):
        with pytest.raises(ValueError, match="days"):
            erase_on(TODAY, days)


def test_a_list_brings_numbers_sealed_plans_and_papers_and_never_takes_a_paper_back() -> None:
    assert recognised(["身份证号码", "一户一策"]) == ["residents.1.id_number", "care_plan"]
    place = msgspec.structs.replace(ground(), seal=lambda text: f"sealed {text[-4:]}")
    row = ROW | {
        "residents.1.id_number": f"{NUMBER[:6]} {NUMBER[6:]}",
        "care_plan": "每周上门",
        "care_plan_review": "2027年6月30日",
        "consent.who": "李乙",
        "consent.on": "2026-11-02",
        "consent.monitoring": "是",
        "consent.sharing": "否",
    }
    read = RowReader(row, place)
    assert read.flaws == []
    home = read.home
    assert home is not None
    assert home.residents[0].sealed_id == f"sealed {NUMBER[-4:]}"
    assert (home.care_plan, home.care_plan_review) == ("每周上门", date(2027, 6, 30))
    assert home.consents == (Consent(who="李乙", on=date(2026, 11, 2), purposes=(ConsentFor.MONITORING,)),)
    there = msgspec.structs.replace(place, households={home.key: home})
    assert RowReader(row, there).home == home, "given in again it changes nothing"
    less = RowReader(row | {"consent.monitoring": "否"}, there)
    assert less.home == home


@pytest.mark.parametrize(
    ("field", "text", "word"),
    [
        ("residents.1.id_number", "110105194912310021", "bad_id_number"),
        ("residents.1.id_number", "11010519491231002X", "id_of_another_year"),
        ("residents.1.id_number", "**************002X", "masked"),
        ("care_plan_review", "下月", "bad_date"),
        ("consent.on", "2026-02-30", "impossible_date"),
    ],
)
def test_what_a_list_cannot_say(field: str, text: str, word: str) -> None:
    assert (field, word) in RowReader(ROW | {field: text}, ground()).flaws
