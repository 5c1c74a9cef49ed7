"""A page that failed or was declined pulls the next channel, person or step forward; it delays and doubles nothing."""

from __future__ import annotations

from typing import Any

from alerting.decisions import AnyDecision, PageAsked
from alerting.duty.roster import Roster, Shift, Times
from alerting.events import PageAccepted, PageTold, PageTried
from alerting.model import EntryKind
from device_adapters.signals import Panic
from tests.alerting.chain_of_village import DUTY, LAST, TOWN, home_with, pages, plan, step
from tests.alerting.desk_words import claim
from tests.alerting.lone_home import LoneHome, lines, only, rings

LAST_OF_ALL = step(600, "duty_phones")
NIGHT = Times(from_min=22 * 60, to_min=6 * 60)
GRID2_AT_NIGHT = Roster(
    shifts=(
        Shift(role="grid", persons=("grid1",), area=TOWN),
        Shift(role="grid", persons=("grid2",), area=TOWN, times=NIGHT),
    )
)
TWO = plan("p", step(30, "village"), step(100, "town"), step(150, "duty_phones"), accept_s=180)


def failed(home: LoneHome, page: PageAsked, what: str = "failed") -> list[AnyDecision]:
    """A provider, or a key, says this of a page."""
    place: dict[str, Any] = {"channel": page.channel, "round": page.round, "step": page.step}
    return home.judge(PageTold(incident=page.incident, to=page.to, what=what, detail="off", name=page.name, **place))


def tried(home: LoneHome, page: PageAsked, *, gave_up: bool) -> list[AnyDecision]:
    """A channel did not take a page."""
    place: dict[str, Any] = {"person": page.to, "channel": page.channel, "round": page.round, "step": page.step}
    return home.judge(PageTried(incident=page.incident, to=page.name, error="refused", gave_up=gave_up, **place))


def paged(decisions: list[AnyDecision], nth: int = 0) -> PageAsked:
    return only(PageAsked, decisions)[nth]


def test_the_next_channel_is_tried_at_once_and_then_the_next_step() -> None:
    home = home_with(TWO)
    first = paged(home.wait(30))
    assert (first.to, first.channel) == ("village", "push")
    second = failed(home, first)
    assert pages(second) == [("village", "sms")]
    assert EntryKind.PULLED_FORWARD in lines(second)
    third = failed(home, paged(second))
    assert pages(third) == [("village", "voice")]
    fourth = failed(home, paged(third))
    assert pages(fourth) == [("town", "push")]
    assert EntryKind.ESCALATED in lines(fourth)
    assert paged(fourth).step == 2


def test_the_rest_of_the_timetable_follows_as_much_sooner_and_calls_nobody_twice_for_a_step() -> None:
    home = home_with(TWO)
    sooner = failed(home, paged(home.wait(30)), "declined")
    assert pages(sooner) == [("town", "push")], "taken 70 s sooner"
    later = [page for _ in range(5) for page in only(PageAsked, home.wait(10))]
    assert [(page.to, page.channel) for page in later] == [("town", "sms"), (DUTY, "")], "150 - 70 s after the press"
    later += [page for _ in range(60) for page in only(PageAsked, home.wait(10))]
    once = [(page.to, page.channel, page.step) for page in later]
    assert len(once) == len(set(once))


def test_who_declines_gets_nothing_more_for_that_step() -> None:
    home = home_with(plan("p", step(30, "village", "town"), LAST))
    failed(home, paged(home.wait(30)), "declined")
    later = home.wait(60)
    assert ("town", "voice") in pages(later)
    assert not [page for page in pages(later) if page[0] == "village"]


def test_somebody_else_of_the_step_may_still_answer_and_no_step_is_pulled() -> None:
    home = home_with(plan("p", step(30, "village", "town"), step(200, "on_duty:grid"), LAST_OF_ALL))
    called = home.wait(30)
    assert pages(failed(home, paged(called, 0), "declined")) == []
    assert pages(failed(home, paged(called, 1), "declined")) == [("grid1", "push"), ("grid2", "push")]


