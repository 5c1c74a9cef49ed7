"""What the sensors make of a movement: which device saw it, and what it was blind to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nuanhu.town.homes import Fitted, Home
from nuanhu.town.life import CLOSED, OPEN

DETECTED = "detected"
Detection = tuple[float, Fitted, str]
"""Seconds since local midnight, the device, and ``detected``, ``open`` or ``closed``."""


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
            if where is OPEN or where == OPEN:
                add((second, door, "open"))
            elif where == CLOSED:
                add((second, door, "closed"))
    return seen
