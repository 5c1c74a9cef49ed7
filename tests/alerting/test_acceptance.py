"""Who accepts a page holds up the climb; a claim, a new press and the end of its time end that."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerting.decisions import Answered, Slept, Wake
from alerting.events import PageAccepted
from alerting.incidents import lease
from alerting.model import EntryKind
from device_adapters.signals import Panic
from tests.alerting.chain_of_village import (
    LAST,
    home_with,
    pages,
    plan,
    step,
)
from tests.alerting.desk_words import call, claim, close, note, refuse, spoke
from tests.alerting.lone_home import lines, only, rings


def test_acceptance_stops_the_climb_and_what_was_to_come_and_expires() -> None:
    home = home_with(plan("p", step(30, "village"), LAST, accept_s=180))
    home.wait(30)
    accepted = home.judge(PageAccepted(incident=home.open.id, by="village", how="link"))
    assert lines(accepted) == [EntryKind.PAGE_ACCEPTED]
    assert not rings(accepted)
    (wish,) = only(Wake, accepted)
    assert wish.at == home.now + timedelta(seconds=180), "the timer of the climb is replaced in the same step"
    assert home.open.unacknowledged, "accepted is not claimed"
    assert home.wait(179) == []
    expired = home.wait(1)
    assert lines(expired) == [EntryKind.ACCEPTANCE_EXPIRED]
    assert rings(expired)
    assert pages(home.wait(30)) == [("village", "push")], "a new round"


def test_of_two_acceptances_the_first_counts_and_the_second_is_told() -> None:
    home = home_with(plan("p", step(30, "village", "town"), LAST))
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village", how="link"))
    second = home.judge(PageAccepted(incident=home.open.id, by="town", how="key"))
    (answer,) = only(Answered, second)
    assert (answer.refused, answer.held_by) == ("accepted_by_other", "village")
    assert lines(second) == [EntryKind.ACCEPTED_LATE]
    assert home.open.ladder.accepted_by == "village"
    (again,) = only(Answered, home.judge(PageAccepted(incident=home.open.id, by="village")))
    assert not again.refused, "said twice is said once"


def test_acceptance_of_what_an_operator_holds_or_what_is_closed_changes_nothing_and_is_told() -> None:
    home = home_with(plan("p", step(30, "village"), LAST))
    home.wait(30)
    home.asks(claim())
    (answer,) = only(Answered, home.judge(PageAccepted(incident=home.open.id, by="village")))
    assert (answer.refused, answer.held_by) == ("held_by_other", "op.anna")
    first = home.open.id
    home.asks(spoke())
    home.asks(close())
    (answer,) = only(Answered, home.judge(PageAccepted(incident=first, by="village")))
    assert answer.refused == "no_incident"


def test_somebody_who_is_not_known_cannot_accept() -> None:
    home = home_with(plan("p", step(30, "village"), LAST))
    (answer,) = only(Answered, home.judge(PageAccepted(incident=home.open.id, by="somebody")))
    assert answer.refused == "unknown_person"
    assert home.open.ladder.since is not None


def test_a_new_press_breaks_an_acceptance() -> None:
    home = home_with(plan("p", step(30, "village"), LAST))
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village"))
    assert rings(home.says("sos", Panic(), after_s=60))
    assert pages(home.wait(30)) == [("village", "push")]


def test_a_claim_takes_the_timer_along_and_nothing_fires() -> None:
    home = home_with(plan("p", step(30, "village"), LAST))
    home.wait(40)
    decisions = home.asks(claim())[1]
    (wish,) = only(Wake, decisions)
    assert wish.at == datetime.fromtimestamp(lease.due_s(home.open, home.policy.values), home.now.tzinfo)
    assert wish.at > home.now, "only the claim, check-ins and silence are waited for"
    assert home.open.ladder.calls == ()
    assert not only(Slept, decisions)
    for _ in range(60):
        assert not lines(home.wait(60))
        home.asks(note())


def test_a_claim_ends_an_acceptance_and_a_claim_that_lapses_begins_a_new_round() -> None:
    home = home_with(plan("p", step(30, "village"), LAST))
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village"))
    round_, until = home.open.ladder.round, home.open.ladder.accepted_until
    home.asks(claim())
    assert home.open.ladder.accepted_until is None
    lapses_at = datetime.fromtimestamp(lease.due_s(home.open, home.policy.values), home.now.tzinfo)
    assert lapses_at < until, "else this shows nothing"
    assert EntryKind.LAPSED in lines(home.wait_until(lapses_at))
    assert (home.open.ladder.round, home.open.ladder.since) == (round_ + 1, lapses_at)
    assert pages(home.wait(30)) == [("village", "push")]


def test_who_has_accepted_holds_up_the_climb_of_a_wish_for_a_second_person_and_the_answer_ends_it() -> None:
    home = home_with(plan("p", step(30, "village"), LAST))
    home.asks(claim())
    home.asks(call())
    home.asks(close())
    assert home.open.closing is not None
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village"))
    assert home.open.ladder.accepted_by == "village"
    assert not pages(home.wait(30))
    home.asks(refuse())
    assert home.open.ladder.accepted_until is None
    assert home.open.ladder.since is None
