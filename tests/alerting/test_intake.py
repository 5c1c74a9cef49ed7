"""Cells, columns and positions of lists of homes, as offices write them."""

from __future__ import annotations

import msgspec
import pytest

from alerting.casefile import Area, AreaLevel, Contact, Household, Place, Resident, Responder
from alerting.duty.candidates import apart_m
from alerting.intake import cells
from alerting.intake.cells import CellError
from alerting.intake.check import Check
from alerting.intake.columns import COLUMNS, FIELDS, heading_row, recognised
from alerting.intake.datum import from_wgs84, to_wgs84
from alerting.intake.doubt import doubtful
from alerting.intake.ground import Ground
from alerting.intake.row import RowReader
from alerting.model import RiskTier

HOME = Household(
    key="A1",
    area="1.1.1",
    address="1号",
    place=Place(lat=31.7, lon=119.9),
    tier=RiskTier.CARE,
    residents=(Resident(name="王甲", birth_year=1941),),
    contacts=(Contact(name="王儿", relation="儿子", phone="0519-1234567", key_holder=True, verified=True),),
)
ROW = {
    "key": "A2",
    "area": "1.1.1",
    "address": "2号",
    "lat": "31.7",
    "lon": "119.9",
    "tier": "需要关爱",
    "residents.1.name": "李乙",
    "residents.1.birth_year": "1941",
}


def ground(*homes: Household, people: tuple[Responder, ...] = (), within: str = "") -> Ground:
    area = Area(key="1.1.1", name="沙埠村", level=AreaLevel.VILLAGE, parent="1.1")
    there = {it.key: it for it in homes}
    known = {it.id: it for it in people}
    return Ground(areas={area.key: area}, responders=known, households=there, within=within, year=2026)


def test_every_heading_is_known_by_its_words_and_no_word_is_two_columns() -> None:
    for column in COLUMNS:
        for word in column.words:
            assert recognised([word]) == [column.field], word
    assert recognised([column.words[0] for column in COLUMNS]) == [column.field for column in COLUMNS]
    assert len(FIELDS) == len(COLUMNS)


def test_headings_are_known_with_stars_blanks_and_remarks_and_found_below_a_title() -> None:
    assert recognised(["档案编号 *", "住 址(到门牌)", "村（社区）", "谁"]) == ["key", "address", "village", ""]
    assert recognised(["电话", "电话"]) == ["residents.1.phone", ""], "the second is chosen by hand"
    assert heading_row([["花名册"], ["2026年11月", ""], ["编号", "姓名"], ["1", "王"]]) == 2


@pytest.mark.parametrize(
    "text", ["1941", "1941年", "1941-03-02", "1941/3/2", "1941.3.2", "1941年3月2日", "１９４１", "19410302"]
)
def test_days_of_birth_are_read(text: str) -> None:
    assert cells.birth_year(text) == 1941


