"""Why an alarm rang, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerting.model import Alarm, AlarmKind
from dashboard import audit_words, supervision_words
from dashboard.flood_words import AREA_SENTENCES, area_detail
from dashboard.speech import Speech
from dashboard.words import mark

GROWN = "grown"
"""Source of a limit that is not the home's usual one: the silence has gone on."""

LATE_FROM = timedelta(minutes=1)
"""An alarm that came so much later than its limit by the clock says why."""
RARE_FROM_WEEKS = 1.5
"""What is rarer than about once in two weeks is told with its number."""

LEAD_ORDER = (
    AlarmKind.AREA_CALLS,
    AlarmKind.PANIC,
    AlarmKind.FALL,
    AlarmKind.SMOKE,
    AlarmKind.GAS,
    AlarmKind.MEDICAL,
    AlarmKind.MANUAL,
    AlarmKind.RULE_FAILED,
    AlarmKind.AUDIT,
    AlarmKind.RETAINED_PANIC,
    AlarmKind.UNCERTAIN,
    AlarmKind.INACTIVITY,
    AlarmKind.AREA_OUTAGE,
    AlarmKind.AREA_BRIDGE,
    AlarmKind.CANNOT_CALL,
    AlarmKind.UNSEEN,
    AlarmKind.FOLLOW_UP,
)

SENTENCES: dict[AlarmKind, str] = {
    AlarmKind.PANIC: mark("The emergency button was pressed."),
    AlarmKind.FALL: mark("A device reports that somebody has fallen."),
    AlarmKind.SMOKE: mark("A device reports smoke."),
    AlarmKind.GAS: mark("A device reports gas."),
    AlarmKind.MEDICAL: mark("A device reports a medical alarm."),
    AlarmKind.RETAINED_PANIC: mark(
        "The broker had kept a press of the emergency button. When it was made is not known; "
        "it may be the only trace of a call for help during an outage. Call the resident."
    ),
    AlarmKind.UNCERTAIN: mark("A device raised an alarm of its own that is not known here. Call the resident."),
    AlarmKind.INACTIVITY: mark("Nobody has moved in this home for longer than its limit."),
    AlarmKind.UNSEEN: mark(
        "Nothing that could show life in this home is heard. The equipment or the power may be down."
    ),
    AlarmKind.CANNOT_CALL: mark(
        "The resident cannot call for help: nothing to call with is in order. If something happens, nobody will hear."
    ),
    AlarmKind.MANUAL: mark("Somebody telephoned and an operator opened this incident."),
    AlarmKind.AUDIT: mark("The checker found that this system itself is not as it must be. No resident has called."),
    AlarmKind.RULE_FAILED: mark("A signal that may be a call for help could not be judged. Call the resident."),
    AlarmKind.FOLLOW_UP: mark("Since the last incident nobody has been able to ask how the resident is."),
    **AREA_SENTENCES,
}


def lead_alarm(alarms: Sequence[Alarm]) -> Alarm:
    """The alarm an incident is named after: the gravest kind, its latest.

    Args:
        alarms: At least one.
    """
    return min(alarms, key=lambda alarm: (LEAD_ORDER.index(alarm.kind), -alarm.at.timestamp()))


def why(alarm: Alarm, now: datetime, say: Speech) -> list[str]:
    """The alarm in plain sentences, the most important first."""
    if alarm.kind is AlarmKind.INACTIVITY and alarm.quiet_since is not None:
        return _why_inactive(alarm, now, say)
    if alarm.kind is AlarmKind.AUDIT:
        found, to_do = audit_words.said(alarm.detail, say), audit_words.to_do(alarm.detail, say)
        return [found, to_do, say.gettext(SENTENCES[alarm.kind])]
    lines = [say.gettext(SENTENCES[alarm.kind])]
    if alarm.late_s:
        lines.append(
            say.gettext(
                mark("It reached us %(late)s late: the device had stored it. It counts as if it were live."),
                late=say.duration(alarm.late_s),
            )
        )
        if alarm.device_time is not None:
            told = say.times.full(alarm.device_time)
            lines.append(say.gettext(mark("The device's own clock says %(time)s."), time=told))
    if alarm.detail:
        lines.append(area_detail(alarm, say) if alarm.kind in AREA_SENTENCES else _detail(alarm, say))
    return lines


def _detail(alarm: Alarm, say: Speech) -> str:
    if alarm.kind is AlarmKind.MANUAL:
        return say.gettext(mark("In the caller's words: %(detail)s"), detail=alarm.detail)
    if alarm.kind is AlarmKind.CANNOT_CALL:
        return supervision_words.flaws(alarm.detail, say)
    if alarm.kind is AlarmKind.UNSEEN and alarm.detail.startswith("sensors|"):
        return say.gettext(mark("Why: the home's hub is silent, and its sensors are heard only through it."))
    if alarm.kind is AlarmKind.UNSEEN:
        return say.gettext(mark("Why: the home's hub is silent, and nothing has come through since: a press neither."))
    if alarm.kind is AlarmKind.UNCERTAIN and alarm.detail == "unread":
        return say.gettext(mark("A part of its message could not be read: a call for help may be in it."))
    if alarm.kind is AlarmKind.FOLLOW_UP:
        return say.why_followed_up(alarm.detail)
    if alarm.detail == "unregistered":
        return say.gettext(mark("The device is not registered in any home: where it is, is not known."))
    if alarm.detail == "moved":
        return say.gettext(mark("The device was moved or retired: it may not be in its last known home any more."))
    return say.gettext(mark("The device says: %(detail)s"), detail=say.device_word(alarm.detail))


