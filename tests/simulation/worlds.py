"""What is explored: three worlds of one home, each with its own people, times, and things that can happen.

In the *desk*'s world two operators and a responder do everything there is; in the world of *pages* people with several
channels answer, fail and decline; in the world *after* closing days pass, and follow-up calls are made or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from alerting.commands import (
    Accept,
    AcceptJob,
    AgreeToClose,
    AnyCommand,
    Claim,
    Close,
    Decline,
    DeclineJob,
    Dispatch,
    HandOver,
    HoldUntil,
    OpenManual,
    Prompt,
    ReadRisks,
    Recall,
    RecordArrival,
    RecordCall,
    RecordFollowUp,
    RefuseToClose,
    Release,
    Reopen,
    ReportStage,
    Resolve,
    TakeBack,
)
from alerting.dispatch.job import REPORTED, HandedTo, Stage
from alerting.dispatch.told import TakenElsewhere
from alerting.duty.chain import Editions
from alerting.duty.plan import Plan, Step, Target, TargetKind
from alerting.duty.reach import Case, Line, People, Person
from alerting.events import (
    AnyEvent,
    Commanded,
    HolderCame,
    HolderGone,
    PageAccepted,
    PageGivenBack,
    PageTold,
    PageTried,
    SignalHeard,
)
from alerting.homes.state import HouseholdState
from alerting.incidents.afterwards import CallResult, FollowUpTerms
from alerting.incidents.values import Values
from alerting.model import IncidentState, Ladder, Outcome, Priority
from alerting.policy import Policy, ladder
from device_adapters.signals import Panic

KEY, FIRST = "H1", "H1-1"
ANNA, BELLA, WORKER, PHONE, VILLAGE, TOWN = "anna", "bella", "worker", "duty", "village", "town"
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
P1, P2, P3, _P4 = Priority
_OPEN, *AT_WORK, _CLOSED = IncidentState
HOUR_S = 3600
PRESS = SignalHeard(device_id="sos", signal=Panic())


def _all(seconds: int) -> dict[Priority, int]:
    return dict.fromkeys(Priority, seconds)


Events = Callable[[HouseholdState, datetime], Iterator[AnyEvent]]


class World(msgspec.Struct, frozen=True):
    """One of them.

    Attributes:
        name: What it is called.
        policy: The centre's times, shortened so that the states can be counted.
        tick_s: How long time passes at once, seconds.
        beginnings: What begins the incident, one state each.
        events: All that can happen beside the passing of time, at this place.
        climbs: How far a climb has come makes a state of its own; else only that it goes on.
    """

    name: str
    policy: Policy
    tick_s: int
    beginnings: tuple[AnyEvent, ...]
    events: Events
    climbs: bool = True


VALUES = Values(
    console_gone_s=30,
    step_s={state: {P1: 60} for state in AT_WORK},
    no_console_s=_all(60),
    responder_accepts_s=_all(30),
    on_scene_s=_all(60),
    hold_s=_all(60),
    offer_s=_all(60),
    shift_offer_s=60,
    second_person_s=90,
    reopen_s=30,
)

# the desk -------------------------------------------------------------------------------------------------------


def _asks(by: str) -> Iterator[AnyCommand]:
    who: dict[str, Any] = {"key": KEY, "incident": FIRST, "by": by}
    other = BELLA if by == ANNA else ANNA
    plain = (Claim, Release, Recall, RecordArrival, Reopen, TakeBack, Accept, Decline, AgreeToClose, RefuseToClose)
    yield from (kind(**who) for kind in plain)
    yield from (RecordCall(**who, whom="son", result=result) for result in ("no_answer", "spoke"))
    yield from (Prompt(**who), Resolve(**who), Dispatch(**who, responder=WORKER))
    yield from (Close(**who, outcome=Outcome.WAS_WELL), HoldUntil(**who, for_s=60, reason="waits"))
    yield HandOver(**who, to=other)


SENT: dict[str, Any] = {"key": KEY, "incident": FIRST, "by": f"responder:{WORKER}"}
AT_THE_DESK: tuple[AnyEvent, ...] = (
    PRESS,
    *(Commanded(command=command, at_console=True) for by in (ANNA, BELLA) for command in _asks(by)),
    Commanded(command=Claim(key=KEY, incident=FIRST, by=ANNA)),
    *(Commanded(command=it) for it in (Resolve(**SENT), AcceptJob(**SENT), DeclineJob(**SENT, text="far away"))),
    HolderCame(login=ANNA),
    HolderCame(login=BELLA),
    PageAccepted(incident=FIRST, by=PHONE, how="key"),
    PageGivenBack(incident=FIRST, by=PHONE, how="link"),
    PageGivenBack(incident=FIRST, by=f"responder:{WORKER}", how="link", why="far away"),
)


def _at_the_desk(_hot: HouseholdState, now: datetime) -> Iterator[AnyEvent]:
    yield from AT_THE_DESK
    for login in (ANNA, BELLA):
        for restarted in (False, True):
            yield HolderGone(login=login, since=now, restarted=restarted)


DESK = World(
    name="desk",
    policy=Policy(
        own_ladders={P1: ladder(30, 60, 90), P2: ladder(60, 90), P3: ladder(90)},
        own_again_s={P1: 60, P2: 60, P3: 60},
        own_accept_s=_all(60),
        duty_phones=(PHONE,),
        own_values=VALUES,
    ),
    tick_s=30,
    beginnings=(
        PRESS,
        *(Commanded(command=OpenManual(key=KEY, by=ANNA, text="?", priority=p)) for p in (P2, P3)),
    ),
    events=_at_the_desk,
)

# pages ----------------------------------------------------------------------------------------------------------


def _pages_of(*people: Person) -> Policy:
    """A plan that calls consoles, then those people of the village and town who are known, then the duty telephone."""

    def to(after_s: int, *kinds: TargetKind) -> Step:
        return Step(after_s=after_s, targets=tuple(Target(kind=kind) for kind in kinds))

    steps = (
        to(30, TargetKind.CONSOLES),
        to(60, TargetKind.VILLAGE, TargetKind.TOWN),
        to(90, TargetKind.DUTY_PHONES),
    )
    plan = Plan(name="pages", priority=P1, steps=steps, rounds=1, everybody=True, again_s=60, accept_s=60)
    known = People(
        persons={person.id: person for person in people},
        homes={KEY: Case(area="32.01", village=VILLAGE, town=TOWN)},
    )
    editions = Editions(number=1, plans=(plan,), people=known)
    return msgspec.structs.replace(DESK.policy, editions=editions)


def _person(id_: str, *channels: str) -> Person:
    lines = tuple(Line(channel, 30 * n) for n, channel in enumerate(channels))
    return Person(id=id_, name=id_, lines=lines, next_s=60)


def _answers(policy: Policy, *, at_console: bool) -> Events:
    """Everything that pages can lead to, with the little that the desk must do meanwhile."""
    called = [PHONE, *policy.editions.people.persons]

    def events(hot: HouseholdState, now: datetime) -> Iterator[AnyEvent]:
        it = hot.open.ladder if hot.open is not None else Ladder()
        yield PRESS
        who: dict[str, Any] = {"key": KEY, "incident": FIRST, "by": ANNA}
        asked: list[AnyCommand] = [Claim(**who), Close(**who, outcome=Outcome.WAS_WELL)]
        asked += [Reopen(**who), AgreeToClose(**{**who, "by": BELLA})]
        yield from (Commanded(command=command, at_console=at_console) for command in asked)
        for person in called:
            yield PageAccepted(incident=FIRST, by=person, how="link")
            yield PageGivenBack(incident=FIRST, by=person, how="link")
            for what in ("delivered", "seen", "declined"):
                yield PageTold(incident=FIRST, to=person, what=what, round=it.round, step=it.step)
            known = policy.editions.people.persons.get(person)
            for channel in [line.channel for line in known.lines] if known else [""]:
                page: dict[str, Any] = {"incident": FIRST, "to": person, "channel": channel}
                taken = {"round": it.round, "step": it.step}
                yield PageTold(**page, **taken, what="failed")
                yield PageTried(**page, **taken, person=person, error="x", gave_up=True)
        yield PageTold(incident=FIRST, to=called[-1], what="accepted", detail="key")
        yield HolderGone(login=ANNA, since=now)

    return events


def _world_of_pages(name: str, policy: Policy, *, at_console: bool) -> World:
    return World(name, policy, 30, (PRESS,), _answers(policy, at_console=at_console))


PAGES = _world_of_pages("pages", _pages_of(_person(VILLAGE, "push", "sms"), _person(TOWN, "sms")), at_console=False)
DEEP_PAGES = _world_of_pages(
    "pages, deep", _pages_of(_person(VILLAGE, "push", "sms", "voice"), _person(TOWN, "push", "sms")), at_console=True
)

# after ----------------------------------------------------------------------------------------------------------


def _later(hot: HouseholdState, now: datetime) -> Iterator[AnyEvent]:
    """Days pass: calls, presses, closings, and what is closed is taken up again."""
    yield PRESS
    current = hot.open or hot.closed
    who: dict[str, Any] = {"key": KEY, "incident": current.id if current else "", "by": ANNA}
    spoke = RecordCall(**who, whom="son", result="spoke")
    asked: list[AnyCommand] = [Claim(**who), spoke, Reopen(**who), AgreeToClose(**{**who, "by": BELLA})]
    asked += [Close(**who, outcome=outcome) for outcome in (Outcome.REAL, Outcome.WAS_WELL)]
    owed = {**who, "incident": hot.follow_up.incident}
    asked += [RecordFollowUp(**owed, result=result) for result in CallResult]
    yield from (Commanded(command=command, at_console=True) for command in asked)
    yield HolderGone(login=ANNA, since=now)


AFTER = World(
    name="after",
    policy=msgspec.structs.replace(
        DESK.policy,
        own_follow_up=FollowUpTerms(again_s=6 * HOUR_S, tries=2, late_s=6 * HOUR_S, raise_s=12 * HOUR_S),
        own_values=msgspec.structs.replace(VALUES, reopen_s=6 * HOUR_S),
    ),
    tick_s=6 * HOUR_S,
    beginnings=(PRESS,),
    events=_later,
)

# jobs -----------------------------------------------------------------------------------------------------------

SECOND = "second"


def _of_jobs() -> Iterator[AnyEvent]:
    """Two people are sent, come, and hand over, in whatever order it is heard; the desk does the least."""
    anna: dict[str, Any] = {"key": KEY, "incident": FIRST, "by": ANNA}
    asked: list[AnyCommand] = [Claim(**anna), Prompt(**anna), Close(**anna, outcome=Outcome.REAL), Reopen(**anna)]
    for responder in (WORKER, SECOND):
        asked += [Dispatch(**anna, responder=responder), Recall(**anna, responder=responder)]
        who = {**anna, "by": f"responder:{responder}"}
        asked += [AcceptJob(**who), DeclineJob(**who), ReadRisks(**who, risks=("a dog",))]
        to = {Stage.HANDED_OVER: HandedTo.FAMILY}
        asked += [ReportStage(**who, stage=stage, to=to.get(stage)) for stage in REPORTED]
        yield TakenElsewhere(incident=FIRST, responder=responder, by="H2-1")
    yield from (Commanded(command=command, at_console=True) for command in asked)
    yield PageAccepted(incident=FIRST, by=f"responder:{WORKER}", how="key")
    for what in ("seen", "accepted", "declined"):
        yield PageTold(incident=FIRST, to=f"responder:{WORKER}", what=what, detail="key", channel="voice", of_job=True)
    yield PageGivenBack(incident=FIRST, by=f"responder:{WORKER}", how="link")


OF_JOBS = tuple(_of_jobs())

JOBS = World(
    name="jobs",
    policy=msgspec.structs.replace(
        DESK.policy,
        own_ladders={priority: ladder(30) for priority in (P1, P2, P3)},
        own_again_s=dict.fromkeys((P1, P2, P3), 30),
        own_accept_s=_all(30),
        own_values=msgspec.structs.replace(
            VALUES,
            step_s={},
            no_console_s={},
            on_scene_s=_all(0),
            job_silent_s=60,
            job_eta_over_s=30,
            job_welfare_s=60,
            safe_s=60,
            handed_over_s=60,
            job_called_s=30,
            page_is_job=True,
        ),
        editions=Editions(
            number=1,
            people=People(
                persons={f"responder:{WORKER}": _person(f"responder:{WORKER}", "push", "voice")},
                homes={KEY: Case(area="32.01", village=f"responder:{WORKER}")},
            ),
        ),
    ),
    tick_s=30,
    beginnings=(PRESS,),
    events=lambda _hot, _now: iter(OF_JOBS),
    climbs=False,
)

OLDER = msgspec.structs.replace(
    JOBS,
    name="jobs, by settings from before",
    policy=msgspec.structs.replace(
        JOBS.policy,
        own_values=msgspec.structs.replace(
            JOBS.policy.values,
            job_silent_s=0,
            job_welfare_s=0,
            safe_s=0,
            handed_over_s=0,
            job_called_s=0,
            page_is_job=False,
        ),
    ),
)
"""Whoever accepts a page has a job only once they say how far they are: older journals are replayed so."""

WORLDS = (DESK, PAGES, AFTER, JOBS)
