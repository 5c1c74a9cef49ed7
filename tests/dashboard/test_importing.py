"""Lists of homes on the pages: columns, refusals, what lowers safety, whose area; and lists that are given out."""

from __future__ import annotations

import io
import re

import msgspec
import pytest
from centre import Centre
from on_both_stores import only_sqlite
from openpyxl import Workbook, load_workbook

from alerting.casefile import Contact, Role
from alerting.enrolment.commands import SaveHousehold
from alerting.model import RiskTier
from dashboard.case_table import table_of
from dashboard.sheet import SheetError, as_csv, as_excel, decoded, read_sheet
from tests.dashboard.visitor import Visitor, arrived
from tests.list_of_homes import HEADINGS, counts, give_in, go_on, homes_of, refused_rows, rows, table
from tests.store_away import read_only


def keeper(centre: Centre, area: str = "") -> Visitor:
    return arrived(centre, "zhao", Role.SUPERVISOR, area=area)


async def test_the_template_can_be_filled_in_and_given_in(centre: Centre) -> None:
    browser = keeper(centre)
    for kind in ("xlsx", "csv"):
        answer = await browser.web.get(f"/import/template.{kind}")
        sheet = read_sheet(answer.content)
        assert sheet.rows[0][1] == HEADINGS
        await give_in(browser, answer.content, f"a.{kind}")
        assert set(refused_rows(browser.page)) <= {2}, "its example lies in no place of this city"


async def test_columns_of_an_office_s_own_list_are_chosen_by_hand_where_they_are_not_known(centre: Centre) -> None:
    row = rows(centre, 1)[0]
    own = [
        ["望汐区独居老人花名册", "", "", "", "", ""],
        ["编 号*", "所属街道", "社区（村）", "家庭住址", "老人姓名", "出生年月"],
        [row["key"], row["town"], row["village"], "某路1号", "王大娘", "1941年3月"],
    ]
    browser = keeper(centre)
    page = await give_in(browser, as_csv(own), "花名册.csv")
    assert counts(page) == [1, 0, 0, 0], "the town need not be said where the village has no namesake"
    assert "所属街道" not in page
    await go_on(browser, "columns")
    assert "共 6 列，已自动识别 5 列" in browser.page
    chosen = {f"column.{n}": "" for n in range(6)} | {"existing": "update"}
    await go_on(browser, "check", **chosen)
    assert "请指定哪一列是档案号" in browser.page
    await go_on(browser, "check", **(chosen | {"column.0": "key", "column.1": "key"}))
    assert "有两列对应同一字段" in browser.page


def shown_columns(page: str) -> tuple[list[str], list[str]]:
    """Headings for which something is to be chosen, and those that are folded away."""
    open_, _, folded = page.partition('<details id="sure"')
    found = [re.findall(r'<tr><td>([^<]*)</td><td class="muted">', part) for part in (open_, folded)]
    return found[0], found[1]


async def read_in(browser: Visitor, content: bytes) -> str:
    """Upload a file; the page on which its columns are chosen."""
    await browser.go("/import")
    sent = {**browser.form("/import"), "button": "read"}
    return await browser._show(await browser.web.post("/import", data=sent, files={"file": ("a.csv", content)}))


async def test_only_columns_that_somebody_has_to_look_at_are_open(centre: Centre) -> None:
    browser = keeper(centre)
    await read_in(browser, as_csv(table(rows(centre, 3))))
    assert shown_columns(browser.page) == ([], HEADINGS)
    assert f"共 {len(HEADINGS)} 列，已自动识别 {len(HEADINGS)} 列。 无需指定。" in browser.page
    own = [["档案号", "地址", "电话", "备注"], ["A1", "某路1号", "找门卫", "x"], ["A2", "某路2号", "问村里", ""]]
    await read_in(browser, as_csv(own))
    assert shown_columns(browser.page) == (["电话", "备注"], ["档案号", "地址"])


