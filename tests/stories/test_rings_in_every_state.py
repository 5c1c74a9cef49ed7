"""A new press rings again in whatever state an incident is: also held, offered, or waiting for a second person."""

from __future__ import annotations

from typing import Any

import pytest
from centre import P1, Centre
from on_both_stores import only_sqlite

from alerting.commands import (
    AnyCommand,
    Claim,
    Close,
    Dispatch,
    HandOver,
    HoldUntil,
    Prompt,
    RecordArrival,
    RecordCall,
    Resolve,
)
from alerting.model import IncidentState, Outcome
from gateway.desk.contract import QueueRow

Words = list[tuple[type[AnyCommand], dict[str, Any]]]

CLAIM: Words = [(Claim, {})]
SEND: Words = [*CLAIM, (Dispatch, {"responder": ""})]
THERE: Words = [*SEND, (RecordArrival, {})]
PATHS: dict[str, tuple[IncidentState, Words]] = {
    "open": (IncidentState.OPEN, []),
    "claimed": (IncidentState.CLAIMED, CLAIM),
    "called": (IncidentState.VERIFYING, [*CLAIM, (RecordCall, {"whom": "家中", "result": "no_answer"})]),
    "asked": (IncidentState.VERIFYING, [*CLAIM, (Prompt, {})]),
    "dispatched": (IncidentState.DISPATCHED, SEND),
    "on scene": (IncidentState.ON_SCENE, THERE),
    "resolved": (IncidentState.RESOLVED, [*THERE, (Resolve, {})]),
    "held": (IncidentState.CLAIMED, [*CLAIM, (HoldUntil, {"for_s": 600, "reason": "等女儿"})]),
    "held, somebody on the way": (IncidentState.DISPATCHED, [*SEND, (HoldUntil, {"for_s": 600, "reason": "等到场"})]),
    "offered": (IncidentState.CLAIMED, [*CLAIM, (HandOver, {"to": "zuoxi2"})]),
    "waiting for a second person": (IncidentState.CLAIMED, [*CLAIM, (Close, {"outcome": Outcome.TEST})]),
}


async def brought(centre: Centre, words: Words) -> QueueRow:
    """A press, and what zuoxi1 does about it."""
    home = centre.home()
    await centre.press(home)
    row = await centre.row_of(home)
    for kind, fields in words:
        if "responder" in fields:
            fields = {"responder": centre.plan.registry.responders[0].id}  # noqa: PLW2901 - known only now
        answer = await centre.ask(kind(key=row.key, incident=row.incident, by="zuoxi1", **fields))
        assert answer.done, answer
    return await centre.row_of(home)


def test_every_state_is_on_a_path() -> None:
    assert {state for state, _ in PATHS.values()} == set(IncidentState) - {IncidentState.CLOSED}


@only_sqlite
@pytest.mark.parametrize("name", PATHS)
async def test_a_new_press_rings_again_and_climbs_from(name: str, centre: Centre) -> None:
    state, words = PATHS[name]
    row = await brought(centre, words)
    assert row.state == state
    await centre.pass_time(seconds=5)
    rang = len(centre.rang)
    await centre.press(centre.home())
    assert centre.rang[rang:] == [row.incident]
    again = await centre.row_of(centre.home())
    assert (again.unacknowledged, again.priority, again.alarm_count) == (True, P1, 2)
    assert (again.held_until, again.offered_to, again.second_person) == (None, "", False)
    assert again.state != IncidentState.RESOLVED
    view = await centre.incident(row.incident)
    assert view.incident.ladder.since is not None
    closing = Close(key=row.key, incident=row.incident, by="zuoxi1", outcome=Outcome.TEST)
    assert (await centre.ask(closing)).refused in {"unacknowledged", "not_claimed"}
    await centre.pass_time(seconds=90)
    await centre.until(centre.pages, "the duty telephone to be called")


async def test_a_press_after_closing_is_a_new_incident(centre: Centre) -> None:
    row = await brought(centre, [*THERE, (Resolve, {})])
    assert (await centre.close(row)).done
    await centre.press(centre.home())
    assert (await centre.row_of(centre.home())).incident != row.incident