@pytest.mark.parametrize(
    ("read", "text", "word"),
    [
        (cells.birth_year, "1941-02-30", "impossible_date"),
        (cells.birth_year, "19411302", "impossible_date"),
        (cells.birth_year, "41", "bad_year"),
        (cells.birth_year, "不详", "bad_year"),
        (cells.whole, "三百米", "not_a_number"),
        (cells.whole, "1e9", "not_a_number"),
        (cells.degrees, "东经119", "not_a_number"),
        (cells.yes, "也许", "not_yes_or_no"),
        (cells.tier, "红色", "bad_tier"),
        (cells.datum, "北京54", "bad_datum"),
    ],
)
def test_what_cannot_be_read_has_its_word(read, text: str, word: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(CellError, match=word):
        read(text)


BEFORE = """档案编号 住址 对象类别 入户方式 钥匙盒位置 同意破门 入户须知 镇级责任人 镇级责任人B岗
村级责任人 村级责任人B岗 姓名 出生日期 健康状况 行动能力
姓名2 出生日期2 电话2 健康状况2 联系人1持钥匙 联系人1距离米 联系人3持钥匙"""
"""Headings of templates that offices have filled in already."""


def test_lists_made_with_an_earlier_template_are_still_recognised() -> None:
    found = dict(zip(BEFORE.split(), recognised(BEFORE.split()), strict=True))
    assert [heading for heading, field in found.items() if field not in FIELDS] == []
    assert found["出生日期"] == "residents.1.birth_year"
    assert found["出生日期2"] == "residents.2.birth_year"
    assert found["联系人3持钥匙"] == "contacts.3.key_holder"


def test_a_column_is_doubtful_when_nobody_knows_it_or_its_cells_are_something_else() -> None:
    headings = ["档案号", "电话", "经度", "", "备注", "出生年份", ""]
    rows = [
        ["1", "李大爷", "119.95", "", "x", "1941", "y"],
        ["2", "看门口", "119.96", "", "", "不详"],
        ["3", "19900000001", "", "", "", "1950-01-02"],
    ]
    assert doubtful(headings, recognised(headings), rows) == [1, 4, 6]


SHANGHAI, SHENZHEN, BEIJING = (31.1774276, 121.5272106), (22.543847, 113.912316), (39.911954, 116.377817)


@pytest.mark.parametrize(
    ("lat", "lon", "datum", "place", "within"),
    [
        (31.17530398364597, 121.531541859215, "GCJ-02", SHANGHAI, 2e-6),
        (22.540796131694766, 113.9171764808363, "GCJ-02", SHENZHEN, 2e-6),
        (39.91334545536069, 116.38404722455657, "GCJ-02", BEIJING, 2e-6),
        (39.915, 116.404, "BD-09", (39.907253214522164, 116.3913836995125), 2e-5),
    ],
)
def test_published_points_of_the_region_s_maps_come_to_lie_where_they_are(
    lat: float, lon: float, datum: str, place: tuple[float, float], within: float
) -> None:
    assert to_wgs84(lat, lon, datum) == pytest.approx(place, abs=within)
    assert to_wgs84(*place, "WGS-84") == pytest.approx(place, abs=1e-6)


def test_a_published_point_of_baidu_s_map_is_that_of_the_other_maps() -> None:
    baidu = to_wgs84(39.92133699351021, 116.41036949371029, "BD-09")
    assert baidu == pytest.approx(to_wgs84(39.915, 116.404, "GCJ-02"), abs=3e-6)
    assert to_wgs84(39.915, 116.404, "BD-09") == to_wgs84(39.90865673957631, 116.39762729119315, "GCJ-02")


@pytest.mark.parametrize(
    ("said", "datum"),
    [
        ("GCJ-02（高德、腾讯）", "GCJ-02"),
        ("腾讯", "GCJ-02"),
        ("BD-09（百度）", "BD-09"),
        ("GPS", "WGS-84"),
    ],
)
def test_a_datum_is_known_by_whose_map_it_is(said: str, datum: str) -> None:
    assert cells.datum(said) == datum


def test_rows_that_do_not_say_their_datum_have_that_of_the_whole_list() -> None:
    lat, lon = (str(it) for it in (31.17530398364597, 121.531541859215))
    amap = msgspec.structs.replace(ground(), datum="GCJ-02")
    home = RowReader(ROW | {"lat": lat, "lon": lon}, amap).home
    assert home is not None
    assert (home.place.lat, home.place.lon) == pytest.approx(SHANGHAI, abs=2e-6)
    assert home.place.datum == "GCJ-02"
    own = RowReader(ROW | {"lat": lat, "lon": lon, "datum": "WGS-84"}, amap).home
    assert own is not None
    assert own.place.lat == 31.175304


def test_the_same_gate_lies_at_one_place_in_three_datums() -> None:
    """As published examples have it."""
    for lat, lon, datum in ((39.90875, 116.39713, "GCJ-02"), (39.915118, 116.403963, "BD-09")):
        at = to_wgs84(lat, lon, datum)
        assert at[0] == pytest.approx(39.90735, abs=0.0001)
        assert at[1] == pytest.approx(116.3911, abs=0.0004)
    assert to_wgs84(31.7, 119.9, "WGS-84") == (31.7, 119.9)


def test_two_of_one_number_or_name_in_a_row_are_a_flaw_and_nobody_vanishes() -> None:
    number = {
        "contacts.1.name": "王儿",
        "contacts.1.phone": "0519-1234567",
        "contacts.1.key_holder": "是",
        "contacts.2.name": "儿媳",
        "contacts.2.phone": "05191234567",
        "contacts.2.key_holder": "否",
    }
    name = {"residents.2.name": "李乙", "residents.2.birth_year": "1950"}
    assert RowReader(ROW | number, ground()).flaws == [("contacts.2.phone", "twice_in_row")]
    assert RowReader({"key": "A1"} | number, ground(HOME)).flaws == [("contacts.2.phone", "twice_in_row")]
    assert RowReader(ROW | name, ground()).flaws == [("residents.2.name", "twice_in_row")]
    both = (*HOME.contacts, Contact(name="儿媳", relation="", phone="0519 1234567"))
    home = msgspec.structs.replace(HOME, contacts=both)
    assert RowReader({"key": "A1"} | number, ground(home)).home == home, "the case file says who is who"
    last = {field.replace(".2.", ".1."): text for field, text in number.items() if ".2." in field}
    assert RowReader({"key": "A1"} | last, ground(home)).home == home


TOWN = Responder(id="t1", name="镇干部", phone="1", area="1.1", duty="town")
GRID = Responder(id="g1", name="网格员", phone="1", area="1.1.1", duty="grid")
ELSEWHERE = Responder(id="t2", name="别处", phone="1", area="1.2", duty="town")


@pytest.mark.parametrize("said", ["g1", "t2", "别处", "t3"])
def test_who_answers_has_that_office_and_answers_here_also_when_named_by_id(said: str) -> None:
    here = ground(HOME, people=(TOWN, GRID, ELSEWHERE), within="1.1")
    assert RowReader({"key": "A1", "town_responder": said}, here).flaws == [("town_responder", "unknown_person")]
    for known in ("t1", "镇干部"):
        read = RowReader({"key": "A1", "town_responder": known}, here).home
        assert read is not None
        assert read.town_responder == "t1"
    kept = msgspec.structs.replace(HOME, town_responder="t2")
    assert RowReader({"key": "A1", "town_responder": "t2"}, ground(kept, within="1.1")).home == kept


@pytest.mark.parametrize(
    ("row", "look"),
    [
        ({"key": "A1", "town_responder": "t1"}, ("town_responder", "other_answers")),
        (
            {"key": "A1", "contacts.1.name": "外人", "contacts.1.phone": "05191234567"},
            ("contacts.1.name", "other_name"),
        ),
        ({**ROW, "tier": ""}, ("tier", "no_label")),
    ],
)
def test_what_changes_who_answers_or_leaves_out_the_label_is_looked_at(row: dict[str, str], look: object) -> None:
    check = Check(ground(HOME, people=(TOWN,)))
    check.read(2, row)
    assert check.needs_yes
    assert [it.looks for it in check.looked] == [(look,)]
    plain = Check(ground(HOME))
    plain.read(2, ROW)
    assert len(plain.homes) == 1
    assert not plain.needs_yes


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
@pytest.mark.parametrize("place", [SHANGHAI, SHENZHEN, BEIJING, (31.5123, 120.2987)])
def test_to_a_map_and_back_is_within_a_metre(datum: str, place: tuple[float, float]) -> None:
    there = from_wgs84(*place, datum)
    moved = apart_m(Place(lat=place[0], lon=place[1]), Place(lat=there[0], lon=there[1]))
    assert 300 < moved < 1500, "a map of the region lies beside it"
    back = to_wgs84(*there, datum)
    assert back == pytest.approx(place, abs=8e-6), "less than a metre"


def test_to_gcj_as_known_positions_have_it() -> None:
    assert from_wgs84(*SHANGHAI, "GCJ-02") == pytest.approx((31.175304, 121.531542), abs=2e-6)
    assert from_wgs84(*SHENZHEN, "GCJ-02") == pytest.approx((22.540796, 113.917176), abs=2e-6)
    assert from_wgs84(*BEIJING, "WGS-84") == BEIJING
