"""A silence that grows: the home itself is asked first, then people are; and once more when it is rare even here.

An open incident is never closed by any of it. The panic key stays a panic, also while the home is being asked.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import Learned, Noted, PromptAsked
from alerting.homes import hearing, supervision
from alerting.homes.state import Growing, HouseholdState, Judged, Memory
from alerting.incidents import incident
from alerting.model import Alarm, AlarmKind, Entry, EntryKind, Incident, Priority
from alerting.policy import DAY_FROM_H, NIGHT_FROM_H, H, Policy
from alerting.silence import inactivity
from alerting.silence.day import DAY_S, WINDOW_S
from alerting.silence.inactivity import HOURS, Limit, moment
from alerting.silence.rhythm import Rhythm

SOFT_SHARE = 0.9
"""Where a home's own rhythm does not say when to ask it, it is asked at this share of its limit."""
GROWS_S = 1800
"""What is grave comes so much later than the limit at least."""
ONCE_A_YEAR_WEEKS = 52
OF_ITS_OWN = frozenset({"own_rhythm", "learning", "cap"})
"""Where a limit comes from that the home's answers may make shorter."""


def asks_with(hot: HouseholdState) -> str:
    """The device of the home through which its resident can be asked; empty when none can now."""
    hubs = (id_ for id_, d in hot.devices.items() if d.role == "hub" and not (d.missed or d.offline))
    return next(hubs, "")


def _starts_s(hot: HouseholdState) -> int:
    """From when the present silence is counted, UTC epoch seconds."""
    return max(hot.quiet.active_s + hot.quiet.blind_s, hot.absent_s)


def limit_due_s(memory: Memory, policy: Policy) -> int:
    """When the present silence passes its limit, UTC epoch seconds; 0 when there is nothing to wait for."""
    hot = memory.hot
    due_s = inactivity.due_s(hot.quiet, memory.rhythm, hot.tier, policy, hot.absent_s)
    sooner_s = _asked_limit_s(memory, policy) if due_s else 0
    return min(due_s, _starts_s(hot) + sooner_s) if sooner_s else due_s


def _asked_limit_s(memory: Memory, policy: Policy) -> int:
    """The limit of a silence about which the home was asked in time and nobody has answered; 0: as without it.

    It is shorter only in a home that has shown that it answers, while its device can be heard, and never for a
    question that had to wait for the morning, a silence that could not be followed, or an absence.
    """
    hot, rhythm = memory.hot, memory.rhythm
    quiet, asked_s = hot.quiet, hot.growing.asked_s
    windows = rhythm.asked_windows(inactivity.local_window(quiet.active_s, policy), quiet.context)
    if not windows or asked_s <= quiet.active_s or quiet.unsure or hot.absent_s or not asks_with(hot):
        return 0
    limit = inactivity.present_limit(quiet, rhythm, hot.tier, policy)
    sooner_s = max(windows * WINDOW_S, _soft_s(memory, policy) + policy.prompt_s, policy.least_limit_s)
    in_time = asked_s + policy.prompt_s <= quiet.active_s + sooner_s
    return sooner_s if in_time and sooner_s < limit.limit_s and limit.source in OF_ITS_OWN else 0


def ask_due_s(memory: Memory, now: datetime, policy: Policy) -> int:
    """When the home is asked before its limit, UTC epoch seconds; 0: not this time.

    Never by night, never while an incident is running, and only so often a day: then it is asked with the limit.
    What an incident has held back until the night waits for the morning as well.
    """
    hot, now_s = memory.hot, int(now.timestamp())
    limit_at_s = limit_due_s(memory, policy)
    asked = hot.growing.asked_s > hot.quiet.active_s
    if not limit_at_s or asked or hot.open is not None or not asks_with(hot):
        return 0
    soft_s = _soft_s(memory, policy)
    due_s = min(_starts_s(hot) + soft_s, limit_at_s - policy.prompt_s)
    due_s = _not_by_night(max(due_s, now_s) if _is_night(now_s, policy) else due_s, policy)
    if due_s > limit_at_s - policy.prompt_s:
        return 0
    today = inactivity.local_day(max(due_s, now_s), policy)
    used = hot.growing.times if hot.growing.day == today else 0
    return due_s if used < policy.prompts_a_day else 0


