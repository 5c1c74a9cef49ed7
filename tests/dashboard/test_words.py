"""Every word of the service has a word on the screens, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

import pytest

from alerting.casefile import AreaLevel, DeviceStatus, InstallationStep, Role
from alerting.enrolment.stages import HAND_OVER_NEEDS
from alerting.incidents.afterwards import CallResult, FollowUpEnd
from alerting.model import Alarm, AlarmKind, Entry, EntryKind, FaultKind, IncidentState, Outcome, Priority, RiskTier
from dashboard import (
    account_words,
    after_words,
    area_words,
    case_words,
    device_words,
    duty_words,
    exchange_words,
    referral_words,
    value_words,
    words,
)
from dashboard.explain import LEAD_ORDER, SENTENCES, lead_alarm, why
from dashboard.i18n import load_languages
from dashboard.refusal_words import REFUSALS
from dashboard.speech import Speech
from dashboard.timeline_words import tell
from dashboard.times import LocalTime

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOW = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)  # 15:00 in the town

LANGUAGES = load_languages()
ZH = Speech(LANGUAGES["zh_CN"], LocalTime(8))
EN = Speech(LANGUAGES["en"], LocalTime(8))

COMPLETE: list[tuple[Mapping[Enum, str], type[Enum]]] = [
    (words.ALARMS, AlarmKind),
    (SENTENCES, AlarmKind),
    (words.FAULTS, FaultKind),
    (words.STATES, IncidentState),
    (words.OUTCOMES, Outcome),
    (words.ENTRIES, EntryKind),
    (words.PRIORITIES, Priority),
    (words.SHAPES, Priority),
    (words.TIERS, RiskTier),
    (words.ACCOUNT_ROLES, Role),
    (area_words.AREA_LEVELS, AreaLevel),
    (device_words.DEVICE_STATUSES, DeviceStatus),
    (after_words.RESULTS, CallResult),
    (after_words.ENDS, FollowUpEnd),
]  # type: ignore[list-item]


@pytest.mark.parametrize(("table", "kind"), COMPLETE, ids=lambda value: getattr(value, "__name__", ""))
def test_every_word_of_a_kind_is_there(table: Mapping[Enum, str], kind: type[Enum]) -> None:
    assert set(table) == set(kind)


ROOMS = (words, after_words, value_words)
TABLES = [(room, name) for room in ROOMS for name in vars(room) if re.fullmatch("[A-Z_]{2,}", name)]


@pytest.mark.parametrize(("room", "name"), [it for it in TABLES if it[1] != "SHAPES"])
def test_every_word_is_chinese_on_a_chinese_screen(room: object, name: str) -> None:
    for text in getattr(room, name).values():
        assert CHINESE.search(ZH.gettext(text)), text


def test_an_incident_can_be_named_after_every_kind_of_alarm() -> None:
    assert set(LEAD_ORDER) == set(AlarmKind)


def test_priorities_differ_in_shape() -> None:
    assert len(set(words.SHAPES.values())) == len(Priority)


def _written(pattern: str, *rooms: str) -> set[str]:
    found: set[str] = set()
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            found |= set(re.findall(pattern, path.read_text(encoding="utf-8")))
    return found - {""}


def test_every_refusal_of_the_rules_has_its_reason_in_words() -> None:
    asked = _written(r'refused="(\w*)"', "alerting", "gateway", "dashboard")
    asked |= _written(r'refused=.*"(\w+)" if .* else', "alerting") | _written(r'refused=.*else "(\w+)"', "alerting")
    asked |= _written(r'return "(\w+)" if', "alerting")
    asked |= _written(r'return "\w+" if .* else "(\w+)"', "alerting")
    asked |= _written(r'return "" if .* else "(\w+)"', "alerting") | _written(r'else "" if .* else "(\w+)"', "alerting")
    assert {"held_by_other", "not_claimed", "wrong_state"} <= asked
    assert asked <= set(REFUSALS)


def test_every_refusal_of_the_registry_has_its_reason_in_words_and_in_the_papers() -> None:
    """What cannot be refused any more has no word left over, either."""
    asked = _written(r'return "(\w+)"', "alerting/enrolment") | _written(
        r'return "\w+" if .* else "(\w+)"', "alerting/enrolment"
    )
    asked |= {f"missing_{step.value}" for step in (*HAND_OVER_NEEDS, InstallationStep.POWER_CUT)}
    asked.remove("edited_meanwhile")  # as everywhere
    known = device_words.REFUSALS.keys() | case_words.OF_THE_RULES.keys() | exchange_words.REFUSALS.keys()
    known |= referral_words.OF_THE_REGISTER.keys() | duty_words.OF_THE_REGISTER.keys() | {"unknown_responder"}
    known |= account_words.OF_THE_REGISTER.keys() | area_words.OF_THE_REGISTER.keys()
    assert asked == known - {"open_url"}
    papers = [
        ROOT / "docs" / f"{name}.md"
        for name in ("administration", "provisioning", "assessment", "case-file", "exchange", "care", "candidates")
    ]
    paper = "".join(it.read_text(encoding="utf-8") for it in papers)
    assert [word for word in asked if not word.startswith("missing_") and f"`{word}`" not in paper] == []


def test_everything_that_can_be_wrong_with_the_gateway_has_its_word() -> None:
    said = _written(r'faults\.append\("(\w+)"\)', "gateway") | _written(r'\.trouble = "(\w*)"', "gateway")
    assert {"broker", "store"} <= said
    assert said <= set(words.WRONGS)


def test_a_refusal_nobody_knows_is_still_told() -> None:
    assert "some_new_rule" in ZH.refusal("some_new_rule")


def test_a_room_nobody_knows_is_shown_as_it_is() -> None:
    assert ZH.room("瓜棚") == "瓜棚"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "0 s", "0 秒"),
        (59, "59 s", "59 秒"),
        (60, "1 min", "1 分钟"),
        (3600, "1 h", "1 小时"),
        (33_180, "9 h 13 min", "9 小时 13 分"),
        (172_800, "2 d", "2 天"),
        (176_400, "2 d 1 h", "2 天 1 小时"),
    ],
)
def test_durations_in_words(seconds: int, english: str, chinese: str) -> None:
    assert (EN.duration(seconds), ZH.duration(seconds)) == (english, chinese)


def test_times_are_local_24_hours_and_iso() -> None:
    times = LocalTime(8)
    assert times.full(NOW) == "2026-01-05 15:00:00"
    assert times.brief(NOW, NOW + timedelta(hours=1)) == "15:00:00"
    assert times.brief(NOW, NOW + timedelta(hours=10)) == "01-05 15:00"
    assert times.midnight(NOW) == datetime(2026, 1, 4, 16, 0, tzinfo=UTC)


def _quiet(**more: object) -> Alarm:
    common: dict[str, object] = {
        "kind": AlarmKind.INACTIVITY,
        "at": NOW - timedelta(hours=1),
        "quiet_since": NOW - timedelta(hours=9, minutes=13),
        "limit_s": 8 * 3600,
        "limit_source": "own_rhythm",
        "usual_s": 5 * 3600,
        "room": "bathroom",
    }
    return Alarm(**{**common, **more})  # type: ignore[arg-type]


def test_a_silence_is_explained_with_its_limit_the_usual_one_and_the_last_place() -> None:
    told = " ".join(why(_quiet(), NOW, ZH))
    for part in ("05:47", "9 小时 13 分", "8 小时", "本户自身作息", "5 小时", "卫生间"):
        assert part in told
    assert "约 7 周一次" in " ".join(why(_quiet(once_in_weeks=7.2), NOW, ZH))
    assert "once in 1 week at" in " ".join(why(_quiet(once_in_weeks=1.2), NOW, EN))
    assert "more than once a week" in " ".join(why(_quiet(once_in_weeks=0.4, limit_source="cap"), NOW, EN))
    told = " ".join(why(_quiet(usual_s=0, limit_source="city"), NOW, EN))
    assert "the city's table" in told
    assert "usual" not in told


def test_an_alarm_that_came_later_than_its_limit_says_why_and_one_in_time_says_nothing() -> None:
    told = " ".join(why(_quiet(limit_s=6 * 3600), NOW, ZH))
    assert "11:47 超过上限，14:00 才报警" in told
    assert "才报警" not in " ".join(why(_quiet(at=NOW - timedelta(hours=1, minutes=13)), NOW, ZH))
    four_minutes = _quiet(at=NOW - timedelta(hours=1, minutes=9))
    assert "13:47 超过上限，13:51 才报警：此时判断所需的资料" in " ".join(why(four_minutes, NOW, ZH))
    assert "passed at 13:47 and it rang at 13:51: only then all that it depends on was" in " ".join(
        why(four_minutes, NOW, EN)
    )


def test_time_that_does_not_count_as_silence_is_told_and_is_no_delay() -> None:
    alarm = _quiet(limit_s=6 * 3600, uncounted_s=2 * 3600 + 13 * 60)
    told = " ".join(why(alarm, NOW, ZH))
    assert "其中 2 小时 13 分 不计入" in told
    assert "才报警" not in told
    assert "2 h 13 min do not count" in " ".join(why(alarm, NOW, EN))


def test_a_limit_as_long_as_silences_are_at_this_hour_says_why_in_one_sentence() -> None:
    below = {"limit_s": 3600, "usual_s": 6000, "once_in_weeks": 0.3}
    rare = " ".join(why(_quiet(**below, alike_weeks=6.6), NOW, ZH))
    assert "上限这么短，是因为还看最后活动的位置和此前的忙闲：像这次这样开始的安静，约 7 周才有一次这么久" in rare
    assert "每周不止一次" not in rare, "that such a silence is common at this hour, the usual one has said"
    assert "lasts so long only once in 7 weeks" in " ".join(why(_quiet(**below, alike_weeks=6.6), NOW, EN))
    unknown = _quiet(**{**below, "usual_s": 0}, alike_weeks=2.2)
    assert "上限这么短" in " ".join(why(unknown, NOW, ZH)), "also where the usual one is too short to be told"
    assert "以及本户允许的误报次数" in " ".join(why(_quiet(**below, alike_weeks=0.5), NOW, ZH))
    assert "上限这么短" not in " ".join(why(_quiet(), NOW, ZH)), "only where it is"
    assert "上限这么短" not in " ".join(why(_quiet(**below, limit_source="cap"), NOW, ZH)), "a cap has its own reason"


def test_who_did_not_answer_in_a_home_that_usually_does_rings_sooner_and_it_says_so() -> None:
    told = " ".join(why(_quiet(asked_at=NOW - timedelta(hours=2), unasked_s=10 * 3600), NOW, ZH))
    assert "无人应答，故提前报警；不询问时的上限为 10 小时" in told
    assert "提前报警" not in " ".join(why(_quiet(), NOW, ZH))


def test_a_late_press_says_how_late_and_what_the_device_thinks() -> None:
    late = Alarm(kind=AlarmKind.PANIC, at=NOW, late_s=2520, device_time=NOW - timedelta(minutes=42))
    told = " ".join(why(late, NOW, ZH))
    assert "42 分钟" in told
    assert "2026-01-05 14:18:00" in told


def test_a_press_of_an_unregistered_device_says_that_nobody_knows_where() -> None:
    stray = Alarm(kind=AlarmKind.PANIC, at=NOW, detail="unregistered")
    assert any("位置不明" in line for line in why(stray, NOW, ZH))


def test_an_incident_is_named_after_its_gravest_alarm() -> None:
    press = Alarm(kind=AlarmKind.PANIC, at=NOW - timedelta(hours=2))
    assert lead_alarm((_quiet(), press)) is press


def test_the_timeline_is_told_in_words() -> None:
    def line(kind: EntryKind, text: str) -> str:
        entry = Entry(incident="x-1", at=NOW, kind=kind, by="zuoxi1", text=text)
        shown = tell(entry, ZH, {"zuoxi1": "王敏"}.__getitem__, {"r1": "李强"})
        return f"{shown.head}|{shown.text}|{shown.who}"

    assert line(EntryKind.CALLED, "张三|no_answer") == "电话联系|张三 · 无人接听|王敏"
    assert line(EntryKind.DISPATCHED, "r1") == "已派单|李强|王敏"
    assert line(EntryKind.CLOSED, "accidental|老人无恙") == "已结案|误按 · 老人无恙|王敏"
    assert line(EntryKind.CLOSED, "test") == "已结案|测试|王敏"
    assert line(EntryKind.ESCALATED, "supervisor") == "升级上报|主管|王敏"
    assert line(EntryKind.ESCALATED, "chain|甲、乙") == "升级上报|值班电话及帮扶责任人 · 甲、乙|王敏"
    assert line(EntryKind.PAGE_SENT, "甲||sms") == "呼叫已发出|甲 · 短信|王敏"
    assert line(EntryKind.PAGE_LOST, "甲|person_left|voice") == "放弃呼叫|甲 · 语音电话 · 此人员已不再呼叫|王敏"
    assert line(EntryKind.PAGE_ACCEPTED, "link|甲") == "已接手，升级暂停|甲 · 通过链接确认|"
    assert line(EntryKind.ACCEPTANCE_EXPIRED, "甲") == "接手已过期，重新升级|甲|"
    assert line(EntryKind.ESCALATED, "duty|") == "升级上报|值班电话 · 无人可呼叫|王敏"
    assert line(EntryKind.PAGE_SENT, "甲") == "呼叫已发出|甲|王敏"
    assert line(EntryKind.PAGE_LOST, "甲|not_taken") == "放弃呼叫|甲 · 通道未接收|王敏"
    assert line(EntryKind.NOTE, "自由文字|带竖线") == "备注|自由文字|带竖线|王敏"


def test_a_cap_is_not_told_to_be_short_because_of_the_place() -> None:
    capped = _quiet(limit_s=3600, usual_s=6000, once_in_weeks=0.3, limit_source="cap")
    assert "上限这么短" not in " ".join(why(capped, NOW, ZH))
    assert not capped.is_for_a_usual_silence


def test_a_dead_hub_is_told_as_the_reason_why_nobody_can_call_or_be_seen() -> None:
    mute = Alarm(kind=AlarmKind.CANNOT_CALL, at=NOW, detail="hub_dead|sos battery|pendant")
    assert "家中网关没有消息，按了也传不出来 · 电池电量不足" in " ".join(why(mute, NOW, ZH))
    assert "the home's hub is dead: a press does not come through" in " ".join(why(mute, NOW, EN))
    unseen = Alarm(kind=AlarmKind.UNSEEN, at=NOW, detail="sensors|hub")
    assert "活动传感器的信号都要经过它" in " ".join(why(unseen, NOW, ZH))
    assert "a press neither" not in " ".join(why(unseen, NOW, EN)), "buttons have a way of their own"
