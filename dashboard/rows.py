"""Queue rows in a console's language, as its scripts receive them and its first page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from alerting.casefile import Account
from alerting.model import Alarm, AlarmKind, EscalationLevel, IncidentState
from dashboard import audit_words, desk_words, job_words
from dashboard.access import Do, may, sees
from dashboard.explain import lead_alarm
from dashboard.speech import Speech
from dashboard.times import epoch_ms
from dashboard.words import mark
from gateway.aftercare.asked import FollowUpRow
from gateway.desk.contract import BlindRow, Counters, HouseholdRow, QueueRow
from gateway.desk.duty_desk import MemberRow
from gateway.equipment.contract import StepView

OFFERS_SHOWN = 3
"""Of a whole shift that is offered the first few stand over the pages; its own page has them all."""


class ConsoleRow(TypedDict):
    """One incident in the queue, all words in the console's language, all moments in milliseconds since 1970."""

    incident: str
    key: str
    who: str
    where: str
    area: str
    tier: str
    tier_word: str
    state: str
    state_word: str
    group: str
    priority: int
    priority_word: str
    shape: str
    kind: str
    kind_word: str
    room_word: str
    alarm_count: int
    unacknowledged: bool
    ringing: bool
    opened_ms: int
    since_ms: int
    again_ms: int
    again_word: str
    changed_ms: int
    claimed_by: str
    claimed_name: str
    responder_name: str
    sent_word: str
    missed_word: str
    recorded: bool
    climbed_word: str
    second_person: bool
    second_by: str
    second_ms: int
    second_word: str
    offered_to: str
    offered_word: str
    homes_word: str
    fold: str
    fold_word: str
    lat: float | None
    lon: float | None


def console_row(row: QueueRow, say: Speech) -> ConsoleRow:
    """The row as a console shows it. ``group`` is ``unclaimed``, ``progress`` or ``closed``."""
    lead = lead_alarm(row.alarms)
    return ConsoleRow(
        incident=row.incident,
        key=row.key,
        who=row.resident or (row.household and row.key) or say.gettext(nobodys(lead)),
        where=where_of(row) or (audit_words.said(lead.detail, say) if lead.kind is AlarmKind.AUDIT else say.stray(row)),
        area=row.area,
        tier=row.tier,
        tier_word=say.tier(row.tier),
        state=row.state,
        state_word=say.standing(row),
        group=group_of(row),
        priority=int(row.priority),
        priority_word=say.priority(row.priority),
        shape=say.shape(row.priority),
        kind=str(lead.kind),
        kind_word=say.alarm(lead.kind),
        room_word=say.room(lead.room),
        alarm_count=row.alarm_count,
        unacknowledged=row.unacknowledged,
        ringing=is_ringing(row),
        opened_ms=epoch_ms(row.opened_at),
        since_ms=epoch_ms(waits_since(row)),
        again_ms=epoch_ms(row.rang_at) if row.waiting_since is not None else 0,
        again_word=_again(row, say),
        changed_ms=epoch_ms(row.changed_at),
        claimed_by=row.claimed_by,
        claimed_name=row.claimed_by_name or row.claimed_by,
        responder_name=row.responder_name or row.responder,
        sent_word=say.sent(row),
        missed_word=_missed(row, say) if _again(row, say) != _missed(row, say) else "",
        recorded=row.recorded,
        climbed_word=_climbed(row, say),
        second_person=row.second_person,
        second_by=row.second_by,
        second_ms=epoch_ms(row.second_asked_at) if row.second_asked_at is not None else 0,
        second_word=_second(row, say),
        offered_to=row.offered_to,
        offered_word=_offered(row, say),
        homes_word=say.gettext(mark("%(n)s of %(all)s homes not back"), n=len(row.members), all=row.homes)
        if row.homes
        else "",
        fold="",
        fold_word="",
        lat=row.lat,
        lon=row.lon,
    )


def waits_since(row: QueueRow) -> datetime:
    """Since when it waits to be taken: its oldest ring that nobody has taken; once taken, its last one."""
    return row.waiting_since or row.rang_at


def _again(row: QueueRow, say: Speech) -> str:
    """That it rang again where somebody has it, or while nobody had taken the ring before."""
    if not row.unacknowledged or not (row.claimed_by or row.waiting_since is not None):
        return ""
    if _rings_for_it(row):
        return _missed(row, say)
    return say.gettext(desk_words.RANG_AGAIN[desk_words.ring_of(row)])


