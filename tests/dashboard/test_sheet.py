"""Files as they come from offices and as they are given out: no row is left out, and no cell is a formula."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from dashboard.sheet import as_csv, read_sheet

TABLE = [["档案编号", "住址", "姓名"], *([f"A{n}", f"{n}号", f"王{n}"] for n in range(10))]


def book(extent: str) -> bytes:
    """A table of ten homes that says of itself how far it goes."""
    made, out = Workbook(), io.BytesIO()
    page = made.active
    assert page is not None
    for line in TABLE:
        page.append(line)
    made.save(out)
    said = io.BytesIO()
    claim = f'<dimension ref="{extent}"'.encode()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(said, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', claim, old.read(name)))
    return said.getvalue()


@pytest.mark.parametrize("extent", ["A1:B4", "A1", "A1:XFD1048576", "A1:C11"])
def test_every_row_of_a_book_is_read_whatever_extent_it_claims(extent: str) -> None:
    assert [cells for _, cells in read_sheet(book(extent)).rows] == TABLE


@pytest.mark.parametrize("text", ["=1+1", "@x", "+1+cmd|'/C x'!A0", "-2+3+x", "-1*2", "+x", "-(1)"])
def test_what_a_spreadsheet_would_reckon_is_given_out_as_text_and_comes_back_as_it_was(text: str) -> None:
    given = [["住址"], [text]]
    assert as_csv(given).decode("utf-8-sig").splitlines()[1].startswith("'")
    assert [cells for _, cells in read_sheet(as_csv(given)).rows] == given


@pytest.mark.parametrize("number", ["+86 519 1234-5678", "-119.95", "+8613"])
def test_a_number_with_its_sign_is_given_out_as_it_is(number: str) -> None:
    assert as_csv([[number]]).decode("utf-8-sig").strip() == number
