"""Nobody at the desk has it, and the resident is handed over: nobody else is called, and whoever was there is free."""

from __future__ import annotations

import msgspec
import pytest

from alerting.commands import ReportStage
from alerting.decisions import AnyDecision
from alerting.dispatch import reckoned
from alerting.dispatch.job import HandedTo, Stage
from alerting.duty.editions import Editions
from alerting.duty.reach import Case, Line, People, Person
from alerting.events import PageAccepted, SignalHeard
from alerting.incidents.page_jobs import is_in_good_hands
from alerting.incidents.values import Values, usual
from alerting.model import EntryKind
from alerting.policy import Policy
from device_adapters.signals import Panic
from tests.alerting import desk_words
from tests.alerting.desk_words import FIRST, WORKER
from tests.alerting.lone_home import KEY, LoneHome, lines

HOUR = 3600
SECOND = "grid.second"
WHO = {it: Person(id=f"responder:{it}", name=it, lines=(Line("push", 0),)) for it in (WORKER, SECOND)}
PEOPLE = People(
    persons={it.id: it for it in WHO.values()},
    homes={KEY: Case(area="32", village=f"responder:{WORKER}", town=f"responder:{SECOND}")},
)


def there(values: Values | None = None) -> LoneHome:
    """A press that nobody at the desk takes; the worker has accepted a page, and is inside."""
    home = LoneHome(policy=Policy(own_values=values or usual(), editions=Editions(number=1, people=PEOPLE)))
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    home.judge(PageAccepted(incident=FIRST, by=f"responder:{WORKER}", how="key"))
    says(home, Stage.INSIDE)
    return home


def says(home: LoneHome, stage: Stage, to: HandedTo | None = None, by: str = WORKER) -> list[AnyDecision]:
    answer, decisions = home.asks(ReportStage(key=KEY, incident=FIRST, by=f"responder:{by}", stage=stage, to=to))
    assert not answer.refused, answer
    return decisions


def climbs(home: LoneHome) -> bool:
    return home.open.ladder.since is not None


@pytest.mark.parametrize("to", [HandedTo.AMBULANCE, HandedTo.FAMILY])
def test_in_the_care_of_120_or_of_the_family_nobody_else_is_called_for_hours(to: HandedTo) -> None:
    home = there()
    says(home, Stage.NEEDS_120)
    assert climbs(home)
    says(home, Stage.HANDED_OVER, to)
    assert not climbs(home)
    assert is_in_good_hands(home.open)
    assert home.open.rings, "the consoles go on"
    assert reckoned.taken(home.open) == frozenset(), "they are free"
    home.wait(12 * HOUR - 1)
    assert not climbs(home)
    home.wait(1)
    assert climbs(home), "not for ever"


def test_settings_from_before_climb_on() -> None:
    home = there(msgspec.structs.replace(usual(), handed_over_s=0))
    says(home, Stage.NEEDS_120)
    says(home, Stage.HANDED_OVER, HandedTo.AMBULANCE)
    assert climbs(home)
    assert Values().handed_over_s == 0


def test_what_is_heard_afterwards_climbs_as_ever() -> None:
    home = there()
    says(home, Stage.SAFE)
    says(home, Stage.HANDED_OVER, HandedTo.FAMILY)
    home.wait(60)
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    assert climbs(home)


def test_while_somebody_else_there_says_that_120_is_needed_it_climbs_on() -> None:
    home = there()
    home.judge(PageAccepted(incident=FIRST, by=f"responder:{SECOND}", how="key"))
    home.asks(desk_words.claim())
    home.asks(desk_words.dispatch(responder=SECOND))
    says(home, Stage.INSIDE, by=SECOND)
    says(home, Stage.NEEDS_120, by=SECOND)
    home.wait(60)
    says(home, Stage.HANDED_OVER, HandedTo.RESPONDER)
    assert not is_in_good_hands(home.open)
    assert climbs(home)


def test_whoever_is_still_on_the_way_and_late_gets_nobody_out_of_bed() -> None:
    home = there()
    home.asks(desk_words.claim())
    home.asks(desk_words.dispatch(responder=SECOND))
    home.asks(desk_words.accept_job(by=f"responder:{SECOND}"))
    says(home, Stage.NEEDS_120)
    says(home, Stage.HANDED_OVER, HandedTo.AMBULANCE)
    assert is_in_good_hands(home.open)
    told = home.wait(2 * HOUR)
    assert EntryKind.NO_WORD in lines(told) or EntryKind.EXPECTED_LATE in lines(told)
    assert not climbs(home)


def test_a_hand_over_that_a_press_has_overtaken_leaves_nobody_in_charge_and_climbs_at_once() -> None:
    home = there()
    tapped_at = home.now
    home.wait(60)
    home.judge(SignalHeard(device_id="sos", signal=Panic()))
    home.judge(PageAccepted(incident=FIRST, by=f"responder:{WORKER}", how="key"))
    assert not climbs(home)
    command = ReportStage(
        key=KEY,
        incident=FIRST,
        by=f"responder:{WORKER}",
        stage=Stage.HANDED_OVER,
        to=HandedTo.AMBULANCE,
        tapped_at=tapped_at,
    )
    answer, _ = home.asks(command)
    assert not answer.refused, answer
    assert not is_in_good_hands(home.open)
    assert climbs(home), "they have gone before it rang again"
