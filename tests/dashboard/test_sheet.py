"""Files as they come from offices and as they are given out: no row is left out, and no cell is a formula."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from dashboard.sheet import read_sheet

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
