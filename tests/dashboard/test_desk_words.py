"""What the desk says of who waits, of who was sent, and of what was really done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerting.dispatch.job import Stage, moved, offered
from alerting.model import Aggregate, Alarm, AlarmKind, Entry, EntryKind, Incident, IncidentState, Priority
from dashboard.desk_words import claim_word
from dashboard.i18n import load_languages
from dashboard.path_part import path_of
from dashboard.rows import console_row, queue_order
from dashboard.speech import Speech
from dashboard.times import LocalTime
from gateway.desk.contract import QueueRow

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
ZH = Speech(load_languages()["zh_CN"], LocalTime(8))
THERE = (moved(offered("R1", NOW), Stage.ON_SCENE, NOW),)
SENT = {"responder": "R1", "responder_name": "王志强"}


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def row(kind: AlarmKind = AlarmKind.PANIC, **more: object) -> QueueRow:
    fields: dict[str, object] = {
        "incident": "H1-1",
        "key": "H1",
        "household": "H1",
        "resident": "住户",
        "address": "",
        "area": "1.2.3",
        "town": "柳溪镇",
        "village": "",
        "tier": "care",
        "state": "open",
        "priority": Priority.P1,
        "alarms": (Alarm(kind=kind, at=NOW),),
        "alarm_count": 1,
        "unacknowledged": True,
        "opened_at": ago(250),
        "rang_at": ago(12),
        "changed_at": NOW,
    }
    return QueueRow(**(fields | more))  # type: ignore[arg-type]


def incident(**more: object) -> Incident:
    fields: dict[str, object] = {
        "id": "H1-1",
        "key": "H1",
        "aggregate": Aggregate.HOUSEHOLD,
        "state": IncidentState.OPEN,
        "priority": Priority.P1,
        "alarms": (Alarm(kind=AlarmKind.PANIC, at=ago(250)),),
        "alarm_count": 1,
        "unacknowledged": False,
        "opened_at": ago(250),
        "rang_at": ago(250),
        "changed_at": NOW,
    }
    return Incident(**(fields | more))  # type: ignore[arg-type]


def lines(*kinds: EntryKind) -> list[Entry]:
    return [Entry(incident="H1-1", at=ago(len(kinds) - n), kind=kind) for n, kind in enumerate(kinds)]


def test_a_row_shows_since_when_it_waits_and_beside_it_the_latest_press() -> None:
    shown = console_row(row(waiting_since=ago(250)), ZH)
    assert (shown["since_ms"], shown["again_ms"]) == (ago(250).timestamp() * 1000, ago(12).timestamp() * 1000)
    assert shown["again_word"] == "再次按下"
    assert console_row(row(AlarmKind.FALL, waiting_since=ago(250)), ZH)["again_word"] == "再次报警"


def test_the_first_press_after_something_else_is_not_called_pressed_again() -> None:
    inactivity, press = Alarm(kind=AlarmKind.INACTIVITY, at=ago(250)), Alarm(kind=AlarmKind.PANIC, at=NOW)
    waits = row(alarms=(inactivity, press), alarm_count=2, waiting_since=ago(250), rang_at=NOW)
    assert console_row(waits, ZH)["again_word"] == "又按下紧急按钮"
    again = row(alarms=(inactivity, press, press), alarm_count=3, waiting_since=ago(250), rang_at=NOW)
    assert console_row(again, ZH)["again_word"] == "再次按下"


def test_what_rang_once_says_nothing_of_again_and_a_press_in_a_claimed_one_does() -> None:
    assert console_row(row(), ZH)["again_word"] == ""
    claimed = console_row(row(claimed_by="zuoxi1", state="claimed"), ZH)
    assert (claimed["again_word"], claimed["again_ms"], claimed["since_ms"]) == (
        "再次按下",
        0,
        ago(12).timestamp() * 1000,
    )
    assert console_row(row(claimed_by="zuoxi1", state="claimed", unacknowledged=False), ZH)["again_word"] == ""


def test_what_rings_because_something_lapsed_or_was_declined_is_not_called_an_alarm() -> None:
    older = (Alarm(kind=AlarmKind.PANIC, at=ago(250)),)
    shown = console_row(row(claimed_by="zuoxi1", state="claimed", alarms=older), ZH)
    assert shown["again_word"] == "再次振铃，无新报警"


def test_what_has_waited_longest_stands_first_however_often_it_rang_and_whenever_it_was_opened() -> None:
    repeated = row(incident="repeated", waiting_since=ago(250))
    younger = row(incident="younger", opened_at=ago(100), rang_at=ago(100))
    claimed = row(incident="claimed", opened_at=ago(9000), rang_at=ago(5), claimed_by="zuoxi1", state="claimed")
    quiet = row(incident="quiet", opened_at=ago(9999), claimed_by="zuoxi1", unacknowledged=False)
    less = row(incident="less", opened_at=ago(9999), rang_at=ago(9999), priority=Priority.P2)
    found = sorted([quiet, less, claimed, younger, repeated], key=queue_order)
    assert [it.incident for it in found] == ["repeated", "younger", "claimed", "less", "quiet"]


@pytest.mark.parametrize(
    ("state", "more", "said"),
    [
        ("dispatched", {}, "已派单，尚未接单"),
        ("dispatched", {"accepted": True}, "已接单"),
        ("on_scene", {"accepted": True, "arrived": True}, "已到门口"),
        ("resolved", {}, "曾派单，未记录接单"),
        ("resolved", {"accepted": True}, "曾接单，未记录到场"),
        ("resolved", {"accepted": True, "arrived": True}, "曾到场"),
        ("closed", {}, "曾派单，未记录接单"),
        ("closed", {"accepted": True}, "曾接单，未记录到场"),
        ("closed", {"accepted": True, "arrived": True}, "曾到场"),
    ],
)
def test_how_far_the_responder_has_come_is_said_also_when_nobody_at_the_desk_has_it(
    state: str, more: dict[str, object], said: str
) -> None:
    shown = console_row(row(state=state, **SENT, **more), ZH)
    assert (shown["responder_name"], shown["sent_word"]) == ("王志强", said)
    assert console_row(row(), ZH)["sent_word"] == ""


def test_the_state_of_a_dispatched_one_says_whether_it_was_accepted() -> None:
    assert console_row(row(state="dispatched", **SENT), ZH)["state_word"] == "已派单"
    assert console_row(row(state="dispatched", accepted=True, **SENT), ZH)["state_word"] == "已接单"


def test_claiming_is_called_what_it_is() -> None:
    assert claim_word(incident(), "zuoxi1") == "first"
    there = {"state": IncidentState.ON_SCENE, "jobs": THERE, "unacknowledged": True}
    assert claim_word(incident(**there, rang_at=ago(20)), "zuoxi1") == "over", "its claim has lapsed"
    declined = {"state": IncidentState.VERIFYING, "claimed_by": "zuoxi1", "unacknowledged": True, "rang_at": ago(9)}
    assert claim_word(incident(**declined), "zuoxi1") == "own"
    assert claim_word(incident(**declined), "zuoxi2") == "over"
    pressed = (Alarm(kind=AlarmKind.PANIC, at=ago(9)),)
    assert claim_word(incident(**{**declined, "alarms": pressed}), "zuoxi1") == "alarm"


def test_the_path_shows_what_was_left_out_as_left_out() -> None:
    told = lines(EntryKind.ALARM, EntryKind.CLAIMED, EntryKind.CALLED, EntryKind.CLOSED)
    closed = incident(state=IncidentState.CLOSED, claimed_by="zuoxi1", verified=True)
    assert [it.how for it in path_of(closed, told)] == ["done", "done", "done", "skipped", "skipped", "skipped", "now"]


def test_the_path_of_one_whose_claim_has_lapsed_says_that_nobody_has_it() -> None:
    told = lines(EntryKind.ALARM, EntryKind.CLAIMED, EntryKind.DISPATCHED, EntryKind.ARRIVED, EntryKind.LAPSED)
    there = incident(state=IncidentState.ON_SCENE, jobs=THERE)
    assert [it.how for it in path_of(there, told)] == ["done", "skipped", "skipped", "done", "now", "ahead", "ahead"]


def test_what_was_resolved_before_a_new_press_is_not_resolved() -> None:
    told = lines(EntryKind.ALARM, EntryKind.CLAIMED, EntryKind.RESOLVED, EntryKind.PRESSED_AGAIN, EntryKind.CLOSED)
    closed = incident(state=IncidentState.CLOSED, claimed_by="zuoxi1")
    assert path_of(closed, told)[5].how == "skipped"
    assert path_of(closed, told[:3])[5].how == "done"
