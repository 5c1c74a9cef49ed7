"""The bulletin as files, at the edges: a city of many towns, a name that is a formula."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from dashboard.bars import Bar, Bars
from dashboard.bulletin import Bulletin, Section, Table
from dashboard.bulletin_files import as_excel, as_pdf

TOWNS = 120


def of_many_towns(title: str = "title") -> Bulletin:
    names = [f"town {n}" for n in range(TOWNS)]
    plot = Bars("plot", tuple(Bar(it, 0.5, "50 %") for it in names), 1.0, 0.9)
    return Bulletin(
        title, "said", (Section("places", "Places", Table(("Area", "n"), tuple((it, 1) for it in names)), plot),)
    )


def test_the_plot_of_a_city_of_many_towns_goes_on_on_the_next_page_of_the_paper() -> None:
    assert as_pdf(of_many_towns()).startswith(b"%PDF-")


def test_a_name_that_is_a_formula_stays_a_text_in_the_book() -> None:
    book = load_workbook(io.BytesIO(as_excel(of_many_towns('=HYPERLINK("http://example.org")'))))
    assert {cell.data_type for row in book["Places"].iter_rows() for cell in row} <= {"s", "n"}
