"""Whom of the neighbours is rung, when, how often; and that their answer is theirs and stops nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest

from alerting.casefile import Contact, Household, Place
from alerting.decisions import Answered, AnyDecision, Noted, PageAsked
from alerting.dispatch.job import offered
from alerting.dispatch.neighbour import NeighbourStage
from alerting.duty.editions import Editions
from alerting.duty.reach import Line, People, Person, case_of, key_holders_of
from alerting.events import PageTold
from alerting.incidents.neighbours import MOST, answered, asked_beside, is_answer, is_within, rung
from alerting.keeping.consent import Consent, ConsentFor
from alerting.model import Aggregate, Alarm, AlarmKind, EntryKind, Incident, IncidentState, Priority, RiskTier
from alerting.policy import Policy

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)  # noon in China
KEY, FIRST = "H1", "H1-1"


def neighbour(nth: int = 0, **more: object) -> Contact:
    told: dict[str, object] = {"key_holder": True, "verified": True, "rings_first": True, **more}
    return Contact(name=f"neighbour {nth}", relation="neighbour", phone=f"1990000000{nth}", **told)  # type: ignore[arg-type]


def home(*contacts: Contact, agreed: bool = True) -> Household:
    """A case file; the household has agreed to it, or to monitoring alone."""
    purposes = tuple(ConsentFor) if agreed else (ConsentFor.MONITORING,)
    paper = Consent(who="the resident", on=NOW.date(), purposes=purposes)
    place = Place(lat=31.5, lon=120.3)
    return Household(
        key=KEY, address="?", area="32", place=place, tier=RiskTier.CARE, contacts=contacts, consents=(paper,)
    )


def policy(*contacts: Contact, agreed: bool = True, neighbours_from: Priority = Priority.P1) -> Policy:
    file = home(*contacts, agreed=agreed)
    people = People(persons=key_holders_of(file), homes={KEY: case_of(file)})
    return Policy(editions=Editions(number=1, people=people), own_neighbours_from=neighbours_from)


def incident(**more: object) -> Incident:
    usual: dict[str, object] = {
        "id": FIRST,
        "key": KEY,
        "aggregate": Aggregate.HOUSEHOLD,
        "state": IncidentState.OPEN,
        "priority": Priority.P1,
        "alarms": (Alarm(kind=AlarmKind.PANIC, at=NOW),),
        "alarm_count": 1,
        "unacknowledged": True,
        "opened_at": NOW,
        "rang_at": NOW,
        "changed_at": NOW,
    }
    return Incident(**{**usual, **more})  # type: ignore[arg-type]


def pressed(it: Incident) -> Incident:
    return msgspec.structs.replace(it, alarm_count=it.alarm_count + 1)


def begun(rules: Policy, now: datetime = NOW, **more: object) -> tuple[Incident, list[AnyDecision]]:
    """An incident has just begun: as it stands then, and what was decided."""
    it = incident(**more)
    return rung(None, it, now, rules) or (it, [])


def pages(decisions: list[AnyDecision]) -> list[PageAsked]:
    return [it for it in decisions if isinstance(it, PageAsked)]


def lines(decisions: list[AnyDecision]) -> list[tuple[EntryKind, str]]:
    return [(it.entry.kind, it.entry.text) for it in decisions if isinstance(it, Noted)]


def stages(it: Incident) -> list[NeighbourStage]:
    return [one.stage for one in it.neighbours]


# hours ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "at", "is_so"),
    [
        ("", time(3), True),
        ("08:00-20:00", time(8), True),
        ("08:00-20:00", time(20), False),
        ("08:00-20:00", time(7, 59), False),
        ("20:00-06:30", time(23), True),
        ("20:00-06:30", time(6, 29), True),
        ("20:00-06:30", time(6, 30), False),
        ("8:00-20:00", time(9), True),
        ("whenever", time(3), True),
    ],
)
def test_hours_are_by_the_clock_also_across_midnight_and_what_cannot_be_read_is_always(
    hours: str, at: time, is_so: bool
) -> None:
    assert is_within(hours, at) is is_so


def test_hours_are_by_the_clock_on_the_wall_and_who_sleeps_is_told_of_once() -> None:
    rules = policy(neighbour(hours="11:00-13:00"))
    assert stages(begun(rules)[0]) == [NeighbourStage.RUNG], "noon on the wall is four in UTC"
    at_night = NOW + timedelta(hours=12)
    it, decisions = begun(rules, at_night)
    assert stages(it) == [NeighbourStage.NOT_NOW]
    assert lines(decisions) == [(EntryKind.NEIGHBOUR_NOT_RUNG, "neighbour 0")]
    assert pages(decisions) == []
    assert rung(it, pressed(it), at_night, rules) is None, "said once"


def test_who_was_not_rung_for_the_hour_is_at_the_next_press_within_it() -> None:
    rules = policy(neighbour(hours="12:30-20:00"))
    it, _ = begun(rules)
    assert stages(it) == [NeighbourStage.NOT_NOW]
    found = rung(it, pressed(it), NOW + timedelta(minutes=31), rules)
    assert found is not None
    assert stages(found[0]) == [NeighbourStage.RUNG]


# whom -----------------------------------------------------------------------------------------------------------


def test_by_each_channel_with_the_least_of_it() -> None:
    it, decisions = begun(policy(neighbour()))
    assert lines(decisions) == [(EntryKind.NEIGHBOUR_RUNG, "neighbour 0")]
    assert [page.channel for page in pages(decisions)] == ["sms", "voice"]
    assert all(page.of_neighbour and not page.of_job and page.round == 0 for page in pages(decisions))
    assert [one.person for one in it.neighbours] == ["key:H1:0"]


@pytest.mark.parametrize("lacks", ["key_holder", "verified", "rings_first"])
def test_who_has_no_key_whose_number_was_not_tried_or_who_is_not_ticked_is_not_rung(lacks: str) -> None:
    it, decisions = begun(policy(neighbour(**{lacks: False})))
    assert (it.neighbours, decisions) == ((), [])


def test_without_consent_nobody_is_rung() -> None:
    assert begun(policy(neighbour(), agreed=False))[1] == []
    assert begun(policy(neighbour(), agreed=True))[1] != []


def test_several_are_rung_at_once_and_at_most_three() -> None:
    it, decisions = begun(policy(*(neighbour(n) for n in range(MOST + 2))))
    assert [one.person for one in it.neighbours] == [f"key:H1:{n}" for n in range(MOST)]
    assert len(pages(decisions)) == 2 * MOST


@pytest.mark.parametrize(
    ("priority", "since", "is_rung"),
    [
        (Priority.P1, Priority.P1, True),
        (Priority.P2, Priority.P1, False),
        (Priority.P2, Priority.P2, True),
        (Priority.P3, Priority.P2, False),
    ],
)
def test_from_which_priority_on_the_centre_says(priority: Priority, since: Priority, is_rung: bool) -> None:
    it, _ = begun(policy(neighbour(), neighbours_from=since), priority=priority)
    assert bool(it.neighbours) is is_rung


@pytest.mark.parametrize("state", [IncidentState.RESOLVED, IncidentState.CLOSED])
def test_once_it_is_over_nobody_is_rung(state: IncidentState) -> None:
    assert begun(policy(neighbour()), state=state)[1] == []


def test_an_area_has_no_neighbours() -> None:
    assert begun(policy(neighbour()), aggregate=Aggregate.AREA)[1] == []


# when -----------------------------------------------------------------------------------------------------------


def test_what_changes_without_a_press_rings_nobody() -> None:
    rules = policy(neighbour())
    before = incident()  # from before the neighbour was ticked
    claimed = msgspec.structs.replace(before, state=IncidentState.CLAIMED, claimed_by="op.anna")
    assert rung(before, claimed, NOW, rules) is None
    assert rung(before, before, NOW, rules) is None
    assert rung(before, pressed(before), NOW, rules) is not None


def test_what_becomes_more_urgent_rings_them() -> None:
    rules = policy(neighbour())
    before = incident(priority=Priority.P3)
    assert rung(before, msgspec.structs.replace(before, priority=Priority.P1), NOW, rules) is not None
    assert rung(before, msgspec.structs.replace(before, priority=Priority.P2), NOW, rules) is None


def test_rung_already_they_are_not_rung_again_before_five_minutes() -> None:
    rules = policy(neighbour())
    it, _ = begun(rules)
    assert rules.page_s == 300
    assert rung(it, pressed(it), NOW + timedelta(seconds=300), rules) is None
    assert rung(it, pressed(it), NOW + timedelta(seconds=301), rules) is not None


def test_another_incident_of_the_home_rings_them_anew() -> None:
    rules = policy(neighbour())
    it, _ = begun(rules)
    assert rung(it, incident(id="H1-2"), NOW + timedelta(seconds=5), rules) is not None


# what they say --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "stage", "kind"),
    [
        ("accepted", NeighbourStage.GOES, EntryKind.NEIGHBOUR_GOES),
        ("declined", NeighbourStage.CANNOT, EntryKind.NEIGHBOUR_CANNOT),
    ],
)
def test_their_answer_is_a_line_and_nothing_else(what: str, stage: NeighbourStage, kind: EntryKind) -> None:
    rules = policy(neighbour(), neighbour(1))
    it, _ = begun(rules)
    said = PageTold(incident=FIRST, to="key:H1:0", what=what, name="neighbour 0")
    assert is_answer(it, said)
    after, decisions = answered(it, said, NOW)
    assert {one.person: one.stage for one in after.neighbours} == {"key:H1:0": stage, "key:H1:1": NeighbourStage.RUNG}
    assert lines(decisions) == [(kind, "neighbour 0")]
    assert isinstance(decisions[-1], Answered)
    assert msgspec.structs.replace(after, neighbours=it.neighbours) == it, "nothing else has changed"
    again = rung(after, pressed(after), NOW + timedelta(minutes=10), rules)
    assert again is not None
    assert {page.to for page in pages(again[1])} == {"key:H1:1"}, "who has answered is not asked again"


@pytest.mark.parametrize(
    "said",
    [
        PageTold(incident=FIRST, to="key:H1:0", what="accepted", round=1, step=2),
        PageTold(incident=FIRST, to="key:H1:0", what="seen"),
        PageTold(incident=FIRST, to="key:H1:7", what="accepted"),
        PageTold(incident="H1-2", to="key:H1:0", what="accepted"),
    ],
    ids=["as a key holder of the climb", "not an answer", "not rung", "of another incident"],
)
def test_what_is_no_answer_of_a_neighbour(said: PageTold) -> None:
    it, _ = begun(policy(neighbour()))
    assert not is_answer(it, said)


def test_whose_page_is_worth_sending() -> None:
    it, _ = begun(policy(neighbour(), neighbour(1, hours="00:00-01:00")))
    goes = msgspec.structs.replace(it, jobs=(offered("grid.worker", NOW),))
    assert asked_beside(goes) == {"key:H1:0", "responder:grid.worker"}, "not who sleeps"
    cannot, _ = answered(goes, PageTold(incident=FIRST, to="key:H1:0", what="declined"), NOW)
    assert asked_beside(cannot) == {"responder:grid.worker"}
    resolved = msgspec.structs.replace(goes, state=IncidentState.RESOLVED)
    assert asked_beside(resolved) == {"responder:grid.worker"}
    assert asked_beside(msgspec.structs.replace(goes, state=IncidentState.CLOSED)) == frozenset()


def test_who_has_left_the_case_file_is_not_rung() -> None:
    rules = policy(neighbour())
    people = msgspec.structs.replace(rules.editions.people, persons={})
    gone = msgspec.structs.replace(rules, editions=msgspec.structs.replace(rules.editions, people=people))
    assert begun(gone)[1] == []
    other = People(persons={"key:H1:0": Person(id="key:H1:0", name="?", lines=(Line("sms", 0),))}, homes={})
    assert begun(Policy(editions=Editions(number=1, people=other)))[1] == []
