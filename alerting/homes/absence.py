"""An absence: begun, changed, ended. It re-arms itself at its end, and at the first movement before.

It closes nothing and hides nothing: a call for help rings, equipment is supervised, and what runs goes on.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.commands import BeginAbsence, ChangeAbsence, EndAbsence, InviteRelative
from alerting.decisions import AbsenceBegun, AbsenceChanged, Answered, AnyDecision
from alerting.homes.away import (
    AHEAD_MOST,
    IS_AWAY,
    LEFT_WITHIN_S,
    LONGEST_NAME,
    MOST,
    UNCONFIRMED_S,
    Away,
    AwayEnd,
    AwayStage,
    SaidBy,
    due_s,
)
from alerting.homes.state import HouseholdState, Judged, Memory
from alerting.incidents import incident
from alerting.model import EntryKind
from alerting.silence.inactivity import moment

Asked = BeginAbsence | ChangeAbsence | EndAbsence | InviteRelative
"""What people ask about an absence."""


def asked(memory: Memory, command: Asked, now: datetime) -> Judged:
    """Somebody says that nobody is at home, until when, or that the resident is back."""
    if isinstance(command, BeginAbsence):
        return _begun(memory, command, now)
    if isinstance(command, InviteRelative):
        return memory, [Answered()]  # its journal row says who may, and until when
    if memory.hot.away.stage is AwayStage.NONE:
        return memory, [Answered(refused="no_absence")]
    if isinstance(command, ChangeAbsence):
        return _changed(memory, command, now)
    return _back(memory, command, now)


def _begun(memory: Memory, command: BeginAbsence, now: datetime) -> Judged:
    since, known = max(command.since or now, now), memory.hot.away
    if known.stage not in {AwayStage.NONE, AwayStage.MOVED}:
        return memory, [Answered(refused="absence_known")]
    if not since < command.until <= since + MOST[command.kind]:
        return memory, [Answered(refused="bad_until")]
    if since > now + AHEAD_MOST:
        return memory, [Answered(refused="bad_since")]
    unconfirmed = command.said_by is SaidBy.RELATIVE
    away = Away(
        number=known.number + 1,
        stage=AwayStage.PLANNED if since > now else _begins_as(unconfirmed=unconfirmed),
        since_s=int(since.timestamp()),
        until_s=int(command.until.timestamp()),
        kind=command.kind,
        said_by=command.said_by,
        who=command.who.strip()[:LONGEST_NAME],
        by=command.by,
        unconfirmed=unconfirmed,
    )
    said = AbsenceBegun(
        number=away.number,
        stage=away.stage.name.lower(),
        kind=away.kind,
        since=moment(away.since_s),
        until=moment(away.until_s),
        said_by=away.said_by,
        who=away.who,
        by=away.by,
        reason=command.reason.strip(),
    )
    hot, lines = _noted(_in_force(memory.hot, away), said, now)
    return Memory(hot, memory.rhythm), [said, *lines, Answered(incident=command.incident)]


def _noted(hot: HouseholdState, said: AbsenceBegun, now: datetime) -> tuple[HouseholdState, list[AnyDecision]]:
    """Whoever works on the home's incident sees it there; the incident stays as it is."""
    if hot.open is None:
        return hot, []
    text = f"{said.kind}|{said.until.isoformat()}|{said.reason}"
    running, lines = incident.note(hot.open, EntryKind.ABSENCE, now, text=text, by=said.by)
    return msgspec.structs.replace(hot, open=running), lines


def _changed(memory: Memory, command: ChangeAbsence, now: datetime) -> Judged:
    """Another end; after a movement: away still. By the centre it is confirmed; by family only made shorter."""
    it = memory.hot.away
    since_s = max(it.since_s, int(now.timestamp()))
    if not since_s < command.until.timestamp() <= since_s + MOST[it.kind].total_seconds():
        return memory, [Answered(refused="bad_until")]
    until_s = int(command.until.timestamp())
    is_news = it.unconfirmed or it.stage in {AwayStage.MOVED, AwayStage.TO_CONFIRM} or until_s > it.until_s
    unconfirmed = command.said_by is SaidBy.RELATIVE and is_news
    stage = it.stage if it.stage is AwayStage.PLANNED else _begins_as(unconfirmed=unconfirmed)
    it = msgspec.structs.replace(it, until_s=until_s, stage=stage, moved_s=0, unconfirmed=unconfirmed)
    said = changed(it, by=command.by)
    return Memory(_in_force(memory.hot, it), memory.rhythm), [said, Answered(incident=command.incident)]