async def test_a_list_with_positions_says_from_which_map_they_are(centre: Centre) -> None:
    row = rows(centre, 1)[0]
    names = ["key", "town", "village", "address", "residents.1.name", "residents.1.birth_year"]
    headings = ["档案号", "镇/街道", "村/社区", "地址", "姓名", "出生年份", "纬度", "经度"]
    own = as_csv([headings, [*(row[name] for name in names), "31.175304", "121.531542"]])
    browser = keeper(centre)
    assert "请说明本文件中的坐标取自哪种地图" in await give_in(browser, own)
    assert counts(await give_in(browser, own, positions="GCJ-02")) == [1, 0, 0, 0]
    await go_on(browser, "carry_out", meant="1")
    place = homes_of(centre)[row["key"]].place
    assert (place.lat, place.lon) == pytest.approx((31.1774276, 121.5272106), abs=2e-6)


async def test_of_a_long_list_every_row_can_be_looked_at_and_nothing_is_cut_unsaid(centre: Centre) -> None:
    good = rows(centre, 450)
    bad = [row | {"residents.1.birth_year": "八十"} for row in good[:430]]
    browser = keeper(centre)
    page = await give_in(browser, as_csv(table([*bad, *good[430:]])))
    assert len(refused_rows(page)) == 200
    assert "第 1 至 200 条，共 430 条" in page
    seen: set[int] = set()
    for n, part in ((1, 200), (2, 200), (3, 30)):
        page = await browser.go(f"{browser.path.partition('?')[0]}?only=refused&page={n}")
        assert len(refused_rows(page)) == part
        seen |= set(refused_rows(page))
    assert seen == set(range(2, 432))
    assert 'rel="next"' not in page
    page = await give_in(browser, as_csv(table([row | {"tier": ""} for row in good])))
    assert "第 1 至 200 条，共 450 条" in page.partition('id="looks"')[2]
    page = await browser.go(f"{browser.path}?only=looks&page=3")
    assert page.count('<td class="num">MD') == 50
    assert '仅看：降低保障或更换责任人&nbsp;<span class="num">450</span>' in page
    await go_on(browser, "carry_out", meant="1")
    page = await give_in(browser, as_csv(table([row | {"pets": "猫"} for row in good])))
    page = await browser.go(f"{browser.path}?only=changed&page=3")
    assert page.partition('id="changed"')[2].count('href="/households/MD') == 50
    assert 'id="looks"' not in page


async def test_whoever_keeps_case_files_finds_the_way_from_every_page_and_from_an_empty_city(centre: Centre) -> None:
    browser = keeper(centre)
    await browser.go("/overview")
    assert 'href="/import"' in browser.page.partition('class="menu-box"')[2].partition("</details>")[0]
    assert 'id="no-homes"' not in browser.page
    operator = arrived(centre, "wang", Role.OPERATOR)
    await operator.go("/")
    assert 'href="/import"' not in operator.page
    areas = centre.gateway.directory.areas
    empty = keeper_of_empty(centre, next(iter(areas)))
    for path in ("/households", "/overview"):
        await empty.go(path)
        assert 'href="/import"' in empty.page.partition('id="no-homes"')[2], path


def keeper_of_empty(centre: Centre, below: str) -> Visitor:
    """A supervisor of an area without homes."""
    return arrived(centre, "sun", Role.SUPERVISOR, area=f"{below}.99")


@only_sqlite
async def test_a_list_in_full_is_not_given_out_when_nobody_could_see_later_who_took_it(centre: Centre) -> None:
    browser = keeper(centre)
    await browser.go("/export")
    fields = {**browser.form("/export"), "kind": "csv", "area": "", "full": "1", "note": "与街道核对"}
    with read_only(centre):
        answer = await browser.web.post("/export", data=fields)
    assert answer.status_code == 409
    assert "未生成文件" in answer.text


