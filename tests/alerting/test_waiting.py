"""How long an incident waits: since its oldest ring that nobody has taken, however often it rang since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from device_adapters.signals import Fall, Panic
from tests.alerting.desk_words import claim, close, decline_job, dispatch, refuse, release
from tests.alerting.lone_home import LoneHome


@pytest.fixture
def home() -> LoneHome:
    """A home in which the button was pressed just now."""
    home = LoneHome()
    home.says("sos", Panic())
    return home


def test_pressed_again_before_anybody_took_it_it_waits_since_the_first_press(home: LoneHome) -> None:
    first = home.now
    for _ in range(3):
        home.says("sos", Panic(), after_s=80)
    home.says("sos", Fall(), after_s=10)
    assert (home.open.waits_since, home.open.rang_at) == (first, home.now)


def test_once_taken_it_waits_for_nobody_and_a_new_press_begins_its_own(home: LoneHome) -> None:
    home.says("sos", Panic(), after_s=60)
    home.wait(5)
    home.asks(claim())
    assert home.open.waiting_since is None
    home.says("sos", Panic(), after_s=40)
    pressed = home.now
    assert home.open.waits_since == pressed
    home.says("sos", Panic(), after_s=30)
    assert (home.open.waits_since, home.open.rang_at) == (pressed, home.now)
    home.asks(claim())
    assert home.open.waits_since == home.open.rang_at


def test_given_back_it_waits_from_then_on(home: LoneHome) -> None:
    home.says("sos", Panic(), after_s=60)
    home.wait(5)
    home.asks(claim())
    home.wait(20)
    home.asks(release())
    assert home.open.waits_since == home.now


def test_given_back_with_a_new_press_untaken_it_waits_since_that_press(home: LoneHome) -> None:
    home.wait(5)
    home.asks(claim())
    home.says("sos", Panic(), after_s=20)
    pressed = home.now
    home.wait(15)
    home.asks(release())
    assert home.open.waits_since == pressed


def test_a_claim_that_lapses_begins_a_wait_of_its_own(home: LoneHome) -> None:
    home.says("sos", Panic(), after_s=60)
    home.asks(claim())
    claimed = home.now
    home.wait(120)
    assert home.open.unacknowledged
    assert home.open.waits_since == claimed + timedelta(seconds=90)


def test_a_wish_for_a_second_person_does_not_make_it_younger(home: LoneHome) -> None:
    pressed = home.now
    home.wait(30)
    home.asks(claim())
    home.wait(30)
    home.asks(close())
    assert home.open.closing is not None
    assert (home.open.waits_since, home.open.rang_at, home.open.closing.asked_at) == (pressed, pressed, home.now)
    home.wait(30)
    home.asks(refuse())
    assert home.open.waits_since == pressed


def test_a_job_given_back_while_a_second_person_is_wanted_rings_from_then_on(home: LoneHome) -> None:
    home.asks(claim())
    home.asks(dispatch())
    home.wait(20)
    home.asks(close())
    home.wait(20)
    home.asks(decline_job())
    assert home.open.closing is None
    assert home.open.waits_since == home.now
