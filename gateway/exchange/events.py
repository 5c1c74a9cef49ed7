"""News for other systems as CloudEvents 1.0: what happened to which case file or incident, nothing about the people.

Whoever may, asks for the case file itself afterwards; that is then written down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from alerting.areas.member import area_of
from alerting.care.referral import ReferralAct
from alerting.casefile import Household, covers, version_of
from alerting.incidents.timeline import EntryKind
from alerting.keeping.leaving import is_erased
from alerting.model import Aggregate, Incident
from alerting.peers import PEER_MARK
from gateway.exchange.cursor import Of
from gateway.store.feed import NewsRow
from gateway.store.values import when

SPEC = "1.0"
CONTENT = "application/cloudevents+json; charset=utf-8"

HomeOf = Callable[[str], Household | None]


class News(StrEnum):
    """Kinds of news."""

    REGISTERED = "nuanhu.household.registered"
    CHANGED = "nuanhu.household.changed"
    LEFT = "nuanhu.household.left"
    """It lies outside the reader's area from now on, or is registered no more."""
    OPENED = "nuanhu.incident.opened"
    CLOSED = "nuanhu.incident.closed"
    REOPENED = "nuanhu.incident.reopened"
    REFERRED = "nuanhu.referral.sent"
    """A need of a household was sent to an organisation, or sent to it again."""
    ANSWERED = "nuanhu.referral.answered"


TEST = "nuanhu.test"
"""A trial that somebody has asked for on the page."""

_STEPS = {
    ReferralAct.SENT: News.REFERRED,
    ReferralAct.SENT_ON: News.REFERRED,
    ReferralAct.RETURNED: News.REFERRED,
    ReferralAct.ANSWERED: News.ANSWERED,
    ReferralAct.ANSWERED_BY_OWNER: News.ANSWERED,
}
_LINES = {EntryKind.CLOSED: News.CLOSED, EntryKind.REOPENED: News.REOPENED}


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news, in the structured JSON form of CloudEvents 1.0. The same ``id`` is the same event."""

    specversion: str = SPEC
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str = "application/json"
    data: dict[str, Any]


def event_of(row: NewsRow, area: str, home_of: HomeOf, source: str) -> CloudEvent | None:
    """What a row of the news says to somebody who sees an area; None when it says nothing to them."""
    if row.stream[0] is Of.REFERRALS:
        told = _of_referral(row, area, home_of)
    else:
        told = _of_home(row, area) if row.entry is None else _of_incident(row, area, home_of)
    if told is None:
        return None
    kind, subject, content = told
    (of, partition), (seq, n) = row.stream, row.place
    id_ = f"{int(of)}-{partition}-{seq}-{n}"
    return CloudEvent(id=id_, source=source, type=kind, subject=subject, time=when(row.at_ms), data=content)


Told = tuple[News, str, dict[str, Any]]


def _of_home(row: NewsRow, area: str) -> Told | None:
    before = msgspec.json.decode(row.before, type=Household) if row.before else None
    home = msgspec.json.decode(row.after, type=Household) if row.after else None
    was, now = (it is not None and covers(area, it.area) for it in (before, home))
    by = row.login if row.login.startswith(PEER_MARK) else "desk"
    if home is None or not now or is_erased(home):
        return (News.LEFT, row.id, {"key": row.id, "by": by}) if was else None
    content = {"key": home.key, "area": home.area, "version": version_of(home), "by": by}
    if before is None or not was:
        return News.REGISTERED, row.id, content
    names = Household.__struct_fields__
    fields = [name for name in names if getattr(before, name) != getattr(home, name)]
    return News.CHANGED, row.id, {**content, "fields": fields}


def _of_incident(row: NewsRow, area: str, home_of: HomeOf) -> Told | None:
    entry, incident = row.entry, row.incident
    if entry is None or incident is None:
        return None
    kind = News.OPENED if row.is_first else _LINES.get(entry.kind)
    home = home_of(incident.key) if incident.aggregate is Aggregate.HOUSEHOLD else None
    where = home.area if home is not None else _place_of(incident)
    if kind is None or not covers(area, where):
        return None
    content: dict[str, Any] = {"incident": incident.id, "household": home.key if home else "", "area": where}
    if kind is News.OPENED:
        content["alarm"] = (entry.alarm or incident.alarms[0]).kind
    if kind is News.CLOSED and incident.outcome is not None and incident.closed_at == entry.at:
        content["outcome"] = incident.outcome
    return kind, incident.id, content


def _of_referral(row: NewsRow, area: str, home_of: HomeOf) -> Told | None:
    home, step = home_of(row.id), row.step
    kind = _STEPS.get(ReferralAct(step.act)) if step is not None else None
    if home is None or step is None or kind is None or not covers(area, home.area):
        return None
    by = row.login if row.login.startswith(PEER_MARK) else "desk"
    content: dict[str, Any] = {"household": home.key, "number": step.number, "area": home.area, "by": by}
    content |= {"organisation": step.org}
    if kind is News.ANSWERED:
        content["result"] = step.result
    return kind, f"{home.key}/{step.number}", content


def _place_of(incident: Incident) -> str:
    return area_of(incident.key) if incident.aggregate is Aggregate.AREA else ""
