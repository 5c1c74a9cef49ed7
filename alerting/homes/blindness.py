"""Blind windows: a home whose signals may have been missed is work until it is confirmed.

It opens when nobody could hear the home for a while: the gateway or the broker was away, or the home's own link. It
ends with the first live word of the home, or when somebody has telephoned.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from alerting.decisions import AnyDecision, BlindCleared, BlindOpened
from alerting.events import LinkBack, LinkLost, Unobserved
from alerting.homes.device_memory import DeviceMemory
from alerting.homes.supervision import is_own_word, is_repeat
from alerting.model import BlindCause, BlindEnd
from alerting.policy import Policy
from alerting.silence.inactivity import moment
from device_adapters.signals import AnySignal


class Blind(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a home's blind window: hot state, so short.

    Attributes:
        since_s: Since when signals may have been missed, UTC epoch seconds; 0 = all is confirmed.
        cause: Why.
        cut: The bridge whose link is down; empty: none.
        called_s: When somebody last confirmed the home by telephone, UTC epoch seconds.
        shared: Other homes speak through that bridge too.
    """

    since_s: int = 0
    cause: BlindCause | None = None
    cut: str = ""
    called_s: int = 0
    shared: bool = False


Result = tuple[Blind, list[AnyDecision]]


def unobserved(blind: Blind, event: Unobserved, policy: Policy) -> Result:
    """Nobody could be heard. A call made during an outage holds for all of it."""
    began = event.began or event.since
    if (event.until - began).total_seconds() < policy.blind_from_s or blind.called_s > began.timestamp():
        return blind, []
    return _opened(blind, began, event.cause)


def linked(blind: Blind, event: LinkLost | LinkBack, now: datetime, policy: Policy) -> Result:
    """The home's link went down, or is up again. Was it away for a moment only, nothing has to be confirmed."""
    if isinstance(event, LinkLost):
        if blind.cut:
            return blind, []
        cut = msgspec.structs.replace(blind, cut=event.bridge, shared=event.shared)
        return _opened(cut, now, BlindCause.LINK)
    if event.bridge != blind.cut:
        return blind, []
    blind = msgspec.structs.replace(blind, cut="", shared=False)
    if not blind.since_s or now.timestamp() - blind.since_s >= policy.blind_from_s:
        return blind, []
    return _cleared(blind, BlindEnd.BRIEF)


def confirms(device: DeviceMemory | None, signal: AnySignal) -> bool:
    """Whether a signal is a live word of the home; ``device`` is what was known of the device before it."""
    return is_own_word(signal) and not (device is not None and is_repeat(device, signal))


def heard(blind: Blind) -> Result:
    """The home has spoken."""
    return _cleared(blind, BlindEnd.SIGNAL)


def called(blind: Blind, now: datetime, by: str, text: str) -> Result:
    """Somebody has telephoned, and knows how the home is."""
    if not blind.since_s:
        return blind, []
    return _cleared(msgspec.structs.replace(blind, called_s=int(now.timestamp())), BlindEnd.CALL, by=by, text=text)


def _opened(blind: Blind, since: datetime, cause: BlindCause) -> Result:
    """One window at a time: what was not confirmed before is not confirmed now either."""
    if blind.since_s:
        return blind, []
    opened = msgspec.structs.replace(blind, since_s=int(since.timestamp()), cause=cause)
    return opened, [BlindOpened(since=moment(opened.since_s), cause=cause)]


def _cleared(blind: Blind, how: BlindEnd, *, by: str = "", text: str = "") -> Result:
    cleared = BlindCleared(since=moment(blind.since_s), how=how, by=by, text=text)
    return msgspec.structs.replace(blind, since_s=0, cause=None), [cleared]
