"""All states that an incident can come into, and what holds in every one of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from alerting.commands import AgreeToClose, Close
from alerting.decisions import Noted, PageAsked, Rang
from alerting.duty.escalation import is_waiting
from alerting.events import Commanded, HolderGone, SignalHeard, TimePassed
from alerting.incidents import casework
from alerting.model import EntryKind, Incident, IncidentState, Priority
from tests.alerting.incident_paper import edges
from tests.simulation.every_state import POLICY, TICK_S, Found, Place, explore, step, tick

PAPER = Path(__file__).resolve().parents[2] / "docs" / "incident.md"
PATIENCE_TICKS = 12


class Checkers:
    """Looks at every step; each promise is one check."""

    def __init__(self) -> None:
        self.steps = 0
        self.closed = 0
        self.broken = 0
        self.second = 0
        self.edges: set[tuple[str, str]] = set()

    def look(self, found: Found) -> None:
        self.steps += 1
        before, after = found.before.memory.hot, found.after.memory.hot
        if after.open is not None:
            has_a_next_step(found.after, after.open)
        if before.open is not None and after.open is None:
            self.closed += 1
            self.closed_rightly(found, before.open)
        if isinstance(found.event, SignalHeard):
            self.broken += bool(before.open and (before.open.hold or before.open.offer or before.open.closing))
            a_press_rings(found)
        stood = before.open or (before.closed if isinstance(found.event, Commanded) else None)
        stands = after.open or (after.closed if before.open else None)
        if stood is not None and stands is not None and stood.id == stands.id and stood.state is not stands.state:
            self.edges.add((stood.state.value, stands.state.value))
        if after.open is not None and before.open is not None:
            assert after.open.priority <= before.open.priority, "it became less urgent"

    def closed_rightly(self, found: Found, stood: Incident) -> None:
        closed = found.after.memory.hot.closed
        assert closed is not None
        assert closed.outcome is not None, "closed without an outcome"
        assert not stood.unacknowledged, "closed while unacknowledged"
        assert isinstance(found.event, Commanded), "closed by itself"
        command = found.event.command
        assert isinstance(command, Close | AgreeToClose)
        if isinstance(command, AgreeToClose):
            self.second += 1
            assert stood.closing is not None
            assert stood.closing.by != command.by, "one person has agreed with themselves"
        else:
            assert stood.priority > Priority.P1 or stood.contact, "a P1 closed by one person, without contact"


def has_a_next_step(place: Place, incident: Incident) -> None:
    """A due time in the future for which the home will be woken; else it is in the hands of somebody who is there."""
    ladder = incident.ladder
    assert is_waiting(ladder) == incident.rings, "it climbs, or somebody has accepted, while it rings and only then"
    assert ladder.since is None or ladder.accepted_until is None, "it climbs although somebody has accepted"
    due_s, armed_s = casework.due_s(incident, POLICY), place.memory.hot.armed_s
    now_s = int(place.now.timestamp())
    if due_s:
        assert now_s < armed_s <= max(due_s, now_s + 1), "nobody will look when it is due"
        return
    assert incident.claimed_by, "nobody has it, and nothing is due"
    assert not incident.rings, "it rings, and nothing is due"
    assert incident.at_console, "nothing is due, and its holder is not there"
    assert incident.gone_since is None, "nothing is due, and its holder is gone"


def a_press_rings(found: Found) -> None:
    """Whatever was: it rings, as P1, unacknowledged, with the climb begun; nothing holds it back."""
    pressed = found.after.memory.hot.open
    assert pressed is not None
    assert any(isinstance(decision, Rang) for decision in found.decisions), "a press that did not ring"
    assert pressed.unacknowledged
    assert pressed.priority is Priority.P1
    assert pressed.hold is None
    assert pressed.offer is None
    assert pressed.closing is None
    assert not pressed.contact, "what was heard before the press counts still"
    assert pressed.ladder.since is not None, "a press that does not climb"
    assert pressed.state is not IncidentState.RESOLVED


@pytest.fixture(scope="module")
def seen() -> tuple[dict[object, Place], Checkers]:
    checkers = Checkers()
    return explore(checkers.look), checkers


def test_every_state_keeps_every_promise(seen: tuple[dict[object, Place], Checkers]) -> None:
    places, checkers = seen
    print(f"{len(places)} states, {checkers.steps} steps")  # noqa: T201 - the count is what is asked for
    stood = {place.memory.hot.open.state for place in places.values() if place.memory.hot.open is not None}
    assert stood == set(IncidentState) - {IncidentState.CLOSED}, "a state that was never reached"
    assert checkers.closed
    assert checkers.second
    assert checkers.broken


def test_each_way_in_the_diagram_is_gone_and_no_other(seen: tuple[dict[object, Place], Checkers]) -> None:
    assert seen[1].edges == set(edges())


def test_the_papers_tell_the_count(seen: tuple[dict[object, Place], Checkers]) -> None:
    places, checkers = seen
    told = re.search(r"\*\*([\d,]+) states, ([\d,]+) steps\*\*", PAPER.read_text(encoding="utf-8"))
    assert told is not None
    assert [int(number.replace(",", "")) for number in told.groups()] == [len(places), checkers.steps]


def test_wherever_everybody_walks_away_it_rings(seen: tuple[dict[object, Place], Checkers]) -> None:
    """From every state: the holder's console goes, nobody does anything, and soon it rings."""
    for place in seen[0].values():
        at, incident = place, place.memory.hot.open
        if incident is None or incident.rings:
            continue
        at = step(at, HolderGone(login=incident.claimed_by, since=at.now)).after
        for _ in range(PATIENCE_TICKS):
            at = tick(at).after
            assert at.memory.hot.open is not None, "closed by itself"
            if at.memory.hot.open.rings:
                break
        assert at.memory.hot.open is not None
        assert at.memory.hot.open.rings, "everybody has gone, and it stays silent"