def _why_inactive(alarm: Alarm, now: datetime, say: Speech) -> list[str]:
    assert alarm.quiet_since is not None
    lines = [
        say.gettext(
            mark("Nobody has moved in this home since %(time)s: %(silence)s so far."),
            time=say.times.brief(alarm.quiet_since, now, seconds=False),
            silence=say.duration((now - alarm.quiet_since).total_seconds()),
        ),
        _limit(alarm, say),
    ]
    if alarm.asked_at is not None:
        asked = say.times.brief(alarm.asked_at, now, seconds=False)
        lines.append(say.gettext(mark("The home's own device asked at %(time)s, and nobody answered."), time=asked))
    if alarm.unasked_s:
        sooner = mark("This home usually answers, so it rings sooner: without the question its limit is %(limit)s.")
        lines.append(say.gettext(sooner, limit=say.duration(alarm.unasked_s)))
    lines += _late(alarm, now, say)
    if alarm.usual_s:
        lines.append(
            say.gettext(
                mark("The longest usual silence of this home at this hour is %(usual)s."),
                usual=say.duration(alarm.usual_s),
            )
        )
    if alarm.is_for_a_usual_silence:
        lines.append(_short(alarm, say))
    elif alarm.once_in_weeks and alarm.limit_source != GROWN:
        lines.append(_rare(alarm, say))
    if alarm.room:
        lines.append(say.gettext(mark("The last movement was here: %(room)s."), room=say.room(alarm.room)))
    if alarm.edition:
        lines.append(say.gettext(mark("Judged by edition %(number)s of the rules in force."), number=alarm.edition))
    return lines


def _late(alarm: Alarm, now: datetime, say: Speech) -> list[str]:
    """By the clock the limit had passed before it rang: what does not count as silence, and what was judged late."""
    assert alarm.quiet_since is not None
    lines, uncounted = list[str](), timedelta(seconds=alarm.uncounted_s)
    if uncounted >= LATE_FROM:
        text = mark("Of this time %(time)s do not count: the resident was away, or this home could not be heard.")
        lines.append(say.gettext(text, time=say.duration(alarm.uncounted_s)))
    passed_at = alarm.quiet_since + uncounted + timedelta(seconds=alarm.limit_s)
    if alarm.at - passed_at >= LATE_FROM and alarm.limit_source != GROWN:
        text = mark(
            "The limit had passed at %(time)s and it rang at %(rang)s: only then all that it depends on was known "
            "(the home's past days, its label, reports on their way)."
        )
        passed, rang = (say.times.brief(at, now, seconds=False) for at in (passed_at, alarm.at))
        lines.append(say.gettext(text, time=passed, rang=rang))
    return lines


def _short(alarm: Alarm, say: Speech) -> str:
    """Why it rings for a silence that is usual at this hour: the limit goes by more than the hour."""
    if alarm.alike_weeks >= RARE_FROM_WEEKS:
        text = mark(
            "The limit is this short because it also goes by where the last movement was and how busy it had been: "
            "a silence that begins like this one lasts so long only once in %(weeks)s weeks."
        )
        return say.gettext(text, weeks=round(alarm.alike_weeks))
    text = mark(
        "The limit is this short because it also goes by where the last movement was, how busy it had been, and how "
        "many false alarms this home may have."
    )
    return say.gettext(text)


def _limit(alarm: Alarm, say: Speech) -> str:
    """The limit and where it comes from; once a silence has grown, how rare it is now."""
    limit = say.duration(alarm.limit_s)
    if alarm.limit_source == GROWN:
        return say.gettext(
            mark("Its limit has long passed: a silence of %(limit)s comes about once a year in this home."), limit=limit
        )
    return say.gettext(
        mark("The limit for a silence that begins at this hour is %(limit)s (%(source)s)."),
        limit=limit,
        source=say.limit_source(alarm.limit_source),
    )


def _rare(alarm: Alarm, say: Speech) -> str:
    """How rare a silence as long as the limit is in this home."""
    if alarm.once_in_weeks < 1:
        text = mark("In this home a silence as long as the limit is not rare at this hour: more than once a week.")
        return say.gettext(text)
    weeks = round(alarm.once_in_weeks)
    return say.ngettext(
        "In this home a silence as long as the limit comes once in %(num)s week at this hour.",
        "In this home a silence as long as the limit comes once in %(num)s weeks at this hour.",
        weeks,
    )
