"""3,000 homes from a list: broken rows are named and nothing is registered; mended, all are, and only once."""

from __future__ import annotations

from centre import Centre

from alerting.casefile import Role
from tests.dashboard.visitor import arrived
from tests.list_of_homes import Row, counts, gbk, give_in, go_on, homes_of, refused_rows, rows

HOMES = 3000
BROKEN: list[tuple[str, str, str]] = [
    ("key", "MD00000", "档案号重复"),
    ("key", "", "必填"),
    ("key", "~x", "不可用"),
    ("village", "没有的村", "没有这个区域"),
    ("town", "没有的镇", "没有这个区域"),
    ("village", "", "必填"),
    ("address", "", "必填"),
    ("residents.1.birth_year", "1941-02-30", "没有这一天"),
    ("residents.1.birth_year", "1941年13月1日", "没有这一天"),
    ("residents.1.birth_year", "2031", "应为出生年份"),
    ("residents.1.birth_year", "八十", "应为出生年份"),
    ("residents.1.birth_year", "", "必填"),
    ("residents.1.name", "", "必填"),
    ("residents.1.phone", "看门口", "电话"),
    ("contacts.1.phone", "12", "电话"),
    ("contacts.1.phone", "", "必填"),
    ("contacts.1.key_holder", "也许", "应填"),
    ("contacts.1.distance_m", "很近", "应填数字"),
    ("contacts.1.hours", "白天", "08:00"),
    ("tier", "红色", "等级"),
]


def broken(homes: list[Row]) -> tuple[list[Row], dict[int, str]]:
    """Twenty rows with one fault each, and what is said of each by its number in the file."""
    spoilt, said = [dict(row) for row in homes], dict[int, str]()
    for n, (field, text, word) in enumerate(BROKEN):
        at = 140 * (n + 1)
        spoilt[at][field] = text
        said[at + 2] = word  # counted from 1, below the headings
    return spoilt, said


async def test_broken_rows_are_named_and_nothing_is_registered_until_all_are_mended(centre: Centre) -> None:
    before = homes_of(centre)
    good = rows(centre, HOMES)
    spoilt, said = broken(good)
    keeper = arrived(centre, "zhao", Role.SUPERVISOR)
    page = await give_in(keeper, gbk(spoilt))
    refused = refused_rows(page)
    assert set(refused) == set(said)
    assert [(row, word) for row, word in said.items() if word not in refused[row]] == []
    assert counts(page) == [HOMES - 20, 0, 0, 20]
    assert 'value="carry_out"' not in page
    await keeper.post(keeper.path, **keeper.form(keeper.path), button="carry_out")
    assert homes_of(centre) == before
    page = await give_in(keeper, gbk(good), "十一月名单.csv")
    assert counts(page) == [HOMES, 0, 0, 0]
    page = await go_on(keeper, "carry_out")
    assert "已登记" in page
    after = homes_of(centre)
    assert len(after) == len(before) + HOMES
    assert {key: after[key] for key in before} == before
    assert after["MD00007"].residents[0].name == "王丁7"
    assert not after["MD00007"].contacts[0].verified, "a list says of no number that it was tried"
    page = await give_in(keeper, gbk(good))
    assert counts(page) == [0, 0, HOMES, 0]
    await keeper.go("/import")
    assert "十一月名单.csv" in keeper.page
    await keeper.go("/households/MD00007/history")
    assert "测试zhao" in keeper.page
    await centre.until(lambda: not centre.gateway.writer.judge.to_tell, "every home being told")
    await centre.close_gateway()
    await centre.open_gateway()
    assert homes_of(centre) == after
    assert centre.gateway.writer.judge.homes_to_enrol() == []
