"""All states that an incident can come into, in three worlds, and what holds in every one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from alerting.commands import AgreeToClose, Close, Recall, RecordCall, ReportStage, Resolve
from alerting.decisions import FollowUpChanged, Noted, PageAsked, Rang
from alerting.dispatch.job import RANK
from alerting.dispatch.job import Stage as JobStage
from alerting.duty.escalation import is_waiting
from alerting.events import (
    Commanded,
    HolderGone,
    PageAccepted,
    PageGivenBack,
    PageTold,
    SignalHeard,
    TimePassed,
)
from alerting.homes import follow_up
from alerting.homes.follow_up import Stage
from alerting.incidents import casework, giving_back
from alerting.incidents.rule import stands
from alerting.model import EntryKind, Incident, IncidentState, Ladder, Priority
from tests.alerting.incident_paper import edges
from tests.simulation.broken_rules import PLANTED
from tests.simulation.every_state import Found, Place, explore, step, tick
from tests.simulation.worlds import AFTER, DEEP_PAGES, DESK, JOBS, OLDER, PAGES, WORLDS, World

PAPER = Path(__file__).resolve().parents[2] / "docs" / "incident.md"
PATIENCE_TICKS = 12
pytestmark = pytest.mark.timeout(900)  # a neighbour may be at work beside it


class Checkers:
    """Looks at every step; each promise is one check."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.steps = self.closed = self.broken = self.second = self.late = self.given_back = 0
        self.edges: set[tuple[str, str]] = set()
        self.told: set[EntryKind] = set()

    def look(self, found: Found) -> None:
        self.steps += 1
        before, after = found.before.memory.hot, found.after.memory.hot
        self.told |= {d.entry.kind for d in found.decisions if isinstance(d, Noted)}
        if before is not after or found.before.now != found.after.now:
            has_a_next_step(self.world, found.after)
        if before.open is not None and after.open is None:
            self.closed += 1
            self.closed_rightly(found, before.open)
        if isinstance(found.event, SignalHeard):
            self.broken += bool(before.open and (before.open.hold or before.open.offer or before.open.closing))
            a_press_rings(found)
        if isinstance(found.event, PageAccepted | PageTold):
            stops_nothing_for_good(found)
        self.given_back += gives_back(found)
        what_is_owed_is_looked_at(self.world, found)
        stood = before.open or (before.closed if isinstance(found.event, Commanded) else None)
        stands = after.open or (after.closed if before.open else None)
        if stood is not None and stands is not None and stood.id == stands.id and stood.state is not stands.state:
            self.edges.add((stood.state.value, stands.state.value))
        if after.open is not None and before.open is not None:
            contact_is_made(found, before.open, after.open)
            nobody_leaves(found, before.open, after.open)
            assert after.open.priority <= before.open.priority, "it became less urgent"

    def closed_rightly(self, found: Found, stood: Incident) -> None:
        closed = found.after.memory.hot.closed
        assert closed is not None
        assert closed.outcome is not None, "closed without an outcome"
        assert not stood.unacknowledged, "closed while unacknowledged"
        assert isinstance(found.event, Commanded), "closed by itself"
        assert closed.ladder == Ladder(round=closed.ladder.round), "a closed incident calls people"
        command = found.event.command
        assert isinstance(command, Close | AgreeToClose)
        if isinstance(command, AgreeToClose):
            self.second += 1
            assert stood.closing is not None
            assert stood.closing.by != command.by, "one person has agreed with themselves"
        else:
            assert stood.priority > Priority.P1 or stood.contact, "a P1 closed by one person, without contact"


def contact_is_made(found: Found, before: Incident, after: Incident) -> None:
    """Only by somebody who spoke with a person, or who is there and says that they are safe."""
    if after.contact and not before.contact:
        assert isinstance(found.event, Commanded), "contact made by nobody"
        command = found.event.command
        is_word = isinstance(command, ReportStage) and command.stage is JobStage.SAFE
        assert is_word or isinstance(command, RecordCall | Resolve), "contact without a word"


def nobody_leaves(found: Found, before: Incident, after: Incident) -> None:
    """A job never goes back; who is there goes on, hands over, or is called back by the desk."""
    for job in before.going:
        now = after.job_of(job.responder)
        assert now is not None, "a job has vanished"
        if now.stage in RANK:
            assert RANK[now.stage] >= RANK[job.stage] or now.stage is JobStage.TIMED_OUT, "a job has gone backwards"
            continue
        assert not job.was_there or now.stage is JobStage.RECALLED, "somebody has left the door"
        if now.stage is JobStage.RECALLED:
            assert isinstance(found.event, Commanded)
            assert isinstance(found.event.command, Recall), "called back by nobody"
    said = found.event.command if isinstance(found.event, Commanded) else None
    if isinstance(said, ReportStage) and said.stage is JobStage.NEEDS_120 and before.jobs != after.jobs:
        assert any(isinstance(decision, Rang) for decision in found.decisions), "120 is needed, and it is silent"
        assert after.unacknowledged