async def test_excel_with_merged_cells_dates_and_numbers(centre: Centre) -> None:
    first, second, third = rows(centre, 3)
    first["residents.1.birth_year"], first["residents.1.phone"] = "1941-03-02", ""
    book = Workbook()
    page = book.active
    assert page is not None
    for line in table([first, second, third]):
        page.append(line)
    at = HEADINGS.index("被守护人1电话") + 1
    page.cell(2, at).value = 19900000001
    page.merge_cells(start_row=3, end_row=4, start_column=at, end_column=at)
    out = io.BytesIO()
    book.save(out)
    browser = keeper(centre)
    shown = await give_in(browser, out.getvalue(), "a.xlsx")
    assert set(refused_rows(shown)) == {3, 4}
    assert "合并单元格" in refused_rows(shown)[3]


async def test_a_town_s_list_touches_no_other_town(centre: Centre) -> None:
    here, there = rows(centre, 40)[0], rows(centre, 40)[-1]
    areas = centre.gateway.directory.areas
    town = next(key for key, it in areas.items() if it.name == here["town"])
    assert here["town"] != there["town"]
    foreign = next(it for it in homes_of(centre).values() if not it.area.startswith(f"{town}."))
    browser = keeper(centre, area=town)
    taken = here | {"key": foreign.key}
    page = await give_in(browser, as_csv(table([here, there, taken])))
    assert set(refused_rows(page)) == {3, 4}
    assert all("不在您的辖区内" in text for text in refused_rows(page).values())
    other = arrived(centre, "qian", Role.SUPERVISOR)
    await other.go(browser.path)
    assert other.status == 404, "a list is seen by whoever brought it"
    for role in (Role.OPERATOR, Role.INSTALLER, Role.RESPONDER):
        nobody = arrived(centre, f"n-{role}", role)
        for path in ("/import", "/export"):
            await nobody.go(path)
            assert nobody.status == 403


async def test_a_list_takes_nothing_away_and_what_lowers_safety_is_confirmed(centre: Centre) -> None:
    desk = centre.gateway.desk
    home = homes_of(centre)[centre.home().household]
    holder = Contact(name="周小妹", relation="女儿", phone="19900000777", key_holder=True, verified=True)
    home = msgspec.structs.replace(home, tier=RiskTier.URGENT, contacts=(holder, *home.contacts), forced_entry=True)
    assert (await centre.ask(SaveHousehold(household=home, by="zhao"))).done
    row = {"key": home.key, "contacts.1.name": "周小妹", "contacts.1.phone": "199 0000 0777"}
    browser = keeper(centre)
    assert counts(await give_in(browser, as_csv(table([row])))) == [0, 0, 1, 0], "empty cells change nothing"
    more = row | {
        "tier": "持续关注",
        "contacts.1.key_holder": "否",
        "contacts.2.name": "新人",
        "contacts.2.phone": "13",
    }
    more["contacts.2.phone"] = "19900000888"
    page = await give_in(browser, as_csv(table([more])))
    assert counts(page) == [0, 1, 0, 0]
    assert "紧急程度下调" in page
    page = await go_on(browser, "carry_out")
    assert "并勾选确认" in page
    assert homes_of(centre)[home.key] == home
    devices = centre.gateway.directory.devices_of(home.key)
    await go_on(browser, "carry_out", meant="1")
    after = homes_of(centre)[home.key]
    assert [it.name for it in after.contacts] == [*(it.name for it in home.contacts), "新人"]
    assert (after.contacts[0].verified, after.contacts[-1].verified) == (True, False)
    assert (after.tier, after.residents, after.forced_entry) == (RiskTier.WATCH, home.residents, True)
    assert centre.gateway.directory.devices_of(home.key) == devices
    refusing = await give_in(browser, as_csv(table([more])), existing="refuse")
    assert "档案号已存在" in refused_rows(refusing)[2]
    assert (await desk.imports())[0].changed == 1


async def test_what_was_changed_between_check_and_registering_is_not_overwritten(centre: Centre) -> None:
    home = homes_of(centre)[centre.home().household]
    browser = keeper(centre)
    page = await give_in(browser, as_csv(table([{"key": home.key, "access": "敲西窗"}, *rows(centre, 2)])))
    assert counts(page) == [2, 1, 0, 0]
    edited = msgspec.structs.replace(home, access="敲西窗", key_safe="门框上")
    assert (await centre.ask(SaveHousehold(household=edited, by="qian"))).done
    before = homes_of(centre)
    page = await go_on(browser, "carry_out")
    assert "修改" in page
    assert homes_of(centre) == before


