"""Where a person was last says how long the silence may be: after the bath it is short, after the door or the bed long.

Which place is which is learned in each home: from how often a silence of an hour or more began there. Nobody has to
name rooms, and a door that is not declared as one is found out.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

LONG, BRIEF = 2, 4
"""Kinds of place beside the plain ones (0): silences that begin there are often long, or hardly ever."""

MOST = 24
"""So many places of a home are known; those that are used least are forgotten first."""
MOST_A_DAY = 12
NAME_MOST = 24
TOGETHER_MOST = 6

BRIEF_SHARE = 0.25
"""Brief: long silences begin there less than a quarter as often as in the home on the whole …"""
LONG_SHARE, LONG_LEAST = 2.0, 3.0
"""… long: more than twice as often, and three of them have been seen."""

_DOOR, _AFTER_DOOR, _TOGETHER = "!", "+", "|"

Tally = Mapping[str, tuple[int, int]]
"""By place: active windows that ended there, and after how many of them nobody moved for an hour."""


def name_of(room: str, *, door: bool, after_door: bool) -> str:
    """The name of a place: the room, and whether an outside door moved last there, or had moved just before."""
    return room[:NAME_MOST].replace(_TOGETHER, "/") + (_DOOR if door else _AFTER_DOOR if after_door else "")


def together(place: str, other: str) -> str:
    """Two places at which something moved in the same second: which was the last, nobody knows."""
    names = place.split(_TOGETHER)
    return place if other in names or len(names) >= TOGETHER_MOST else f"{place}{_TOGETHER}{other}"


def is_after_door(place: str) -> bool:
    """Whether an outside door had moved before somebody was here."""
    return any(name.endswith(_AFTER_DOOR) for name in parts(place))


def parts(place: str) -> list[str]:
    """The places of which this one is made up."""
    return place.split(_TOGETHER)


class Places(msgspec.Struct, frozen=True, array_like=True):
    """The places of a home.

    Attributes:
        known: By name: weight of the active windows that ended there, and of those before a silence of an hour.
        kinds: By name: what the place is, where that is known.
    """

    known: dict[str, tuple[float, float]] = {}
    kinds: dict[str, int] = {}

    def kind(self, place: str) -> int:
        """What this place is; where a door has moved it is a long one until shown otherwise."""
        kinds = [self.kinds.get(name, LONG if name.endswith((_DOOR, _AFTER_DOOR)) else 0) for name in parts(place)]
        return LONG if LONG in kinds else min(kinds)

    def folded(self, tally: Tally, fade: float) -> Places:
        """The places after one more day; what was known before weighs ``fade`` of what it did."""
        known = {name: (n * fade, long * fade) for name, (n, long) in self.known.items()}
        for name, (n, long) in tally.items():
            before, long_before = known.get(name, (0.0, 0.0))
            known[name] = before + n, long_before + long
        most = sorted(known, key=lambda name: -known[name][0])[:MOST]
        known = {name: (round(known[name][0], 2), round(known[name][1], 2)) for name in most}
        return Places(known, _kinds(known))


NO_PLACES = Places()


def _kinds(known: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    windows = sum(n for n, _ in known.values())
    share = sum(long for _, long in known.values()) / windows if windows else 0.0
    kinds = {}
    for name, (n, long) in known.items():
        if long + 1.0 < BRIEF_SHARE * n * share:
            kinds[name] = BRIEF
        elif long >= LONG_LEAST and long > LONG_SHARE * n * share:
            kinds[name] = LONG
    return kinds