def has_a_next_step(world: World, place: Place) -> None:
    """A due time in the future for which the home will be woken; else it is in the hands of somebody who is there."""
    hot = place.memory.hot
    running, now_s = hot.open, int(place.now.timestamp())
    due = [casework.due_s(running, world.policy), follow_up.due_s(hot.follow_up, world.policy)]
    first_s = min((at_s for at_s in due if at_s), default=0)
    if first_s:
        assert now_s < hot.armed_s <= max(first_s, now_s + 1), "nobody will look when it is due"
    if running is None:
        return
    ladder = running.ladder
    assert is_waiting(ladder) == running.rings, "it climbs, or somebody has accepted, while it rings and only then"
    assert ladder.since is None or ladder.accepted_until is None, "it climbs although somebody has accepted"
    assert ladder.since is not None or not ladder.calls, "calls to come although it does not climb"
    assert all(call.at > place.now for call in ladder.calls), "a call to come whose time is over"
    if due[0]:
        return
    assert running.claimed_by, "nobody has it, and nothing is due"
    assert not running.rings, "it rings, and nothing is due"
    assert running.at_console, "nothing is due, and its holder is not there"
    assert running.gone_since is None, "nothing is due, and its holder is gone"


def a_press_rings(found: Found) -> None:
    """Whatever was: it rings, as P1, unacknowledged, with the climb begun; nothing holds it back."""
    pressed = found.after.memory.hot.open
    assert pressed is not None
    assert any(isinstance(decision, Rang) for decision in found.decisions), "a press that did not ring"
    assert pressed.unacknowledged
    assert pressed.priority is Priority.P1
    assert pressed.hold is None, "a press that did not break a hold"
    assert pressed.offer is None, "a press that did not break an offer"
    assert pressed.closing is None, "a press that did not break a wish to close"
    assert not pressed.contact, "what was heard before the press counts still"
    assert pressed.ladder.since is not None, "a press that does not climb"
    assert pressed.state is not IncidentState.RESOLVED


def stops_nothing_for_good(found: Found) -> None:
    """Whatever becomes of a page: who waits goes on waiting, and only an acceptance pauses, with an end."""
    before, after = found.before.memory.hot.open, found.after.memory.hot.open
    assert (before is None) == (after is None), "a page has closed or opened an incident"
    if before is None or after is None or gives_back(found):
        return
    event = found.event
    accepts = isinstance(event, PageAccepted) or (isinstance(event, PageTold) and event.what == "accepted")
    goes = accepts and before.jobs != after.jobs and before.state is not IncidentState.RESOLVED
    state = stands(after) if goes else before.state  # one more goes, as if the desk had sent them
    assert (state, before.claimed_by, before.unacknowledged) == (after.state, after.claimed_by, after.rings) or (
        before.closing is not None
    ), "a page has done the desk's work"
    if not accepts and before.ladder.since is not None:
        assert after.ladder.since is not None, "what became of a page has stopped the climb"
    until = after.ladder.accepted_until
    assert until is None or until > found.after.now, "an acceptance without an end"


def gives_back(found: Found) -> bool:
    """Whether somebody who had it, or was on the way, cannot go any more: then it rings and climbs, without them."""
    before, after, event = found.before.memory.hot.open, found.after.memory.hot.open, found.event
    if isinstance(event, PageGivenBack):
        by = event.by
    elif isinstance(event, PageTold) and event.what == "declined":
        by = event.to
    else:
        return False
    if before is None or event.incident != before.id or not giving_back.is_theirs(before, by):
        return False
    assert after is not None, "given back, and closed"
    assert any(isinstance(d, Rang) for d in found.decisions) or before.rings, "given back in silence"
    assert after.rings, "given back, and nobody is looked for"
    assert not giving_back.is_theirs(after, by), "given back, and still theirs"
    assert after.claimed_by == before.claimed_by, "given back, and the desk has lost it"
    assert all(call.person != by or call.at > found.after.now for call in after.ladder.calls)
    return True


