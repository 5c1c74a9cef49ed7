"""What is expected of whoever was sent: to be there in time, and to be heard of. What is missed rings once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from alerting.commands import AcceptJob, Dispatch, OpenManual, RecordCall, ReportStage
from alerting.decisions import AnyDecision, Noted
from alerting.dispatch.job import Job, Stage
from alerting.events import SignalHeard
from alerting.incidents.expected import aim
from alerting.incidents.values import Values, usual
from alerting.model import EntryKind, IncidentState, Priority
from alerting.policy import Policy
from device_adapters.signals import Panic
from tests.alerting import desk_words
from tests.alerting.desk_words import ANNA, FIRST, WORKER
from tests.alerting.lone_home import KEY, LoneHome, lines, only, rings

MINUTE = 60
SECOND = "grid.second"
STAYS = {"step_s": {}, "no_console_s": {}}
"""Whoever has it has it: what is looked at here is the responders."""


def sent(values: Values | None = None) -> LoneHome:
    """A press that Anna has taken; she has sent the worker."""
    home = LoneHome(policy=Policy(own_values=values or msgspec.structs.replace(usual(), **STAYS)))
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    for command in (desk_words.claim(), desk_words.dispatch()):
        assert not home.asks(command)[0].refused
    return home


def goes(home: LoneHome, eta_min: int = 0, responder: str = WORKER, ago_min: int = 0) -> list[AnyDecision]:
    """They go, and say in how many minutes they will be there; tapped so long ago."""
    more: dict[str, Any] = {"tapped_at": home.now - timedelta(minutes=ago_min)} if ago_min else {}
    by = f"responder:{responder}"
    answer, decisions = home.asks(AcceptJob(key=KEY, incident=FIRST, by=by, eta_s=eta_min * MINUTE, **more))
    assert not answer.refused, answer
    return decisions


def says(home: LoneHome, stage: Stage, responder: str = WORKER) -> list[AnyDecision]:
    by = f"responder:{responder}"
    answer, decisions = home.asks(ReportStage(key=KEY, incident=FIRST, by=by, stage=stage))
    assert not answer.refused, answer
    return decisions


def texts(decisions: list[AnyDecision], kind: EntryKind) -> list[str]:
    return [it.entry.text for it in only(Noted, decisions) if it.entry.kind is kind]


def job(home: LoneHome, responder: str = WORKER) -> Job:
    it = home.open.job_of(responder)
    assert it is not None
    return it


def reached(result: str) -> RecordCall:
    return RecordCall(key=KEY, incident=FIRST, by=ANNA, whom="the worker", result=result, responder=WORKER)


# in time --------------------------------------------------------------------------------------------------------


def test_who_will_come_too_late_makes_it_ring_at_once_and_once() -> None:
    home = sent()
    told = goes(home, eta_min=55)
    assert rings(told)
    assert texts(told, EntryKind.EXPECTED_LATE) == [f"{WORKER}|55|45"]
    assert home.open.unacknowledged
    home.asks(desk_words.claim())
    assert EntryKind.EXPECTED_LATE not in lines(goes(home, eta_min=56)), "the same once more"
    assert not home.open.unacknowledged


def test_who_comes_in_time_rings_nobody_until_they_tell_another_time() -> None:
    home = sent()
    told = goes(home, eta_min=44)
    assert texts(told, EntryKind.JOB_ACCEPTED)[0].startswith(f"{WORKER}||2026")
    assert not rings(told)
    home.wait(10 * MINUTE)
    worse = goes(home, eta_min=36)  # 46 minutes after the press
    assert lines(worse)[:2] == [EntryKind.JOB_ETA, EntryKind.EXPECTED_LATE]
    better = goes(home, eta_min=20)
    assert texts(better, EntryKind.EXPECTED_IN_TIME) == [f"{WORKER}|30|45"]
    assert not home.open.unacknowledged, "taken back"
    assert rings(goes(home, eta_min=40)), "and worse again is another cause"


def test_it_can_be_told_in_every_stage_before_the_door_and_not_after() -> None:
    home = sent()
    goes(home, eta_min=30)
    says(home, Stage.EN_ROUTE)
    assert EntryKind.JOB_ETA in lines(goes(home, eta_min=20))
    says(home, Stage.ON_SCENE)
    before = job(home).eta_at
    assert EntryKind.JOB_ETA not in lines(goes(home, eta_min=5))
    assert job(home).eta_at == before


def test_a_time_that_was_tapped_before_another_does_not_replace_it() -> None:
    home = sent()
    home.wait(10 * MINUTE)
    goes(home, eta_min=15)
    latest = job(home).eta_at
    goes(home, eta_min=40, ago_min=5)
    assert job(home).eta_at == latest


def test_on_the_way_carries_it_too() -> None:
    home = sent()
    by = f"responder:{WORKER}"
    home.asks(ReportStage(key=KEY, incident=FIRST, by=by, stage=Stage.EN_ROUTE, eta_s=50 * MINUTE))
    assert job(home).eta_at == home.now + timedelta(minutes=50)
    assert home.open.unacknowledged


def test_who_has_said_nothing_but_yes_is_asked_for_at_a_part_of_the_time() -> None:
    home = sent(msgspec.structs.replace(usual(), **STAYS, job_silent_s=0))
    goes(home)
    assert not rings(home.wait(27 * MINUTE - 1))
    late = home.wait(1)
    assert texts(late, EntryKind.EXPECTED_LATE) == [f"{WORKER}||45"]
    assert rings(late)
    assert texts(says(home, Stage.EN_ROUTE), EntryKind.EXPECTED_IN_TIME) == [f"{WORKER}||45"]
    assert not home.open.unacknowledged


def test_a_second_who_comes_in_time_takes_it_back() -> None:
    home = sent()
    goes(home, eta_min=60)
    home.asks(desk_words.claim())
    home.asks(Dispatch(key=KEY, incident=FIRST, by=ANNA, responder=SECOND))
    assert EntryKind.EXPECTED_IN_TIME in lines(goes(home, eta_min=10, responder=SECOND))
    assert job(home).late_at is None


def test_what_rang_for_something_else_too_goes_on_ringing() -> None:
    home = sent()
    goes(home, eta_min=60)
    home.wait(MINUTE)
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    goes(home, eta_min=20)
    assert home.open.unacknowledged, "the press is not taken yet"


def test_who_cannot_go_while_it_rings_for_the_time_goes_on_ringing() -> None:
    home = sent()
    goes(home, eta_min=60)
    home.asks(desk_words.claim())
    home.asks(Dispatch(key=KEY, incident=FIRST, by=ANNA, responder=SECOND))
    goes(home, eta_min=70, responder=SECOND)
    home.wait(MINUTE)
    home.asks(msgspec.structs.replace(desk_words.decline_job(), by=f"responder:{SECOND}"))
    goes(home, eta_min=20)
    assert home.open.unacknowledged


def test_after_hours_on_hold_it_counts_from_sending() -> None:
    home = LoneHome(policy=Policy(own_values=msgspec.structs.replace(usual(), **STAYS)))
    home.asks(OpenManual(key=KEY, by=ANNA, text="?", priority=Priority.P3))
    home.asks(desk_words.claim())
    home.wait(5 * 60 * MINUTE)
    home.asks(desk_words.claim())
    home.asks(desk_words.dispatch())
    by = aim(home.open, home.policy.values)
    assert by is not None
    assert (by.since, by.until - by.since, by.of_the_alarm) == (home.now, timedelta(hours=2), False)
    assert texts(goes(home, eta_min=125), EntryKind.EXPECTED_LATE) == [f"{WORKER}|125|120|sent"]


# heard of -------------------------------------------------------------------------------------------------------


def test_who_has_accepted_and_vanishes_makes_it_ring_once_and_their_word_makes_it_good() -> None:
    home = sent()
    goes(home)
    since = home.now
    silent = home.wait(20 * MINUTE)
    assert texts(silent, EntryKind.NO_WORD) == [f"{WORKER}|{since.isoformat()}"]
    assert job(home).has_vanished
    home.asks(desk_words.claim())
    assert EntryKind.NO_WORD not in lines(home.wait(10 * MINUTE)), "once"
    says(home, Stage.EN_ROUTE)
    assert not job(home).has_vanished
    assert EntryKind.NO_WORD in lines(home.wait(20 * MINUTE)), "and again after another silence"


def test_the_same_word_again_is_a_word() -> None:
    home = sent()
    goes(home)
    home.wait(20 * MINUTE)
    goes(home)
    assert not job(home).has_vanished


def test_who_has_said_when_is_waited_for_until_ten_minutes_after() -> None:
    home = sent()
    goes(home, eta_min=40)
    assert EntryKind.NO_WORD not in lines(home.wait(50 * MINUTE - 1))
    assert EntryKind.NO_WORD in lines(home.wait(1))


def test_who_is_inside_and_silent_is_asked_after_and_reaching_them_starts_it_anew() -> None:
    home = sent()
    goes(home, eta_min=5)
    says(home, Stage.INSIDE)
    assert EntryKind.ASKED_AFTER in lines(home.wait(20 * MINUTE))
    assert (home.open.unacknowledged, home.open.state) == (True, IncidentState.ON_SCENE)
    home.asks(desk_words.claim())
    home.asks(reached("no_answer"))
    assert job(home).unheard_at is not None, "nobody has spoken with them"
    home.asks(reached("spoke"))
    assert job(home).unheard_at is None
    assert not home.open.contact, "it says nothing of the resident"
    assert EntryKind.ASKED_AFTER not in lines(home.wait(20 * MINUTE - 1))
    assert EntryKind.ASKED_AFTER in lines(home.wait(1))


def test_another_responder_s_word_for_them_is_none() -> None:
    home = sent()
    goes(home)
    home.wait(20 * MINUTE)
    home.asks(msgspec.structs.replace(reached("spoke"), by=f"responder:{SECOND}"))
    assert job(home).has_vanished


def test_who_has_said_that_the_resident_is_safe_is_not_asked_after() -> None:
    home = sent()
    goes(home, eta_min=5)
    says(home, Stage.SAFE)
    assert not {EntryKind.ASKED_AFTER, EntryKind.NO_WORD} & set(lines(home.wait(60 * MINUTE)))


def test_settings_from_before_decide_as_they_did() -> None:
    before = msgspec.to_builtins(msgspec.structs.replace(usual(), **STAYS), str_keys=True)
    for name in ("under_way_s", "job_silent_s", "job_eta_over_s", "job_welfare_s", "safe_s", "page_is_job"):
        del before[name]
    home = sent(msgspec.convert(before, Values, strict=False))
    assert not rings(goes(home, eta_min=90))
    assert not rings(home.wait(44 * MINUTE))


@pytest.mark.parametrize("stage", [Stage.ACCEPTED, Stage.EN_ROUTE, Stage.ON_SCENE, Stage.INSIDE, Stage.NEEDS_120])
def test_the_state_of_a_home_stays_small(stage: Stage) -> None:
    home = sent()
    goes(home, eta_min=55)
    home.wait(65 * MINUTE)
    if stage is not Stage.ACCEPTED:
        says(home, stage)
    assert len(msgspec.json.encode(home.open.jobs)) < 600
