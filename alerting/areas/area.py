"""One area and one cause: the pure state machine that makes one incident of what many homes tell.

``step(state, event, now, policy) -> (state, decisions)``. The homes keep their own incidents: a call for help in one of
them rings as ever. An outage ends by itself when all its homes are back.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.areas import thresholds
from alerting.areas.member import AreaCause, Member, area_of, cause_of, key_of
from alerting.commands import ConfirmSeen, OpenManual, Prompt
from alerting.decisions import Answered, AnyDecision, AreaTold, IncidentChanged, Noted, Slept, Wake
from alerting.dispatch import reckoned
from alerting.duty import escalation
from alerting.events import AnyEvent, AreaReleased, AreaTaken, Commanded, HomeBack, HomeCalled, HomeSilent, TimePassed
from alerting.incidents import casework, incident
from alerting.incidents.casework import Cases
from alerting.incidents.conditions import NOTHING_PENDING
from alerting.model import Aggregate, Alarm, AlarmKind, Entry, EntryKind, Incident, IncidentState, Outcome, RiskTier
from alerting.policy import Policy
from alerting.silence.inactivity import moment

ALARMS: dict[AreaCause, AlarmKind] = {
    AreaCause.OUTAGE: AlarmKind.AREA_OUTAGE,
    AreaCause.BRIDGE: AlarmKind.AREA_BRIDGE,
    AreaCause.CALLS: AlarmKind.AREA_CALLS,
}
ENDS_ITSELF = frozenset({AreaCause.OUTAGE, AreaCause.BRIDGE})
GATHER_S = 2
"""News of homes is taken into the running incident at most this often: a city that falls silent is told in lists."""


class AreaState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hot state of an area with a cause.

    Attributes:
        key: ``@<cause>@<village, town or bridge>``.
        open: The running incident, with its homes.
        closed: The last one, while it can be taken up again.
        incidents: How many there have been.
        fresh: Homes that told lately, and when, UTC epoch seconds, while no incident is running.
        news: Homes to be taken into the running one: since when; negative: back since.
        news_s: When they are, UTC epoch seconds; 0: there are none.
        back_s: Since when all homes are back, UTC epoch seconds; 0: they are not.
        under: Key of the town's area that has this one's homes in an incident of its own.
        below: Villages whose homes this town's incident has.
        armed_s: When the store will wake it, UTC epoch seconds; 0 = not armed.
    """

    key: str
    open: Incident | None = None
    closed: Incident | None = None
    incidents: int = 0
    fresh: dict[str, int] = {}
    news: dict[str, int] = {}
    news_s: int = 0
    back_s: int = 0
    under: str = ""
    below: tuple[str, ...] = ()
    armed_s: float = 0


Judged = tuple[AreaState, list[AnyDecision]]


