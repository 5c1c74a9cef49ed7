"""One row of a list, read into a case file above the one that is there.

A row adds and corrects; it takes nothing away. An empty cell changes nothing. Contacts are known by their number and
residents by their name: who is not in the row stays, and a number that was tried stays tried. A list never says that a
number has been tried. Of two in a row that are known by the same nobody can say who is who: that is a flaw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec

from alerting.casefile import OFFICES, Contact, Household, Place, Resident, covers
from alerting.enrolment.home_flaws import Flaw, home_flaws
from alerting.intake import cells
from alerting.intake.cells import CellError
from alerting.intake.columns import CONTACTS, RESIDENTS
from alerting.intake.datum import to_wgs84
from alerting.intake.ground import Ground
from alerting.keeping import id_number
from alerting.keeping.consent import Consent, ConsentFor
from alerting.keeping.leaving import is_erased
from alerting.model import RiskTier

T = TypeVar("T")

TEXTS = ("address", "grid_cell", "access", "key_safe", "care_plan")
WORDS = ("categories", "risks", "pets")
OF_WORDS = ("health", "languages", "medicines")
MASK = "*"
"""What stands for what an export hides."""
_TIERS = list(RiskTier)


class RowReader:
    """Reads one row.

    Args:
        row: Text of each cell by field; a field that is not there is like an empty cell.
        ground: What it is read against.

    Attributes:
        before: The case file that is there; None for a new home.
        home: What comes of it; None when it cannot be read.
        flaws: What is wrong, field by field.
    """

    def __init__(self, row: Mapping[str, str], ground: Ground) -> None:
        """Read it."""
        self._row = {field: text.strip() for field, text in row.items() if text.strip()}
        self._ground = ground
        self.key = cells.narrow(self._row.get("key", ""))
        self.before = ground.households.get(self.key)
        self.flaws: list[Flaw] = []
        self.home = self._read() if self._may_be() else None

    @property
    def looks(self) -> tuple[Flaw, ...]:
        """What somebody has to look at before it is registered."""
        if self.home is None:
            return ()
        if self.before is None:
            return () if "tier" in self._row else (("tier", "no_label"),)
        return tuple(looks(self.before, self.home))

    def _may_be(self) -> bool:
        if not self.key:
            self.flaws.append(("key", "missing"))
        elif self.before is not None and not covers(self._ground.within, self.before.area):
            self.flaws.append(("key", "not_yours"))
        elif is_erased(self.before):
            self.flaws.append(("key", "is_erased"))
        elif self.before is not None and not self._ground.updates:
            self.flaws.append(("key", "there_already"))
        hidden = [
            it
            for it, text in self._row.items()
            if MASK in text and it.endswith((".name", ".phone", ".id_number", ".who"))
        ]
        self.flaws += [(it, "masked") for it in hidden]
        return not self.flaws

    def _read(self) -> Household | None:
        before = self.before
        values: dict[str, Any] = {"area": self._area()}
        values["place"] = self._place(values["area"])
        values["tier"] = self._value("tier", cells.tier, before.tier if before else RiskTier.CARE)
        values["forced_entry"] = self._value("forced_entry", cells.yes, before.forced_entry if before else False)
        values |= {name: self._row.get(name, getattr(before, name, "")) for name in TEXTS}
        values |= {name: self._words(name, getattr(before, name, ())) for name in WORDS}
        for name, duty in OFFICES.items():
            values[name] = self._office(name, duty, getattr(before, name, ""))
        values["residents"] = self._residents(before.residents if before else ())
        values["contacts"] = self._contacts(before.contacts if before else ())
        review = before.care_plan_review if before else None
        values["care_plan_review"] = self._value("care_plan_review", cells.day, review)
        values["consents"] = self._consents(before.consents if before else ())
        home = msgspec.structs.replace(before, **values) if before else Household(key=self.key, **values)
        told = {field for field, _ in self.flaws} | {field.partition(".")[0] for field, _ in self.flaws}
        told |= {"area"} if "village" in told else set()
        wrong = home_flaws(home, self._ground.year, self._ground.areas.__contains__)
        self.flaws += [(field, word) for field, word in wrong if field not in told]
        return home if not self.flaws else None

    def _value(self, field: str, read: Callable[[str], T], otherwise: T) -> T:
        text = self._row.get(field, "")
        if not text:
            return otherwise
        try:
            return read(text)
        except CellError as wrong:
            self.flaws.append((field, str(wrong)))
            return otherwise

    def _office(self, field: str, duty: str, before: str) -> str:
        """Who has it; whoever had it keeps it, wherever they answer by now."""
        is_same = self._row.get(field) == before
        return before if is_same else self._value(field, partial(self._ground.person, duty=duty), before)

    def _words(self, field: str, before: tuple[str, ...]) -> tuple[str, ...]:
        """Several words; the same text as is there leaves them as they are."""
        text = self._row.get(field, "")
        if not text or text == "、".join(before):
            return before
        return cells.words(text.replace(",", "、").replace("，", "、") if field == "categories" else text)

    def _area(self) -> str:
        named = [self._row.get(name, "") for name in ("area", "town", "village")]
        if self.before is not None and not any(named):
            return self.before.area
        try:
            return self._ground.village(*named)
        except CellError as wrong:
            self.flaws.append(("area" if named[0] else "village", str(wrong)))
            return self.before.area if self.before else ""

    def _place(self, area: str) -> Place:
        lat, lon = (self._value(name, cells.degrees, None) for name in ("lat", "lon"))
        datum = self._value("datum", cells.datum, self._ground.datum)
        if lat is not None and lon is not None:
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - the globe's
                self.flaws.append(("lat", "bad_place"))
                return Place(lat=0, lon=0)
            exact = to_wgs84(lat, lon, datum)
            was = self.before.place if self.before is not None else None
            if was is not None and exact == (round(was.lat, 6), round(was.lon, 6)):
                return was  # as it was given out: whatever its source was, it is where it was
            return Place(lat=exact[0], lon=exact[1], datum=datum)
        if (lat is None) != (lon is None) and not self.flaws:
            self.flaws.append(("lon" if lat is not None else "lat", "missing"))
        if self.before is not None:
            return self.before.place
        middle = self._ground.middle(area)
        if middle is None and not any(field in {"area", "village"} for field, _ in self.flaws):
            self.flaws.append(("lat", "missing"))
        return middle or Place(lat=0, lon=0)

    def _residents(self, before: tuple[Resident, ...]) -> tuple[Resident, ...]:
        people, taken = list(before), set[int]()
        for n in range(1, RESIDENTS + 1):
            at = f"residents.{n}."
            if not any(field.startswith(at) for field in self._row):
                continue
            name = self._row.get(f"{at}name", "")
            if not name:
                self.flaws.append((f"{at}name", "missing"))
                continue
            place = _place([i for i, it in enumerate(people) if it.name == name], len(people), taken)
            if place is None:
                self.flaws.append((f"{at}name", "twice_in_row"))
                continue
            was = people[place] if place < len(people) else None
            if was is None and f"{at}birth_year" not in self._row:
                self.flaws.append((f"{at}birth_year", "missing"))
            texts: Any = {it: self._row.get(f"{at}{it}", getattr(was, it, "")) for it in ("sex", "mobility", "hearing")}
            several: Any = {it: self._words(f"{at}{it}", getattr(was, it, ())) for it in OF_WORDS}
            number = self._value(f"{at}phone", cells.phone, was.phone if was else "")
            year = self._value(f"{at}birth_year", cells.birth_year, was.birth_year if was else 0)
            sealed = self._id(f"{at}id_number", year, was.sealed_id if was else "")
            someone = Resident(name=name, birth_year=year, phone=number, sealed_id=sealed, **texts, **several)
            people[place : place + 1] = [someone]
        return tuple(people)

    def _id(self, field: str, year: int, before: str) -> str:
        """The number of an identity card as it is kept."""
        number = id_number.plain(self._row.get(field, ""))
        if not number:
            return before
        flaw = id_number.id_flaw(number, year)
        if flaw:
            self.flaws.append((field, flaw))
        return before if flaw else self._ground.seal(number)

    def _consents(self, before: tuple[Consent, ...]) -> tuple[Consent, ...]:
        """One paper a row; one of the same hand and day is added to, and none is taken back by a list."""
        if not any(field.startswith("consent.") for field in self._row):
            return before
        who, on = self._row.get("consent.who", ""), self._value("consent.on", cells.day, None)
        said = {it: self._value(f"consent.{it.value}", cells.yes, False) for it in ConsentFor}
        if not who and on is None and not any(said.values()):
            return before
        if not who or on is None:
            self.flaws.append(("consent.on" if who else "consent.who", "missing"))
            return before
        known = [it for it in before if (it.who, it.on) == (who, on)]
        there = known[0].purposes if known else ()
        purposes = tuple(it for it in ConsentFor if said[it] or it in there)
        paper = (
            msgspec.structs.replace(known[0], purposes=purposes)
            if known
            else Consent(who=who, on=on, purposes=purposes)
        )
        return tuple(paper if it is known[0] else it for it in before) if known else (*before, paper)

    def _contacts(self, before: tuple[Contact, ...]) -> tuple[Contact, ...]:
        people, taken = list(before), set[int]()
        for n in range(1, CONTACTS + 1):
            at = f"contacts.{n}."
            if not any(field.startswith(at) for field in self._row):
                continue
            number = self._value(f"{at}phone", cells.phone, "")
            name = self._row.get(f"{at}name", "")
            if not number or not name:
                self.flaws.append((f"{at}phone" if name else f"{at}name", "missing"))
                continue
            same = cells.digits(number)
            known = [i for i, it in enumerate(people) if cells.digits(it.phone) == same]
            place = _place(sorted(known, key=lambda i: people[i].name != name), len(people), taken)
            if place is None:
                self.flaws.append((f"{at}phone", "twice_in_row"))
                continue
            was = people[place] if place < len(people) else None
            values: dict[str, Any] = {
                "name": name,
                "relation": self._row.get(f"{at}relation", was.relation if was else ""),
                "hours": cells.narrow(self._row.get(f"{at}hours", was.hours if was else "")),
                "key_holder": self._value(f"{at}key_holder", cells.yes, was.key_holder if was else False),
                "rings_first": self._value(f"{at}rings_first", cells.yes, was.rings_first if was else False),
                "distance_m": self._value(f"{at}distance_m", cells.whole, was.distance_m if was else None),
            }
            someone = msgspec.structs.replace(was, **values) if was else Contact(phone=number, **values)
            people[place : place + 1] = [someone]
        return tuple(people)


def _place(known: Sequence[int], new: int, taken: set[int]) -> int | None:
    """Where somebody stands already, or else will; None when another cell of the row has taken that place."""
    free = [place for place in known if place not in taken]
    if known and not free:
        return None
    place = free[0] if free else new
    taken.add(place)
    return place


def looks(before: Household, home: Household) -> Iterator[Flaw]:
    """What of a change lowers how safe the home is, who answers or who is looked after: somebody has to mean it."""
    if _TIERS.index(home.tier) > _TIERS.index(before.tier):
        yield "tier", "tier_lowered"
    if home.area != before.area:
        yield "area", "moved"
    if before.forced_entry and not home.forced_entry:
        yield "forced_entry", "no_longer"
    if len(home.residents) > len(before.residents):
        yield "residents", "one_more"
    yield from ((name, "other_answers") for name in OFFICES if getattr(home, name) != getattr(before, name))
    for n, (was, now) in enumerate(zip(before.contacts, home.contacts, strict=False), 1):
        if was.verified and was.name != now.name:
            yield f"contacts.{n}.name", "other_name"
        if was.key_holder and not now.key_holder:
            yield f"contacts.{n}.key_holder", "no_longer"
