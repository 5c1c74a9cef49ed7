"""What of a household's step concerns its area: that it fell silent or is back, that somebody in it calls for help."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerting.areas.member import AreaCause, key_of
from alerting.decisions import AnyDecision, AreaTold
from alerting.events import AnyEvent, HomeBack, HomeCalled, HomeSilent, SignalHeard
from alerting.homes import supervision
from alerting.homes.state import HouseholdState
from alerting.model import AlarmKind, Incident
from alerting.policy import Policy

CALLING = frozenset({AlarmKind.PANIC, AlarmKind.FALL, AlarmKind.SMOKE, AlarmKind.GAS, AlarmKind.MEDICAL})
"""Calls for help that, from many homes at once, have one cause."""


def told(
    before: HouseholdState,
    after: HouseholdState,
    event: AnyEvent,
    decided: Sequence[AnyDecision],
    now: datetime,
    policy: Policy,
) -> list[AnyDecision]:
    """What a household's areas are told of a step: nothing, nearly always.

    Args:
        before: Hot state before the step.
        after: Hot state after it.
        event: What happened.
        decided: What the step has decided.
        now: Service time, aware UTC.
        policy: Knows in which village and town the home is.
    """
    if before is after or (not decided and isinstance(event, SignalHeard) and before.blind.cut == after.blind.cut):
        return []  # nothing, or a mere sign of life
    home = after.key
    news: list[AnyDecision] = []
    if is_cut_off(before) != is_cut_off(after):
        silent = is_cut_off(after)
        bridge = after.blind.cut if silent else before.blind.cut
        seen = HomeSilent(home=home, since_s=int(now.timestamp())) if silent else HomeBack(home=home)
        news.append(AreaTold(key=key_of(AreaCause.BRIDGE, bridge), event=seen))
    heard_as_before = before.devices is after.devices and before.blind is after.blind and before.behind is after.behind
    if not heard_as_before and is_silent(before) != is_silent(after):
        silent = is_silent(after)
        since_s = int(now.timestamp()) if after.blind.cut else supervision.last_word_s(after.devices)
        seen = HomeSilent(home=home, since_s=since_s) if silent else HomeBack(home=home)
        news += [AreaTold(key=key_of(AreaCause.OUTAGE, area), event=seen) for area in policy.areas_of(home)]
    if called_in(before.open) != called_in(after.open):
        call = called_in(after.open)
        told = HomeCalled(home=home, kind=call) if call is not None else HomeBack(home=home)
        news += [AreaTold(key=key_of(AreaCause.CALLS, area), event=told) for area in policy.areas_of(home)]
    return news


def is_cut_off(hot: HouseholdState) -> bool:
    """Whether a bridge that it shares with other homes is gone."""
    return bool(hot.blind.cut) and hot.blind.shared


def is_silent(hot: HouseholdState) -> bool:
    """Whether the home itself cannot be heard: its own link, its hub, or every sensor that could show life.

    While a shared bridge is gone nothing is known of that: the bridge's incident has the home.
    """
    if is_cut_off(hot):
        return False
    own_link = bool(hot.blind.cut)
    hub = any(d.role == "hub" and (d.missed or d.offline) for d in hot.devices.values())
    return own_link or hub or supervision.cannot_be_seen(hot.devices, hot.behind)


def called_in(running: Incident | None) -> AlarmKind | None:
    """The first kind of call for help in a running incident; None without one."""
    if running is None:
        return None
    return next((alarm.kind for alarm in running.alarms if alarm.kind in CALLING), None)
