"""A home whose signals may have been missed stays work until it has spoken or somebody has telephoned."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from alerting.commands import ConfirmSeen
from alerting.decisions import AnyDecision, BlindCleared, BlindOpened
from alerting.events import LinkBack, LinkLost, SignalHeard, Unobserved
from alerting.model import BlindCause, BlindEnd
from alerting.policy import Policy
from device_adapters.signals import (
    AnySignal,
    Availability,
    Battery,
    Fault,
    Heartbeat,
    Motion,
    Panic,
    Provisioning,
)
from tests.alerting.lone_home import KEY, LoneHome, local, only

LOST, BACK = LinkLost(bridge="hub-1"), LinkBack(bridge="hub-1")


@pytest.fixture
def home() -> LoneHome:
    """A home in which somebody has just moved."""
    home = LoneHome(local(8))
    home.moves(after_s=60)
    return home


def outage(home: LoneHome, for_s: float, cause: BlindCause = BlindCause.GATEWAY) -> list[AnyDecision]:
    """Nobody hears the home for so long."""
    since = home.now
    home.now += timedelta(seconds=for_s)
    return home.judge(Unobserved(since=since, until=home.now, cause=cause))


def since(home: LoneHome) -> int:
    return home.memory.hot.blind.since_s


def test_an_outage_of_two_minutes_opens_a_blind_window_from_its_beginning(home: LoneHome) -> None:
    began = home.now
    opened = only(BlindOpened, outage(home, 120))
    assert opened == [BlindOpened(since=began, cause=BlindCause.GATEWAY)]
    assert since(home) == began.timestamp()


def test_a_shorter_outage_opens_none(home: LoneHome) -> None:
    assert outage(home, 119) == []
    assert since(home) == 0


def test_how_long_is_the_policy_s(home: LoneHome) -> None:
    home.policy = Policy(blind_from_s=600)
    assert only(BlindOpened, outage(home, 599)) == []
    assert only(BlindOpened, outage(home, 600)) != []


@pytest.mark.parametrize(
    "signal", [Motion(state="detected"), Motion(state="clear"), Panic(), Battery(percent=80), Heartbeat()]
)
def test_the_first_live_word_confirms_the_home(home: LoneHome, signal: AnySignal) -> None:
    began = home.now
    outage(home, 600)
    device = "sos" if isinstance(signal, Panic) else "pir-living"
    cleared = only(BlindCleared, home.says(device, signal, after_s=5))
    assert cleared == [BlindCleared(since=began, how=BlindEnd.SIGNAL)]
    assert since(home) == 0
    assert only(BlindCleared, home.says(device, signal, after_s=5)) == []


@pytest.mark.parametrize(
    "signal",
    [
        Motion(state="detected", retained=True),
        Availability(state="online"),
        Provisioning(code="joined"),
        Fault(code="lost", scope="network"),
    ],
)
def test_a_retained_copy_or_the_word_of_somebody_else_confirms_nothing(home: LoneHome, signal: AnySignal) -> None:
    outage(home, 600)
    assert only(BlindCleared, home.says("pir-living", signal, after_s=5)) == []
    assert since(home) != 0


def test_what_the_broker_says_again_from_before_the_outage_confirms_nothing(home: LoneHome) -> None:
    said = Motion(state="detected", boot="b1", seq=7, event_id="e7")
    home.says("pir-living", said)
    outage(home, 600)
    assert only(BlindCleared, home.says("pir-living", said, after_s=5)) == []
    newer = Motion(state="clear", boot="b1", seq=8, event_id="e8")
    assert only(BlindCleared, home.says("pir-living", newer, after_s=5)) != []


def test_one_live_word_among_others_in_a_message_is_enough(home: LoneHome) -> None:
    outage(home, 600)
    word = SignalHeard(device_id="hub", signal=Availability(state="online"), more=(Heartbeat(), Battery(percent=90)))
    assert len(only(BlindCleared, home.judge(word))) == 1


def test_a_call_confirms_the_home_and_says_who_made_it(home: LoneHome) -> None:
    began = home.now
    outage(home, 600)
    answer, decisions = home.asks(ConfirmSeen(key=KEY, by="zuoxi1", text="spoke to her"))
    assert not answer.refused
    assert only(BlindCleared, decisions) == [
        BlindCleared(since=began, how=BlindEnd.CALL, by="zuoxi1", text="spoke to her")
    ]
    again, decisions = home.asks(ConfirmSeen(key=KEY, by="zuoxi2"))
    assert (again.refused, only(BlindCleared, decisions)) == ("not_blind", [])


def test_what_is_not_confirmed_keeps_its_beginning_through_the_next_outage(home: LoneHome) -> None:
    began = home.now
    outage(home, 600)
    home.now += timedelta(seconds=60)
    assert only(BlindOpened, outage(home, 600, BlindCause.BROKER)) == []
    assert since(home) == began.timestamp()


def part(home: LoneHome, began: datetime, for_s: float) -> list[AnyDecision]:
    """A later part of an outage."""
    since = home.now
    home.now += timedelta(seconds=for_s)
    return home.judge(Unobserved(since=since, until=home.now, cause=BlindCause.BROKER, began=began))


def test_a_call_during_an_outage_holds_until_its_end_and_no_longer(home: LoneHome) -> None:
    began = home.now
    part(home, began, 120)
    home.asks(ConfirmSeen(key=KEY, by="zuoxi1"))
    home.now += timedelta(seconds=1)
    assert only(BlindOpened, part(home, began, 300)) == []
    home.now += timedelta(seconds=1)
    assert only(BlindOpened, outage(home, 300)) != []


def test_the_last_part_of_a_long_outage_counts_with_the_whole_of_it(home: LoneHome) -> None:
    began = home.now
    assert only(BlindOpened, part(home, began, 119)) == []
    assert only(BlindOpened, part(home, began, 1)) == [BlindOpened(since=began, cause=BlindCause.BROKER)]


def test_a_lost_link_opens_at_once_and_the_link_s_return_alone_confirms_nothing(home: LoneHome) -> None:
    began = home.now
    assert only(BlindOpened, home.judge(LOST)) == [BlindOpened(since=began, cause=BlindCause.LINK)]
    assert home.judge(LOST) == []
    home.now += timedelta(seconds=120)
    assert only(BlindCleared, home.judge(BACK)) == []
    assert since(home) != 0
    assert only(BlindCleared, home.moves(after_s=1)) != []


def test_a_link_that_is_back_within_two_minutes_is_no_work(home: LoneHome) -> None:
    began = home.now
    home.judge(LOST)
    home.now += timedelta(seconds=119)
    assert only(BlindCleared, home.judge(BACK)) == [BlindCleared(since=began, how=BlindEnd.BRIEF)]


def test_a_brief_loss_of_the_link_confirms_no_older_window(home: LoneHome) -> None:
    outage(home, 600)
    home.judge(LOST)
    home.now += timedelta(seconds=10)
    assert home.judge(BACK) == []
    assert since(home) != 0


def test_a_home_confirmed_while_its_link_is_down_comes_back_with_the_next_loss(home: LoneHome) -> None:
    home.judge(LOST)
    home.asks(ConfirmSeen(key=KEY, by="zuoxi1"))
    assert home.judge(LOST) == []
    home.now += timedelta(seconds=600)
    assert only(BlindCleared, home.judge(BACK)) == []
    assert only(BlindOpened, home.judge(LOST)) != []