def what_is_owed_is_looked_at(world: World, found: Found) -> None:
    """A follow-up call never rings nor touches an open incident, and ends only in a decision that says how."""
    before, after = found.before.memory.hot, found.after.memory.hot
    told = [d for d in found.decisions if isinstance(d, FollowUpChanged)]
    if before.follow_up.incident and before.follow_up.incident != after.follow_up.incident:
        assert any(d.ended is not None for d in told), "a call that was owed is forgotten"
    if after.follow_up.incident:
        waits = after.follow_up.stage is Stage.WAITS
        assert waits == (after.open is not None), "called beside an incident, or not any more after it"
        assert waits or follow_up.due_s(after.follow_up, world.policy), "owed, and never due"
    if isinstance(found.event, TimePassed) and before.open is None and after.open is None:
        assert not any(isinstance(d, Rang) for d in found.decisions), "a follow-up call rang"


class Seen(dict[str, tuple[dict[object, Place], Checkers]]):
    """Each world, explored when it is first asked for."""

    def __missing__(self, name: str) -> tuple[dict[object, Place], Checkers]:
        """Explore it."""
        world = next(world for world in WORLDS if world.name == name)
        checkers = Checkers(world)
        self[name] = explore(world, checkers.look), checkers
        return self[name]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


def test_every_state_keeps_every_promise(seen: Seen) -> None:
    places, checkers = seen[DESK.name]
    stood = {place.memory.hot.open.state for place in places.values() if place.memory.hot.open is not None}
    assert stood == set(IncidentState) - {IncidentState.CLOSED}, "a state that was never reached"
    assert min(checkers.closed, checkers.second, checkers.broken, checkers.given_back) > 0
    jobs = (EntryKind.JOB_ACCEPTED, EntryKind.JOB_DECLINED, EntryKind.NOT_ACCEPTED)
    for kind in (*jobs, EntryKind.GIVEN_BACK, EntryKind.LAPSED):
        assert kind in checkers.told, kind


def test_all_that_can_become_of_a_page_was_tried(seen: Seen) -> None:
    places, checkers = seen[PAGES.name]
    for kind in (
        EntryKind.PAGE_DELIVERED,
        EntryKind.PAGE_SEEN,
        EntryKind.PAGE_UNDELIVERED,
        EntryKind.PAGE_DECLINED,
        EntryKind.PAGE_ACCEPTED,
        EntryKind.ACCEPTED_LATE,
        EntryKind.ACCEPTANCE_EXPIRED,
        EntryKind.PULLED_FORWARD,
        EntryKind.GIVEN_BACK,
    ):
        assert kind in checkers.told, kind
    running = [place.memory.hot.open for place in places.values() if place.memory.hot.open is not None]
    assert any(it.ladder.calls for it in running), "no call to come"
    assert any(it.ladder.ahead_s for it in running), "no step pulled forward"
    assert len({it.ladder.accepted_by for it in running}) > 2, "nobody but one has accepted"


def test_every_stage_of_a_follow_up_was_reached(seen: Seen) -> None:
    places, checkers = seen[AFTER.name]
    owed = [place.memory.hot.follow_up for place in places.values() if place.memory.hot.follow_up.incident]
    assert {it.stage for it in owed} == set(Stage)
    assert any(it.tries for it in owed)
    planned = {EntryKind.FOLLOW_UP_PLANNED, EntryKind.FOLLOW_UP_CALLED, EntryKind.FOLLOW_UP_ENDED}
    assert planned <= checkers.told


def test_each_way_in_the_diagram_is_gone_and_no_other(seen: Seen) -> None:
    older = Checkers(OLDER)
    explore(OLDER, older.look)
    assert seen[DESK.name][1].edges | seen[JOBS.name][1].edges | older.edges == set(edges())


def test_every_stage_of_a_job_was_reached_and_two_were_there_at_once(seen: Seen) -> None:
    places, checkers = seen[JOBS.name]
    running = [place.memory.hot.open for place in places.values() if place.memory.hot.open is not None]
    assert any(sum(job.was_there for job in it.going) > 1 for it in running)
    missed = (EntryKind.NO_WORD, EntryKind.ASKED_AFTER, EntryKind.JOB_CALLED, EntryKind.ACCEPTED_LATE)
    ended = (EntryKind.JOB_HANDED_OVER, EntryKind.JOB_ELSEWHERE, EntryKind.RECALLED)
    for kind in (EntryKind.JOB_NEEDS_120, *ended, *missed):
        assert kind in checkers.told, kind


