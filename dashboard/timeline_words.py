"""What was done about an incident: the lines of its timeline in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from alerting.model import AlarmKind, Entry, EntryKind
from dashboard import audit_words, away_words, care_words, job_lines
from dashboard.flood_words import AREA_SENTENCES, area_detail
from dashboard.platform_words import not_delivered
from dashboard.speech import Speech
from dashboard.words import mark

SENT = (
    EntryKind.DISPATCHED,
    EntryKind.RECALLED,
    EntryKind.OVERDUE,
    EntryKind.JOB_DECLINED,
    EntryKind.NOT_ACCEPTED,
    EntryKind.JOB_ELSEWHERE,
    EntryKind.JOB_RECEIVED,
    EntryKind.JOB_CALLED,
    EntryKind.JOB_CALL_ANSWERED,
)
OPERATORS = (EntryKind.OFFERED, EntryKind.HANDED_OVER, EntryKind.OFFER_LAPSED)
BESIDE = (*OPERATORS, EntryKind.HELD, EntryKind.LAPSED, EntryKind.BROKEN_OFF, EntryKind.TAKEN_BACK)
PAGED = (EntryKind.PAGE_SENT, EntryKind.PAGE_FAILED, EntryKind.PAGE_LOST, EntryKind.PAGE_UNDELIVERED)
CALLS = (EntryKind.CALL_IN, EntryKind.CALL_OUT)

ACCEPTED = (EntryKind.PAGE_ACCEPTED, EntryKind.ACCEPTED_LATE)
ANSWERED = (*ACCEPTED, EntryKind.PAGE_DECLINED, EntryKind.GIVEN_BACK)
NAMED_IN_TEXT = (*ACCEPTED, EntryKind.GIVEN_BACK, EntryKind.ACCEPTANCE_EXPIRED)
"""Done by somebody who may have no account: the line itself has the name."""


class Told(msgspec.Struct, frozen=True):
    """One line of the timeline, ready to be shown."""

    at: datetime
    kind: str
    head: str
    text: str
    who: str


def tell(entry: Entry, say: Speech, name_of: Callable[[str], str], named: Mapping[str, str]) -> Told:
    """One line of the timeline in words.

    Args:
        entry: As journalled.
        say: The language.
        name_of: A person's name by login.
        named: Names of responders and titles of scripts by their id.
    """
    head, text = say.entry(entry.kind), entry.text
    if entry.alarm is not None:
        name = say.alarm(entry.alarm.kind)
        head = name if entry.kind is EntryKind.ALARM else f"{head} · {name}"
        area = entry.alarm.kind in AREA_SENTENCES
        detail = area_detail(entry.alarm, say) if area else say.device_word(entry.alarm.detail)
        text = " · ".join(part for part in (say.room(entry.alarm.room), detail) if part)
        if entry.alarm.kind is AlarmKind.AUDIT:
            text = audit_words.said(entry.alarm.detail, say)
    elif entry.kind in BESIDE:
        text = _beside(entry, say, name_of)
    elif entry.kind in job_lines.KINDS:
        text = job_lines.told(entry.kind, text, entry.at, say, named)
    elif entry.kind in job_lines.MISSED:
        text = job_lines.missed(entry.kind, text, entry.at, say, named)
    elif entry.kind in NAMED:
        text = NAMED[entry.kind](text, say, named)
    elif entry.kind in TEXTS:
        text = TEXTS[entry.kind](text, say)
    return Told(entry.at, str(entry.kind), head, text, _who(entry, text, name_of))


def _who(entry: Entry, text: str, name_of: Callable[[str], str]) -> str:
    """Who has done it; empty where the text names them already."""
    who = name_of(entry.by) if entry.by and entry.kind not in NAMED_IN_TEXT else ""
    return "" if who in text.split(" · ") else who


def _beside(entry: Entry, say: Speech, name_of: Callable[[str], str]) -> str:
    """What is told of a hold, an offer, and of what has ended by itself."""
    if entry.kind in OPERATORS:
        return name_of(entry.text)
    if entry.kind is EntryKind.HELD:
        for_s, _, reason = entry.text.partition("|")
        return " · ".join((say.duration(int(for_s)), reason))
    return say.lapse(entry.text) if entry.kind is EntryKind.LAPSED else say.pending(entry.text)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _sent(text: str, _say: Speech, named: Mapping[str, str]) -> str:
    """Who was sent, or which script is followed, and why."""
    who, _, reason = text.partition("|")
    return _joined(named.get(who, who), reason)


def _called(text: str, say: Speech) -> str:
    whom, _, result = text.partition("|")
    return f"{whom} · {say.call_result(result)}"


def _closed(text: str, say: Speech) -> str:
    outcome, _, rest = text.partition("|")
    return _joined(say.outcome(outcome), rest)


def _follow_up_called(text: str, say: Speech) -> str:
    result, _, rest = text.partition("|")
    return _joined(say.follow_up_result(result), rest)


def _paged(text: str, say: Speech) -> str:
    name, error, channel = (*text.split("|"), "", "")[:3]
    return _joined(name, say.channel(channel), say.page_error(error) if error else "")


def _pulled_forward(text: str, say: Speech, named: Mapping[str, str]) -> str:
    """Whose page failed, and what is done at once instead of later."""
    name, channel, who = (*text.split("|"), "", "")[:3]
    name = named.get(name, name)
    if channel:
        return say.gettext(mark("%(name)s: now by %(channel)s"), name=name, channel=say.channel(channel))
    if who:
        return say.gettext(mark("%(name)s: now %(who)s"), name=name, who=who)
    return say.gettext(mark("%(name)s: now the plan's next step"), name=name)


def _answered(text: str, say: Speech) -> str:
    how, name, why_not = (*text.split("|", 2), "", "")[:3]
    return _joined(name, say.how_accepted(how), why_not)


def _exchanged(text: str, say: Speech) -> str:
    """A call through the exchange: whose number, what became of it, how long it was spoken."""
    number, who, result, duration_s = (*text.split("|"), "", "", "")[:4]
    length = say.duration(int(duration_s)) if duration_s.isdigit() and duration_s != "0" else ""
    return _joined(number or say.gettext(mark("Number withheld")), who, say.call_state(result), length)


def _escalated(text: str, say: Speech) -> str:
    """To whom it climbed, with the telephones that are called there."""
    level, bar, names = text.partition("|")
    if bar and not names:
        names = say.gettext(mark("nobody can be called"))
    return " · ".join(part for part in (say.escalation_level(level), names) if part)


TEXTS: dict[EntryKind, Callable[[str, Speech], str]] = {
    EntryKind.CALLED: _called,
    EntryKind.CLOSED: _closed,
    EntryKind.SECOND_ASKED: _closed,
    EntryKind.FOLLOW_UP_PLANNED: lambda text, say: say.times.full(datetime.fromisoformat(text)),
    EntryKind.FOLLOW_UP_CALLED: _follow_up_called,
    EntryKind.FOLLOW_UP_ENDED: lambda text, say: say.follow_up_end(text),
    EntryKind.ACTIVITY: lambda text, say: say.room(text),
    EntryKind.ALL_BACK: lambda text, say: say.homes(int(text)),
    EntryKind.ESCALATED: _escalated,
    EntryKind.MENDED: audit_words.said,
    EntryKind.ABSENCE: away_words.in_timeline,
    EntryKind.CARE: care_words.in_timeline,
    **dict.fromkeys(PAGED, _paged),
    **dict.fromkeys(ANSWERED, _answered),
    **dict.fromkeys(CALLS, _exchanged),
}
"""How the text of a line is put into words, where it is not words already."""

NAMED: dict[EntryKind, Callable[[str, Speech, Mapping[str, str]], str]] = {
    EntryKind.NOT_DELIVERED: not_delivered,
    EntryKind.PULLED_FORWARD: _pulled_forward,
    **dict.fromkeys((*SENT, EntryKind.SCRIPT), _sent),
}
"""The same, where it begins with somebody's id."""
