"""A page: what somebody is told who is called."""

from __future__ import annotations

from datetime import datetime

from alerting.care.decided import ToDo
from alerting.decision import Decision
from alerting.model import AlarmKind, EscalationLevel, Priority


class PageAsked(Decision, frozen=True, kw_only=True, omit_defaults=True, tag="page"):
    """Page somebody about an incident that nobody has taken: a duty telephone, or a person through a channel.

    Everything a page must say that is not in the registry, so that it can be sent when the store cannot be read.

    Attributes:
        incident: Incident id; empty when further operators are called in a flood.
        key: Key of the aggregate that owns it.
        home: Household; for a device without a home the last one known; empty when there is none.
        round: Round of the ladder; with ``step`` and ``to`` it names this page, once and for ever.
        step: Step in that round, from 1.
        level: How high it has climbed.
        to: Name of the telephone, or id of the person.
        channel: The person's channel; empty for a duty telephone, which has one of its own.
        name: What people call the person; empty for a duty telephone.
        detail: About a flood: new incidents, bar, attended operators, bar, within how many minutes. Of an area
            incident: homes that are not back, bar, all its homes.
        to_do: Visits and calls that the person is reminded of, about no incident; None: an incident or a flood.
        is_drill: It is a drill: about no incident, and only an answer is wanted.
        of_job: The desk has sent them there; it is worth sending for as long as they go.
        not_wanted: Said to who wanted to go: a word of ``alerting.incidents.woken`` for why nobody needs to.
        of_neighbour: They live next door, and are asked to look; it stops and begins with no step of the climb.
        priority: The incident's.
        kind: Its gravest alarm; None without an incident.
        since: Since when nobody has taken it, UTC.
        until: When it is no longer worth sending, UTC.
    """

    incident: str
    key: str
    home: str
    round: int
    step: int
    level: EscalationLevel
    to: str
    priority: Priority
    kind: AlarmKind | None
    since: datetime
    until: datetime
    channel: str = ""
    name: str = ""
    detail: str = ""
    to_do: ToDo | None = None
    is_drill: bool = False
    of_job: bool = False
    of_neighbour: bool = False
    not_wanted: str = ""