def _back(memory: Memory, command: EndAbsence, now: datetime) -> Judged:
    """The resident is back, or does not go: a silence is counted from now on."""
    it = memory.hot.away
    how = AwayEnd.MOTION if it.stage is AwayStage.MOVED else AwayEnd.SAID
    hot = memory.hot
    if it.stage in IS_AWAY:
        hot = _armed(msgspec.structs.replace(hot, absent_s=int(now.timestamp())))
    elif it.stage is AwayStage.TO_CONFIRM:
        hot = msgspec.structs.replace(hot, absent_s=min(hot.absent_s, int(now.timestamp())))
    hot = msgspec.structs.replace(hot, away=Away(number=it.number))
    said = changed(msgspec.structs.replace(it, stage=AwayStage.NONE), how, by=command.by)
    return Memory(hot, memory.rhythm), [said, Answered(incident=command.incident)]


def time_passed(memory: Memory, now: datetime) -> Judged:
    """It begins, is soon over, or is over."""
    now_s, decisions = int(now.timestamp()), list[AnyDecision]()
    hot = memory.hot
    while 0 < due_s(hot.away) <= now_s:
        it = hot.away
        if it.stage is AwayStage.PLANNED:
            hot = _planned_begins(hot)
            it = hot.away
            decisions.append(changed(it))
        elif it.stage is AwayStage.AWAY:
            it = msgspec.structs.replace(it, stage=AwayStage.ENDS_SOON)
            hot = msgspec.structs.replace(hot, away=it)
            decisions.append(changed(it))
        else:
            how = AwayEnd.MOTION if it.stage is AwayStage.MOVED else AwayEnd.TIME
            hot = hot if it.stage is AwayStage.MOVED else _armed(hot)
            hot = msgspec.structs.replace(hot, away=Away(number=it.number))
            decisions.append(changed(msgspec.structs.replace(it, stage=AwayStage.NONE), how))
    return (Memory(hot, memory.rhythm) if hot is not memory.hot else memory), decisions


def moved(hot: HouseholdState, now_s: int) -> tuple[HouseholdState, list[AnyDecision]]:
    """Somebody is in the home: it is watched from now on as ever, whoever it was."""
    it = hot.away
    hot = msgspec.structs.replace(hot, absent_s=0)
    if it.stage not in {*IS_AWAY, AwayStage.TO_CONFIRM}:
        return hot, []
    it = msgspec.structs.replace(it, stage=AwayStage.MOVED, moved_s=now_s)
    return msgspec.structs.replace(hot, away=it), [changed(it, AwayEnd.MOTION)]


def changed(it: Away, ended: AwayEnd | None = None, *, by: str = "") -> AbsenceChanged:
    """The decision that says how it stands."""
    stage = it.stage.name.lower()
    return AbsenceChanged(number=it.number, stage=stage, until=moment(it.until_s), ended=ended, by=by)


def _in_force(hot: HouseholdState, it: Away) -> HouseholdState:
    """The home with this absence: while it lasts, its silence is neither counted nor learned.

    One that is to be confirmed holds the silence back for a while, which telling it again makes no longer.
    """
    if it.stage is AwayStage.PLANNED:
        return msgspec.structs.replace(hot, away=it)
    absent_s = it.until_s
    if it.stage is AwayStage.TO_CONFIRM:
        absent_s = min(it.until_s, max(hot.absent_s, hot.quiet.active_s + UNCONFIRMED_S))
    quiet = msgspec.structs.replace(hot.quiet, unsure=True)
    return msgspec.structs.replace(hot, away=it, quiet=quiet, absent_s=absent_s)


def _begins_as(*, unconfirmed: bool) -> AwayStage:
    return AwayStage.TO_CONFIRM if unconfirmed else AwayStage.AWAY


def _planned_begins(hot: HouseholdState) -> HouseholdState:
    """At its planned start; where nobody was seen shortly before, the silence may be somebody who lies there."""
    it = hot.away
    if hot.quiet.active_s < it.since_s - LEFT_WITHIN_S:
        return msgspec.structs.replace(hot, away=msgspec.structs.replace(it, stage=AwayStage.TO_CONFIRM))
    return _in_force(hot, msgspec.structs.replace(it, stage=_begins_as(unconfirmed=it.unconfirmed)))


def _armed(hot: HouseholdState) -> HouseholdState:
    """A silence that had rung before it was known that nobody is at home may ring again."""
    quiet = msgspec.structs.replace(hot.quiet, alarmed=False)
    growing = msgspec.structs.replace(hot.growing, grave_s=0)
    return msgspec.structs.replace(hot, quiet=quiet, growing=growing)
