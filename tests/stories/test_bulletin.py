"""The bulletin of a month says what the figures say, by town, as a page, a book and a paper, and names nobody."""

from __future__ import annotations

import base64
import io
import re
import zlib

from centre import Centre
from on_both_stores import only_sqlite
from on_duty import case
from openpyxl import load_workbook

from alerting.casefile import Role
from alerting.model import Outcome
from tests.dashboard.visitor import Visitor, arrived

MONTH = "2026-01"


async def false_alarms(centre: Centre, nth: int, times: int) -> None:
    """So many presses by mistake in one home, each answered after ten seconds."""
    home = centre.home(nth=nth)
    for _ in range(times):
        await centre.press(home)
        row = await centre.row_of(home)
        await centre.pass_time(seconds=10)
        await centre.claim(row)
        await centre.spoke(row)
        assert (await centre.close(row, Outcome.ACCIDENTAL)).done
        await centre.pass_time(minutes=30)


def rows(page: str, section: str) -> list[list[str]]:
    """The rows of one section's table."""
    part = page.partition(f'<section class="card" id="{section}">')[2].partition("</section>")[0]
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", part, re.DOTALL)
    return [re.sub(r"<[^>]+>", "\x1f", row).strip("\x1f").split("\x1f") for row in found]


def numbers(page: str, section: str) -> list[list[str]]:
    return [[it.strip() for it in row if it.strip()] for row in rows(page, section)]


ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(paper: bytes) -> bytes:
    """What a PDF draws, unpacked; texts as UTF-16."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", paper, re.DOTALL)
    drawn = b"".join(zlib.decompress(base64.a85decode(it.strip().removesuffix(b"~>"))) for it in streams)
    return re.sub(rb"\\([0-7]{3}|.)", lambda it: _character(it[1]), drawn, flags=re.DOTALL)


def _character(escaped: bytes) -> bytes:
    return bytes([int(escaped, 8)]) if escaped.isdigit() else ESCAPED.get(escaped, escaped)


async def chief(centre: Centre, area: str = "") -> Visitor:
    return arrived(centre, "chief" + area.replace(".", ""), Role.SUPERVISOR, area=area)


async def test_page_book_and_paper_say_the_same(centre: Centre) -> None:
    await false_alarms(centre, 0, 2)
    await false_alarms(centre, 1, 1)
    home, city = case(centre, centre.home()), await chief(centre)
    page = await city.go(f"/bulletin?of={MONTH}")
    assert "全市2026年1月服务通报" in page
    assert numbers(page, "service")[0] == ["60 秒内应答", "100.0 %", "97.5 %", "–", "3", "0"]
    assert numbers(page, "kinds") == [["紧急按钮", "3", "3", "0", "0", "0", "3"]]
    town = centre.gateway.directory.areas[home.area.rpartition(".")[0]].name
    assert next(row for row in numbers(page, "places") if row[0] == town)[:3] == [town, "2", "100.0 %"]
    worst = numbers(page, "worst-homes")
    assert [row[0] for row in worst] == [home.key, case(centre, centre.home(nth=1)).key]
    assert worst[0][2:] == ["2", "2"]
    assert home.key in numbers(page, "worst-devices")[0][0]
    assert home.residents[0].name not in page, "a bulletin names nobody"
    assert "<svg" in page

    book = load_workbook(io.BytesIO((await city.web.get(f"/bulletin/xlsx?of={MONTH}")).content))
    assert [it.value for it in book["服务指标"][2]] == ["60 秒内应答", 1, 0.975, None, 3, 0]
    assert book["各辖区指标"]._charts, "with its plot"

    paper = (await city.web.get(f"/bulletin/pdf?of={MONTH}")).content
    assert paper.startswith(b"%PDF-")
    for word in ("服务指标", "97.5 %", home.key):
        assert word.encode("utf-16-be") in words_of(paper)


@only_sqlite
async def test_a_town_has_a_bulletin_of_its_own_by_village(centre: Centre) -> None:
    await false_alarms(centre, 0, 1)
    await false_alarms(centre, 1, 1)
    mine, other = case(centre, centre.home()), case(centre, centre.home(nth=1))
    town = await chief(centre, mine.area.rpartition(".")[0])
    page = await town.go(f"/bulletin?of={MONTH}&area={other.area.rpartition('.')[0]}")
    assert numbers(page, "service")[0][4] == "1", "their own, whatever is asked"
    assert other.key not in page
    village = centre.gateway.directory.areas[mine.area].name
    assert village in [row[0] for row in numbers(page, "places")]


@only_sqlite
async def test_a_quarter_is_told_apart_from_a_month_and_nothing_can_be_asked_for_that_is_not(centre: Centre) -> None:
    city = await chief(centre)
    assert "2026年第1季度" in await city.go("/bulletin?of=2026-Q1")
    for odd in ("2026-13", "2026-Q5", "x", "9999-99", "9999-12", "0000-01", "0001-01", "9999-Q4"):
        assert "2025年12月" in await city.go(f"/bulletin?of={odd}"), "last month"
    assert (await city.web.get("/bulletin/exe")).status_code == 404
    assert (await arrived(centre, "op", Role.OPERATOR).web.get("/bulletin")).status_code == 403