async def test_a_case_number_in_wide_characters_is_that_of_the_home_that_is_there(centre: Centre) -> None:
    home = homes_of(centre)[centre.home().household]
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in home.key)
    browser = keeper(centre)
    assert counts(await give_in(browser, as_csv(table([{"key": wide, "access": "敲西窗"}])))) == [0, 1, 0, 0]
    await go_on(browser, "carry_out")
    assert homes_of(centre)[home.key].access == "敲西窗"


async def test_a_list_that_was_given_out_changes_nothing_when_it_comes_back(centre: Centre) -> None:
    browser = keeper(centre)
    await browser.go("/export")
    fields = {**browser.form("/export"), "kind": "xlsx", "area": ""}
    hidden = await browser.web.post("/export", data=fields)
    homes = homes_of(centre)
    phones = [it.residents[0].phone for it in homes.values()]
    text = str(read_sheet(hidden.content).rows)
    assert not [it for it in phones if it in text]
    assert set(refused_rows(await give_in(browser, hidden.content, "a.xlsx"))) == set(range(2, len(homes) + 2))
    await browser.go("/export")
    await browser.send("/export", kind="xlsx", area="", full="1", note=" ")
    assert "请说明查看该档案的事由" in browser.page
    fields = {**browser.form("/export"), "kind": "xlsx", "area": "", "full": "1", "note": "与街道核对"}
    full = await browser.web.post("/export", data=fields)
    assert all(it in str(read_sheet(full.content).rows) for it in phones)
    key = centre.home().household
    assert [(it.by, it.reason, it.note) for it in await centre.gateway.desk.openings(key)] == [
        ("zhao", "list", "与街道核对")
    ]
    page = await give_in(browser, full.content, "a.xlsx")
    assert counts(page) == [0, 0, len(homes), 0]


async def test_a_town_gives_out_its_own_homes_only(centre: Centre) -> None:
    home = homes_of(centre)[centre.home().household]
    town = home.area.rpartition(".")[0]
    browser = keeper(centre, area=town)
    await browser.go("/export")
    fields = {**browser.form("/export"), "kind": "csv", "area": ""}
    own = {key for key, it in homes_of(centre).items() if it.area.startswith(f"{town}.")}
    answer = await browser.web.post("/export", data=fields)
    assert {cells[0] for _, cells in read_sheet(answer.content).rows[1:]} == own
    elsewhere = next(key for key in centre.gateway.directory.areas if key.count(".") == 2 and key != town)
    assert (await browser.web.post("/export", data=fields | {"area": elsewhere})).status_code == 400


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no_rows"),
        (b"PK\x03\x04not a book", "unreadable"),
        (b"\xd0\xcf\x11\xe0old", "old_excel"),
        (b"\xff\x81\xff,\n1,2", "unknown_encoding"),
        (b"a,b\n", "no_rows"),
        (b"a,b\0\n1,2", "unknown_encoding"),
        (b"x" * 20_000_001, "too_large"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(content: bytes, word: str) -> None:
    with pytest.raises(SheetError, match=word):
        read_sheet(content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings_of_offices_are_read(encoding: str) -> None:
    assert decoded("档案编号,住址\n1,听潮街道".encode(encoding))[0] == "档案编号,住址\n1,听潮街道"


def test_no_cell_that_is_given_out_is_a_formula(centre: Centre) -> None:
    home = msgspec.structs.replace(next(iter(homes_of(centre).values())), access='=HYPERLINK("x")', key_safe="+8613")
    given = table_of([home], centre.gateway.directory.areas, {})
    assert "'=HYPERLINK" in as_csv(given).decode().replace('""', '"')
    page = load_workbook(io.BytesIO(as_excel("住户", given))).active
    assert page is not None
    assert not [cell for line in page.iter_rows() for cell in line if cell.data_type == "f"]
    assert read_sheet(as_csv(given)).rows[1][1] == read_sheet(as_excel("住户", given)).rows[1][1] == given[1]
