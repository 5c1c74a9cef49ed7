"""What one person is to do: gathered, and told to them in one message instead of one for each home."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import msgspec

from alerting.care.calendar import at_hour, days_since_1970, next_round_s
from alerting.care.decided import ToDo
from alerting.care.duty import ROUND, CareKind, CareStage
from alerting.care.referral import ReferralAct
from alerting.care.told import CareAsked, CareOver, ReferralNews
from alerting.casefile import Channel
from alerting.decisions import AnyDecision, PageAsked, Slept, Wake
from alerting.duty.reach import Line
from alerting.events import AnyEvent, PageTold, PageTried, TimePassed
from alerting.model import EscalationLevel, Priority
from alerting.policy import Policy
from alerting.silence.inactivity import moment

GATHERED_FOR_S = 1800
"""So long after the first news more of it is gathered for one message."""
MOST_NAMED = 5
MOST_NEWS = 50


class RoundItem(msgspec.Struct, frozen=True, array_like=True):
    """A duty that is theirs. ``due_s`` is in UTC epoch seconds."""

    home: str
    kind: CareKind
    number: int
    due_s: int
    stage: CareStage


class RoundNews(msgspec.Struct, frozen=True, array_like=True):
    """Something that somebody else has done about a referral of theirs."""

    home: str
    number: int
    act: ReferralAct


class Round(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is one person's to do.

    Attributes:
        key: ``@round@`` and the person's id.
        items: Each of it.
        page_s: When they are told next, UTC epoch seconds; 0: there is no news.
        pages: How often they were told.
        line: Which of their channels was used last.
        news: What others have done about referrals of theirs, since they were told last.
        telling: The same, as it stands in the last message.
    """

    key: str
    items: tuple[RoundItem, ...] = ()
    page_s: int = 0
    pages: int = 0
    line: int = 0
    news: tuple[RoundNews, ...] = ()
    telling: tuple[RoundNews, ...] = ()

    @property
    def person(self) -> str:
        """Their id."""
        return self.key.removeprefix(ROUND)


Judged = tuple[Round, list[AnyDecision]]


def step(state: Round, event: AnyEvent, now: datetime, policy: Policy) -> Judged:
    """What one event does to what a person is to do.

    Args:
        state: Before.
        event: What happened.
        now: Service time, aware UTC.
        policy: The centre's settings, with roster and people.

    Returns:
        State after, and decisions in the order in which they were taken.
    """
    if isinstance(event, CareAsked):
        return _asked(state, event, int(now.timestamp()), policy)
    if isinstance(event, CareOver):
        return _over(state, event)
    if isinstance(event, ReferralNews):
        return _heard(state, event, int(now.timestamp()), policy)
    if isinstance(event, TimePassed):
        return _told(msgspec.structs.replace(state, page_s=0, line=0, news=(), telling=state.news), now, policy)
    if isinstance(event, PageTried):
        is_lost = event.gave_up and event.round == state.pages
        return _told(msgspec.structs.replace(state, line=state.line + 1), now, policy) if is_lost else (state, [])
    if isinstance(event, PageTold):
        return state, []
    raise TypeError(f"a person's round cannot judge {type(event).__name__}")


def _asked(state: Round, event: CareAsked, now_s: int, policy: Policy) -> Judged:
    new = RoundItem(event.home, event.kind, event.number, event.due_s, event.stage)
    same = [it for it in state.items if (it.home, it.kind, it.number) == (new.home, new.kind, new.number)]
    items = tuple(it for it in state.items if it not in same)
    state = msgspec.structs.replace(state, items=tuple(sorted((*items, new), key=_urgency)))
    is_known = any(it.stage >= new.stage for it in same)
    return (state, []) if is_known else _page_soon(state, now_s, policy)


def _heard(state: Round, event: ReferralNews, now_s: int, policy: Policy) -> Judged:
    new = RoundNews(event.home, event.number, event.act)
    news = (*(it for it in state.news if it != new), new)[-MOST_NEWS:]
    return _page_soon(msgspec.structs.replace(state, news=news), now_s, policy)


def _page_soon(state: Round, now_s: int, policy: Policy) -> Judged:
    """There is news: they are told once more of it has been gathered."""
    if state.page_s:
        return state, []
    page_s = next_round_s(now_s, policy.care, policy.editions.roster, wait_s=GATHERED_FOR_S)
    return msgspec.structs.replace(state, page_s=page_s), [Wake(at=moment(page_s))]


def _urgency(it: RoundItem) -> tuple[int, str, str]:
    return it.due_s, it.home, it.kind


def _over(state: Round, event: CareOver) -> Judged:
    gone = (event.home, event.kind, event.number)
    items = tuple(it for it in state.items if (it.home, it.kind, it.number) != gone)
    if items or state.news or not state.page_s:
        return msgspec.structs.replace(state, items=items), []
    return msgspec.structs.replace(state, items=items, page_s=0), [Slept()]


def _told(state: Round, now: datetime, policy: Policy) -> Judged:
    """One message with all that is theirs, through the first of their channels that is left and is not a call."""
    person = policy.editions.people.persons.get(state.person)
    lines: tuple[Line, ...] = person.lines if person is not None and policy.editions.can_reach(state.person) else ()
    written = [it for it in lines if it.channel != Channel.VOICE.value]
    if person is None or not (state.items or state.telling) or state.line >= len(written):
        return state, []
    state, now_s = msgspec.structs.replace(state, pages=state.pages + 1), int(now.timestamp())
    roster = policy.editions.roster
    page = PageAsked(
        incident="",
        key=state.key,
        home="",
        round=state.pages,
        step=1,
        level=EscalationLevel.RING,
        to=person.id,
        priority=Priority.P4,
        kind=None,
        since=now,
        until=moment(max(at_hour(days_since_1970(now_s, roster), policy.care.due_hour, roster), now_s + 3600)),
        channel=written[state.line].channel,
        name=person.name,
        to_do=to_do(state, now_s),
    )
    return state, [page]


def to_do(state: Round, now_s: int) -> ToDo:
    """What they are told of."""
    return ToDo(
        visits=len({it.home for it in state.items if it.kind is CareKind.VISIT}),
        calls=len({it.home for it in state.items if it.kind is CareKind.CALL}),
        warnings=sum(it.kind is CareKind.WARNING for it in state.items),
        late=len({(it.home, it.kind) for it in state.items if it.due_s < now_s}),
        homes=tuple(dict.fromkeys([it.home for it in state.items] + [it.home for it in state.telling]))[:MOST_NAMED],
        due_s=min((it.due_s for it in state.items), default=0),
        referrals=sum(it.kind is CareKind.REFERRAL for it in state.items),
        news=tuple(sorted(Counter(it.act for it in state.telling).items())),
    )
