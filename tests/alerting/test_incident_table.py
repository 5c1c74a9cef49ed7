"""Every command in every state: either a legal move or a refusal word, as the table says."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from alerting import incident
from alerting.commands import AnyCommand, Claim, Close, Dispatch, OpenManual, Recall, Release, Reopen, Resolve
from alerting.decisions import Answered, AnyDecision, Noted
from alerting.incident import ACTS, ALLOWED, HOLDERS_ONLY
from alerting.model import Aggregate, Alarm, AlarmKind, Incident, IncidentState, Priority
from tests.alerting import desk_words
from tests.alerting.desk_words import ANNA, BELLA, FIRST, WORKER
from tests.alerting.lone_home import KEY

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 2, tzinfo=UTC)
RUNNING = [s for s in IncidentState if s is not IncidentState.CLOSED]
WORDS = {"no_incident", "not_claimed", "wrong_state", "held_by_other", "unacknowledged", "unknown_responder"}

TURNED: dict[type[AnyCommand], set[IncidentState]] = {
    Claim: {IncidentState.CLAIMED, IncidentState.DISPATCHED, IncidentState.RESOLVED},
    Release: {IncidentState.OPEN},
    Dispatch: {IncidentState.DISPATCHED},
    Recall: {IncidentState.CLAIMED},
    Resolve: {IncidentState.RESOLVED},
    Reopen: {IncidentState.CLAIMED, IncidentState.DISPATCHED},
    Close: {IncidentState.CLOSED},
}
"""Where a command may lead; the others leave the incident where it stands."""

BUILT: dict[type[AnyCommand], AnyCommand] = {
    type(word): word
    for word in (
        desk_words.claim(),
        desk_words.release(),
        desk_words.call(),
        desk_words.prompt(),
        desk_words.dispatch(),
        desk_words.recall(),
        desk_words.arrive(),
        desk_words.resolve(),
        desk_words.reopen(),
        desk_words.close(),
        desk_words.note(),
    )
}


def standing(state: IncidentState, *, unacknowledged: bool) -> Incident:
    held = state is not IncidentState.OPEN
    sent = state in {IncidentState.DISPATCHED, IncidentState.RESOLVED}
    return Incident(
        id=FIRST,
        key=KEY,
        aggregate=Aggregate.HOUSEHOLD,
        state=state,
        priority=Priority.P1,
        alarms=(Alarm(kind=AlarmKind.PANIC, at=NOW),),
        alarm_count=1,
        unacknowledged=unacknowledged,
        opened_at=NOW,
        rang_at=NOW,
        changed_at=NOW,
        claimed_by=ANNA if held else "",
        responder=WORKER if sent else "",
    )


def asked(stands: Incident | None, command: AnyCommand) -> tuple[Incident | None, list[AnyDecision], Answered]:
    before = msgspec.json.encode(stands)
    after, decisions = incident.act(stands, command, LATER)
    assert msgspec.json.encode(stands) == before
    answer = decisions[-1]
    assert isinstance(answer, Answered), "the answer comes last"
    return after, decisions, answer


def test_the_table_names_every_command_once() -> None:
    assert set(BUILT) == set(ALLOWED) == set(ACTS)
    assert OpenManual not in ALLOWED
    assert all(IncidentState.CLOSED not in states for states in ALLOWED.values())
    assert set().union(*ALLOWED.values()) == set(RUNNING)


@pytest.mark.parametrize("unacknowledged", [False, True])
@pytest.mark.parametrize("by", [ANNA, BELLA])
@pytest.mark.parametrize("state", RUNNING)
@pytest.mark.parametrize("kind", list(BUILT), ids=lambda kind: kind.__name__)
def test_each_command_moves_on_or_is_refused_with_a_word(
    kind: type[AnyCommand], state: IncidentState, by: str, unacknowledged: bool
) -> None:
    stands = standing(state, unacknowledged=unacknowledged)
    command = msgspec.structs.replace(BUILT[kind], by=by)
    after, decisions, answer = asked(stands, command)
    others = by == BELLA and state is not IncidentState.OPEN
    if state not in ALLOWED[kind]:
        expected = "not_claimed" if state is IncidentState.OPEN else "wrong_state"
    elif others and (kind in HOLDERS_ONLY or (kind is Claim and not unacknowledged)):
        expected = "held_by_other"
    elif unacknowledged and kind in {Close, Resolve}:
        expected = "unacknowledged"
    else:
        expected = ""
    assert answer.refused == expected
    assert not answer.refused or answer.refused in WORDS
    if answer.refused:
        assert (after, len(decisions)) == (stands, 1), "a refusal changes nothing"
        assert answer.held_by == (ANNA if expected == "held_by_other" else "")
        return
    states_after = {IncidentState.CLOSED} if after is None else {after.state}
    assert states_after <= TURNED.get(kind, {state})
    asked_twice = kind is Claim and by == ANNA and not unacknowledged and state is not IncidentState.OPEN
    assert any(isinstance(d, Noted) for d in decisions) is not asked_twice, "what was done is in the timeline"


@pytest.mark.parametrize("kind", list(BUILT), ids=lambda kind: kind.__name__)
def test_without_an_incident_every_command_is_refused(kind: type[AnyCommand]) -> None:
    after, decisions, answer = asked(None, BUILT[kind])
    assert (after, answer.refused, len(decisions)) == (None, "no_incident", 1)
