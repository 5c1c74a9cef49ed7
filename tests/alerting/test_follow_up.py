"""The follow-up call after an incident: when it is owed, and that it is made, or becomes louder."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from alerting.commands import Close, KeepNote, RecordFollowUp, StrikeNote
from alerting.decisions import FollowUpChanged, NoteKept, NoteStruck
from alerting.events import DeviceFacts
from alerting.homes.follow_up import Stage
from alerting.incidents.afterwards import CallResult, FollowUpEnd, FollowUpTerms, next_call, with_changes
from alerting.model import AlarmKind, EntryKind, Outcome, Priority
from alerting.policy import Policy
from device_adapters.signals import Panic
from tests.alerting.desk_words import ANNA, BELLA, FIRST, agree, claim, close, reopen, spoke
from tests.alerting.lone_home import HOUR, KEY, LoneHome, lines, local, only, rings

ONLY_A_BUTTON = (DeviceFacts("sos", "panic", "bedroom", 400 * 24 * HOUR),)
"""No sensor whose silence could ring."""


@pytest.fixture
def home() -> LoneHome:
    """A press at 09:00 on Monday; help was needed and given, and it is closed."""
    return closed_after()


def closed_after(outcome: Outcome = Outcome.REAL, at: datetime | None = None) -> LoneHome:
    home = LoneHome(at or local(9), devices=ONLY_A_BUTTON)
    home.says("sos", Panic())
    for command in (claim(), spoke(), close(outcome=outcome)):
        answer, _ = home.asks(command)
        assert not answer.refused, answer
    return home


def call(home: LoneHome, result: CallResult, by: str = BELLA) -> str:
    answer, _ = home.asks(RecordFollowUp(key=KEY, incident=FIRST, by=by, result=result, text="她说好多了"))
    return answer.refused


def stage(home: LoneHome) -> Stage:
    return home.memory.hot.follow_up.stage


def owed(home: LoneHome) -> bool:
    return bool(home.memory.hot.follow_up.incident)


@pytest.mark.parametrize("at", [local(0, 30), local(9), local(23, 59)])
def test_it_is_due_at_ten_of_the_next_local_day(at: datetime) -> None:
    home = closed_after(at=at)
    home.wait_until(local(9, 59, 59, day=3))
    assert stage(home) is Stage.PLANNED
    decisions = home.wait_until(local(10, day=3))
    assert stage(home) is Stage.DUE
    assert not rings(decisions), "a follow-up rings no console"
    assert home.calm


@pytest.mark.parametrize("outcome", Outcome)
def test_the_outcome_says_whether_a_call_is_owed(outcome: Outcome) -> None:
    wanted = {Outcome.REAL, Outcome.NOT_AT_HOME, Outcome.OTHER}
    assert owed(closed_after(outcome)) == (outcome in wanted)


def test_whoever_was_spoken_to_is_not_called_again(home: LoneHome) -> None:
    home.wait_until(local(10, 5, day=3))
    assert call(home, CallResult.SPOKE) == ""
    assert not owed(home)
    decisions = home.wait(30 * 24 * HOUR)
    assert only(FollowUpChanged, decisions) == []
    assert call(home, CallResult.SPOKE) == "no_follow_up"


def test_nobody_answers_then_later_and_in_the_end_it_is_an_incident(home: LoneHome) -> None:
    home.wait_until(local(10, day=3))
    for _ in range(2):
        assert call(home, CallResult.NO_ANSWER) == ""
        assert stage(home) is Stage.PLANNED
        home.wait(2 * HOUR)
        assert stage(home) is Stage.DUE
    assert call(home, CallResult.NO_ANSWER) == ""
    assert not owed(home)
    assert (home.alarms, home.open.priority) == ([AlarmKind.FOLLOW_UP], Priority.P3)
    assert home.open.rings
    assert home.open.id == f"{KEY}-2", "the incident before stays closed"


def test_what_nobody_does_is_late_and_then_an_incident(home: LoneHome) -> None:
    home.wait_until(local(14, day=3))
    assert stage(home) is Stage.LATE
    home.wait_until(local(9, 59, day=4))
    assert home.calm
    home.wait_until(local(10, day=4))
    assert home.alarms == [AlarmKind.FOLLOW_UP]
    assert not owed(home)


def test_nobody_is_called_at_night() -> None:
    terms, offset_s = FollowUpTerms(), Policy().utc_offset_s
    assert next_call(local(17, 59), terms, offset_s) == local(19, 59)
    assert next_call(local(18), terms, offset_s) == local(10, day=3)
    assert next_call(local(23), terms, offset_s) == local(10, day=3)
    assert next_call(local(3), terms, offset_s) == local(10)


def test_beside_a_new_incident_nobody_calls_and_contact_in_it_ends_the_matter(home: LoneHome) -> None:
    home.wait_until(local(10, 5, day=3))
    home.says("sos", Panic())
    assert stage(home) is Stage.WAITS
    assert call(home, CallResult.SPOKE) == "incident_running"
    second = f"{KEY}-2"
    for command in (claim(incident=second), spoke(incident=second)):
        home.asks(command)
    _, decisions = home.asks(close(incident=second, outcome=Outcome.ACCIDENTAL))
    assert [d.ended for d in only(FollowUpChanged, decisions)] == [FollowUpEnd.INCIDENT]
    assert not owed(home)


def test_a_new_incident_in_which_nobody_was_spoken_to_gives_it_back(home: LoneHome) -> None:
    home.wait_until(local(10, 5, day=3))
    home.says("sos", Panic())
    second = f"{KEY}-2"
    home.asks(claim(incident=second))
    home.asks(close(incident=second, outcome=Outcome.TEST))
    home.asks(agree(incident=second))
    assert home.calm
    assert home.memory.hot.follow_up.incident == FIRST
    assert stage(home) is Stage.PLANNED
    home.wait(2 * HOUR)
    assert stage(home) is Stage.DUE


def test_taken_up_again_it_is_decided_anew(home: LoneHome) -> None:
    _, decisions = home.asks(reopen())
    assert [d.ended for d in only(FollowUpChanged, decisions)] == [FollowUpEnd.TAKEN_UP]
    assert EntryKind.FOLLOW_UP_ENDED in lines(decisions)
    home.asks(spoke())
    home.asks(close(outcome=Outcome.WAS_WELL))
    assert not owed(home)


def test_a_note_is_kept_at_closing_and_can_be_struck_out() -> None:
    home = LoneHome(local(9))
    home.says("sos", Panic())
    home.asks(claim())
    home.asks(spoke())
    note = Close(key=KEY, incident=FIRST, by=ANNA, outcome=Outcome.WAS_WELL, case_note=" 按两次门铃，耳背 ")
    answer, decisions = home.asks(note)
    assert not answer.refused
    assert only(NoteKept, decisions) == [NoteKept(number=1, incident=FIRST, text="按两次门铃，耳背", by=ANNA)]
    assert home.asks(KeepNote(key=KEY, by=BELLA, text=" "))[0].refused == "no_text"
    _, decisions = home.asks(KeepNote(key=KEY, by=BELLA, text="钥匙在邻居处"))
    assert [d.number for d in only(NoteKept, decisions)] == [2]
    assert home.asks(StrikeNote(key=KEY, by=BELLA, number=3))[0].refused == "no_note"
    _, decisions = home.asks(StrikeNote(key=KEY, by=BELLA, number=1))
    assert only(NoteStruck, decisions) == [NoteStruck(number=1, by=BELLA)]


def test_a_refused_closing_keeps_no_note() -> None:
    home = LoneHome(local(9))
    home.says("sos", Panic())
    _, decisions = home.asks(Close(key=KEY, incident=FIRST, by=ANNA, outcome=Outcome.REAL, case_note="x"))
    assert only(NoteKept, decisions) == []
    assert home.memory.hot.notes == 0


def test_terms_stay_within_their_bounds() -> None:
    changed = with_changes({"real": (2, 1, 0, 0), "was_well": (1, 0, 0, 0), "tries": 5})
    assert changed.days[Outcome.REAL] == (2, 1, 0, 0)
    assert changed.days[Outcome.WAS_WELL] == (1, 0, 0, 0)
    assert changed.tries == 5
    for wrong in ({"real": 1}, {"real": (1, 1)}, {"real": (99, 0, 0, 0)}, {"hour": 2}, {"late_s": 90_000}, {"x": 1}):
        with pytest.raises(ValueError, match=r"must be|there is no|must be less"):
            with_changes(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="earlier"):
        with_changes({"hour": 20, "until_hour": 12})


def test_another_day_by_the_terms() -> None:
    home = LoneHome(
        local(9),
        devices=ONLY_A_BUTTON,
        policy=Policy(own_follow_up=with_changes({"was_well": (3, 0, 0, 0), "hour": 8})),
    )
    home.says("sos", Panic())
    for command in (claim(), spoke(), close(outcome=Outcome.WAS_WELL)):
        home.asks(command)
    home.wait_until(local(8, day=5) - timedelta(seconds=1))
    assert stage(home) is Stage.PLANNED
    home.wait(1)
    assert stage(home) is Stage.DUE
