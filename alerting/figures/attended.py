"""How long desks were attended, from what the desk session was told: for alarms per operator and hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from alerting.events import ConsolesHeard


def operator_hours(told: Iterable[tuple[datetime, ConsolesHeard]], since: datetime, until: datetime) -> float:
    """Hours of attended consoles between two moments, all operators together.

    Args:
        told: Whose consoles came and went, oldest first, from before ``since`` on; who is not heard of is not there.
        since: From when.
        until: Up to when.
    """
    here: set[str] = set()
    attended: set[str] = set()
    seconds, at = 0.0, since
    for moment, heard in told:
        if moment > since:
            now = min(moment, until)
            seconds += len(attended) * max(0.0, (now - at).total_seconds())
            at = max(at, now)
        gone = {login for login, _ in heard.gone}
        here = (set() if heard.restarted else here - gone) | set(heard.came)
        attended = set() if heard.restarted else attended if heard.attended is None else set(heard.attended)
        attended &= here
    return (seconds + len(attended) * max(0.0, (until - at).total_seconds())) / 3600
