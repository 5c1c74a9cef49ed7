"""Whoever has accepted, or is on the way, gives it back: it rings at once, and the next one is called at once."""

from __future__ import annotations

from alerting.commands import AcceptJob, DeclineJob, Dispatch
from alerting.decisions import Answered, AnyDecision, Noted
from alerting.events import HolderGone, PageAccepted, PageGivenBack, PageTold
from alerting.incidents import giving_back, lease
from alerting.model import EntryKind, IncidentState
from device_adapters.signals import Panic
from tests.alerting.chain_of_village import DUTY, PEOPLE, home_with, pages, person, plan, step
from tests.alerting.desk_words import ANNA, arrive, call, claim, close, dispatch, hold, release, resolve, spoke
from tests.alerting.lone_home import KEY, LoneHome, lines, only, rings

TWO = plan("p", step(30, "village"), step(100, "town"), step(600, "duty_phones"), accept_s=180)
SENT = "responder:village"


def accepted() -> LoneHome:
    """Half a minute after the press the village was called, and has accepted."""
    home = home_with(TWO)
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village", how="link"))
    return home


def gives_back(home: LoneHome, by: str = "village", why: str = "") -> list[AnyDecision]:
    return home.judge(PageGivenBack(incident=home.open.id, by=by, how="link", why=why))


def texts(decisions: list[AnyDecision], kind: EntryKind) -> list[str]:
    return [noted.entry.text for noted in only(Noted, decisions) if noted.entry.kind is kind]


def test_an_acceptance_given_back_rings_and_calls_the_next_person_at_once() -> None:
    home = accepted()
    home.wait(40)
    back = gives_back(home, why="车坏在半路")
    assert texts(back, EntryKind.GIVEN_BACK) == ["link|village·名|车坏在半路"]
    assert pages(back) == [("town", "push")]
    assert rings(back)
    (answer,) = only(Answered, back)
    assert not answer.refused
    assert (home.open.ladder.accepted_by, home.open.ladder.since) == ("", home.now)


def test_no_reason_needs_to_be_given() -> None:
    assert texts(gives_back(accepted()), EntryKind.GIVEN_BACK) == ["link|village·名"]


def test_given_back_by_the_link_of_the_page_it_is_the_same() -> None:
    home = accepted()
    told = PageTold(incident=home.open.id, to="village", what="declined", detail="link", name="村", round=1, step=1)
    back = home.judge(told)
    assert texts(back, EntryKind.GIVEN_BACK) == ["link|村"]
    assert pages(back) == [("town", "push")]
    assert rings(back)


def test_it_can_be_accepted_again_by_the_next_one() -> None:
    home = accepted()
    gives_back(home)
    home.judge(PageAccepted(incident=home.open.id, by="town", how="link"))
    assert home.open.ladder.accepted_by == "town"
    (answer,) = only(Answered, gives_back(home))
    assert answer.refused == "not_yours", "it is not theirs any more"
    assert home.open.ladder.accepted_by == "town"


def test_once_the_desk_has_it_whoever_had_accepted_rings_at_the_desk() -> None:
    home = accepted()
    home.asks(claim())
    assert home.open.ladder.on_the_way == "village"
    back = gives_back(home, why="feverish")
    assert rings(back)
    assert pages(back) == [], "the desk has it, and decides whom to send"
    assert (home.open.claimed_by, home.open.unacknowledged, home.open.state) == (ANNA, True, IncidentState.CLAIMED)
    assert home.open.waits_since == home.now
    home.asks(claim())
    assert not home.open.rings
    (answer,) = only(Answered, gives_back(home))
    assert answer.refused == "not_yours", "said twice, it rings once"


def test_who_is_not_reckoned_with_any_more_has_nothing_to_give_back() -> None:
    for after in ((claim(), dispatch()), (claim(), spoke(), resolve()), (claim(), release())):
        home = accepted()
        for command in after:
            home.asks(command)
        assert home.open.ladder.on_the_way == ""
        (answer,) = only(Answered, gives_back(home))
        assert answer.refused == "not_yours"


def test_whoever_is_driving_is_not_forgotten_when_a_claim_lapses_and_is_taken_anew() -> None:
    home = accepted()
    home.asks(claim())
    home.judge(HolderGone(login=ANNA, since=home.now))
    home.wait(lease.due_s(home.open, home.policy.values) - home.now.timestamp())
    assert home.open.state is IncidentState.OPEN
    home.asks(claim())
    assert rings(gives_back(home)), "the desk reckons with them"
    assert home.open.unacknowledged


def test_whoever_is_driving_is_not_forgotten_at_a_second_press_or_when_a_hold_ends() -> None:
    for again in (Panic(), None):
        home = accepted()
        home.asks(claim())
        if again is not None:
            home.says("sos", again)
        else:
            home.asks(hold(for_s=60))
            home.wait(60)
        assert home.open.ladder.since is not None
        home.asks(claim())
        back = gives_back(home)
        assert texts(back, EntryKind.GIVEN_BACK) == ["link|village·名"]
        assert rings(back)


