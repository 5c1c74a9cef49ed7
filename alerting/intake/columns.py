"""The columns of a list of homes: which field of the case file each one fills, and by which words it is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

RESIDENTS, CONTACTS = 2, 3
"""So many of each a row may have; a home may have more, which the list leaves as they are."""
IGNORED = ""
"""A column that is not imported."""


class Column(msgspec.Struct, frozen=True):
    """One column.

    Attributes:
        field: As in ``contacts.2.phone``; ``town``, ``village``, ``lat`` and ``lon`` besides.
        words: Its heading in the template, then others by which it is known.
        example: What a cell may hold, in the template.
        needed: A new home cannot do without.
    """

    field: str
    words: tuple[str, ...]
    example: str = ""
    needed: bool = False


def _home() -> tuple[Column, ...]:
    c = Column
    return (
        c("key", ("档案号", "档案编号", "户编号", "编号", "case number", "key"), "AY2026001", needed=True),
        c("area", ("区划代码", "村编码", "村代码", "area code", "area")),
        c("town", ("镇/街道", "乡镇", "镇", "街道", "乡镇街道", "town"), "听潮街道", needed=True),
        c("village", ("村/社区", "村", "社区", "村居", "村社区", "village"), "沙埠村", needed=True),
        c("address", ("地址", "住址", "详细地址", "家庭住址", "居住地址", "address"), "沙埠村12号", needed=True),
        c("lat", ("纬度", "latitude", "lat"), "31.778120"),
        c("lon", ("经度", "longitude", "lon", "lng"), "119.954300"),
        c("datum", ("坐标系", "坐标基准", "datum"), "GCJ-02"),
        c("tier", ("紧急程度", "关爱等级", "预警标签", "标签", "tier"), "需要关爱"),
        c("categories", ("类别", "对象类别", "人员类别", "救助类别", "categories"), "低保、独居"),
        c("grid_cell", ("网格", "网格编号", "网格号", "grid cell")),
        c("access", ("进门方式", "入户方式", "开门方式", "入户", "access"), "邻居有钥匙"),
        c("key_safe", ("钥匙盒", "钥匙盒位置", "key safe")),
        c("forced_entry", ("可破门进入（已书面同意）", "同意破门", "破门授权", "forced entry"), "否"),
        c("risks", ("入户注意事项", "入户须知", "入户风险", "风险", "risks"), "门口台阶滑"),
        c("pets", ("宠物", "pets"), "大黄狗"),
        c("town_responder", ("镇级帮扶责任人", "镇级责任人", "街道责任人", "town responder")),
        c("town_deputy", ("镇级B岗", "镇级责任人B岗", "town deputy")),
        c("village_responder", ("村级帮扶责任人", "村级责任人", "社区责任人", "village responder")),
        c("village_deputy", ("村级B岗", "村级责任人B岗", "village deputy")),
        c("grid_worker", ("网格员", "grid worker")),
        c("social_station", ("社工", "社工站", "social worker")),
        c("care_plan", ("一户一策", "帮扶方案", "照护方案", "care plan"), "每周上门，代取药"),
        c("care_plan_review", ("一户一策复核日期", "方案复核日期", "care plan review"), "2027-06-30"),
        c("consent.who", ("同意书签字人", "知情同意签字人", "consent signed by"), "张桂兰"),
        c("consent.on", ("同意书日期", "知情同意日期", "consent on"), "2026-11-02"),
        c("consent.monitoring", ("同意居家监测", "consent to monitoring"), "是"),
        c("consent.sharing", ("同意信息共享", "consent to sharing"), "否"),
        c("consent.neighbours", ("同意联系邻居", "consent to neighbours"), "是"),
    )


_FIRST = {
    "name": ("姓名", "张桂兰"),
    "birth_year": ("出生年份", "1941"),
    "sex": ("性别", "女"),
    "phone": ("电话", "19900000001"),
    "id_number": ("身份证号", ""),
    "health": ("健康", "高血压、心脏病"),
    "medicines": ("用药", "硝苯地平"),
    "mobility": ("行动", "拄拐"),
    "hearing": ("听力", "右耳聋"),
    "languages": ("语言", "方言"),
}
_ALSO = {
    "name": ("被守护人", "被守护人姓名", "户主", "户主姓名", "老人姓名", "name"),
    "birth_year": ("出生日期", "出生年", "出生年月", "生日", "birth", "year of birth"),
    "sex": ("sex",),
    "phone": ("联系电话", "手机", "手机号", "本人电话", "phone"),
    "id_number": ("身份证", "身份证号码", "公民身份号码", "证件号码", "id number"),
    "health": ("健康状况", "疾病", "health"),
    "medicines": ("药物", "medicines"),
    "mobility": ("行动能力", "mobility"),
    "hearing": ("hearing",),
    "languages": ("languages",),
}
_CONTACT = {
    "name": ("姓名", "周小妹"),
    "relation": ("关系", "女儿"),
    "phone": ("电话", "19900000002"),
    "hours": ("可联系时段", "08:00-20:00"),
    "key_holder": ("持有钥匙", "是"),
    "rings_first": ("邻里先行", "否"),
    "distance_m": ("距离（米）", "300"),
}


_CONTACT_BEFORE = {"key_holder": "持钥匙", "distance_m": "距离米"}
"""Headings of earlier templates: lists that were made with them are still there."""


def _people() -> tuple[Column, ...]:
    columns: list[Column] = []
    needed = {"name", "birth_year"}
    for n in range(1, RESIDENTS + 1):
        for name, (word, example) in _FIRST.items():
            bare = (word, *_ALSO[name])
            words = (f"被守护人{n}{word}", *(f"{it}{n}" for it in bare), *(bare if n == 1 else ()))
            needs = n == 1 and name in needed
            columns.append(Column(f"residents.{n}.{name}", words, example if n == 1 else "", needs))
    for n in range(1, CONTACTS + 1):
        for name, (word, example) in _CONTACT.items():
            ways = [word, *([_CONTACT_BEFORE[name]] if name in _CONTACT_BEFORE else [])]
            numbered = [f"{who}{n}{way}" for who in ("联系人", "紧急联系人") for way in ways]
            others = [f"{who}{way}" for who in ("紧急联系人", "联系人") for way in ways] if n == 1 else []
            columns.append(Column(f"contacts.{n}.{name}", (*numbered, *others), example if n == 1 else ""))
    return tuple(columns)


COLUMNS = (*_home(), *_people())
FIELDS = frozenset(column.field for column in COLUMNS)

_NOT_OF_THE_WORD = re.compile(r"[\s*:：·_\-—]|[((\[【].*?[))\]】]")


def plain(heading: str) -> str:
    """A heading without what people put around its word: blanks, stars, remarks in brackets."""
    return _NOT_OF_THE_WORD.sub("", unicodedata.normalize("NFKC", heading)).lower()


_BY_WORD = {plain(word): column.field for column in reversed(COLUMNS) for word in reversed(column.words)}


def recognised(headings: Sequence[str]) -> list[str]:
    """The field of each column by its heading; ``IGNORED`` where none is known, or an earlier column has it."""
    found: list[str] = []
    for heading in headings:
        field = _BY_WORD.get(plain(heading), IGNORED)
        found.append(field if field not in found else IGNORED)
    return found


def heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows is that of the headings: the one with most words that are known."""
    known = [sum(field != IGNORED for field in recognised(row)) for row in rows[:10]]
    return known.index(max(known)) if known else 0
