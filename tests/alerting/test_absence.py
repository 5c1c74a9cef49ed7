"""An absence: always with an end, re-armed by the first movement, and nothing else is quiet for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from alerting.commands import BeginAbsence, ChangeAbsence, EndAbsence, RecordFollowUp
from alerting.decisions import AbsenceBegun, AbsenceChanged, FaultOpened
from alerting.events import DeviceFacts, HistoryLoaded
from alerting.homes.away import MOST, USUAL, AwayEnd, AwayKind, AwayStage, SaidBy
from alerting.incidents.afterwards import CallResult
from alerting.model import AlarmKind, EntryKind, Outcome, Priority
from device_adapters.signals import Button, Motion, Panic
from tests.alerting.desk_words import BELLA, FIRST, claim, close, spoke
from tests.alerting.lone_home import DAY_S, DEVICES, HOUR, KEY, UNASKED, LoneHome, lines, local, only, rings
from tests.alerting.test_long_silence import rhythm

PATIENT = tuple(DeviceFacts(f.id, f.role, f.room, 90 * DAY_S) for f in DEVICES)
"""No device is late, however long nobody speaks."""


def home(devices: tuple[DeviceFacts, ...] = PATIENT) -> LoneHome:
    """A home with a limit of four hours; somebody moved at 09:00."""
    it = LoneHome(local(8), policy=UNASKED, devices=devices)
    it.judge(HistoryLoaded(rhythm=rhythm(240, 120)))
    it.moves(after_s=HOUR)
    return it


def begins(it: LoneHome, until: datetime, kind: AwayKind = AwayKind.HOSPITAL, **more: Any) -> str:
    answer, _ = it.asks(BeginAbsence(key=KEY, by="anna", kind=kind, until=until, who="女儿", **more))
    return answer.refused


def stage(it: LoneHome) -> AwayStage:
    return it.memory.hot.away.stage


def test_it_has_an_end_and_then_the_limit_counts() -> None:
    it = home()
    assert begins(it, local(20)) == ""
    told = it.wait_until(local(23, 59, 59))
    assert not rings(told)
    assert [d.ended for d in only(AbsenceChanged, told)] == [None, AwayEnd.TIME], "reminded, then over"
    assert rings(it.wait_until(local(23, 59, 59) + timedelta(seconds=1)))


@pytest.mark.parametrize("signal", [Motion(state="detected"), Button(action="well")])
def test_the_first_movement_re_arms_the_home_and_asks_whether_they_are_back(signal: Motion | Button) -> None:
    it = home()
    begins(it, local(20, day=9))
    (said,) = only(AbsenceChanged, it.says("hub" if isinstance(signal, Button) else "door", signal, after_s=HOUR))
    assert (said.ended, said.stage) == (AwayEnd.MOTION, "moved")
    assert rings(it.wait_until(local(14)))


def test_away_still_after_a_neighbour_was_there() -> None:
    it = home()
    begins(it, local(20, day=9))
    it.moves(after_s=HOUR)
    answer, decisions = it.asks(ChangeAbsence(key=KEY, by="bella", until=local(20, day=9)))
    assert not answer.refused
    (said,) = only(AbsenceChanged, decisions)
    assert (said.ended, said.stage, said.by) == (None, "away", "bella")
    assert not rings(it.wait_until(local(23, day=9)))
    assert rings(it.wait_until(local(0, day=10)))


def test_what_nobody_answers_is_not_asked_for_ever() -> None:
    it = home()
    begins(it, local(20, day=20))
    it.moves(after_s=HOUR)
    assert stage(it) is AwayStage.MOVED
    for _ in range(9):
        it.moves(after_s=3 * HOUR)
    assert stage(it) is AwayStage.NONE
    assert it.asks(ChangeAbsence(key=KEY, by="bella", until=local(20, day=20)))[0].refused == "no_absence"


def test_announced_ahead_it_begins_then_and_until_then_the_home_is_watched() -> None:
    it = home()
    assert begins(it, local(20, day=9), since=local(20)) == ""
    assert stage(it) is AwayStage.PLANNED
    it.moves(after_s=2 * HOUR)
    assert stage(it) is AwayStage.PLANNED, "who has not left moves about"
    assert rings(it.wait_until(local(15)))
    quiet = home()
    begins(quiet, local(20, day=4), since=local(12))
    quiet.moves(after_s=2 * HOUR)
    assert not rings(quiet.wait_until(local(23, day=4)))
    assert rings(quiet.wait_until(local(0, day=5)))


def test_a_planned_one_hides_nobody_who_was_silent_before_it_and_is_confirmed_or_not() -> None:
    it = home()
    begins(it, local(20, day=30), since=local(12))
    (said,) = only(AbsenceChanged, it.wait_until(local(12)))
    assert said.stage == "to_confirm"
    assert not rings(it.wait_until(local(12, 59, 59)))
    assert rings(it.wait_until(local(13))), "the limit of four hours, as if at home"
    sure = home()
    begins(sure, local(20, day=4), since=local(12))
    sure.wait_until(local(12))
    assert sure.asks(ChangeAbsence(key=KEY, by="bella", until=local(20, day=4)))[0].refused == ""
    assert stage(sure) is AwayStage.AWAY
    assert not rings(sure.wait_until(local(23, day=4)))


def test_what_family_tells_holds_a_silence_back_for_a_day_until_the_desk_has_confirmed_it() -> None:
    it = home()
    assert begins(it, local(20, day=30), said_by=SaidBy.RELATIVE) == ""
    assert stage(it) is AwayStage.TO_CONFIRM
    assert not rings(it.wait_until(local(8, day=3)))
    family = ChangeAbsence(key=KEY, by="relative:女儿", until=local(21, day=30), said_by=SaidBy.RELATIVE)
    assert it.asks(family)[0].refused == ""
    it.asks(EndAbsence(key=KEY, by="relative:女儿"))
    assert begins(it, local(20, day=30), said_by=SaidBy.RELATIVE) == "", "told again it holds back no longer"
    assert not rings(it.wait_until(local(12, 59, 59, day=3)))
    assert rings(it.wait_until(local(13, day=3))), "one limit after a day"
    sure = home()
    begins(sure, local(20, day=20), said_by=SaidBy.RELATIVE)
    sure.asks(ChangeAbsence(key=KEY, by="bella", until=local(20, day=20)))
    assert stage(sure) is AwayStage.AWAY
    sure.asks(msgspec.structs.replace(family, until=local(12, day=20)))
    assert stage(sure) is AwayStage.AWAY, "made shorter it needs nobody"
    sure.asks(family)
    assert stage(sure) is AwayStage.TO_CONFIRM, "put off it does"
    assert not rings(sure.wait_until(local(15, 59, 59, day=20)))
    assert rings(sure.wait_until(local(16, day=20))), "from the end that was confirmed"


def test_family_announces_ahead_and_it_is_to_be_confirmed_from_its_start() -> None:
    it = home()
    begins(it, local(20, day=9), since=local(10), said_by=SaidBy.RELATIVE)
    it.wait_until(local(10))
    assert stage(it) is AwayStage.TO_CONFIRM
    it.moves(after_s=HOUR)
    assert stage(it) is AwayStage.MOVED
    assert rings(it.wait_until(local(15)))


def test_ended_before_its_time_the_silence_counts_from_then() -> None:
    it = home()
    begins(it, local(20, day=9))
    it.wait(30 * HOUR)
    back = it.now
    answer, decisions = it.asks(EndAbsence(key=KEY, by="anna"))
    assert not answer.refused
    assert [d.ended for d in only(AbsenceChanged, decisions)] == [AwayEnd.SAID]
    assert not rings(it.wait_until(back + timedelta(hours=4, seconds=-1)))
    assert rings(it.wait_until(back + timedelta(hours=4)))


@pytest.mark.parametrize("kind", list(AwayKind))
def test_none_is_endless_and_none_lies_in_the_past(kind: AwayKind) -> None:
    it = home()
    assert begins(it, it.now - timedelta(hours=1), kind) == "bad_until"
    assert begins(it, it.now, kind) == "bad_until"
    assert begins(it, it.now + MOST[kind] + timedelta(seconds=1), kind) == "bad_until"
    assert begins(it, it.now + timedelta(days=62), kind, since=it.now + timedelta(days=61)) == "bad_since"
    assert it.memory.hot.absent_s == 0, "nothing that was refused is in force"
    assert USUAL[kind] <= MOST[kind]
    assert begins(it, it.now + MOST[kind], kind) == ""
    assert it.asks(ChangeAbsence(key=KEY, by="a", until=it.now + 2 * MOST[kind]))[0].refused == "bad_until"
    assert begins(it, it.now + USUAL[kind], kind) == "absence_known"


def test_without_one_there_is_nothing_to_change() -> None:
    it = home()
    for command in (ChangeAbsence(key=KEY, by="a", until=local(20)), EndAbsence(key=KEY, by="a")):
        assert it.asks(command)[0].refused == "no_absence"


def test_the_reminder_comes_before_the_end() -> None:
    it = home()
    begins(it, local(9, day=9))
    it.wait_until(local(20, 59, 59, day=8))
    assert stage(it) is AwayStage.AWAY
    it.wait_until(local(21, day=8))
    assert stage(it) is AwayStage.ENDS_SOON
    it.asks(ChangeAbsence(key=KEY, by="a", until=local(9, day=12)))
    assert stage(it) is AwayStage.AWAY
    short = home()
    begins(short, local(13))
    short.wait_until(local(11, 59, 59))
    assert stage(short) is AwayStage.AWAY, "not before three quarters are over"
    short.wait_until(local(12))
    assert stage(short) is AwayStage.ENDS_SOON


def test_a_call_for_help_rings_as_ever() -> None:
    it = home()
    begins(it, local(20, day=9))
    told = it.says("sos", Panic(), after_s=HOUR)
    assert rings(told)
    assert (it.open.priority, it.alarms) == (Priority.P1, [AlarmKind.PANIC])
    assert stage(it) is AwayStage.MOVED, "somebody is there"


def test_equipment_is_supervised_meanwhile() -> None:
    watched = tuple(DeviceFacts(f.id, f.role, f.room, 3 * HOUR) for f in DEVICES)
    it = home(watched)
    begins(it, local(20, day=9))
    told = it.wait(5 * HOUR)
    assert {d.device for d in only(FaultOpened, told)} == {f.id for f in DEVICES}
    assert AlarmKind.UNSEEN in it.alarms


def test_an_open_incident_stays_open_and_says_so() -> None:
    it = home()
    it.wait_until(local(13))
    before = it.open
    it.asks(claim())
    _, decisions = it.asks(
        BeginAbsence(key=KEY, by="anna", kind=AwayKind.HOSPITAL, until=local(9, day=9), reason="住院")
    )
    assert lines(decisions) == [EntryKind.ABSENCE]
    assert (it.open.id, it.open.state.value) == (before.id, "claimed")
    it.asks(close(outcome=Outcome.EQUIPMENT))
    assert it.calm
    assert not rings(it.wait_until(local(13, day=9) - timedelta(seconds=1)))
    assert rings(it.wait_until(local(13, day=9))), "a silence that had rung before rings again after the end"


def test_its_silence_is_not_learned() -> None:
    it = home()
    begins(it, local(20))
    it.wait_until(local(19))
    it.moves()
    it.wait_until(local(8, day=3))
    it.moves()
    assert it.memory.rhythm.silences == b""


def test_what_is_remembered_of_it_is_small() -> None:
    it = home()
    begins(it, local(20, day=9), said_by=SaidBy.RELATIVE, reason="很长的理由" * 100)
    assert len(msgspec.json.encode(it.memory.hot.away)) < 200
    (begun,) = only(AbsenceBegun, home().asks(BeginAbsence(key=KEY, by="a", kind=AwayKind.TRAVEL, until=local(20)))[1])
    assert (begun.number, begun.stage) == (1, "away")


# calls with evidence ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "moves"), [(CallResult.SPOKE, True), (CallResult.NO_ANSWER, False), (CallResult.REFUSED, False)]
)
def test_a_follow_up_call_moves_the_clock_only_when_somebody_was_spoken_to(result: CallResult, *, moves: bool) -> None:
    it = home()
    it.says("sos", Panic())
    for command in (claim(), spoke(), close(outcome=Outcome.REAL)):
        assert not it.asks(command)[0].refused
    for _ in range(10):
        it.moves(after_s=3 * HOUR)
    last = it.memory.hot.quiet.active_s
    it.wait(600)
    assert not it.asks(RecordFollowUp(key=KEY, incident=FIRST, by=BELLA, result=result))[0].refused
    assert (it.memory.hot.quiet.active_s == int(it.now.timestamp())) is moves
    assert it.memory.hot.quiet.active_s >= last
    again = it.memory.hot.quiet.active_s
    it.wait(60)
    assert it.asks(RecordFollowUp(key=KEY, incident="none", by=BELLA, result=CallResult.SPOKE))[0].refused
    assert it.memory.hot.quiet.active_s == again, "a call that is not owed is no evidence"