def test_the_papers_tell_the_count(seen: Seen, say: Callable[[str, str], None]) -> None:
    text = PAPER.read_text(encoding="utf-8")
    rows = re.findall(r"^\| \*(\w+)\* \|[^|]*\| ([\d,]+) \| ([\d,]+) \|$", text, flags=re.MULTILINE)
    told = {name: tuple(int(number.replace(",", "")) for number in numbers) for name, *numbers in rows}
    counts = {world.name: (len(seen[world.name][0]), seen[world.name][1].steps) for world in WORLDS}
    for name, (states, steps) in counts.items():
        say("states explored", f"{name}: {states:,} states, {steps:,} steps")
    assert told == counts


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_with_more_channels_every_promise_is_kept_too() -> None:
    checkers = Checkers(DEEP_PAGES)
    places = explore(DEEP_PAGES, checkers.look)
    assert len(places) > 1000
    assert EntryKind.PULLED_FORWARD in checkers.told


def test_wherever_everybody_walks_away_it_rings(seen: Seen) -> None:
    """From every state: the holder's console goes, nobody does anything, and soon it rings."""
    for place in seen[DESK.name][0].values():
        at, running = place, place.memory.hot.open
        if running is None or running.rings:
            continue
        at = step(DESK, at, HolderGone(login=running.claimed_by, since=at.now)).after
        for _ in range(PATIENCE_TICKS):
            at = tick(DESK, at).after
            assert at.memory.hot.open is not None, "closed by itself"
            if at.memory.hot.open.rings:
                break
        assert at.memory.hot.open is not None
        assert at.memory.hot.open.rings, "everybody has gone, and it stays silent"


@pytest.mark.parametrize("world", [DESK, PAGES], ids=lambda world: world.name)
def test_an_acceptance_that_nothing_follows_expires_and_it_climbs_anew(seen: Seen, world: World) -> None:
    """Whoever said on the telephone that they go: nobody else is called until their time is over, and then again."""
    accepted = 0
    for place in seen[world.name][0].values():
        at, running = place, place.memory.hot.open
        if running is None or running.ladder.accepted_until is None:
            continue
        accepted += 1
        while at.now + timedelta(seconds=world.tick_s) < running.ladder.accepted_until:
            found = tick(world, at)
            at = found.after
            assert not any(isinstance(d, PageAsked) for d in found.decisions), "called although somebody has accepted"
            if at.memory.hot.open is None or at.memory.hot.open.ladder != running.ladder:
                break
        else:
            found = tick(world, at)
            assert found.after.memory.hot.open is not None, "closed by itself"
            after = found.after.memory.hot.open
            assert after.ladder.accepted_until is None, "it never expires"
            assert not after.rings or any(isinstance(d, Rang) for d in found.decisions)
            assert after.rings == (after.ladder.since is not None)
    assert accepted


def test_a_wish_to_close_that_nobody_answers_comes_back(seen: Seen) -> None:
    """Alone at night: not closed, not stuck, but in the hands of who asked, or ringing for everybody."""
    waiting = 0
    for place in seen[DESK.name][0].values():
        at, running = place, place.memory.hot.open
        if running is None or running.closing is None:
            continue
        waiting += 1
        kinds: list[EntryKind] = []
        while at.memory.hot.open is not None and at.memory.hot.open.closing is not None:
            found = tick(DESK, at)
            assert isinstance(found.event, TimePassed)
            kinds += [d.entry.kind for d in found.decisions if isinstance(d, Noted)]
            at = found.after
            assert at.now <= running.closing.until, "it waits longer than was said"
        back = at.memory.hot.open
        assert back is not None, "closed without anybody agreeing"
        assert EntryKind.SECOND_LAPSED in kinds
        assert back.rings or back.claimed_by == running.closing.by
    assert waiting


def test_what_nobody_does_after_closing_rings_in_the_end(seen: Seen) -> None:
    """From every state in which a call is owed: nobody does anything, and an incident is open."""
    owed = 0
    for place in seen[AFTER.name][0].values():
        at = place
        if not at.memory.hot.follow_up.incident or at.memory.hot.open is not None:
            continue
        owed += 1
        for _ in range(PATIENCE_TICKS):
            at = tick(AFTER, at).after
        assert at.memory.hot.open is not None, "a call that was owed is forgotten"
    assert owed


# that the checkers find what is broken --------------------------------------------------------------------------


@pytest.mark.parametrize(("world", "break_it", "word"), PLANTED, ids=lambda it: getattr(it, "__name__", ""))
def test_a_rule_that_is_broken_is_found(
    world: World, break_it: Callable[[pytest.MonkeyPatch], None], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_it(monkeypatch)
    with pytest.raises(AssertionError, match=word):
        explore(world, Checkers(world).look)
