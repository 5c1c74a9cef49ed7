"""Tables in files: Excel and CSV as they come from offices, read and written. Takes a while: not for the event loop."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLongError
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime, time
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar
from xml.etree.ElementTree import ParseError

import msgspec
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font, PatternFill  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.utils.cell import range_boundaries  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]
from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # type: ignore[import-untyped]

A = TypeVar("A")
R = TypeVar("R")

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 120
LONGEST_CELL = 2000
WITHIN_S = 60.0
FORMULAS = ("=", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula; also ``+`` and ``-``, unless a number is all."""

_NUMBER = re.compile(r"[+-]\d[\d. ()-]*")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


class SheetError(ValueError):
    """The file cannot be read; the text is the word for why."""


class Sheet(msgspec.Struct, frozen=True):
    """A table as texts.

    Attributes:
        rows: Number in the file, counted from 1, and the text of each cell; empty rows are left out.
        merged: Cells of a row that are merged, by its number: ``B7:B9``.
        encoding: Of a CSV file; empty for Excel.
    """

    rows: list[tuple[int, list[str]]]
    merged: dict[int, str] = {}
    encoding: str = ""


def read_apart(content: bytes) -> Sheet:
    """``read_sheet`` in a process of its own, so that no file can hold up a press. Blocks its thread meanwhile.

    Raises:
        SheetError: The file cannot be read, or not in time.
    """
    try:
        return _apart(read_sheet, content)
    except (TooLongError, BrokenProcessPool) as failure:
        raise SheetError("unreadable") from failure


def made_apart(make: Callable[[A], bytes], given: A) -> bytes:
    """A file of a table or more, made in a process of its own. Blocks its thread meanwhile."""
    return _apart(make, given)


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith("=") else text


def _apart(work: Callable[[A], R], given: A) -> R:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        doing = pool.submit(work, given)
        try:
            return doing.result(timeout=WITHIN_S)
        except TooLongError:
            for worker in list((pool._processes or {}).values()):  # noqa: SLF001 - a pool offers no other way to end it
                worker.kill()
            raise


def read_sheet(content: bytes) -> Sheet:
    """The table in a file: ``.xlsx`` by its first two bytes, else CSV in UTF-8, UTF-16 or GB18030 (GBK).

    Raises:
        SheetError: It is neither, or too large.
    """
    if len(content) > MOST_BYTES:
        raise SheetError("too_large")
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise SheetError("old_excel")
    sheet = _excel(content) if content[:2] == b"PK" else _csv(content)
    if len(sheet.rows) < 2:  # noqa: PLR2004 - a heading and a home
        raise SheetError("no_rows")
    if len(sheet.rows) > MOST_ROWS or max(len(cells) for _, cells in sheet.rows) > MOST_COLUMNS:
        raise SheetError("too_large")
    return sheet


def _excel(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            is_bomb = sum(it.file_size for it in packed.infolist()) > MOST_UNPACKED
        sheet = None if is_bomb else _page(content)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, ParseError) as wrong:
        raise SheetError("unreadable") from wrong
    if sheet is None:
        raise SheetError("too_large")
    return sheet


def _page(content: bytes) -> Sheet:
    """The page that was in view when the book was saved."""
    page = load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
    if not isinstance(page, ReadOnlyWorksheet):  # a book of charts alone
        return Sheet([])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found = _MERGED.findall(packed.read(page._worksheet_path))  # noqa: SLF001 - to read it whole takes thrice as long
    merged: dict[int, str] = {}
    for ref in (it.decode() for it in found):
        _, first, _, last = range_boundaries(ref)
        merged |= dict.fromkeys(range(first, min(last, MOST_ROWS * 5) + 1), ref)
    page.reset_dimensions()  # what a file says of its own extent may be wrong, and rows outside would be left out
    rows = islice(page.iter_rows(values_only=True), MOST_ROWS * 5)
    return Sheet(_filled((n, [_text(it) for it in cells[:MOST_COLUMNS]]) for n, cells in enumerate(rows, 1)), merged)


def _text(value: object) -> str:
    """A cell's value as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return _unquoted(str(value)[:LONGEST_CELL])


def _csv(content: bytes) -> Sheet:
    text, encoding = decoded(content)
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as wrong:
        raise SheetError("unreadable") from wrong
    rows = [(n, [_unquoted(cell[:LONGEST_CELL]) for cell in cells]) for n, cells in enumerate(lines, 1)]
    return Sheet(_filled(rows), {}, encoding)


def decoded(content: bytes) -> tuple[str, str]:
    """Bytes of a CSV file as text, and the encoding it was found to have.

    Raises:
        SheetError: It is text in none of these encodings.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried = ["utf-16"]
    elif content.startswith(b"\xef\xbb\xbf"):
        tried = ["utf-8-sig"]
    else:
        tried = ["utf-8", "gb18030"]
    for encoding in tried:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise SheetError("unknown_encoding")


def _unquoted(text: str) -> str:
    """Without the mark that keeps a spreadsheet from taking a text for a formula."""
    return text[1:] if text[:1] == "'" and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    return text.startswith(FORMULAS) or (text[:1] in {"+", "-"} and not _NUMBER.fullmatch(text))


def _filled(rows: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    return [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV that spreadsheets open as it is: UTF-8 with its mark, and no text that is a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([f"'{cell}" if _is_formula(cell) else cell for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_excel(title: str, rows: Sequence[Sequence[str]], *, needed: frozenset[int] = frozenset()) -> bytes:
    """A table as Excel: every cell a text, the headings kept in view; those of the columns ``needed`` stand out."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for m, _ in enumerate(rows[0] if rows else (), 1):
        page.column_dimensions[get_column_letter(m)].width = 16
    for n, row in enumerate(rows):
        if n:
            page.append([safe_text(text) or None for text in row])
            continue
        headings = [WriteOnlyCell(page, text) for text in row]
        for m, heading in enumerate(headings):
            heading.font, heading.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            if m in needed:
                heading.fill = PatternFill("solid", fgColor="FFF2CC")
        page.append(headings)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
