"""Abnormal inactivity: when is this home's silence longer than it ever usually is?

Silence is counted only while the gateway could hear: time during which it could not is no evidence.
"""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, datetime

import msgspec

from alerting.model import RiskTier
from alerting.policy import DAY_FROM_H, NIGHT_FROM_H, Policy
from alerting.silence.day import DAY_S, WINDOW_S, WINDOWS, Day, Pace, is_low
from alerting.silence.grid import GRID
from alerting.silence.places import NO_PLACES, Places, is_after_door, name_of, together
from alerting.silence.rhythm import Rhythm, Terms
from alerting.silence.stopping import SLOT_WINDOWS, SLOTS

HOURS = 24


class Limit(msgspec.Struct, frozen=True):
    """How long a silence may last, and why: ``own_rhythm``, ``learning``, ``city``, ``cap`` or ``away``."""

    limit_s: int
    source: str


class Quiet(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a home's movement: hot state, written with each commit.

    Attributes:
        active_s: Last activity, UTC epoch seconds; 0 before the first.
        window: Number of the five-minute window of that activity (epoch / 300).
        rooms: Rooms seen active in that window, comma-separated.
        door: An outside door was part of that window.
        blind_s: Seconds of the present silence in which the gateway could not hear.
        alarmed: The present silence has raised its alarm.
        unsure: The present silence must not be learned from.
        run: An alarm has been raised since the last normal day.
        pace: How the person went about until then.
        day: Active windows of the local day of that activity.
        over: The day before that, until the rhythm has learned from it.
        place: Where the last activity was (``places.name_of``).
        kind: What kind of place that is.
    """

    active_s: int = 0
    window: int = 0
    rooms: str = ""
    door: bool = False
    blind_s: int = 0
    alarmed: bool = False
    unsure: bool = False
    run: bool = False
    pace: Pace = Pace()
    day: Day = Day()
    over: Day | None = None
    place: str = ""
    kind: int = 0

    @property
    def context(self) -> int:
        """The situation in which the present silence began (``day.Pace.context``)."""
        return self.pace.context(self.kind)

    def day_over(self, next_window: int) -> Day:
        """The day of the last activity when the next one, local epoch seconds / 300, is known."""
        if not self.day.seen:
            return self.day
        length = next_window - self.pace.window
        return self.day.with_over(self.pace.window % WINDOWS, self.place, self.kind, length, unsure=self.unsure)


def local_hour(at_s: int, policy: Policy) -> int:
    """Local hour of the day, 0-23."""
    return (at_s + policy.utc_offset_s) // 3600 % HOURS


def local_window(at_s: int, policy: Policy) -> int:
    """Five-minute window of the local day, 0-287."""
    return (at_s + policy.utc_offset_s) // WINDOW_S % WINDOWS


def local_day(at_s: int, policy: Policy) -> int:
    """Number of the local day since 1970-01-01."""
    return (at_s + policy.utc_offset_s) // DAY_S


def cap_s(hour: int, tier: RiskTier, policy: Policy) -> int:
    """The longest a silence that begins in this local hour may ever last in a home of this tier, seconds."""
    return policy.cap_s(tier, by_day=DAY_FROM_H <= hour < NIGHT_FROM_H)


def limit_for(start_s: int, rhythm: Rhythm, tier: RiskTier, policy: Policy, context: int = 0) -> Limit:
    """How long a silence that begins at ``start_s`` (UTC epoch seconds) in this situation may last in this home."""
    local_s = start_s + policy.utc_offset_s
    hour = local_s // 3600 % HOURS
    windows = rhythm.limit_windows(local_s // WINDOW_S % WINDOWS, context)
    if windows and rhythm.days >= policy.learning_from_days:
        wanted_s, source = windows * WINDOW_S, "own_rhythm" if rhythm.days >= policy.own_from_days else "learning"
    else:
        wanted_s, source = int(policy.city_limits_s[hour] * policy.tier_factor[tier]), "city"
    cap = cap_s(hour, tier, policy)
    if wanted_s >= cap:
        return Limit(cap, "cap")
    return Limit(max(wanted_s, policy.least_limit_s), source)


def present_limit(quiet: Quiet, rhythm: Rhythm, tier: RiskTier, policy: Policy) -> Limit:
    """How long the present silence may last.

    Days of low activity are one incident a run: when there has been an alarm since the last normal day, and the home
    is not back to its normal life, the next one waits for the longest cap. It is never waited for longer.
    """
    if quiet.run and rhythm.low and is_low(quiet.day.count, rhythm.normal):
        return Limit(policy.cap_away_s, "away")
    return limit_for(quiet.active_s, rhythm, tier, policy, quiet.context)


def due_s(quiet: Quiet, rhythm: Rhythm, tier: RiskTier, policy: Policy, absent_s: int = 0) -> int:
    """When the present silence passes its limit, UTC epoch seconds; 0 when there is nothing to wait for.

    Until ``absent_s`` nobody is at home: the silence is counted from then on.
    """
    if quiet.active_s == 0 or quiet.alarmed:
        return 0
    return passes_s(quiet, present_limit(quiet, rhythm, tier, policy), absent_s)


def passes_s(quiet: Quiet, limit: Limit, absent_s: int = 0) -> int:
    """When the present silence passes this limit, UTC epoch seconds; until ``absent_s`` nobody is at home."""
    return max(quiet.active_s + quiet.blind_s, absent_s) + limit.limit_s


def alarmed(quiet: Quiet) -> Quiet:
    """The memory after the present silence has raised its alarm."""
    return msgspec.structs.replace(quiet, alarmed=True, run=True)


def blind(quiet: Quiet, since_s: int, until: datetime) -> Quiet:
    """The memory after nobody could be heard between ``since_s`` (UTC epoch seconds) and ``until``.

    Only what lies in the present silence counts, and never more than the silence itself.
    """
    gap_s, silence_s = int(until.timestamp()) - since_s, int(until.timestamp()) - quiet.active_s
    if quiet.active_s == 0 or gap_s <= 0 or silence_s <= 0:
        return quiet
    return msgspec.structs.replace(quiet, blind_s=min(quiet.blind_s + gap_s, silence_s), unsure=True)


def seen_well(quiet: Quiet, now_s: int, *, helped: bool) -> Quiet:
    """The memory after somebody knows how the person is: the clock of the silence starts again.

    Where help was needed, that silence teaches nothing about the home's usual ones.
    """
    return msgspec.structs.replace(quiet, active_s=now_s, alarmed=False, blind_s=0, unsure=quiet.unsure or helped)


def moved(
    quiet: Quiet, at_s: int, room: str, *, door: bool, utc_offset_s: int, places: Places = NO_PLACES
) -> tuple[Quiet, bool]:
    """The memory after activity at ``at_s``; and whether its five-minute window says anything new."""
    if at_s < quiet.active_s:
        return quiet, False  # a late report of something older than what is known
    window = at_s // WINDOW_S
    if window == quiet.window:
        return _moved_again(quiet, at_s, room, door=door, places=places)
    local = window + utc_offset_s // WINDOW_S
    day, over = quiet.day_over(local), quiet.over
    if local // WINDOWS != day.number:
        day, over = Day(local // WINDOWS), day if day.seen else over
    place = name_of(room, door=door, after_door=False)
    return (
        Quiet(
            active_s=at_s,
            window=window,
            rooms=room,
            door=door,
            run=quiet.run,
            pace=quiet.pace.after(local),
            day=day.with_active(local % WINDOWS),
            over=over,
            place=place,
            kind=places.kind(place),
        ),
        True,
    )


def _moved_again(quiet: Quiet, at_s: int, room: str, *, door: bool, places: Places) -> tuple[Quiet, bool]:
    known = quiet.rooms.split(",") if quiet.rooms else []
    if at_s == quiet.active_s:
        place = together(quiet.place, name_of(room, door=door, after_door=is_after_door(quiet.place)))
    else:
        place = name_of(room, door=door, after_door=quiet.door)
    changed = msgspec.structs.replace(
        quiet,
        active_s=at_s,
        rooms=quiet.rooms if room in known else ",".join((*known, room)),
        door=quiet.door or door,
        blind_s=0,
        alarmed=False,
        place=place,
        kind=places.kind(place),
    )
    return changed, room not in known or (door and not quiet.door)


def with_past(
    quiet: Quiet, past: Quiet, rhythm: Rhythm, tier: RiskTier, policy: Policy, *, asks: bool, home: str
) -> tuple[Quiet, Rhythm]:
    """The memory of a home whose past, which ends where live signals began, was put through the rules elsewhere.

    Args:
        quiet: What was heard live meanwhile.
        past: What the past left behind.
        rhythm: The same.
        tier: Urgency label.
        policy: The centre's settings.
        asks: The home has a device through which its resident can be asked.
        home: Its key.
    """
    if past.active_s >= quiet.active_s:
        return msgspec.structs.replace(past, alarmed=False), rhythm
    first = next((window for window, _, _ in quiet.day.active()), None)
    if first is None or not past.day.seen or past.day.number > quiet.day.number:
        return quiet, rhythm
    if past.day.number == quiet.day.number:
        day = past.day_over(_first_window(quiet.day)).joined(quiet.day)
        quiet = msgspec.structs.replace(quiet, day=day, over=past.over)
        return quiet, rhythm
    if past.over is not None:
        rhythm = rhythm.folded(past.over, _first_window(past.day), terms_of(tier, policy, asks=asks, home=home))
    return msgspec.structs.replace(quiet, over=past.day_over(_first_window(quiet.day))), rhythm


def fitted(
    quiet: Quiet, rhythm: Rhythm, tier: RiskTier, policy: Policy, *, asks: bool, home: str
) -> tuple[Quiet, Rhythm] | None:
    """Memory and rhythm after the daily fit, or None when it is not due.

    The fit runs at the first activity of a new local day, on the day that is over. Where the home has a device through
    which its resident can be asked (``asks``), it also says when. ``home`` is its key.
    """
    if quiet.over is None:
        return None
    if quiet.over.number >= quiet.day.number:  # the clock was set back
        return msgspec.structs.replace(quiet, over=None), rhythm
    grown = rhythm.folded(quiet.over, _first_window(quiet.day), terms_of(tier, policy, asks=asks, home=home))
    return msgspec.structs.replace(quiet, over=None, run=quiet.run and grown.low), grown


def _first_window(day: Day) -> int:
    return day.number * WINDOWS + next(window for window, _, _ in day.active())


def terms_of(tier: RiskTier, policy: Policy, *, asks: bool, home: str = "") -> Terms:
    """On which terms the limits of a home of this tier are chosen, and whether it says when the home is asked.

    A home that has a number of its own finds its own price, whatever the city has.
    """
    hours = [(slot * SLOT_WINDOWS + SLOT_WINDOWS // 2) * WINDOW_S // 3600 for slot in range(SLOTS)]
    caps = {hour: bisect(GRID, cap_s(hour, tier, policy) // WINDOW_S) for hour in set(hours)}
    budget, price = policy.budget, policy.editions.price
    alone = budget.homes_per_week.get(home, 0.0)
    shared = not alone and budget.city_per_day > 0 and price.prices.get(tier, 0.0) > 0
    own_per_week = alone or budget.home_per_week * budget.tier_weight[tier]
    return Terms(
        budget_per_week=budget.home_most_per_week if shared else own_per_week,
        cap_points=tuple(max(caps[hour], 1) for hour in hours),
        without=policy.prior_without,
        price=price.prices[tier] if shared else 0.0,
        usual_per_week=own_per_week,
        pooled=price.hope,
        most_per_week=alone or budget.home_most_per_week,
        prompt_share=policy.prompt_share,
        prompts_per_week=policy.prompts_per_week,
        asks=asks,
    )


def began_at(quiet_since: datetime, policy: Policy) -> int:
    """Last active window before a silence (local epoch seconds / 300), by which the rhythm knows it."""
    return (int(quiet_since.timestamp()) + policy.utc_offset_s) // WINDOW_S


def moment(at_s: float) -> datetime:
    """Aware UTC from epoch seconds."""
    return datetime.fromtimestamp(at_s, UTC)
