"""Whom the desk has sent and who does not answer is called, once; what they press is a word about their job."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from alerting.commands import AcceptJob
from alerting.decisions import Answered, AnyDecision, Noted, PageAsked
from alerting.dispatch.job import Job, Stage
from alerting.duty.editions import Editions
from alerting.duty.reach import Line, People, Person
from alerting.events import PageTold, SignalHeard
from alerting.incidents.values import Values, usual
from alerting.incidents.woken import is_worth_sending
from alerting.model import EntryKind
from alerting.policy import Policy
from device_adapters.signals import Panic
from tests.alerting import desk_words
from tests.alerting.desk_words import FIRST, WORKER
from tests.alerting.lone_home import LoneHome, lines, only

AFTER_S = 30
WHO = f"responder:{WORKER}"


def sent(*channels: str, values: Values | None = None) -> tuple[LoneHome, list[AnyDecision]]:
    """A press that Anna has taken; she has sent the worker, who has these channels."""
    known = Person(id=WHO, name="the worker", lines=tuple(Line(channel, 0) for channel in channels))
    editions = Editions(number=1, people=People(persons={WHO: known}))
    home = LoneHome(policy=Policy(own_values=values or usual(), editions=editions))
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    home.asks(desk_words.claim())
    return home, home.asks(desk_words.dispatch())[1]


def voices(decisions: list[AnyDecision]) -> list[PageAsked]:
    return [page for page in only(PageAsked, decisions) if page.channel == "voice"]


def says(home: LoneHome, what: str, **more: Any) -> list[AnyDecision]:
    """What becomes of the call."""
    told = {"to": WHO, "what": what, "detail": "key", "channel": "voice", "of_job": True, **more}
    return home.judge(PageTold(incident=FIRST, **told))


def job(home: LoneHome) -> Job:
    it = home.open.job_of(WORKER)
    assert it is not None
    return it


def test_called_once_after_the_time_and_not_before() -> None:
    home, at_once = sent("push", "sms", "voice")
    assert [page.channel for page in only(PageAsked, at_once)] == ["push", "sms"]
    assert voices(home.wait(AFTER_S - 1)) == []
    told = home.wait(1)
    (page,) = voices(told)
    assert (page.to, page.of_job, page.not_wanted) == (WHO, True, "")
    assert EntryKind.JOB_CALLED in lines(told)
    assert voices(home.wait(80)) == []


def test_who_has_nothing_but_a_number_is_called_at_once() -> None:
    _, at_once = sent("voice")
    assert len(voices(at_once)) == 1


@pytest.mark.parametrize("channels", [("push",), ("sms",), ()])
def test_who_has_no_number_is_not(channels: tuple[str, ...]) -> None:
    home, _ = sent(*channels)
    assert EntryKind.JOB_CALLED not in lines(home.wait(100))


def test_settings_from_before_call_nobody() -> None:
    home, at_once = sent("push", "voice", values=msgspec.structs.replace(usual(), job_called_s=0))
    assert voices(at_once) == voices(home.wait(100)) == []
    assert Values().job_called_s == 0


def test_a_claim_by_somebody_else_does_not_put_the_call_off() -> None:
    home, _ = sent("push", "voice")
    home.wait(AFTER_S - 1)
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    assert not home.asks(desk_words.claim(desk_words.BELLA))[0].refused
    assert len(voices(home.wait(1))) == 1


def test_sent_anew_they_are_called_anew() -> None:
    home, _ = sent("push", "voice")
    home.wait(AFTER_S)
    home.asks(desk_words.recall())
    home.asks(desk_words.dispatch())
    assert len(voices(home.wait(AFTER_S))) == 1


def test_opened_it_waits_once_more_from_then() -> None:
    home, _ = sent("push", "voice")
    home.wait(20)
    says(home, "seen", channel="push")
    assert voices(home.wait(AFTER_S - 1)) == []
    says(home, "seen", channel="push")
    assert len(voices(home.wait(1))) == 1


def test_key_1_accepts_the_job_and_twice_is_once() -> None:
    home, _ = sent("push", "voice")
    home.wait(AFTER_S)
    told = says(home, "accepted")
    assert lines(told) == [EntryKind.JOB_ACCEPTED]
    assert (job(home).stage, job(home).at(Stage.ACCEPTED)) == (Stage.ACCEPTED, home.now)
    home.wait(5)
    assert lines(says(home, "accepted")) == []
    assert job(home).at(Stage.ACCEPTED) == home.now - timedelta(seconds=5)


def test_on_the_page_and_by_a_key_it_is_accepted_the_same() -> None:
    by_key, _ = sent("push", "voice")
    by_tap, _ = sent("push", "voice")
    for home in (by_key, by_tap):
        home.wait(AFTER_S)
    says(by_key, "accepted")
    by_tap.asks(AcceptJob(key=by_tap.open.key, incident=FIRST, by=WHO))
    assert job(by_key) == job(by_tap)
    assert by_key.open == by_tap.open


@pytest.mark.parametrize(
    ("end", "why"),
    [("recalled", "recalled"), ("elsewhere", "elsewhere"), ("declined", "over"), ("resolved", "over")],
)
def test_key_1_when_nobody_needs_to_go_is_refused_and_they_are_told_why(end: str, why: str) -> None:
    home, _ = sent("push", "voice")
    home.wait(AFTER_S)
    if end == "recalled":
        home.asks(desk_words.recall())
    elif end == "declined":
        says(home, "declined")
    elif end == "resolved":
        home.asks(desk_words.resolve())
    before = home.open.jobs
    told = says(home, "accepted", elsewhere="H9-1" if end == "elsewhere" else "")
    assert lines(told) == [EntryKind.ACCEPTED_LATE]
    assert only(Answered, told)[-1].refused
    assert [page.not_wanted for page in voices(told)] == [why]
    assert home.open.jobs == before
    assert not [it for it in only(Noted, told) if it.entry.kind is EntryKind.JOB_ACCEPTED]


def test_a_call_is_worth_making_only_to_who_has_not_answered_and_a_message_for_as_long_as_they_go() -> None:
    home, at_once = sent("push", "voice")
    (message,) = only(PageAsked, at_once)
    (call,) = voices(home.wait(AFTER_S))
    assert is_worth_sending(home.open, message)
    assert is_worth_sending(home.open, call)
    says(home, "accepted")
    assert is_worth_sending(home.open, message)
    assert not is_worth_sending(home.open, call)
    assert not is_worth_sending(None, message)
    assert is_worth_sending(None, msgspec.structs.replace(call, not_wanted="over"))
