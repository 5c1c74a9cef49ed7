"""What counts as a finding, by pictures of store and memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from alerting import stray
from alerting.audit import AGAIN_S, Check, Finding, Letter, Picture, Watch, findings
from alerting.commands import Claim, Close
from alerting.decisions import Noted, Rang
from alerting.events import AuditTold, Commanded
from alerting.incidents import casework, incident
from alerting.model import Aggregate, Alarm, AlarmKind, EntryKind, Outcome, Priority
from alerting.policy import Policy
from alerting.stray import StrayState

POLICY = Policy(duty_phones=("duty",))
NOW = datetime(2026, 1, 5, tzinfo=UTC)
LATER = NOW + timedelta(seconds=10)
OPEN, _ = incident.begin("H1", Aggregate.HOUSEHOLD, 1, Alarm(kind=AlarmKind.PANIC, at=NOW), Priority.P1)
OWNER = ("household", "H1")
DUE_MS = int(casework.due_s(OPEN, POLICY) * 1000)


def picture(**other: Any) -> Picture:
    """Everything is as it must be, but for this."""
    due = other.pop("due_ms", DUE_MS)
    values: dict[str, Any] = {
        "now": LATER,
        "stored": (OPEN,),
        "timers": {OWNER: due},
        "running": {OPEN.id: OPEN},
        "armed": {OWNER: due},
        "queued": frozenset({(due, *OWNER)}),
        "shown": {OPEN.id: True},
    }
    return Picture(**{**values, **other})


def words(seen: Picture) -> list[str]:
    return [it.word for it in findings(seen, POLICY)]


def test_what_is_as_it_must_be_is_no_finding() -> None:
    assert words(picture()) == []


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"timers": {}}, "no_timer"),
        ({"due_ms": DUE_MS + 60_000}, "timer_too_late"),
        ({"now": LATER + timedelta(seconds=60)}, "overdue"),
        ({"armed": {}}, "not_queued"),
        ({"queued": frozenset()}, "not_queued"),
        ({"armed": {OWNER: DUE_MS, ("household", "H2"): 1}}, "not_stored"),
        ({"letters": (Letter("H1", OPEN.id, "duty", at_work=False),)}, "no_sender"),
        ({"is_sending": False}, "sender_dead"),
        ({"consoles": (Watch("anna", 1, NOW - timedelta(seconds=60)),)}, "no_sound"),
        ({"here": ("anna",)}, "no_socket"),
        ({"shown": {}}, "not_shown"),
        ({"shown": {OPEN.id: False}}, "not_ringing"),
        ({"running": {}}, "not_in_memory"),
        ({"running": {OPEN.id: msgspec.structs.replace(OPEN, unacknowledged=False)}}, "differs"),
        ({"stored": (), "timers": {OWNER: DUE_MS}}, "not_in_store"),
    ],
)
def test_each_thing_that_is_not_as_it_must_be_is_one_finding(other: dict[str, Any], word: str) -> None:
    assert words(picture(**other)) == [word]


def test_what_has_just_changed_may_be_on_its_way() -> None:
    fresh = msgspec.structs.replace(OPEN, changed_at=LATER)
    assert words(picture(stored=(fresh,), running={}, shown={})) == []


def test_nobody_has_it_and_nothing_is_due() -> None:
    forgotten = msgspec.structs.replace(OPEN, ladder=msgspec.structs.replace(OPEN.ladder, since=None))
    assert words(picture(stored=(forgotten,), running={OPEN.id: forgotten})) == ["nothing_due"]


FOUND = Finding(Check.NEXT_STEP, "no_timer", "H1", "H1-1")


def told(state: StrayState, at: datetime, *standing: Finding) -> tuple[StrayState, list[object]]:
    rows = tuple((it.word, it.key, it.incident, it.about) for it in standing)
    after, decisions = stray.step(state, AuditTold(check=Check.NEXT_STEP, standing=rows), at, POLICY)
    return after, list(decisions)


def test_a_finding_rings_once_is_mended_in_a_line_and_rings_again_when_it_comes_again() -> None:
    state, first = told(StrayState(key="~audit~next_step"), NOW, FOUND)
    assert sum(isinstance(d, Rang) for d in first) == 1
    assert state.open is not None
    assert state.open.priority is Priority.P1
    state, second = told(state, LATER, FOUND)
    assert not [d for d in second if isinstance(d, Rang | Noted)]
    state, third = told(state, LATER)
    assert [d.entry.kind for d in third if isinstance(d, Noted)] == [EntryKind.MENDED]
    assert state.open is not None, "for an operator to close"
    state, fourth = told(state, LATER, FOUND)
    assert any(isinstance(d, Rang) for d in fourth)


def test_closed_while_it_stands_it_rings_again_after_a_while() -> None:
    state, _ = told(StrayState(key="~audit~next_step"), NOW, FOUND)
    assert state.open is not None
    who = {"key": state.key, "incident": state.open.id, "by": "anna"}
    for command in (Claim(**who), Close(**who, outcome=Outcome.EQUIPMENT)):
        state, _ = stray.step(state, Commanded(command=command, at_console=True), LATER, POLICY)
    assert state.open is None, "one person alone may close it"
    state, quiet = told(state, LATER + timedelta(seconds=60), FOUND)
    assert not [d for d in quiet if isinstance(d, Rang)]
    state, again = told(state, LATER + timedelta(seconds=AGAIN_S), FOUND)
    assert any(isinstance(d, Rang) for d in again)
    assert state.open is not None