def _soft_s(memory: Memory, policy: Policy) -> int:
    hot, rhythm = memory.hot, memory.rhythm
    limit = inactivity.present_limit(hot.quiet, rhythm, hot.tier, policy)
    windows = rhythm.soft_windows(inactivity.local_window(hot.quiet.active_s, policy), hot.quiet.context)
    if windows and rhythm.days >= policy.learning_from_days and limit.source != "away":
        return max(windows * 300, policy.least_limit_s)
    return int(limit.limit_s * SOFT_SHARE)


def _is_night(at_s: int, policy: Policy) -> bool:
    return not DAY_FROM_H <= inactivity.local_hour(at_s, policy) < NIGHT_FROM_H


def _not_by_night(at_s: int, policy: Policy) -> int:
    """This moment, or the next morning when it lies in the night."""
    if not _is_night(at_s, policy):
        return at_s
    midnight_s = inactivity.local_day(at_s, policy) * DAY_S - policy.utc_offset_s
    ahead_s = DAY_S if inactivity.local_hour(at_s, policy) >= NIGHT_FROM_H else 0
    return midnight_s + ahead_s + DAY_FROM_H * H


def grave_due_s(hot: HouseholdState) -> int:
    """When a silence that has rung becomes rare even for this home, UTC epoch seconds; 0 when none is growing."""
    growing = hot.growing
    return _starts_s(hot) + growing.grave_s if growing.grave_s and hot.quiet.alarmed else 0


def due_s(memory: Memory, now: datetime, policy: Policy) -> int:
    """When something of the present silence is due next, UTC epoch seconds; 0 when nothing is."""
    if memory.hot.unseen or not supervision.has_eyes(memory.hot.devices):
        return 0
    due = (limit_due_s(memory, policy), ask_due_s(memory, now, policy), grave_due_s(memory.hot))
    return min((at_s for at_s in due if at_s), default=0)


