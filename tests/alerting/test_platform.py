"""A job that is handed to a grid platform: what it hears, when it rings, whom it binds."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting.commands import AcceptJob, AnyCommand, DeclineJob, Dispatch, Recall
from alerting.decisions import AnyDecision, CaseFileOpened
from alerting.dispatch.job import HandedTo, Job, Stage, Worker
from alerting.dispatch.platform import engaged, is_undelivered
from alerting.dispatch.platform_told import JobChange, OfferCarried, PlatformNews, PlatformTold
from alerting.dispatch.told import JobOver, JobTaken, ResponderTold
from alerting.incidents.values import TABLE, Values, with_changes
from alerting.model import EntryKind, Incident, Priority
from device_adapters.signals import Panic
from tests.alerting.desk_words import ANNA, FIRST, WORKER, claim, close, dispatch, report, spoke
from tests.alerting.lone_home import KEY, LoneHome, lines, only, rings

CITY = "peer:city"
WANG = Worker("WG1", "王建国", "19900000003")


def handed(home: LoneHome) -> list[AnyDecision]:
    return home.asks(dispatch(responder=CITY))[1]


def said(home: LoneHome, command: AnyCommand) -> list[AnyDecision]:
    answer, decisions = home.asks(command)
    assert not answer.refused, answer
    return decisions


def accepts(worker: Worker | None = WANG) -> AcceptJob:
    return AcceptJob(key=KEY, incident=FIRST, by=f"responder:{CITY}", worker=worker)


def told(decisions: list[AnyDecision]) -> list[tuple[PlatformNews, tuple[JobChange, ...]]]:
    return [(it.what, it.changes) for it in only(PlatformTold, decisions)]


def carried(home: LoneHome, error: str = "", *, number: int = 0) -> list[AnyDecision]:
    """The courier has tried."""
    number = number or job(home.open).number
    return home.judge(OfferCarried(incident=FIRST, responder=CITY, number=number, error=error))


def job(incident: Incident) -> Job:
    found = incident.job_of(CITY)
    assert found is not None
    return found


@pytest.fixture
def home() -> LoneHome:
    """A press that Anna has claimed."""
    home = LoneHome()
    home.says("sos", Panic())
    said(home, claim())
    return home


def test_an_offer_is_told_and_the_case_file_opened_for_it(home: LoneHome) -> None:
    decisions = handed(home)
    assert told(decisions) == [(PlatformNews.OFFERED, ())]
    assert [(it.by, it.reason) for it in only(CaseFileOpened, decisions)] == [(CITY, "exchange")]
    assert only(ResponderTold, decisions) == [], "it may have many jobs"
    assert is_undelivered(job(home.open))


def test_not_delivered_in_time_it_rings_once_with_the_reason(home: LoneHome) -> None:
    handed(home)
    carried(home, "no_connection")
    assert not rings(home.wait(19))
    late = home.wait(2)
    assert rings(late)
    assert lines(late) == [EntryKind.NOT_DELIVERED]
    assert job(home.open).stage is Stage.TIMED_OUT
    said(home, claim())
    assert lines(home.wait(110)) == []
    assert lines(carried(home)) == [EntryKind.JOB_RECEIVED], "it is there after all"
    assert EntryKind.JOB_ACCEPTED in lines(said(home, accepts())), "late is better than never"


def test_delivered_it_has_the_time_of_a_person_to_accept(home: LoneHome) -> None:
    handed(home)
    assert lines(carried(home)) == [EntryKind.JOB_RECEIVED]
    assert carried(home, "no_answer") == [], "a late word of the courier"
    assert not rings(home.wait(100))
    assert EntryKind.NOT_ACCEPTED in lines(home.wait(21))


def test_what_the_courier_says_of_an_older_offer_is_passed_over(home: LoneHome) -> None:
    handed(home)
    assert carried(home, number=1) == []
    assert is_undelivered(job(home.open))


def test_an_answer_that_comes_before_the_courier_s_word_counts(home: LoneHome) -> None:
    handed(home)
    said(home, accepts())
    assert lines(carried(home)) == [], "that it was received is no news any more"
    assert not rings(home.wait(60))


def test_the_worker_and_not_the_platform_is_engaged(home: LoneHome) -> None:
    handed(home)
    decisions = said(home, accepts())
    assert [(it.responder, type(it.event)) for it in only(ResponderTold, decisions)] == [(f"{CITY}/WG1", JobTaken)]
    assert told(decisions) == [(PlatformNews.CHANGED, (JobChange.STAGE,))]
    decisions = said(home, report(Stage.SAFE, f"responder:{CITY}"))
    decisions = said(home, report(Stage.HANDED_OVER, f"responder:{CITY}", to=HandedTo.FAMILY))
    assert [(it.responder, type(it.event)) for it in only(ResponderTold, decisions)] == [(f"{CITY}/WG1", JobOver)]
    assert told(decisions) == [(PlatformNews.OVER, ())]
    assert [engaged(CITY, it) for it in (None, Worker(name="x"), WANG)] == ["", "", f"{CITY}/WG1"]
    assert engaged(WORKER, None) == WORKER


def test_what_the_desk_and_others_do_is_told(home: LoneHome) -> None:
    handed(home)
    said(home, accepts())
    assert told(said(home, dispatch(responder=WORKER))) == [(PlatformNews.CHANGED, (JobChange.OTHERS,))]
    assert told(said(home, report(Stage.NEEDS_120))) == [(PlatformNews.CHANGED, (JobChange.OTHERS,))]
    said(home, claim())
    assert told(home.says("sos", Panic(), after_s=5)) == [(PlatformNews.CHANGED, (JobChange.ALARM,))]
    said(home, claim())
    said(home, spoke())
    assert told(said(home, close())) == [(PlatformNews.OVER, ())]


def test_called_back_and_asked_anew_are_two_jobs(home: LoneHome) -> None:
    handed(home)
    first = job(home.open).number
    assert told(said(home, Recall(key=KEY, incident=FIRST, by=ANNA, responder=CITY))) == [(PlatformNews.RECALLED, ())]
    home.wait(1)
    assert told(handed(home)) == [(PlatformNews.OFFERED, ())]
    home.wait(1)
    again = said(home, Dispatch(key=KEY, incident=FIRST, by=ANNA, responder=CITY))
    assert told(again) == [(PlatformNews.RECALLED, ()), (PlatformNews.OFFERED, ())], "the older offer ends"
    assert first < job(home.open).number


def test_cannot_go_said_before_they_went_changes_nothing(home: LoneHome) -> None:
    handed(home)
    home.wait(10)
    said(home, accepts())
    early = home.now - timedelta(seconds=5)
    decline = DeclineJob(key=KEY, incident=FIRST, by=f"responder:{CITY}", tapped_at=early)
    assert lines(said(home, decline)) == []
    assert job(home.open).is_taken
    assert lines(said(home, msgspec.structs.replace(decline, tapped_at=home.now))) == [EntryKind.JOB_DECLINED]


def test_the_bound_of_delivery_is_always_below_that_of_acceptance() -> None:
    lines_ = {line.setting: line for line in TABLE}
    for p in (Priority.P1, Priority.P2, Priority.P3):
        name = p.name.lower()
        most = lines_[f"{name}_offer_delivered_s"].most_s
        assert Values().offer_delivered_s[p] <= most < lines_[f"{name}_responder_accepts_s"].least_s
    with pytest.raises(ValueError, match="must be between"):
        with_changes({"p1_offer_delivered_s": 30})