def test_an_acceptance_that_nothing_follows_expires_and_it_climbs_anew(
    seen: tuple[dict[object, Place], Checkers],
) -> None:
    """Whoever said on the telephone that they go: nobody else is called until their time is over, and then again."""
    accepted = 0
    for place in seen[0].values():
        at, incident = place, place.memory.hot.open
        if incident is None or incident.ladder.accepted_until is None:
            continue
        accepted += 1
        while at.now + timedelta(seconds=TICK_S) < incident.ladder.accepted_until:
            found = tick(at)
            at = found.after
            assert not any(isinstance(d, PageAsked) for d in found.decisions), "called although somebody has accepted"
            if at.memory.hot.open is None or at.memory.hot.open.ladder != incident.ladder:
                break
        else:
            found = tick(at)
            assert found.after.memory.hot.open is not None, "closed by itself"
            after = found.after.memory.hot.open
            assert after.ladder.accepted_until is None, "it never expires"
            assert not after.rings or any(isinstance(d, Rang) for d in found.decisions)
            assert after.rings == (after.ladder.since is not None)
    assert accepted


def test_a_wish_to_close_that_nobody_answers_comes_back(seen: tuple[dict[object, Place], Checkers]) -> None:
    """Alone at night: not closed, not stuck, but in the hands of who asked, or ringing for everybody."""
    waiting = 0
    for place in seen[0].values():
        at, incident = place, place.memory.hot.open
        if incident is None or incident.closing is None:
            continue
        waiting += 1
        kinds: list[EntryKind] = []
        while at.memory.hot.open is not None and at.memory.hot.open.closing is not None:
            found = tick(at)
            assert isinstance(found.event, TimePassed)
            kinds += [d.entry.kind for d in found.decisions if isinstance(d, Noted)]
            at = found.after
            assert at.now <= incident.closing.until, "it waits longer than was said"
        back = at.memory.hot.open
        assert back is not None, "closed without anybody agreeing"
        assert EntryKind.SECOND_LAPSED in kinds
        assert back.rings or back.claimed_by == incident.closing.by
    assert waiting
