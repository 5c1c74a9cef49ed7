"""What the sensors make of a movement: which device saw it, and what it was blind to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from operator import itemgetter

from nuanhu.town.homes import Fitted, Home
from nuanhu.town.life import CLOSED, OPEN, local_date, midnight

DETECTED, REPORT = "detected", "report"
Detection = tuple[float, Fitted, str]
"""Seconds since local midnight, the device, and ``detected``, ``open`` or ``closed``."""

_when = itemgetter(0)


def detections(home: Home, day: date) -> Sequence[Detection]:
    """What the sensors of a home notice on a local day, in order of time.

    A motion sensor that has just seen something sees nothing for its blind time; rooms without one are not seen.
    """
    seen: list[Detection] = []
    add = seen.append
    motion, door = home.motion, home.door
    blind_until = dict.fromkeys(motion, -1.0)
    for second, where in home.life.moves(day):
        fitted = motion.get(where)
        if fitted is not None:
            if second >= blind_until[where]:
                blind_until[where] = second + fitted.blind_s
                add((second, fitted, DETECTED))
        elif door is not None:
            if where == OPEN:
                add((second, door, "open"))
            elif where == CLOSED:
                add((second, door, "closed"))
    return seen


def doings(home: Home, since: datetime) -> Iterator[tuple[float, Fitted, str]]:
    """Everything the devices of a home have to say from ``since`` on, endless, made a day at a time.

    Yields:
        (UTC epoch seconds, device, ``detected``, ``open``, ``closed`` or ``report``), in order of time.
    """
    since_s = since.timestamp()
    day = local_date(since)
    while True:
        start_s = midnight(day).timestamp()
        end_s = start_s + 86_400
        todo = [(start_s + second, fitted, what) for second, fitted, what in detections(home, day)]
        for fitted in home.fitted:
            at_s = fitted.next_report_s(max(start_s, since_s) - 0.001)
            while at_s < end_s:
                todo.append((at_s, fitted, REPORT))
                at_s += fitted.report_s
        todo.sort(key=_when)
        yield from (doing for doing in todo if doing[0] >= since_s)
        day += timedelta(days=1)
