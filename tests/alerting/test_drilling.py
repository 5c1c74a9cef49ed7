"""A drill calls in lots, goes on by each person's channels, and counts the first answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alerting.decisions import Answered, AnyDecision, PageAsked, Slept, Wake
from alerting.duty.drill import MOST_CALLED, Drill, DrillEnded, StartDrill, drill_key
from alerting.duty.drilling import LOT, LOT_S, step
from alerting.duty.reach import Line, People
from alerting.events import AnyEvent, Commanded, PageTold, PageTried, TimePassed
from alerting.policy import Policy
from tests.alerting.chain_of_village import PEOPLE, PUSH, SMS, person, policy

NOW = datetime(2026, 1, 5, tzinfo=UTC)
KEY = drill_key("32.01")


class Practice:
    """A drill of an area, and what it has led to so far."""

    def __init__(self, of: Policy | None = None) -> None:
        self.policy, self.state, self.now = of or policy(), Drill(key=KEY), NOW
        self.pages: list[tuple[int, str, str]] = []
        self.due: datetime | None = None

    def judge(self, event: AnyEvent) -> list[AnyDecision]:
        self.state, decisions = step(self.state, event, self.now, self.policy)
        after_s = int((self.now - NOW).total_seconds())
        self.pages += [(after_s, it.to, it.channel) for it in decisions if isinstance(it, PageAsked)]
        woken = [it.at if isinstance(it, Wake) else None for it in decisions if isinstance(it, Wake | Slept)]
        self.due = woken[-1] if woken else self.due
        return decisions

    def start(self, *persons: str, within_s: int = 600) -> str:
        command = StartDrill(key=KEY, by="zhuguan", persons=persons, within_s=within_s)
        (answer,) = [it for it in self.judge(Commanded(command=command)) if isinstance(it, Answered)]
        return answer.refused

    def run(self) -> None:
        """Until it is over."""
        while self.due is not None:
            self.now = self.due
            self.judge(TimePassed())

    def told(self, who: str, what: str, **more: str) -> None:
        self.judge(PageTold(incident="", to=who, what=what, round=self.state.number, **more))


def test_each_is_called_by_their_channels_in_their_order_until_they_answer() -> None:
    drill = Practice()
    assert drill.start("village", "key") == ""
    drill.now += timedelta(seconds=20)
    drill.told("village", "accepted", detail="key")
    drill.run()
    assert drill.pages == [(0, "village", "push"), (0, "key", "sms")]
    assert not drill.state.running


def test_the_channels_come_after_as_many_seconds_as_in_earnest() -> None:
    drill = Practice()
    drill.start("village")
    drill.run()
    assert drill.pages == [(0, "village", "push"), (30, "village", "sms"), (60, "village", "voice")]
    assert drill.now == NOW + timedelta(seconds=600)


def test_a_channel_that_fails_pulls_the_next_one() -> None:
    drill = Practice()
    drill.start("village")
    drill.now += timedelta(seconds=5)
    drill.judge(PageTried(incident="", to="", person="village", error="refused", gave_up=True, round=1, channel="push"))
    assert drill.pages == [(0, "village", "push"), (5, "village", "sms")]
    drill.run()
    assert drill.pages[-1] == (35, "village", "voice")


def test_many_are_called_in_lots() -> None:
    people = People(persons={f"p{n}": person(f"p{n}", SMS) for n in range(LOT * 2 + 1)})
    drill = Practice(policy(people=people))
    drill.start(*people.persons)
    drill.run()
    at_s = [after_s for after_s, _, _ in drill.pages]
    assert at_s == [0] * LOT + [LOT_S] * LOT + [2 * LOT_S]


def test_more_than_that_are_not_called_at_once() -> None:
    people = People(persons={f"p{n}": person(f"p{n}", PUSH) for n in range(MOST_CALLED + 1)})
    drill = Practice(policy(people=people))
    assert drill.start(*people.persons) == "too_many_called"
    assert drill.pages == []


def test_the_first_answer_counts_and_a_refusal_is_an_answer() -> None:
    drill = Practice()
    drill.start("village")
    drill.told("village", "declined", detail="link")
    first = drill.state.of("village")
    drill.now += timedelta(seconds=9)
    drill.told("village", "accepted", detail="key")
    assert drill.state.of("village") == first
    assert first is not None
    assert (first.declined, first.how) == (True, "link")


def test_who_is_reached_on_no_channel_is_left_out() -> None:
    drill = Practice()
    assert drill.start("silent") == "nobody_to_call"
    assert drill.start("silent", "key", "key") == ""
    assert [it.person for it in drill.state.called] == ["key"]


def test_an_answer_to_an_older_drill_changes_nothing() -> None:
    drill = Practice()
    drill.start("key")
    drill.run()
    drill.start("key")
    before = drill.state
    drill.judge(PageTold(incident="", to="key", what="accepted", round=1))
    drill.judge(PageTried(incident="", to="", person="key", error="x", gave_up=True, round=1))
    assert drill.state == before


def test_it_ends_once() -> None:
    drill = Practice()
    drill.start("key")
    drill.now += timedelta(seconds=600)
    assert any(isinstance(it, DrillEnded) for it in drill.judge(TimePassed()))
    assert drill.judge(TimePassed()) == []


def test_a_person_with_one_channel_is_called_once() -> None:
    people = People(persons=PEOPLE.persons | {"one": person("one", Line("sms", 0))})
    drill = Practice(policy(people=people))
    drill.start("one")
    drill.run()
    assert drill.pages == [(0, "one", "sms")]
