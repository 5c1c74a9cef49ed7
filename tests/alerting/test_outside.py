"""What becomes of a page, and a call, is a line in the timeline: it moves nothing by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from alerting import incident, outside
from alerting.decisions import IncidentChanged, Noted
from alerting.events import AnyEvent, CallLogged, PageTold
from alerting.model import Aggregate, Alarm, AlarmKind, EntryKind, Priority

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LATER = NOW + timedelta(seconds=100)
RUNNING, _ = incident.begin("H1", Aggregate.HOUSEHOLD, 1, Alarm(kind=AlarmKind.PANIC, at=NOW), Priority.P1)


@pytest.mark.parametrize(("what", "kind"), list(outside.LINES.items()))
def test_what_became_of_a_page_is_one_line_and_stops_nothing(what: str, kind: EntryKind) -> None:
    event = PageTold(incident=RUNNING.id, to="responder:r1", what=what, detail="key", name="duty")
    text = "key|duty" if what in {"accepted", "declined"} else "duty|key"
    after, decisions = outside.told(RUNNING, event, LATER)
    assert after == msgspec.structs.replace(RUNNING, changed_at=LATER)
    changed, noted = decisions
    assert isinstance(changed, IncidentChanged)
    assert isinstance(noted, Noted)
    assert (noted.entry.kind, noted.entry.text, noted.entry.at) == (kind, text, LATER)


@pytest.mark.parametrize("running", [None, msgspec.structs.replace(RUNNING, id="H1-2")])
def test_of_an_incident_that_has_ended_only_the_line_is_written(running: object) -> None:
    event = PageTold(incident=RUNNING.id, to="duty", what="delivered")
    after, decisions = outside.told(running, event, LATER)  # type: ignore[arg-type]
    assert after is running
    assert [type(d) for d in decisions] == [Noted]


@pytest.mark.parametrize(("direction", "kind"), [("in", EntryKind.CALL_IN), ("out", EntryKind.CALL_OUT)])
def test_a_call_is_one_line_with_number_name_result_and_length(direction: str, kind: EntryKind) -> None:
    event = CallLogged(
        incident=RUNNING.id, direction=direction, number="120", who="a|b", result="spoke", duration_s=42, by="zuoxi1"
    )
    _, (_, noted) = outside.told(RUNNING, event, LATER)
    assert isinstance(noted, Noted)
    assert (noted.entry.kind, noted.entry.text, noted.entry.by) == (kind, "120|a b|spoke|42", "zuoxi1")


def test_both_are_journalled_as_they_are() -> None:
    for event in (
        PageTold(incident="H1-1", to="duty", what="accepted", detail="link"),
        CallLogged(incident="H1-1", direction="in", number="120"),
    ):
        assert msgspec.json.decode(msgspec.json.encode(event), type=AnyEvent) == event
