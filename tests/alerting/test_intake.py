"""Cells, columns and positions of lists of homes, as offices write them."""

from __future__ import annotations

import pytest

from alerting.intake import cells
from alerting.intake.cells import CellError
from alerting.intake.columns import COLUMNS, FIELDS, heading_row, recognised
from alerting.intake.datum import to_wgs84


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
        (cells.birth_year, "41", "impossible_date"),
        (cells.birth_year, "不详", "not_a_number"),
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


def test_positions_of_the_region_s_maps_come_to_lie_where_they_are() -> None:
    """The same gate in three datums, as published examples have it."""
    for lat, lon, datum in ((39.90875, 116.39713, "GCJ-02"), (39.915118, 116.403963, "BD-09")):
        at = to_wgs84(lat, lon, datum)
        assert at[0] == pytest.approx(39.90735, abs=0.0001)
        assert at[1] == pytest.approx(116.3911, abs=0.0004)
    assert to_wgs84(31.7, 119.9, "WGS-84") == (31.7, 119.9)
