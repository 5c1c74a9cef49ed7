"""More new incidents than the operators can take: it begins, calls for help once, and ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest

from alerting import desk_session
from alerting.commands import DESK
from alerting.decisions import AnyDecision, FloodChanged, PageAsked, Wake
from alerting.desk_session import DeskState
from alerting.duty.chain import Editions
from alerting.duty.reach import Line, People, Person
from alerting.duty.roster import Roster, Shift
from alerting.events import AnyEvent, ConsolesHeard, IncidentBegan, PageTried, TimePassed
from alerting.floods import Flood
from alerting.policy import Policy
from tests.alerting.lone_home import local, only

FLOODS = Policy().floods
MOST, WITHIN_S, QUIET_S = FLOODS.flood_incidents, FLOODS.flood_within_s, FLOODS.flood_quiet_s


class Desk:
    """The desk session with scripted time; woken when it asked to be."""

    def __init__(self, *here: str, policy: Policy | None = None) -> None:
        self.now = local(9)
        self.policy = policy or Policy(duty_phones=("值班手机",))
        self.state = DeskState()
        self.wake: datetime | None = None
        self.decided: list[AnyDecision] = []
        if here:
            self.judge(ConsolesHeard(came=here, attended=here))

    def judge(self, event: AnyEvent) -> list[AnyDecision]:
        self.state, decisions = desk_session.step(self.state, event, self.now, self.policy)
        assert msgspec.json.decode(msgspec.json.encode(self.state), type=DeskState) == self.state
        for wish in only(Wake, decisions):
            assert wish.at > self.now, "a wake in the past"
            self.wake = wish.at
        self.decided += decisions
        return decisions

    def begin(self, incidents: int) -> None:
        for n in range(incidents):
            self.judge(IncidentBegan(incident=f"H{n}-1"))

    def wait(self, for_s: float) -> None:
        until = self.now + timedelta(seconds=for_s)
        wakes = 0
        while self.wake is not None and self.wake <= until:
            wakes += 1
            assert wakes < for_s / 5 + 10, "the desk is polled"
            self.now, self.wake = max(self.now, self.wake), None
            self.judge(TimePassed())
        self.now = until

    @property
    def flood(self) -> Flood:
        return self.state.inflow.flood

    @property
    def pages(self) -> list[PageAsked]:
        return only(PageAsked, self.decided)


def test_it_begins_with_one_more_than_the_operator_can_take() -> None:
    desk = Desk("anna")
    desk.begin(MOST)
    assert not desk.flood.lasts
    desk.begin(1)
    assert desk.flood.lasts
    assert (desk.flood.since, desk.flood.lately, desk.flood.total) == (desk.now, MOST + 1, MOST + 1)


@pytest.mark.parametrize("operators", [0, 1, 2, 3])
def test_it_counts_for_each_operator_who_attends(operators: int) -> None:
    desk = Desk(*[f"op{n}" for n in range(operators)])
    desk.begin(MOST * max(1, operators))
    assert not desk.flood.lasts
    desk.begin(1)
    assert desk.flood.lasts


def test_an_operator_whose_console_is_not_attended_does_not_count() -> None:
    desk = Desk()
    desk.judge(ConsolesHeard(came=("anna", "bella"), attended=("anna",)))
    desk.begin(MOST + 1)
    assert desk.flood.lasts
    assert desk.flood.operators == 1


def test_what_comes_slowly_is_no_flood() -> None:
    desk = Desk("anna")
    for _ in range(50):
        desk.begin(1)
        desk.wait(WITHIN_S / MOST + 20)
    assert desk.flood == Flood()


def test_it_ends_by_itself_when_it_has_been_calm_for_long_enough() -> None:
    desk = Desk("anna")
    desk.begin(MOST + 5)
    desk.wait(WITHIN_S + QUIET_S - 60)
    assert desk.flood.lasts, "calm, but not for long enough"
    desk.wait(120)
    assert not desk.flood.lasts
    assert desk.flood.ended is not None
    assert desk.flood.total == MOST + 5
    desk.wait(WITHIN_S + QUIET_S)
    assert desk.flood == Flood(), "and that is no longer told"
    assert desk.wake is None or desk.wake > desk.now


def test_a_wave_that_comes_again_keeps_it() -> None:
    desk = Desk("anna")
    desk.begin(MOST + 1)
    since = desk.flood.since
    for _ in range(4):
        desk.wait(WITHIN_S + QUIET_S - 120)
        desk.begin(MOST + 1)
    assert desk.flood.lasts
    assert desk.flood.since == since


def test_further_operators_are_called_once_and_again_every_half_hour() -> None:
    desk = Desk("anna")
    desk.begin(30)
    assert [page.to for page in desk.pages] == ["值班手机"]
    (page,) = desk.pages
    assert (page.incident, page.key, page.kind) == ("", DESK, None)
    for _ in range(6):
        desk.wait(FLOODS.flood_page_s / 6)
        desk.begin(MOST + 1)
    assert len(desk.pages) == 2
    assert [page.step for page in desk.pages] == [1, 2]


def test_the_supervisor_on_shift_is_called_on_every_channel() -> None:
    boss = Person(id="boss", name="班长", lines=(Line("push", 0), Line("sms", 30)))
    roster = Roster(shifts=(Shift(role="supervisor", persons=("boss",)),))
    editions = Editions(people=People(persons={"boss": boss}), roster=roster)
    desk = Desk("anna", policy=Policy(duty_phones=("值班手机",), editions=editions))
    desk.begin(MOST + 1)
    assert [(page.to, page.channel) for page in desk.pages] == [("boss", "push"), ("boss", "sms"), ("值班手机", "")]


def test_what_became_of_a_page_changes_nothing() -> None:
    desk = Desk("anna")
    desk.begin(MOST + 1)
    before = desk.state
    desk.judge(PageTried(incident="", to="值班手机"))
    assert desk.state == before


def test_it_remembers_little_however_much_comes() -> None:
    desk = Desk("anna")
    for _ in range(60):
        desk.begin(50)
        desk.wait(10)
    assert len(msgspec.json.encode(desk.state)) < 1024


def test_every_change_of_it_is_a_decision() -> None:
    desk = Desk("anna")
    desk.begin(MOST + 2)
    desk.wait(WITHIN_S + QUIET_S + 60)
    told = [decision.flood for decision in only(FloodChanged, desk.decided)]
    assert told[0].lasts
    assert not told[-1].lasts
    assert told[-1] == desk.flood
