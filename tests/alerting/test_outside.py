"""What becomes of a page, and a call, is a line in the timeline; only an acceptance moves anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerting import outside
from alerting.decisions import Answered, AnyDecision, IncidentChanged, Noted, Rang
from alerting.events import AnyEvent, CallLogged, PageTold
from alerting.incidents import incident
from alerting.model import Aggregate, Alarm, AlarmKind, EntryKind, Incident, Priority
from alerting.policy import Policy

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LATER = NOW + timedelta(seconds=100)
RUNNING, _ = incident.begin("H1", Aggregate.HOUSEHOLD, 1, Alarm(kind=AlarmKind.PANIC, at=NOW), Priority.P1)


POLICY = Policy(duty_phones=("duty",))


@pytest.mark.parametrize(("what", "kind"), [it for it in outside.LINES.items() if it[0] != "accepted"])
def test_what_became_of_a_page_is_one_line_and_stops_nothing(what: str, kind: EntryKind) -> None:
    event = PageTold(incident=RUNNING.id, to="responder:r1", what=what, detail="key", name="duty")
    text = "key|duty" if what in {"accepted", "declined"} else "duty|key"
    after, decisions = outside.told(RUNNING, event, LATER, POLICY)
    said_no = (("responder:r1", RUNNING.ladder.round, RUNNING.ladder.step),) if what == "declined" else ()
    ladder = msgspec.structs.replace(RUNNING.ladder, declined=said_no)
    assert after == msgspec.structs.replace(RUNNING, changed_at=LATER, ladder=ladder)
    changed, noted = decisions
    assert isinstance(changed, IncidentChanged)
    assert isinstance(noted, Noted)
    assert (noted.entry.kind, noted.entry.text, noted.entry.at) == (kind, text, LATER)


def accepted(to: str = "duty") -> tuple[Incident, list[AnyDecision]]:
    event = PageTold(incident=RUNNING.id, to=to, what="accepted", detail="key", name=to)
    after, decisions = outside.told(RUNNING, event, LATER, POLICY)
    assert after is not None
    return after, decisions


def test_an_acceptance_is_one_line_and_pauses_the_climb() -> None:
    after, decisions = accepted()
    assert after.ladder.since is None
    assert after.ladder.accepted_by == "duty"
    noted = [d.entry for d in decisions if isinstance(d, Noted)]
    assert [(entry.kind, entry.text) for entry in noted] == [(EntryKind.PAGE_ACCEPTED, "key|duty")]
    assert decisions[-1] == Answered(incident=RUNNING.id)


def test_somebody_who_is_called_no_more_accepts_nothing() -> None:
    after, decisions = accepted("responder:gone")
    assert after is RUNNING
    assert decisions == [Answered(incident=RUNNING.id, refused="unknown_person")]


@pytest.mark.parametrize(("who", "climbs"), [("duty", True), ("another", False)])
def test_only_whoever_accepted_lets_it_climb_anew_by_declining(who: str, climbs: bool) -> None:
    paused, _ = accepted()
    event = PageTold(incident=RUNNING.id, to=who, what="declined", detail="key", name=who)
    after, decisions = outside.told(paused, event, LATER, POLICY)
    assert after is not None
    assert (after.ladder.since == LATER) is climbs
    assert after.ladder.accepted_by == ("" if climbs else "duty")
    assert any(isinstance(d, Rang) for d in decisions) is climbs


@pytest.mark.parametrize("what", ["delivered", "accepted", "declined"])
@pytest.mark.parametrize("running", [None, msgspec.structs.replace(RUNNING, id="H1-2")])
def test_of_an_incident_that_has_ended_only_the_line_is_written(running: object, what: str) -> None:
    event = PageTold(incident=RUNNING.id, to="duty", what=what)
    after, decisions = outside.told(running, event, LATER, POLICY)  # type: ignore[arg-type]
    assert after is running
    assert [type(d) for d in decisions] == [Noted]


@pytest.mark.parametrize(("direction", "kind"), [("in", EntryKind.CALL_IN), ("out", EntryKind.CALL_OUT)])
def test_a_call_is_one_line_with_number_name_result_and_length(direction: str, kind: EntryKind) -> None:
    event = CallLogged(
        incident=RUNNING.id, direction=direction, number="120", who="a|b", result="spoke", duration_s=42, by="zuoxi1"
    )
    _, (_, noted) = outside.told(RUNNING, event, LATER, POLICY)
    assert isinstance(noted, Noted)
    assert (noted.entry.kind, noted.entry.text, noted.entry.by) == (kind, "120|a b|spoke|42", "zuoxi1")


def test_both_are_journalled_as_they_are() -> None:
    for event in (
        PageTold(incident="H1-1", to="duty", what="accepted", detail="link"),
        CallLogged(incident="H1-1", direction="in", number="120"),
    ):
        assert msgspec.json.decode(msgspec.json.encode(event), type=AnyEvent) == event