def step(state: AreaState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to an area. Arguments and result as for a household."""
    after, decisions = _judged(state, event, now, policy)
    decisions = [*decisions, *reckoned.told(state.open, after.open)]
    if state.open is not None and after.open is None:
        after, released = _over(after)
        decisions = [*decisions, *released]
    due_s = _due_s(after, policy)
    if after.armed_s and not due_s:
        return msgspec.structs.replace(after, armed_s=0), [*decisions, Slept()]
    if due_s and (after.armed_s == 0 or due_s < after.armed_s):
        due_s = due_s if due_s > now.timestamp() else int(now.timestamp()) + 1
        after = msgspec.structs.replace(after, armed_s=due_s)
        decisions = [*decisions, Wake(at=moment(due_s))]
    return after, decisions


def _due_s(state: AreaState, policy: Policy) -> float:
    due = (state.news_s, _settled_s(state, policy), casework.due_s(state.open, policy))
    return min((at_s for at_s in due if at_s), default=0)


def _settled_s(state: AreaState, policy: Policy) -> int:
    """When the running incident ends by itself, UTC epoch seconds; 0: not as it is, nor under who was sent."""
    if state.open is None or state.open.responder or not state.back_s:
        return 0
    return state.back_s + policy.floods.settle_s


def _judged(state: AreaState, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    if isinstance(event, HomeSilent | HomeCalled):
        since_s = event.since_s if isinstance(event, HomeSilent) else int(now.timestamp())
        return _joined(state, event.home, since_s, now, policy)
    if isinstance(event, HomeBack):
        return _back(state, event.home, now), []
    if isinstance(event, AreaTaken | Commanded) and state.open is not None and state.news:
        state, listed = _gathered(state, state.open, now, policy)
        after, decisions = _judged(state, event, now, policy)
        return after, [*listed, *decisions]
    if isinstance(event, AreaTaken):
        return _taken(state, event, now)
    if isinstance(event, AreaReleased):
        return (msgspec.structs.replace(state, under="") if state.under == event.by else state), []
    if isinstance(event, Commanded):
        if isinstance(event.command, OpenManual | Prompt | ConfirmSeen):
            return state, [Answered(incident=event.command.incident, refused="no_home")]
        after, decisions = _with_cases(state, casework.commanded(_cases(state), event, now, policy))
        after, taken = _villages_taken(after, policy)  # taken up again
        return after, [*taken, *decisions]
    if isinstance(event, TimePassed):
        return _time_passed(msgspec.structs.replace(state, armed_s=0), now, policy)
    if isinstance(event, casework.Told):
        return _with_cases(state, casework.told(_cases(state), event, "", now, policy))
    raise TypeError(f"an area cannot judge {type(event).__name__}")


def _joined(state: AreaState, home: str, since_s: int, now: datetime, policy: Policy) -> Judged:
    """One more home: into the running incident, or perhaps it is the one that makes an incident of them."""
    now_s = int(now.timestamp())
    if state.open is not None:
        return _with_news(msgspec.structs.replace(state, back_s=0), home, since_s, now_s), []
    if state.under:  # the town's incident has it
        return state, []
    within_s = thresholds.within_s(cause_of(state.key), policy)
    lately = {it: at_s for it, at_s in state.fresh.items() if now_s - at_s <= within_s} | {home: now_s}
    state = msgspec.structs.replace(state, fresh=lately)
    if not thresholds.reached(state.key, lately, policy):
        return state, []
    kind = ALARMS[cause_of(state.key)]
    detail = f"{len(lately)}|{thresholds.homes_in(state.key, policy)}|{within_s}"
    priority = policy.priority_of(kind, RiskTier.CARE)
    alarm = Alarm(kind=kind, at=now, detail=detail)
    n, scripts = state.incidents + 1, policy.editions.scripts_number
    running, decisions = incident.begin(state.key, Aggregate.AREA, n, alarm, priority, scripts=scripts)
    members = tuple(Member(it, since_s if it == home else at_s) for it, at_s in lately.items())
    running = msgspec.structs.replace(running, members=members)
    decisions[0] = IncidentChanged(incident=running)
    state = msgspec.structs.replace(state, open=running, incidents=state.incidents + 1, fresh={}, back_s=0)
    state, taken = _villages_taken(state, policy)
    return state, [*decisions, *taken]


def _with_news(state: AreaState, home: str, at_s: int, now_s: int) -> AreaState:
    """Taken in with others, soon."""
    news = {**state.news, home: at_s}
    return msgspec.structs.replace(state, news=news, news_s=state.news_s or now_s + GATHER_S)


def _back(state: AreaState, home: str, now: datetime) -> AreaState:
    """A home is back: ticked off where it is on the list."""
    now_s = int(now.timestamp())
    if state.open is None:
        fresh = {it: at_s for it, at_s in state.fresh.items() if it != home}
        return msgspec.structs.replace(state, fresh=fresh) if len(fresh) < len(state.fresh) else state
    known = home in state.news or any(it.home == home and not it.back_s for it in state.open.members)
    return _with_news(state, home, -now_s, now_s) if known else state


def _time_passed(state: AreaState, now: datetime, policy: Policy) -> Judged:
    """News is taken in; an outage that is over ends; then it climbs as any other."""
    now_s = int(now.timestamp())
    decisions: list[AnyDecision] = []
    if state.open is not None and state.news_s and now_s >= state.news_s:
        state, decisions = _gathered(state, state.open, now, policy)
    running, settled_s = state.open, _settled_s(state, policy)
    if running is not None and settled_s and now_s >= settled_s:
        closed, lines = _ended(running, now, EntryKind.ALL_BACK, str(len(running.members)))
        return msgspec.structs.replace(state, open=None, closed=closed), [*decisions, *lines]
    state, worked = _with_cases(state, casework.time_passed(_cases(state), "", now, policy))
    return state, [*decisions, *worked]


def _gathered(state: AreaState, running: Incident, now: datetime, policy: Policy) -> Judged:
    """The running incident with what its homes have told since."""
    listed = {it.home: it for it in running.members}
    for home, at_s in state.news.items():
        known = listed.get(home)
        if at_s > 0:
            kept = known is not None and not known.back_s
            listed[home] = known if kept and known is not None else Member(home, at_s)
        elif known is not None:
            listed[home] = Member(home, known.since_s, -at_s)
    members = tuple(listed.values())
    after = msgspec.structs.replace(running, members=members, changed_at=max(now, running.changed_at))
    all_back = cause_of(state.key) in ENDS_ITSELF and all(it.back_s for it in members)
    back_s = (state.back_s or max(it.back_s for it in members)) if all_back else 0
    state = msgspec.structs.replace(state, open=after, news={}, news_s=0, back_s=back_s)
    state, taken = _villages_taken(state, policy)
    return state, [IncidentChanged(incident=after), *taken]


def _ended(running: Incident, now: datetime, kind: EntryKind, text: str) -> tuple[Incident, list[AnyDecision]]:
    """Closed by itself, with its outcome; ``kind`` and ``text`` say why."""
    closed = msgspec.structs.replace(
        running,
        **NOTHING_PENDING,
        state=IncidentState.CLOSED,
        outcome=Outcome.EQUIPMENT if cause_of(running.key) in ENDS_ITSELF else Outcome.OTHER,
        closed_at=now,
        since=now,
        changed_at=max(now, running.changed_at),
        unacknowledged=False,
        ladder=escalation.ended(running.ladder),
    )
    assert closed.outcome is not None, "an incident is never closed without an outcome"
    lines = [
        Noted(entry=Entry(incident=running.id, at=now, kind=kind, text=text)),
        Noted(entry=Entry(incident=running.id, at=now, kind=EntryKind.CLOSED, text=closed.outcome.value)),
    ]
    return closed, [IncidentChanged(incident=closed), *lines]


def _taken(state: AreaState, event: AreaTaken, now: datetime) -> Judged:
    """The town has this village's homes in one incident: its own one ends, and is named there."""
    state = msgspec.structs.replace(state, under=event.by, fresh={})
    if state.open is None:
        return state, []
    closed, lines = _ended(state.open, now, EntryKind.MERGED, event.incident)
    return msgspec.structs.replace(state, open=None, closed=closed), lines


def _villages_taken(state: AreaState, policy: Policy) -> Judged:
    """A town's incident takes the incidents of the villages in which its homes are."""
    area, running = area_of(state.key), state.open
    if running is None or not area:
        return state, []
    villages = dict.fromkeys(policy.editions.case_of(it.home).area for it in running.members)
    new = tuple(it for it in villages if it and it != area and it not in state.below)
    cause = cause_of(state.key)
    told: list[AnyDecision] = [
        AreaTold(key=key_of(cause, it), event=AreaTaken(by=state.key, incident=running.id)) for it in new
    ]
    return msgspec.structs.replace(state, below=(*state.below, *new)), told


def _over(state: AreaState) -> Judged:
    """Nothing runs any more: only what happens from now on counts; villages are on their own again."""
    cause = cause_of(state.key)
    released: list[AnyDecision] = [
        AreaTold(key=key_of(cause, it), event=AreaReleased(by=state.key)) for it in state.below
    ]
    return msgspec.structs.replace(state, fresh={}, news={}, news_s=0, back_s=0, below=()), released


def _cases(state: AreaState) -> Cases:
    return Cases(state.open, state.closed)


def _with_cases(state: AreaState, after: casework.Result) -> Judged:
    cases, decisions = after
    most = cases.most(state.incidents)
    return msgspec.structs.replace(state, open=cases.open, closed=cases.closed, incidents=most), decisions