def pass_time(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """What is due of the present silence: asked, alarm, growth. Only for a home that can be seen."""
    now_s = int(now.timestamp())
    limit_at_s, ask_at_s = limit_due_s(memory, policy), ask_due_s(memory, now, policy)
    grave_at_s = grave_due_s(memory.hot)
    if limit_at_s and now_s >= limit_at_s:
        return _rings(memory, now, policy)
    if ask_at_s and now_s >= ask_at_s:
        return _asked(memory, now, policy)
    if grave_at_s and now_s >= grave_at_s:
        return _grew(memory, now, policy)
    return memory, []


def _asked(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """The home's own device asks whether all is well."""
    hot, now_s = memory.hot, int(now.timestamp())
    today, device = inactivity.local_day(now_s, policy), asks_with(hot)
    used = hot.growing.times if hot.growing.day == today else 0
    until_s = now_s + policy.prompt_s
    growing = Growing(asked_s=now_s, until_s=until_s, day=today, times=used + 1, grave_s=hot.growing.grave_s)
    asked = PromptAsked(device=device, id=f"{hot.key}.{now_s}"[:64], until=moment(until_s))
    return Memory(msgspec.structs.replace(hot, growing=growing), memory.rhythm), [asked]


def _rings(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """The limit has passed: an alarm. A home that was not asked before is asked now, also by night."""
    hot, rhythm = memory.hot, memory.rhythm
    limit = inactivity.present_limit(hot.quiet, rhythm, hot.tier, policy)
    asked_at = moment(hot.growing.asked_s) if hot.growing.asked_s > hot.quiet.active_s else None
    sooner_s = _asked_limit_s(memory, policy)
    alarm = _alarm(memory, Limit(sooner_s or limit.limit_s, limit.source), now, policy, asked_at)
    if sooner_s:
        alarm = msgspec.structs.replace(alarm, unasked_s=limit.limit_s)
        rhythm = rhythm.rang(inactivity.began_at(moment(hot.quiet.active_s), policy))
    growing = msgspec.structs.replace(hot.growing, grave_s=_grave_s(hot, rhythm, limit, policy))
    hot = msgspec.structs.replace(hot, quiet=inactivity.alarmed(hot.quiet), growing=growing)
    memory, decisions = hearing.alarmed(Memory(hot, rhythm), alarm, policy)
    if sooner_s:
        decisions.append(Learned(rhythm=rhythm))
    if asked_at is None and asks_with(hot) and policy.prompts_a_day:
        memory, asked = _asked(memory, now, policy)
        running = memory.hot.open
        assert running is not None, "it has just rung"
        decisions += [*asked, Noted(entry=Entry(incident=running.id, at=now, kind=EntryKind.PROMPTED))]
    return memory, decisions


def _alarm(memory: Memory, limit: Limit, now: datetime, policy: Policy, asked_at: datetime | None) -> Alarm:
    quiet, rhythm = memory.hot.quiet, memory.rhythm
    at_window = inactivity.local_window(quiet.active_s, policy)
    alarm = Alarm(
        kind=AlarmKind.INACTIVITY,
        at=now,
        room=quiet.rooms.rsplit(",", 1)[-1],
        quiet_since=moment(quiet.active_s),
        limit_s=limit.limit_s,
        limit_source=limit.source,
        usual_s=rhythm.usual_s(inactivity.local_hour(quiet.active_s, policy)),
        once_in_weeks=rhythm.once_in_weeks(at_window, limit.limit_s),
        learned_days=rhythm.days,
        policy_version=policy.version,
        edition=policy.editions.number,
        price=rhythm.waits.price if rhythm.waits is not None else 0.0,
        asked_at=asked_at,
        uncounted_s=_starts_s(memory.hot) - quiet.active_s,
    )
    if not alarm.is_for_a_usual_silence:
        return alarm
    alike_weeks = rhythm.once_in_weeks(at_window, limit.limit_s, quiet.context)
    return msgspec.structs.replace(alarm, alike_weeks=alike_weeks)


def _grave_s(hot: HouseholdState, rhythm: Rhythm, limit: Limit, policy: Policy) -> int:
    """How long the present silence is rare even for this home, once a year; a day at most, seconds."""
    own_s = rhythm.rare_s(inactivity.local_window(hot.quiet.active_s, policy), limit.limit_s, ONCE_A_YEAR_WEEKS)
    cap_s = inactivity.cap_s(inactivity.local_hour(hot.quiet.active_s, policy) % HOURS, hot.tier, policy)
    return max(min(own_s or cap_s, policy.cap_away_s), limit.limit_s + GROWS_S)


def _grew(memory: Memory, now: datetime, policy: Policy) -> Judged:
    """The silence has grown: what is open rings again, one priority higher; what was closed as a fault rings anew."""
    hot = memory.hot
    limit = Limit(hot.growing.grave_s, "grown")
    alarm = msgspec.structs.replace(_alarm(memory, limit, now, policy, None), once_in_weeks=ONCE_A_YEAR_WEEKS)
    growing = msgspec.structs.replace(hot.growing, grave_s=0)
    hot = msgspec.structs.replace(hot, growing=growing)
    if hot.open is None:
        return hearing.alarmed(Memory(hot, memory.rhythm), alarm, policy)
    running, decisions = incident.grew(hot.open, alarm, _raised(hot.open), policy.priorities)
    return Memory(msgspec.structs.replace(hot, open=running), memory.rhythm), decisions


def _raised(running: Incident) -> Priority:
    """One priority higher, P2 at most: an inactivity does not become a call for help by itself."""
    return max(Priority(max(running.priority - 1, Priority.P1)), Priority.P2)