def test_in_turn_the_next_person_comes_at_once_and_the_one_after_at_their_time() -> None:
    home = home_with(plan("p", step(30, "village", "town", "key_holder", in_turn=True), LAST_OF_ALL))
    called = failed(home, paged(home.wait(30)), "declined")
    assert pages(called) == [("town", "push")]
    assert pages(home.wait(29)) == []
    assert pages(home.wait(1)) == [("town", "sms")], "their later channels keep their distance"
    assert pages(home.wait(30)) == [("town", "voice")]
    assert pages(home.wait(180)) == [("key", "sms")], "240 s after the first"


def test_a_channel_that_will_be_tried_again_pulls_the_next_channel_but_nobody_else() -> None:
    home = home_with(TWO)
    sms = tried(home, paged(home.wait(30)), gave_up=False)
    assert pages(sms) == [("village", "sms")]
    voice = tried(home, paged(sms), gave_up=False)
    assert pages(voice) == [("village", "voice")]
    assert pages(tried(home, paged(voice), gave_up=False)) == []
    assert pages(tried(home, paged(voice), gave_up=True)) == [("town", "push")]


def test_said_twice_or_of_an_earlier_channel_it_changes_nothing() -> None:
    home = home_with(TWO)
    push = paged(home.wait(30))
    sms = paged(failed(home, push))
    assert pages(failed(home, push)) == []
    voice = paged(failed(home, sms))
    town = failed(home, voice)
    assert pages(town) == [("town", "push")]
    assert pages(failed(home, voice)) == pages(failed(home, sms)) == []


def test_when_everybody_of_the_plan_has_failed_everybody_of_the_chain_is_called() -> None:
    home = home_with(plan("p", step(30, "on_duty:grid"), step(100, "duty_phones")), roster=GRID2_AT_NIGHT)
    first = home.wait(30)
    (duty,) = only(PageAsked, failed(home, paged(first), "declined"))
    assert duty.to == DUTY
    everybody = failed(home, duty)
    assert ("grid2", "push") in pages(everybody), "off duty, but in the chain"
    assert ("grid1", "push") not in pages(everybody), "declined just now: called by this step at its own time"
    assert rings(everybody)
    assert home.open.ladder.level is not None


def test_with_nobody_left_at_all_the_desk_rings_and_the_timetable_stands() -> None:
    home = home_with(plan("p", step(30, "duty_phone"), step(100, "duty_phones")))
    out = failed(home, paged(home.wait(30)), "declined")
    assert pages(out) == []
    assert rings(out)
    assert pages(home.wait(69)) == []
    assert pages(home.wait(1)) == [(DUTY, "")]


def test_an_acceptance_taken_back_calls_the_next_person_at_once() -> None:
    home = home_with(TWO)
    page = paged(home.wait(30))
    home.judge(PageAccepted(incident=home.open.id, by="village", how="key"))
    home.wait(60)
    back = failed(home, page, "declined")
    assert pages(back) == [("town", "push")]
    assert home.open.ladder.since == home.now
    assert rings(back)
    assert ("village", "push") in pages(home.wait(30)), "and they are called again at their own step's time"


def test_what_a_claim_or_a_new_round_has_overtaken_pulls_nothing() -> None:
    home = home_with(TWO)
    page = paged(home.wait(30))
    home.asks(claim())
    assert pages(failed(home, page)) == []
    home.says("sos", Panic(), after_s=5)
    assert pages(failed(home, page)) == []


def test_who_was_called_again_by_a_later_step_is_not_lost_by_the_earlier_call() -> None:
    home = home_with(plan("p", step(30, "duty_phone"), step(60, "duty_phones"), step(400, "village"), LAST_OF_ALL))
    early = paged(home.wait(30))
    again = paged(home.wait(30))
    assert pages(failed(home, early)) == []
    assert pages(failed(home, again)) == [("village", "push")]
