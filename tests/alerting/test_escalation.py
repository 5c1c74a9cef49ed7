"""An incident that nobody takes climbs by the table of docs/escalation.md, each step once in its round."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from alerting import stray
from alerting.commands import OpenManual
from alerting.decisions import AnyDecision, Noted, PageAsked, Rang, Wake
from alerting.duty.escalation import climb, due
from alerting.events import PageTried, SignalHeard, TimePassed
from alerting.model import AlarmKind, EntryKind, EscalationLevel, Priority
from alerting.policy import Policy, ladder
from alerting.stray import StrayState
from device_adapters.signals import Alarm, Panic
from tests.alerting.desk_words import ANNA, claim, release
from tests.alerting.lone_home import KEY, LoneHome, lines, local, only, rings

DUTY, SECOND = "值班手机", "备用手机"
PHONES = Policy(duty_phones=(DUTY, SECOND))


def pages(decisions: list[AnyDecision]) -> list[tuple[EscalationLevel, str]]:
    return [(page.level, page.to) for page in only(PageAsked, decisions)]


def texts(decisions: list[AnyDecision]) -> list[tuple[EntryKind, str]]:
    return [(noted.entry.kind, noted.entry.text) for noted in only(Noted, decisions)]


@pytest.fixture
def home() -> LoneHome:
    """The button has just been pressed."""
    home = LoneHome(policy=PHONES)
    home.says("sos", Panic())
    return home


def test_a_press_that_nobody_takes_climbs_at_its_times_and_not_before(home: LoneHome) -> None:
    steps = [
        (30, [(EntryKind.UNCLAIMED, "")], []),
        (60, [(EntryKind.ESCALATED, "supervisor")], []),
        (90, [(EntryKind.ESCALATED, f"duty|{DUTY}")], [(EscalationLevel.DUTY, DUTY)]),
        (
            120,
            [(EntryKind.ESCALATED, f"chain|{DUTY}、{SECOND}")],
            [(EscalationLevel.CHAIN, DUTY), (EscalationLevel.CHAIN, SECOND)],
        ),
    ]
    for after_s, told, paged in steps:
        pressed_at = home.open.opened_at
        assert home.wait_until(pressed_at + timedelta(seconds=after_s - 1)) == []
        decisions = home.wait_until(pressed_at + timedelta(seconds=after_s))
        assert texts(decisions) == told
        assert pages(decisions) == paged
        assert [ring.priority for ring in only(Rang, decisions)] == [Priority.P1]


def test_a_press_between_two_seconds_never_climbs_early() -> None:
    home = LoneHome(local(9) + timedelta(milliseconds=700), policy=PHONES)
    home.says("sos", Panic())
    assert not pages(home.wait(89.9))
    assert pages(home.wait(0.5)) == [(EscalationLevel.DUTY, DUTY)]


def test_a_page_says_what_is_needed_when_nothing_else_can_be_read(home: LoneHome) -> None:
    (page,) = only(PageAsked, home.wait(90))
    assert (page.incident, page.key, page.home, page.round, page.step) == (f"{KEY}-1", KEY, KEY, 1, 3)
    assert (page.priority, page.kind) == (Priority.P1, AlarmKind.PANIC)
    assert page.since == home.open.opened_at
    assert page.until == home.now + timedelta(seconds=PHONES.page_s)


def test_a_claim_stops_the_climb(home: LoneHome) -> None:
    home.wait(80)
    home.asks(claim())
    assert not lines(home.wait(89))
    assert home.open.ladder.since is None


def test_all_steps_are_taken_twice_then_everybody_is_called_until_somebody_claims(home: LoneHome) -> None:
    home.wait(120)
    assert texts(home.wait(30)) == [(EntryKind.UNCLAIMED, "")]
    assert texts(home.wait(30)) == [(EntryKind.ESCALATED, "supervisor")]
    assert pages(home.wait(30)) == [(EscalationLevel.DUTY, DUTY)]
    assert pages(home.wait(30)) == [(EscalationLevel.CHAIN, DUTY), (EscalationLevel.CHAIN, SECOND)]
    assert home.wait(29) == []
    assert texts(home.wait(1)) == [(EntryKind.ESCALATED, f"everybody|{DUTY}、{SECOND}")]
    assert home.wait(299) == []
    assert pages(home.wait(1)) == [(EscalationLevel.EVERYBODY, DUTY), (EscalationLevel.EVERYBODY, SECOND)]
    assert rings(home.wait(300)), "and the desk goes on ringing"
    home.asks(claim())
    assert not lines(home.wait(89))


def test_a_release_begins_anew(home: LoneHome) -> None:
    home.wait(120)
    home.asks(claim())
    home.wait(60)
    home.asks(release())
    assert not pages(home.wait(89))
    assert pages(home.wait(1)) == [(EscalationLevel.DUTY, DUTY)]
    assert home.open.ladder.round == 2


def test_a_new_press_on_a_claimed_incident_begins_anew(home: LoneHome) -> None:
    home.asks(claim())
    home.says("sos", Panic(), after_s=600)
    assert not pages(home.wait(89))
    assert pages(home.wait(1)) == [(EscalationLevel.DUTY, DUTY)]


def test_a_new_press_after_the_top_begins_anew(home: LoneHome) -> None:
    home.wait(130)
    home.says("sos", Panic())
    assert texts(home.wait(30)) == [(EntryKind.UNCLAIMED, "")]
    assert pages(home.wait(60)) == [(EscalationLevel.DUTY, DUTY)]
    assert pages(home.wait(30)) == [(EscalationLevel.CHAIN, DUTY), (EscalationLevel.CHAIN, SECOND)]


def test_pressing_again_and_again_does_not_put_off_the_telephone(home: LoneHome) -> None:
    pressed_at, paged = home.now, []
    for _ in range(12):
        decisions = home.says("sos", Panic(), after_s=25)
        paged += [(home.now - pressed_at).total_seconds() for _ in only(PageAsked, decisions)]
    assert paged[0] == 100, "the page of 90 s, seen at the press after it"
    assert len(paged) >= 6
    after_last = pages(home.wait(300))
    assert (EscalationLevel.DUTY, DUTY) in after_last, "a whole round follows the last press"


def test_a_higher_priority_climbs_by_its_own_times_at_once() -> None:
    home = LoneHome(policy=PHONES)
    home.says("hub", Alarm(alarm_type="nobody-knows"))
    assert home.open.priority is Priority.P2
    home.wait(100)
    home.says("sos", Panic())
    assert not pages(home.wait(89))
    assert pages(home.wait(1)) == [(EscalationLevel.DUTY, DUTY)]


def test_p2_climbs_more_slowly() -> None:
    home = LoneHome(policy=PHONES)
    home.says("hub", Alarm(alarm_type="nobody-knows"))
    assert texts(home.wait(60)) == [(EntryKind.UNCLAIMED, "")]
    assert texts(home.wait(120)) == [(EntryKind.ESCALATED, "supervisor")]
    assert not pages(home.wait(119))
    assert pages(home.wait(1)) == [(EscalationLevel.DUTY, DUTY)]
    assert pages(home.wait(300)) == [(EscalationLevel.DUTY, DUTY)]
    assert home.wait(119) == []
    assert pages(home.wait(1)) == [(EscalationLevel.EVERYBODY, DUTY), (EscalationLevel.EVERYBODY, SECOND)]
    assert home.wait(899) == []
    assert pages(home.wait(1)) == [(EscalationLevel.EVERYBODY, DUTY), (EscalationLevel.EVERYBODY, SECOND)]


def test_p3_rings_again_and_calls_nobody() -> None:
    home = LoneHome(policy=PHONES)
    home.asks(OpenManual(key=KEY, by=ANNA, text="?", priority=Priority.P3))
    assert home.wait(599) == []
    assert texts(home.wait(1)) == [(EntryKind.UNCLAIMED, "")]
    assert home.wait(1199) == []
    assert rings(home.wait(1))
    later = home.wait(6 * 3600)
    assert len(only(Rang, later)) == 12, "every half hour"
    assert not pages(later)
    assert home.open.unacknowledged


def test_p4_waits_for_the_next_working_day() -> None:
    home = LoneHome(local(9, day=6), policy=PHONES)  # a Friday
    home.asks(OpenManual(key=KEY, by=ANNA, text="?", priority=Priority.P4))
    assert due(home.open, PHONES) == local(9, day=9), "Monday morning"
    last, decisions = climb(home.open, KEY, local(9, day=9), PHONES)
    assert rings(decisions)
    assert not pages(decisions)
    assert due(last, PHONES) == local(9, day=10)


def test_steps_missed_in_an_outage_are_all_taken_once_and_each_telephone_is_called_once(home: LoneHome) -> None:
    home.now += timedelta(hours=2)
    decisions = home.judge(TimePassed())
    assert lines(decisions)[:4] == [EntryKind.UNCLAIMED, *[EntryKind.ESCALATED] * 3]
    assert sorted(to for _, to in pages(decisions)) == sorted([DUTY, SECOND])
    assert len(only(Rang, decisions)) == 1
    assert len(lines(decisions)) == 5, "of the repeats that were missed one is made up for"
    (wish,) = only(Wake, decisions)
    assert 0 < (wish.at - home.now).total_seconds() <= 300
    assert home.judge(TimePassed()) == [wish], "asked again too early, it only names its time"


def test_a_step_without_a_telephone_is_skipped_at_once_and_consoles_go_on_ringing() -> None:
    home = LoneHome()
    home.says("sos", Panic())
    home.wait(60)
    assert texts(home.wait(30)) == [(EntryKind.ESCALATED, "duty|"), (EntryKind.ESCALATED, "chain|")]
    assert home.wait(59) == []
    again = home.wait(1)
    assert texts(again) == [(EntryKind.UNCLAIMED, "")]
    assert rings(again)
    home.wait(60)
    at_the_top = home.wait(60)
    assert texts(at_the_top) == [(EntryKind.UNCLAIMED, "")], "nobody can be called: the desk rings"
    assert rings(at_the_top)


def test_the_times_are_the_centre_s_to_set() -> None:
    home = LoneHome(policy=Policy(own_ladders={Priority.P1: ladder(10, 20, 25, 40)}, duty_phones=(DUTY,)))
    home.says("sos", Panic())
    assert not pages(home.wait(24))
    assert pages(home.wait(1)) == [(EscalationLevel.DUTY, DUTY)]


def test_what_became_of_a_page_is_in_the_timeline_and_the_climb_goes_on(home: LoneHome) -> None:
    home.wait(90)
    failed = home.judge(PageTried(incident=home.open.id, to=DUTY, error="refused"))
    assert texts(failed) == [(EntryKind.PAGE_FAILED, f"{DUTY}|refused")]
    assert not rings(failed)
    assert pages(home.wait(30)) == [(EscalationLevel.CHAIN, DUTY), (EscalationLevel.CHAIN, SECOND)]
    sent = home.judge(PageTried(incident=home.open.id, to=SECOND))
    assert texts(sent) == [(EntryKind.PAGE_SENT, SECOND)]
    assert home.open.unacknowledged, "delivered is not accepted"
    lost = home.judge(PageTried(incident=home.open.id, to=DUTY, error="refused", gave_up=True))
    assert lines(lost) == [EntryKind.PAGE_LOST]
    assert rings(lost), "given up, and nobody has it: that must be heard"


def test_a_page_that_is_told_of_after_closing_is_only_a_line(home: LoneHome) -> None:
    decisions = home.judge(PageTried(incident=f"{KEY}-0", to=DUTY))
    assert lines(decisions) == [EntryKind.PAGE_SENT]
    assert not rings(decisions)


def test_a_device_without_a_home_climbs_too() -> None:
    now, key = local(9), "~hub-9~0x01"
    pressed = SignalHeard(device_id="", signal=Panic(), last_home="H000042")
    state, decisions = stray.step(StrayState(key=key), pressed, now, PHONES)
    paged: list[tuple[float, str]] = []
    for _ in range(4):
        (wish,) = only(Wake, decisions)
        state, decisions = stray.step(state, TimePassed(), wish.at, PHONES)
        paged += [((wish.at - now).total_seconds(), page.to) for page in only(PageAsked, decisions)]
        assert all(page.home == "H000042" for page in only(PageAsked, decisions))
    assert paged == [(90, DUTY), (120, DUTY), (120, SECOND)]
    told = PageTried(incident=f"{key}-1", to=DUTY)
    state, decisions = stray.step(state, told, now, PHONES)
    assert lines(decisions) == [EntryKind.PAGE_SENT]


def test_a_longer_interval_after_many_repeats_at_a_shorter_one_keeps_nobody_waiting_longer_than_one() -> None:
    short = Policy(own_again_s={Priority.P1: 60}, duty_phones=(DUTY,))
    home = LoneHome(policy=short)
    home.says("sos", Panic())
    home.wait(3600)
    home.policy = msgspec.structs.replace(short, own_again_s={Priority.P1: 300})
    home.judge(TimePassed())
    called = [len(pages(home.wait(60))) for _ in range(20)]
    assert sum(called) == 4, "every five minutes from the change on"
    assert all(sum(called[n : n + 5]) == 1 for n in range(15)), called
    home.policy = short
    home.judge(TimePassed())
    assert all(len(pages(home.wait(60))) == 1 for _ in range(5))
