"""Abnormal inactivity: when is this home's silence longer than it ever usually is?

Silence is counted only while the gateway could hear: time during which it could not is no evidence.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from alerting.model import RiskTier
from alerting.policy import DAY_FROM_H, NIGHT_FROM_H, Policy
from alerting.rhythm import HOURS, Rhythm

WINDOW_S = 300
TAIL_FROM_S = 1800
DAY_S = 86_400
TAIL_MAX = 48


class Limit(msgspec.Struct, frozen=True):
    """How long a silence may last, where that comes from, and the home's longest usual one (0 = not known)."""

    limit_s: int
    source: str
    usual_s: int


class Quiet(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a home's movement: hot state, written with each commit.

    Attributes:
        active_s: Last activity, UTC epoch seconds; 0 before the first.
        window: Number of the five-minute window of that activity (epoch / 300).
        rooms: Rooms seen active in that window, comma-separated.
        door: An outside door was part of that window.
        blind_s: Seconds of the present silence in which the gateway could not hear.
        alarmed: The present silence has raised its alarm.
        fit_day: Local day number of the last fit.
        tail: Silences of half an hour or more since the last fit: (start epoch seconds, minutes).
    """

    active_s: int = 0
    window: int = 0
    rooms: str = ""
    door: bool = False
    blind_s: int = 0
    alarmed: bool = False
    fit_day: int = 0
    tail: tuple[tuple[int, int], ...] = ()


def local_hour(at_s: int, policy: Policy) -> int:
    """Local hour of the day, 0-23."""
    return (at_s + policy.utc_offset_s) // 3600 % HOURS


def local_day(at_s: int, policy: Policy) -> int:
    """Number of the local day since 1970-01-01."""
    return (at_s + policy.utc_offset_s) // DAY_S


def limit_for(start_s: int, rhythm: Rhythm, tier: RiskTier, policy: Policy) -> Limit:
    """How long a silence that begins at ``start_s`` (UTC epoch seconds) may last in this home."""
    hour = local_hour(start_s, policy)
    factor = policy.tier_factor[tier]
    usual_s = rhythm.usual_s(hour)
    if rhythm.days >= policy.own_from_days and usual_s > 0:
        wanted_s, source = (usual_s * policy.own_margin + policy.own_margin_s) * factor, "own_rhythm"
    else:
        wanted_s, source = policy.city_limits_s[hour] * factor, "city"
    cap_s = policy.cap_day_s if DAY_FROM_H <= hour < NIGHT_FROM_H else policy.cap_night_s
    if wanted_s >= cap_s:
        return Limit(cap_s, "cap", usual_s)
    return Limit(max(int(wanted_s), policy.least_limit_s), source, usual_s)


def due_s(quiet: Quiet, rhythm: Rhythm, tier: RiskTier, policy: Policy) -> int:
    """When the present silence passes its limit, UTC epoch seconds; 0 when there is nothing to wait for."""
    if quiet.active_s == 0 or quiet.alarmed:
        return 0
    return quiet.active_s + quiet.blind_s + limit_for(quiet.active_s, rhythm, tier, policy).limit_s


def blind(quiet: Quiet, since_s: int, until: datetime) -> Quiet:
    """The memory after nobody could be heard between ``since_s`` (UTC epoch seconds) and ``until``.

    Only what lies in the present silence counts, and never more than the silence itself.
    """
    gap_s, silence_s = int(until.timestamp()) - since_s, int(until.timestamp()) - quiet.active_s
    if quiet.active_s == 0 or gap_s <= 0 or silence_s <= 0:
        return quiet
    return msgspec.structs.replace(quiet, blind_s=min(quiet.blind_s + gap_s, silence_s))


def moved(quiet: Quiet, at_s: int, room: str, *, door: bool) -> tuple[Quiet, bool]:
    """The memory after activity at ``at_s``; and whether its five-minute window says anything new."""
    if at_s < quiet.active_s:
        return quiet, False  # a late report of something older than what is known
    window = at_s // WINDOW_S
    if window == quiet.window:
        known = quiet.rooms.split(",") if quiet.rooms else []
        news = room not in known or (door and not quiet.door)
        rooms = quiet.rooms if room in known else ",".join((*known, room))
        return (
            msgspec.structs.replace(
                quiet, active_s=at_s, rooms=rooms, door=quiet.door or door, blind_s=0, alarmed=False
            ),
            news,
        )
    tail = quiet.tail
    length_s = at_s - quiet.active_s - quiet.blind_s
    if quiet.active_s and length_s >= TAIL_FROM_S:
        tail = (*tail, (quiet.active_s, length_s // 60))[-TAIL_MAX:]
    return Quiet(active_s=at_s, window=window, rooms=room, door=door, fit_day=quiet.fit_day, tail=tail), True


def fitted(quiet: Quiet, rhythm: Rhythm, now_s: int, policy: Policy) -> tuple[Quiet, Rhythm] | None:
    """Memory and rhythm after the daily fit, or None when it is not due.

    The fit runs at the first activity of a new local day, on the silences that have ended.
    """
    today = local_day(now_s, policy)
    if quiet.fit_day == today:
        return None
    if quiet.fit_day == 0:
        return msgspec.structs.replace(quiet, fit_day=today), rhythm
    days = max(1, min(today - quiet.fit_day, DAYS_FIT_MAX))
    grown = rhythm.fitted(quiet.tail, utc_offset_s=policy.utc_offset_s, days=days)
    return msgspec.structs.replace(quiet, fit_day=today, tail=()), grown


DAYS_FIT_MAX = 28


def moment(at_s: int) -> datetime:
    """Aware UTC from epoch seconds."""
    return datetime.fromtimestamp(at_s, UTC)
