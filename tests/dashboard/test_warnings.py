"""Early warnings as people without scripts take them in and answer them."""

from __future__ import annotations

import re

from centre import Centre

from alerting.casefile import Household, Role
from dashboard.sheet import as_csv
from tests.dashboard.visitor import Visitor, arrived

HEADER = ["档案号", "预警类别", "来源部门", "情况说明", "发生日期"]


def home_of(centre: Centre) -> Household:
    return centre.gateway.directory.households[centre.home().household]


async def given(browser: Visitor, rows: list[list[str]], encoding: str = "utf-8-sig") -> None:
    """A file of early warnings is given in."""
    await browser.go("/warnings")
    token = re.search(r'name="csrf" value="(\w+)"', browser.page)
    assert token is not None
    content = as_csv([HEADER, *rows]).decode("utf-8-sig").encode(encoding)
    files = {"file": ("预警.csv", content, "text/csv")}
    answer = await browser.web.post("/warnings/file", data={"csrf": token[1]}, files=files)
    await browser._show(answer)


async def test_typed_in_and_answered_on_the_telephone(centre: Centre) -> None:
    home = home_of(centre)
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go("/warnings")
    await desk.send("/warnings", home=home.key, code="traffic", source="交警队", text="<i>骨折</i>", on="2026-01-04")
    assert "已登记 1 条预警" in desk.page
    assert "&lt;i&gt;骨折&lt;/i&gt;" in desk.page
    phone = arrived(centre, "li", Role.RESPONDER, area=home.area, responder=home.village_responder)
    await phone.go("/rounds")
    assert "交通事故" in phone.page
    await phone.send(f"/warnings/{home.key}/1/answer", answer="watched", text=" ")
    assert "请填写了解到的情况和所做的工作" in phone.page
    await phone.send(f"/warnings/{home.key}/1/answer", answer="watched", text="在家休养")
    assert "交通事故" not in phone.page
    await desk.go("/warnings")
    assert "已走访，继续关注" in desk.page
    await desk.go(f"/households/{home.key}")
    assert "在家休养" in desk.page


async def test_what_cannot_be_stays_typed_and_is_said(centre: Centre) -> None:
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go("/warnings")
    await desk.send("/warnings", home="nobody", code="traffic", source="交警队", on="")
    assert "交警队" in desk.page
    assert "没有这一户" in desk.page or "住户" in desk.page
    assert desk.status == 409
    await desk.send("/warnings", home=home_of(centre).key, code="traffic", source="交警队", on="2099-01-01")
    assert "日期不对或在将来" in desk.page


async def test_a_file_is_taken_in_whole_or_not_at_all_and_once(centre: Centre) -> None:
    first, second = list(centre.gateway.directory.households)[:2]
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    rows = [[first, "大额医疗支出", "医保局", "自付三万", "2026-01-03"], ["无此户", "交通事故", "交警队", "", ""]]
    rows.append([second, "地震", "应急局", "", "2026-13-01"])
    await given(desk, rows)
    assert "第 3 行" in desk.page
    assert "第 4 行" in desk.page
    assert list(await centre.gateway.desk.warnings_open()) == []
    rows = [rows[0], [second, "新增重残", "残联", "", "2026/01/02"]]
    await given(desk, rows, "gb18030")
    assert "已登记 2 条预警" in desk.page
    await given(desk, rows)
    assert len(await centre.gateway.desk.warnings_open()) == 2
    await given(desk, [])
    assert "文件中没有数据行" in desk.page


async def test_another_town_sees_and_answers_none_of_it(centre: Centre) -> None:
    home = home_of(centre)
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go("/warnings")
    await desk.send("/warnings", home=home.key, code="disabled", source="残联", text="", on="")
    far = arrived(centre, "yuan", Role.SUPERVISOR, area="990100.77")
    await far.go("/warnings")
    assert home.title not in far.page
    await far.send("/warnings", home=home.key, code="traffic", source="交警队", on="")
    assert far.status == 409
    token = re.search(r'name="csrf" value="(\w+)"', far.page)
    assert token is not None
    answer = await far.post(f"/warnings/{home.key}/1/answer", csrf=token[1], answer="helped", text="x")
    assert answer.status_code == 404
    assert len(await centre.gateway.desk.warnings_open()) == 1


async def test_the_assessment_that_it_asks_for_says_what_has_happened_in_words(centre: Centre) -> None:
    home = home_of(centre)
    desk = arrived(centre, "zhu", Role.SUPERVISOR)
    await desk.go("/warnings")
    await desk.send("/warnings", home=home.key, code="traffic", source="交警队", on="2026-01-04")
    for page in ("assess", "history"):
        await desk.go(f"/households/{home.key}/{page}")
        assert "交通事故 交警队" in desk.page
        assert "traffic" not in desk.page