def test_pressed_again_while_somebody_has_accepted_they_can_accept_anew_or_give_it_back() -> None:
    for takes in (True, False):
        home = accepted()
        home.says("sos", Panic())
        assert giving_back.is_theirs(home.open, "village")
        assert not giving_back.is_reckoned_with(home.open, "village"), "they are asked anew"
        if takes:
            home.judge(PageAccepted(incident=home.open.id, by="village", how="link"))
            assert giving_back.is_reckoned_with(home.open, "village")
        assert pages(gives_back(home)) == [("town", "push")]
        assert not giving_back.is_theirs(home.open, "village")


def test_given_back_while_it_climbs_already_nobody_is_called_later_for_it() -> None:
    home = accepted()
    home.says("sos", Panic())
    home.wait(100)
    before = home.open.ladder
    gives_back(home)
    after = home.open.ladder
    assert (after.round, after.step, after.since) == (before.round, before.step, before.since)


def test_an_acceptance_that_expired_is_over_and_so_is_one_that_another_has_followed() -> None:
    home = accepted()
    home.wait(180)
    assert home.open.ladder.since is not None
    assert not giving_back.is_theirs(home.open, "village")
    home = accepted()
    home.says("sos", Panic())
    home.judge(PageAccepted(incident=home.open.id, by="town", how="link"))
    assert not giving_back.is_theirs(home.open, "village")
    home.asks(claim())
    assert home.open.ladder.on_the_way == "town"


def test_given_back_while_it_climbs_the_next_in_turn_is_called_at_once() -> None:
    home = home_with(plan("p", step(30, "village", "town", in_turn=True), step(600, "duty_phones")))
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village", how="link"))
    home.says("sos", Panic(), after_s=5)
    assert ("village", "push") in pages(home.wait(30))
    assert pages(gives_back(home)) == [("town", "push")]


def test_a_second_press_that_nobody_has_taken_calls_the_next_one_although_the_desk_has_the_incident() -> None:
    home = home_with(TWO)
    home.asks(claim())
    home.says("sos", Panic(), after_s=60)
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by="village", how="link"))
    back = gives_back(home)
    assert pages(back) == [("town", "push")]
    assert rings(back)
    assert (home.open.claimed_by, home.open.unacknowledged) == (ANNA, True)


def test_a_job_declined_after_a_second_press_that_nobody_has_taken_calls_the_next_one_too() -> None:
    home = sent()
    home.says("sos", Panic(), after_s=60)
    assert pages(gives_back(home, SENT)) == [("village", "push")]


def test_nothing_is_left_of_it_in_a_closed_incident() -> None:
    home = accepted()
    first = home.open.id
    for command in (claim(), spoke(), close()):
        home.asks(command)
    (answer,) = only(Answered, home.judge(PageGivenBack(incident=first, by="village")))
    assert answer.refused == "no_incident"


def sent() -> LoneHome:
    """Anna has sent the village's responsible person, who is on the way."""
    people = PEOPLE.__class__(persons={**PEOPLE.persons, SENT: person(SENT, duty="village")}, homes=PEOPLE.homes)
    home = home_with(TWO, people=people)
    home.asks(claim())
    home.asks(Dispatch(key=KEY, incident=home.open.id, by=ANNA, responder="village"))
    home.asks(AcceptJob(key=KEY, incident=home.open.id, by=SENT))
    return home


def test_who_is_on_the_way_gives_the_job_back_on_either_page() -> None:
    job = DeclineJob(key=KEY, incident=f"{KEY}-1", by=SENT)
    for by_job in (True, False):
        home = sent()
        back = home.asks(job)[1] if by_job else gives_back(home, SENT)
        assert texts(back, EntryKind.JOB_DECLINED) == ["village|"]
        assert rings(back)
        assert (home.open.responder, home.open.accepted, home.open.claimed_by) == ("", False, ANNA)
        assert pages(back) == [], "Anna has it"


def test_with_nobody_at_the_desk_the_next_person_is_called_at_once() -> None:
    for by_job in (True, False):
        home = sent()
        home.asks(call())
        home.judge(HolderGone(login=ANNA, since=home.now))
        home.wait(lease.due_s(home.open, home.policy.values) - home.now.timestamp())
        assert (home.open.claimed_by, home.open.state) == ("", IncidentState.DISPATCHED)
        job = DeclineJob(key=KEY, incident=home.open.id, by=SENT, text="车坏了")
        back = home.asks(job)[1] if by_job else gives_back(home, SENT)
        assert pages(back) == [("village", "push")], "the first step that calls anybody, 30 s sooner"
        assert home.open.state is IncidentState.OPEN


def test_who_is_there_has_nothing_to_give_back() -> None:
    home = sent()
    home.asks(arrive(by=SENT))
    (answer,) = only(Answered, gives_back(home, SENT))
    assert answer.refused == "not_yours"


def test_of_a_duty_telephone_it_is_the_same() -> None:
    home = home_with(plan("p", step(30, "duty_phone"), step(200, "town"), step(600, "duty_phones")))
    home.wait(30)
    home.judge(PageAccepted(incident=home.open.id, by=DUTY, how="key"))
    back = gives_back(home, DUTY)
    assert pages(back) == [("town", "push")]
    assert lines(back)[0] is EntryKind.GIVEN_BACK
