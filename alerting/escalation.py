"""How an incident climbs that nobody takes: consoles again, supervisor, duty telephone, the whole chain.

Acceptance stops it, never delivery: only a claim does. A page that cannot be sent is noted, and the climb goes on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from alerting.decisions import AnyDecision, IncidentChanged, Noted, PageAsked, Rang
from alerting.events import PageTried
from alerting.model import Entry, EntryKind, EscalationLevel, Incident, Ladder, Priority
from alerting.policy import LadderStep, Policy

Result = tuple[Incident, list[AnyDecision]]


def begun(ladder: Ladder, at: datetime) -> Ladder:
    """A new round: from now on nobody has the incident."""
    return Ladder(round=ladder.round + 1, since=at)


def ended(ladder: Ladder) -> Ladder:
    """Somebody has taken the incident: no step is due any more."""
    return Ladder(round=ladder.round)


def rang_again(incident: Incident, at: datetime, priority: Priority) -> Ladder:
    """The ladder after one more alarm that rings.

    While one round is climbing it is finished first, and the next one counts from this alarm: somebody who presses
    again and again must not put off the telephone. A higher priority begins at once, by its own, shorter times.
    """
    ladder = incident.ladder
    if ladder.since is None or priority < incident.priority:
        return begun(ladder, at)
    return msgspec.structs.replace(ladder, again=max(at, ladder.again or at))


def due(incident: Incident, policy: Policy) -> datetime | None:
    """When the next step is to be taken; None when there is none."""
    steps = policy.ladders.get(incident.priority, ())
    return _due(_onward(incident.ladder, steps), steps, policy.ladder_again_s.get(incident.priority, 0))


def due_s(incident: Incident | None, policy: Policy) -> int:
    """The first full second at which the next step is due, UTC epoch; 0 when there is none."""
    moment = due(incident, policy) if incident is not None else None
    return math.ceil(moment.timestamp()) if moment is not None else 0


def _onward(ladder: Ladder, steps: Sequence[LadderStep]) -> Ladder:
    """At the top, and an alarm rang meanwhile: the next round, counted from it."""
    if ladder.since is not None and ladder.again is not None and ladder.step >= len(steps):
        return begun(ladder, ladder.again)
    return ladder


def _due(ladder: Ladder, steps: Sequence[LadderStep], again_s: int) -> datetime | None:
    if ladder.since is None or not steps:
        return None
    if ladder.step < len(steps):
        return ladder.since + timedelta(seconds=steps[ladder.step].after_s)
    if not again_s:
        return None
    return ladder.since + timedelta(seconds=steps[-1].after_s + again_s * (ladder.step - len(steps) + 1))


def climb(incident: Incident, home: str, now: datetime, policy: Policy) -> Result:
    """Take every step that is due by now: each once in its round, however late it is.

    A step that pages nobody because nobody is registered is skipped at once. What falls due together calls each
    telephone once.

    Args:
        incident: As it stands.
        home: Household it is about, or was last known to be about; may be empty.
        now: Service time, aware UTC.
        policy: Ladders and telephones.

    Returns:
        The incident afterwards, and the decisions: none when nothing was due.
    """
    steps = policy.ladders.get(incident.priority, ())
    again_s = policy.ladder_again_s.get(incident.priority, 0)
    ladder, taken = incident.ladder, list[tuple[Ladder, EscalationLevel, bool]]()
    skipped = False
    while True:
        ladder = _onward(ladder, steps)
        moment = _due(ladder, steps, again_s)
        if moment is None or (moment > now and not skipped):
            break
        level, is_repeat = steps[min(ladder.step, len(steps) - 1)].level, ladder.step >= len(steps)
        after = msgspec.structs.replace(_after(ladder, steps, again_s, now), level=level)
        assert after.step > ladder.step, "each step is taken once in its round"
        ladder = after
        taken.append((ladder, level, is_repeat))
        skipped = level in PAGING and not paged_at(level, policy) and ladder.step < len(steps)
    if not taken:
        return incident, []
    climbed = msgspec.structs.replace(incident, ladder=ladder, changed_at=max(now, incident.changed_at))
    return climbed, _decisions(climbed, home, taken, now, policy)


def _after(ladder: Ladder, steps: Sequence[LadderStep], again_s: int, now: datetime) -> Ladder:
    """One step further; of repeats that were missed, as during an outage, only one is made up for."""
    assert ladder.since is not None, "only what nobody has taken climbs"
    step = ladder.step + 1
    if step > len(steps):
        late_s = (now - ladder.since).total_seconds() - steps[-1].after_s
        step = max(step, len(steps) + int(late_s // again_s))
    return msgspec.structs.replace(ladder, step=step)


PAGING = (EscalationLevel.DUTY, EscalationLevel.CHAIN)


def paged_at(level: EscalationLevel, policy: Policy) -> tuple[str, ...]:
    """Names of the telephones that are called at a level."""
    if level is EscalationLevel.DUTY:
        return policy.duty_phones[:1]
    return policy.duty_phones if level is EscalationLevel.CHAIN else ()


def _decisions(
    incident: Incident, home: str, taken: Sequence[tuple[Ladder, EscalationLevel, bool]], now: datetime, policy: Policy
) -> list[AnyDecision]:
    decisions: list[AnyDecision] = [IncidentChanged(incident=incident)]
    pages: dict[str, PageAsked] = {}
    for ladder, level, is_repeat in taken:
        to = paged_at(level, policy)
        kind = EntryKind.UNCLAIMED if level is EscalationLevel.RING or (is_repeat and not to) else EntryKind.ESCALATED
        text = "" if kind is EntryKind.UNCLAIMED else f"{level}|{'、'.join(to)}" if level in PAGING else str(level)
        decisions.append(Noted(entry=Entry(incident=incident.id, at=now, kind=kind, text=text)))
        for name in to:
            page = _page(incident, ladder, level, name, now, policy)
            pages[name] = msgspec.structs.replace(page, home=home)
    return [*decisions, *pages.values(), Rang(incident=incident.id, priority=incident.priority)]


def _page(
    incident: Incident, ladder: Ladder, level: EscalationLevel, to: str, now: datetime, policy: Policy
) -> PageAsked:
    assert ladder.since is not None, "only what nobody has taken climbs"
    gravest = min(incident.alarms, key=lambda alarm: (policy.priorities[alarm.kind], -alarm.at.timestamp()))
    return PageAsked(
        incident=incident.id,
        key=incident.key,
        home="",
        round=ladder.round,
        step=ladder.step,
        level=level,
        to=to,
        priority=incident.priority,
        kind=gravest.kind,
        since=ladder.since,
        until=now + timedelta(seconds=policy.page_s),
    )


def tried(incident: Incident | None, event: PageTried, now: datetime) -> tuple[Incident | None, list[AnyDecision]]:
    """What became of a page, as a line of the timeline; giving one up rings while nobody has the incident."""
    kind = EntryKind.PAGE_SENT if not event.error else EntryKind.PAGE_LOST if event.gave_up else EntryKind.PAGE_FAILED
    text = f"{event.to}|{event.error}" if event.error else event.to
    line = Noted(entry=Entry(incident=event.incident, at=now, kind=kind, text=text))
    if incident is None or incident.id != event.incident:  # closed meanwhile: the line is all
        return incident, [line]
    noted = msgspec.structs.replace(incident, changed_at=max(now, incident.changed_at))
    decisions: list[AnyDecision] = [IncidentChanged(incident=noted), line]
    if event.gave_up and noted.ladder.since is not None:
        decisions.append(Rang(incident=noted.id, priority=noted.priority))
    return noted, decisions