def _rings_for_it(row: QueueRow) -> bool:
    """Whether it rings for what was expected of who was sent, and for no new alarm."""
    return bool(row.missed) and row.unacknowledged and desk_words.ring_of(row) == "no_alarm"


def _missed(row: QueueRow, say: Speech) -> str:
    """What was expected of who was sent, and does not come; empty: nothing."""
    return say.gettext(job_words.MISSED[row.missed]) if row.missed else ""


def _second(row: QueueRow, say: Speech) -> str:
    """Who asks whoever may be the second person to agree, and about what."""
    if not row.second_person:
        return ""
    return _asked_by(row, row.second_by, mark("%(by)s asks you to agree to the closing: %(what)s, %(who)s"), say)


def _offered(row: QueueRow, say: Speech) -> str:
    """Who hands what over to whom it is offered to."""
    if not row.offered_to:
        return ""
    return _asked_by(row, row.claimed_by, mark("%(by)s hands over to you: %(what)s, %(who)s"), say)


def _asked_by(row: QueueRow, login: str, text: str, say: Speech) -> str:
    what, who = say.alarm(lead_alarm(row.alarms).kind), row.resident or row.key
    return say.gettext(text, by=row.claimed_by_name or login, what=what, who=who)


def asked_of(rows: Iterable[QueueRow], account: Account) -> list[QueueRow]:
    """Where this account may be the second person, what has waited longest first."""
    asked = [row for row in rows if row.second_person and row.second_by != account.login and sees(account, row.area)]
    return sorted(asked, key=lambda row: row.second_asked_at or row.changed_at) if may(account, Do.AGREE) else []


def offered_to(rows: Iterable[QueueRow], account: Account) -> list[QueueRow]:
    """What others hand over to this account, in the order of the queue; of a whole shift the first few."""
    offered = [row for row in rows if row.offered_to == account.login and sees(account, row.area)]
    return sorted(offered, key=queue_order)[:OFFERS_SHOWN] if may(account, Do.ACT) else []


def nobodys(lead: Alarm) -> str:
    """Whose it is when it is no home's."""
    return mark("This system") if lead.kind is AlarmKind.AUDIT else mark("Unregistered device")


def _climbed(row: QueueRow, say: Speech) -> str:
    """How high it has climbed, or who takes care of it meanwhile."""
    if row.accepted_until is not None and not row.accepted_by_name:
        return say.gettext(mark("handed over: nobody else is called"))
    if row.accepted_until is not None:
        return say.gettext(mark("accepted by %(who)s"), who=row.accepted_by_name)
    return say.escalation_level(row.climbed) if row.climbed not in {"", EscalationLevel.RING} else ""


def step_line(step: StepView, say: Speech) -> str:
    """One device in test mode as every console shows it: who tests what where, until when, or how it ended."""
    what = f"{say.test_purpose(step.purpose)} · {say.device_role(step.role)}"
    room = f" · {say.room(step.room)}" if step.room else ""
    how = say.test_end(step.how) if step.how else say.test_until(step.until)
    return f"{what}{room} · {step.resident} · {step.by_name} · {how}"


def where_of(row: QueueRow | HouseholdRow | BlindRow | MemberRow | FollowUpRow) -> str:
    """The address with its town and village, which people often write into it themselves."""
    return row.address if row.town and row.town in row.address else f"{row.town}{row.village}{row.address}"


def group_of(row: QueueRow) -> str:
    """Which part of the queue the row stands in."""
    if row.state == IncidentState.CLOSED:
        return "closed"
    return "progress" if row.claimed_by else "unclaimed"


def is_ringing(row: QueueRow) -> bool:
    """Whether consoles sound for it: nobody has it, a new alarm came, or a second person is wanted."""
    return row.state != IncidentState.CLOSED and (row.unacknowledged or row.second_person)


def queue_order(row: QueueRow) -> tuple[bool, int, float]:
    """Where it stands in its group: what rings first, then the more urgent, then what has waited longest."""
    rings = is_ringing(row)
    return (not rings, int(row.priority), (waits_since(row) if rings else row.opened_at).timestamp())


def counters_of(counters: Counters) -> dict[str, int]:
    """The counters as a console receives them."""
    return {
        "unclaimed": counters.unclaimed,
        "in_progress": counters.in_progress,
        "faults": counters.faults,
        "households": counters.households,
        "quarantined": counters.quarantined,
        "blind": counters.blind,
        "follow_ups": counters.follow_ups,
        "late_follow_ups": counters.late_follow_ups,
        "absences": counters.absences,
    }
