"""Who should go to a home: those who could, ranked by when they would be inside, each with its reasons.

Pure: who is on another job, who has refused, and who is off enter as arguments. What a rank is made of is one number,
minutes until somebody is inside, so that everybody can check it; the assumptions are in docs/candidates.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from math import cos, hypot, radians

import msgspec

from alerting.casefile import Household, Place, Responder, Skill, covers, upwards
from alerting.duty.reach import RESPONDER
from alerting.duty.roster import Roster, local, on_duty
from alerting.model import AlarmKind

MOST = 12
NEAR_M = 5_000
"""Whoever is further is looked at only where the case file names them, or they are on duty here."""
ENOUGH = 40
"""So many of those who could go now are looked at, the nearest; whoever is further has no better reason."""
CELLS_A_DEGREE = 200
"""The town is looked through in cells of half a kilometre."""
M_A_DEGREE = 111_320
M_A_MINUTE = 200
"""12 km/h as the crow flies: an electric bicycle on roads a third longer."""
STARTS_MIN = {"on_duty": 2, "day": 5, "night": 15}
"""Until somebody is on the road: on duty, off duty by day, and out of bed."""
NIGHT = (22, 6)
DOOR_MIN = 10
"""Until whoever has no key is inside: the key is fetched, or the door is opened."""
UNKNOWN_MIN = {True: 10, False: 25}
"""The way of somebody of whom it is not known where they are: of the village, or of the town."""


class Why(StrEnum):
    """One reason for somebody to go, or against it."""

    RESPONSIBLE = "responsible"
    """Named in the case file."""
    STANDS_IN = "stands_in"
    """Deputy of a responsible person who is off."""
    HOLDS_KEY = "holds_key"
    NEAREST = "nearest"
    ON_DUTY = "on_duty"
    SKILLED = "skilled"
    """Has a skill that is wanted here."""
    REFUSED = "refused"
    """Has said that they cannot go to this incident."""
    NO_WORD = "no_word"
    """Has said that they go to this incident, and nothing is heard of them."""
    ON_A_JOB = "on_a_job"
    OFF = "off"
    CANNOT_BE_PAGED = "cannot_be_paged"
    """No channel of theirs is verified: somebody must telephone."""


WORTH_MIN = {Why.RESPONSIBLE: 10, Why.STANDS_IN: 10, Why.SKILLED: 5}
"""Whoever answers for the home, or has a skill that is wanted, may come so much later."""
AGAINST = (Why.REFUSED, Why.NO_WORD, Why.ON_A_JOB, Why.OFF)
"""With one of these somebody is no candidate until it is over; the operator may overrule."""


SKILLS: dict[AlarmKind, frozenset[str]] = {
    AlarmKind.FALL: frozenset({Skill.NURSE, Skill.FIRST_AID}),
    AlarmKind.MEDICAL: frozenset({Skill.NURSE, Skill.FIRST_AID}),
    AlarmKind.INACTIVITY: frozenset({Skill.NURSE, Skill.FIRST_AID}),
}
"""What is wanted beside two hands, by what has happened."""
DEAF = "聋"


def skills_for(kinds: Iterable[AlarmKind], home: Household) -> frozenset[str]:
    """What is wanted of whoever goes to a home, by what has happened there and who lives there."""
    found = frozenset[str]().union(*(SKILLS.get(kind, frozenset()) for kind in kinds))
    return found | {Skill.SIGN_LANGUAGE} if any(it.hearing == DEAF for it in home.residents) else found


ALWAYS = frozenset({Why.RESPONSIBLE, Why.STANDS_IN, Why.HOLDS_KEY, Why.REFUSED, Why.NO_WORD})
"""Whoever is looked for is found in the list, however far down."""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What holds when somebody is looked for.

    Attributes:
        at: UTC.
        roster: Who is on duty and who is off.
        busy: Incident by person id: who is on a job elsewhere.
        refused: Person ids that cannot go to this incident, or were called back from it.
        silent: Responder ids that have said that they go to it, and of whom nothing is heard.
        skills: Skills that are wanted here.
        can_reach: Whether a person (id) has a verified address.
    """

    at: datetime
    roster: Roster
    busy: Mapping[str, str] = {}
    refused: Collection[str] = ()
    silent: Collection[str] = ()
    skills: frozenset[str] = frozenset()
    can_reach: Callable[[str], bool] = lambda _person: True


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who could go.

    Attributes:
        responder: Who.
        minutes: Until they would be inside, estimated.
        reasons: For and against, the weightiest first.
        distance_m: As the crow flies, where both places are known.
        busy_with: The incident of the job they are on; empty: none.
    """

    responder: Responder
    minutes: int
    reasons: tuple[Why, ...]
    distance_m: int | None = None
    busy_with: str = ""

    @property
    def is_free(self) -> bool:
        """Whether nothing speaks against asking them now."""
        return not set(self.reasons).intersection(AGAINST)


class Whereabouts:
    """Everybody who may go, arranged by area and by place, so that few are looked at.

    Args:
        responders: All of them.
    """

    def __init__(self, responders: Iterable[Responder]) -> None:
        """Arrange them."""
        self._by_id: dict[str, Responder] = {}
        self._by_area: defaultdict[str, dict[str, Responder]] = defaultdict(dict)
        self._by_cell: defaultdict[tuple[int, int], dict[str, Responder]] = defaultdict(dict)
        self._by_phone: defaultdict[str, dict[str, Responder]] = defaultdict(dict)
        for one in responders:
            self.put(one)

    def put(self, one: Responder) -> None:
        """Somebody is new, or has changed."""
        before = self._by_id.get(one.id)
        if before is not None:
            self._by_area[before.area].pop(one.id, None)
            self._by_phone[before.phone].pop(one.id, None)
            if before.place is not None:
                self._by_cell[_cell(before.place)].pop(one.id, None)
        self._by_id[one.id] = one
        self._by_area[one.area][one.id] = one
        self._by_phone[one.phone][one.id] = one
        if one.place is not None:
            self._by_cell[_cell(one.place)][one.id] = one

    def without_place(self, area: str) -> Iterator[Responder]:
        """Those of an area and all areas above it of whom it is not known where they are."""
        return (it for above in upwards(area) for it in self._by_area.get(above, {}).values() if it.place is None)

    def nearest_first(self, place: Place) -> Iterator[Responder]:
        """Those around a place, ring by ring of cells."""
        for ring in self._rings(place):
            yield from sorted(ring, key=lambda it: apart_m(it.place, place) if it.place is not None else NEAR_M)

    def _rings(self, place: Place) -> Iterator[list[Responder]]:
        row, column = _cell(place)
        for reach in range(NEAR_M * CELLS_A_DEGREE // M_A_DEGREE + 2):
            wide = int(reach / cos(radians(place.lat)))
            inner, edges = int((reach - 1) / cos(radians(place.lat))), {row - reach, row + reach}
            yield [
                it
                for y in range(row - reach, row + reach + 1)
                for x in range(column - wide, column + wide + 1)
                if reach == 0 or y in edges or abs(x - column) > inner
                for it in self._by_cell.get((y, x), {}).values()
            ]

    def called(self, phones: Iterable[str]) -> Iterator[Responder]:
        """Those with one of these numbers."""
        return (it for phone in phones for it in self._by_phone.get(phone, {}).values())

    def named(self, ids: Iterable[str]) -> Iterator[Responder]:
        """Those with these ids whom there is."""
        return (self._by_id[id_] for id_ in ids if id_ in self._by_id)


def _cell(place: Place) -> tuple[int, int]:
    return int(place.lat * CELLS_A_DEGREE // 1), int(place.lon * CELLS_A_DEGREE // 1)


def apart_m(one: Place, other: Place) -> int:
    """Distance of two places as the crow flies, metres; exact to 0.1 % within a city."""
    narrow = cos(radians((one.lat + other.lat) / 2))
    return round(M_A_DEGREE * hypot(one.lat - other.lat, (one.lon - other.lon) * narrow))


def candidates(home: Household, whereabouts: Whereabouts, moment: Moment, most: int = MOST) -> tuple[Candidate, ...]:
    """Who could go to a home, whoever would be inside first on top; those who cannot just now come last.

    Args:
        home: Where to.
        whereabouts: Everybody.
        moment: What holds now.
        most: So many, and after them whoever else is named in the case file, holds a key, or has refused.
    """
    look = _Look(home, moment)
    own = [*look.named, *(person.removeprefix(RESPONDER) for person in look.duty)]
    near = look.at([*whereabouts.named(own), *whereabouts.called(look.keys), *whereabouts.without_place(home.area)])
    free = 0
    for one in whereabouts.nearest_first(home.place):
        if free >= ENOUGH:
            break
        found = look.at((one,))
        free += sum(it.is_free for it in found)
        near += found
    near.sort(key=_rank)
    measured = [it for it in near if it.is_free and it.distance_m is not None]
    nearest = min(measured, key=lambda it: it.distance_m or 0, default=None)
    shown = near[:most] + [it for it in near[most:] if ALWAYS.intersection(it.reasons)]
    return tuple(
        msgspec.structs.replace(it, reasons=(Why.NEAREST, *it.reasons)) if it is nearest else it for it in shown
    )


def _rank(it: Candidate) -> tuple[bool, int, str]:
    return not it.is_free, it.minutes - sum(WORTH_MIN.get(why, 0) for why in it.reasons), it.responder.id


class _Look:
    """What is the same for everybody who is looked at for one home."""

    def __init__(self, home: Household, moment: Moment) -> None:
        """Find it once."""
        roster, at = moment.roster, moment.at
        self._home, self._moment = home, moment
        self._seen: set[str] = set()
        self._off = {it.person for it in roster.absences if it.since <= at < it.until}
        self.keys = {it.phone for it in home.contacts if it.key_holder and it.phone}
        self._starts = "night" if _is_night(moment) else "day"
        roles = dict.fromkeys(shift.role for shift in roster.shifts if covers(shift.area, home.area))
        self.duty = frozenset(p for role in roles for p in on_duty(roster, role, home.area, at))
        """Person ids whom the roster has on duty here, for whatever role."""
        self.named = self._whom_the_case_file_names()
        """Responder ids: responsible persons, their deputies while they are off, and who else helps here."""

    def _whom_the_case_file_names(self) -> dict[str, Why]:
        home, deputies, found = self._home, self._moment.roster.deputies, dict[str, Why]()
        for id_, deputy in (
            (home.village_responder, home.village_deputy),
            (home.town_responder, home.town_deputy),
        ):
            if id_:
                found[id_] = Why.RESPONSIBLE
            person = f"{RESPONDER}{id_}"
            if not id_ or person in self._off or person in self._moment.roster.left:
                by_roster = deputies.get(person, "").removeprefix(RESPONDER)
                found |= {it: Why.STANDS_IN for it in (by_roster, deputy) if it and it not in found}
        return found | {it: Why.RESPONSIBLE for it in (home.grid_worker, home.social_station) if it and it not in found}

    def at(self, some: Iterable[Responder]) -> list[Candidate]:
        """Those of them who could go, each once."""
        found = []
        for one in some:
            if one.id not in self._seen and f"{RESPONDER}{one.id}" not in self._moment.roster.left:
                self._seen.add(one.id)
                found.append(self._judged(one))
        return found

    def _judged(self, one: Responder) -> Candidate:
        moment, person = self._moment, f"{RESPONDER}{one.id}"
        distance_m = apart_m(one.place, self._home.place) if one.place is not None else None
        reasons = [self.named[one.id]] if one.id in self.named else []
        reasons += [Why.HOLDS_KEY] if one.phone in self.keys else []
        reasons += [Why.ON_DUTY] if person in self.duty else []
        reasons += [Why.SKILLED] if moment.skills.intersection(one.skills) else []
        reasons += [] if moment.can_reach(person) else [Why.CANNOT_BE_PAGED]
        against = [Why.REFUSED] if person in moment.refused or one.id in moment.refused else []
        against += [Why.NO_WORD] if one.id in moment.silent else []
        against += [Why.ON_A_JOB] if person in moment.busy else []
        against += [Why.OFF] if person in self._off else []
        way_min = UNKNOWN_MIN[one.area == self._home.area] if distance_m is None else -(-distance_m // M_A_MINUTE)
        starts_min = STARTS_MIN["on_duty" if person in self.duty else self._starts]
        return Candidate(
            responder=one,
            minutes=starts_min + way_min + (0 if Why.HOLDS_KEY in reasons else DOOR_MIN),
            reasons=(*against, *reasons),
            distance_m=distance_m,
            busy_with=moment.busy.get(person, ""),
        )


def _is_night(moment: Moment) -> bool:
    begins, ends = NIGHT
    hour = local(moment.roster, moment.at).hour
    return hour >= begins or hour < ends
