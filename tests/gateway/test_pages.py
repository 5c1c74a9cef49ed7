"""What a page says, and when a duty telephone is tested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerting.casefile import Area, AreaLevel, Contact, Household, Place, Registry, Resident
from alerting.decisions import PageAsked
from alerting.model import AlarmKind, EscalationLevel, Priority, RiskTier
from dashboard import words
from dashboard.i18n import read_catalogue
from gateway.paging import page_text as pages
from gateway.paging.letterhead import Letterhead, least_name
from gateway.paging.page_text import daily_test_text, page_text, page_words
from gateway.paging.phones import Phones
from gateway.store.outgoing import LastTest
from gateway.writing.directory import Directory

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)  # 10:00 in the town
HOME = Household(
    key="WX00001",
    area="3202.01.01",
    address="柳溪村3组12号",
    place=Place(lat=31.5, lon=120.3),
    tier=RiskTier.URGENT,
    residents=(Resident(name="周桂英", birth_year=1941, phone="0510-55500001", health=("高血压",)),),
    contacts=(Contact(name="周强", relation="son", phone="0510-55500002"),),
    access="钥匙在邻居家",
)
AREAS = (
    Area(key="3202", level=AreaLevel.CITY, name="无名市"),
    Area(key="3202.01", level=AreaLevel.TOWN, name="清河镇", parent="3202"),
    Area(key="3202.01.01", level=AreaLevel.VILLAGE, name="柳溪村", parent="3202.01"),
)
DIRECTORY = Directory(Registry(areas=AREAS, households=(HOME,)), {})


def asked(**other: object) -> PageAsked:
    common: dict[str, object] = {
        "incident": "WX00001-2",
        "key": "WX00001",
        "home": "WX00001",
        "round": 1,
        "step": 3,
        "level": EscalationLevel.DUTY,
        "to": "值班手机",
        "priority": Priority.P1,
        "kind": AlarmKind.PANIC,
        "since": NOW - timedelta(seconds=90),
        "until": NOW + timedelta(minutes=5),
    }
    return PageAsked(**{**common, **other})  # type: ignore[arg-type]


def test_a_page_says_what_is_needed_and_no_more_of_anybody() -> None:
    head = Letterhead(title="清河守护中心", desk_phone="0510-55500000")
    link = "https://nuanhu.example/p/1.2.3"
    assert page_text(asked(), DIRECTORY, head, may_repeat=False, link=link).splitlines() == [
        "【清河守护中心】P1 紧急 · 紧急按钮",
        "周某，清河镇柳溪村",
        "01-05 09:58:30 起无人受理",
        "请立即受理，或回拨值班台 0510-55500000",
        "https://nuanhu.example/p/1.2.3",
        "编号 WX00001-2 第 1 轮第 3 步",
    ]


def test_a_climb_that_began_anew_says_so_in_words() -> None:
    again = page_text(asked(round=3, step=1), DIRECTORY, Letterhead(), may_repeat=False)
    assert again.splitlines()[-1] == "编号 WX00001-2 第 3 轮第 1 步（第 3 次从头逐级呼叫）"
    words = page_words(asked(round=3, step=1), DIRECTORY, Letterhead(), "")
    assert (words["round"], words["step"], words["again"]) == ("3", "1", "第 3 次从头逐级呼叫")
    assert page_words(asked(round=1), DIRECTORY, Letterhead(), "")["again"] == ""


def test_name_and_address_are_told_only_where_the_settings_say_so() -> None:
    full = page_text(asked(), DIRECTORY, Letterhead(full=True), may_repeat=False)
    assert "周桂英，清河镇柳溪村3组12号" in full
    assert "高血压" not in full
    words = page_words(asked(), DIRECTORY, Letterhead(), "")
    assert words["place"] == "周某，清河镇柳溪村"


def test_a_compound_family_name_is_told_whole() -> None:
    assert [least_name(name) for name in ("欧阳秀兰", "周桂英", "")] == ["欧阳某", "周某", ""]


def test_a_page_that_may_repeat_says_so_first() -> None:
    assert page_text(asked(), DIRECTORY, Letterhead(), may_repeat=True).startswith("〔可能重复〕【暖护】P1 紧急")


def test_a_device_without_a_home_is_named_and_a_moved_one_with_its_last_home() -> None:
    unknown = page_text(asked(key="~hub-9~0x01", home=""), DIRECTORY, Letterhead(), may_repeat=False)
    assert "未登记设备 hub-9 / 0x01" in unknown
    moved = page_text(asked(key="~hub-9~0x01"), DIRECTORY, Letterhead(), may_repeat=False)
    assert "设备已移机或停用，最后登记住户：周某" in moved
    failed = asked(key="~failed~WX00001", kind=AlarmKind.RULE_FAILED)
    assert "\n周某，" in page_text(failed, DIRECTORY, Letterhead(), may_repeat=False)


def test_a_page_about_an_area_says_where_and_how_many_homes() -> None:
    outage = asked(incident="@outage@3202.01.01-1", key="@outage@3202.01.01", home="", kind=AlarmKind.AREA_OUTAGE)
    text = page_text(msgspec.structs.replace(outage, detail="7|7"), DIRECTORY, Letterhead(), may_repeat=False)
    assert text.splitlines()[:2] == ["【暖护】P1 紧急 · 多户失联", "清河镇柳溪村，共 7 户"]
    some_back = page_words(msgspec.structs.replace(outage, detail="3|7"), DIRECTORY, Letterhead(), "")
    assert some_back["place"] == "清河镇柳溪村，共 7 户，3 户未恢复"
    written_before = page_words(outage, DIRECTORY, Letterhead(), "")
    assert written_before["place"] == "清河镇柳溪村"


def test_pages_speak_the_words_of_the_screens() -> None:
    catalogue = read_catalogue("zh_CN")

    def chinese(text: str) -> object:
        message = catalogue.get(text)
        return message.string if message else ""

    assert {kind: chinese(text) for kind, text in words.ALARMS.items()} == pages.KINDS
    assert {priority: chinese(text) for priority, text in words.PRIORITIES.items()} == pages.PRIORITIES
    assert chinese("Unregistered device") == pages.UNREGISTERED


def test_a_test_says_that_it_is_one() -> None:
    assert daily_test_text("值班手机", NOW, Letterhead()) == (
        "【暖护】每日呼叫测试：值班手机，01-05 10:00。通道正常，无需处理。"
    )


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NOW - 2 * HOUR, NOW),
        (None, NOW + 2 * HOUR, NOW + 2 * HOUR),
        (LastTest(NOW, True, ""), NOW + HOUR, NOW + 24 * HOUR),
        (LastTest(NOW + HOUR, True, ""), NOW + 2 * HOUR, NOW + 24 * HOUR),
        (LastTest(NOW - HOUR, True, ""), NOW + HOUR, NOW),
        (LastTest(NOW - 24 * HOUR, True, ""), NOW + 5 * HOUR, NOW),
        (LastTest(NOW, False, "failed"), NOW + HOUR, NOW + timedelta(minutes=15)),
    ],
)
def test_a_telephone_is_tested_at_its_hour_also_when_that_was_missed_and_soon_after_a_failure(
    last: LastTest | None, now: datetime, due: datetime
) -> None:
    phones = Phones(["duty"], {"duty": last} if last else {}, hour=10, utc_offset_s=8 * 3600)
    assert phones.test_due("duty", now) == due


def test_a_telephone_that_failed_a_page_is_at_fault_until_it_took_something() -> None:
    phones = Phones(["duty"], {"gone": LastTest(NOW, False, "failed")}, hour=10, utc_offset_s=8 * 3600)
    assert phones.faults() == []
    phones.paged("duty", NOW, "not_taken")
    assert phones.faults() == ["duty_phone"]
    phones.tested("duty", NOW + HOUR, "")
    assert phones.faults() == []
    assert Phones([], {}, hour=10, utc_offset_s=0).faults() == ["no_duty_phone"]
