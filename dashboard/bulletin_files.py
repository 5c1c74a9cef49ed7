"""A bulletin as an Excel book and as a PDF. Drawn in a process of its own: it takes a while."""

from __future__ import annotations

import io
from collections.abc import Iterator

import msgspec
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.chart import BarChart, Reference  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from reportlab.graphics.shapes import Drawing, Line, Rect, String  # type: ignore[import-untyped]
from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from dashboard.bars import Bars, is_below
from dashboard.bulletin import Bulletin, Cell, Section
from dashboard.sheet import safe_text

FONT = "STSong-Light"
"""Of the reader's own system: every reader of PDF with Chinese has it, and nothing is put into the file."""
INK, MUTED, BAR, BELOW = colors.HexColor("#16242d"), colors.HexColor("#55646f"), "#5b92c2", "#b1121f"
SHEET_NAME = 31
NAME_W, BAR_H, ROW_H = 90, 9, 14
FLOWING_W = 174 * mm
BARS_A_PAGE = 40


def shown(cell: Cell) -> str:
    """A cell as people read it: a share with one place, never rounded up to what it has not reached."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{int(cell * 1000 + 1e-9) / 10:.1f} %"
    return str(cell)


def as_excel(bulletin: Bulletin) -> bytes:
    """A book with a page for each section: numbers as numbers, and its plot beside them."""
    book = Workbook(write_only=True)
    for section in bulletin.sections:
        page = book.create_sheet(section.title.replace("/", " ")[:SHEET_NAME])
        page.freeze_panes = "A2"
        for n, head in enumerate(section.table.heads, 1):
            page.column_dimensions[get_column_letter(n)].width = max(14, 2 * len(head))
        bold = [WriteOnlyCell(page, head) for head in section.table.heads]
        for it in bold:
            it.font = Font(bold=True)
        page.append(bold)
        for row in section.table.rows:
            page.append([_typed(page, cell) for cell in row])
        if section.plot is not None and section.table.rows:
            page.add_chart(_chart(page, section), f"{get_column_letter(len(section.table.heads) + 2)}2")
        page.append([])
        page.append([safe_text(bulletin.title)])
        page.append([bulletin.says])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(page: object, cell: Cell) -> object:
    if not isinstance(cell, float):
        return safe_text(cell) if isinstance(cell, str) else cell
    made = WriteOnlyCell(page, cell)
    made.number_format = "0.0%"
    return made


def _chart(page: object, section: Section) -> BarChart:
    """Bars of the column that the plot shows: the last, or the first of shares where figures are told by area."""
    column = len(section.table.heads) if section.id != "places" else 3
    rows = len(section.table.rows) + 1
    chart = BarChart()
    chart.type, chart.title, chart.legend, chart.gapWidth = "bar", section.title, None, 40
    chart.height, chart.width = max(7, 0.7 * rows), 18
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.add_data(Reference(page, min_col=column, min_row=1, max_row=rows), titles_from_data=True)
    chart.set_categories(Reference(page, min_col=1, min_row=2, max_row=rows))
    return chart


def as_pdf(bulletin: Bulletin) -> bytes:
    """The same on paper, A4."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    paper = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm, bottomMargin=18 * mm
    )
    paper.title = bulletin.title
    head = ParagraphStyle("head", fontName=FONT, fontSize=18, leading=24, textColor=INK, wordWrap="CJK")
    small = ParagraphStyle("small", fontName=FONT, fontSize=9, leading=13, textColor=MUTED, wordWrap="CJK")
    flowing = [_said(bulletin.title, head), _said(bulletin.says, small), Spacer(1, 6 * mm)]
    for section in bulletin.sections:
        flowing += _flowing(section, small)

    def numbered(canvas: Canvas, _paper: object) -> None:
        canvas.setFont(FONT, 8)
        canvas.setFillColor(MUTED)
        canvas.drawString(18 * mm, 10 * mm, bulletin.title)
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, str(canvas.getPageNumber()))

    paper.build(flowing, onFirstPage=numbered, onLaterPages=numbered)
    return out.getvalue()


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(text.replace("&", "&amp;").replace("<", "&lt;"), style)


def _flowing(section: Section, small: ParagraphStyle) -> Iterator[Flowable]:
    title = ParagraphStyle("title", parent=small, fontSize=12.5, leading=18, textColor=INK)
    first: list[Flowable] = [_said(section.title, title)]
    if section.says:
        first.append(_said(section.says, small))
    if section.plot is not None and section.plot.bars:
        first += [Spacer(1, 2 * mm), _drawing(_some(section.plot, 0)), Spacer(1, 2 * mm)]
    yield KeepTogether(first)
    plot = section.plot or Bars("", ())
    yield from (_drawing(_some(plot, n)) for n in range(BARS_A_PAGE, len(plot.bars), BARS_A_PAGE))
    yield _table(section, small) if section.table.rows else _said("–", small)
    yield Spacer(1, 7 * mm)


def _some(plot: Bars, first: int) -> Bars:
    """So many bars as have room on a page, of the same scale."""
    return msgspec.structs.replace(plot, bars=plot.bars[first : first + BARS_A_PAGE], most=plot.width)


def _table(section: Section, small: ParagraphStyle) -> Table:
    cell = ParagraphStyle("cell", parent=small, fontSize=8.5, leading=11, textColor=INK)
    heads = [_said(it, small) for it in section.table.heads]
    rows = [[_said(shown(it), cell) if n == 0 else shown(it) for n, it in enumerate(row)] for row in section.table.rows]
    first = min(0.34, 2 / (len(heads) + 1)) * FLOWING_W
    widths = [first, *[(FLOWING_W - first) / (len(heads) - 1)] * (len(heads) - 1)]
    table = Table([heads, *rows], colWidths=widths, repeatRows=1, hAlign="LEFT")
    style = [("FONT", (0, 0), (-1, -1), FONT, 8.5), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    lines = [("LINEBELOW", (0, 0), (-1, 0), 0.6, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey)]
    table.setStyle(TableStyle([*style, *lines]))
    return table


def _drawing(plot: Bars) -> Drawing:
    """The same bars as on the page."""
    height = len(plot.bars) * ROW_H + 2
    drawing = Drawing(FLOWING_W, height)
    per_one = (FLOWING_W - NAME_W - 60) / plot.width
    for n, it in enumerate(plot.bars):
        y, long = height - (n + 1) * ROW_H + 2, (it.value or 0) * per_one
        fill = BELOW if is_below(it, plot.target) else BAR
        drawing.add(String(NAME_W - 6, y + 1.5, it.name, fontName=FONT, fontSize=8, textAnchor="end"))
        drawing.add(Rect(NAME_W, y, long, BAR_H, fillColor=colors.HexColor(fill), strokeColor=None))
        drawing.add(String(NAME_W + long + 4, y + 1.5, it.told, fontName=FONT, fontSize=8, fillColor=MUTED))
    if plot.target is not None:
        x = NAME_W + plot.target * per_one
        drawing.add(Line(x, 0, x, height, strokeColor=INK, strokeWidth=0.7, strokeDashArray=(2, 2)))
    return drawing
