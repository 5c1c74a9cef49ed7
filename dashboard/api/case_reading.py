"""A case file from JSON, read above the one that is there: by its fields' types, then by the checks of form and list.

What is not given stays as it is; ``null`` takes a field away. Residents are known by their names and contacts by their
numbers: who is not among those that are given, goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args, get_origin

import msgspec

from alerting.casefile import OFFICES, Contact, Household, Place, Resident, covers
from alerting.enrolment.home_flaws import Flaw, home_flaws
from alerting.intake.cells import CellError, digits
from alerting.intake.datum import WGS84, to_wgs84
from alerting.intake.ground import Ground
from alerting.intake.row import looks
from alerting.keeping.leaving import is_erased
from alerting.model import RiskTier
from dashboard.api.case_shape import READ_ONLY, hints_of

NOT_READ: Any = object()
BESIDE = frozenset({"version", "source_datum"})
"""Given out with a case file, and taken back without being part of it."""
MOST_FLAWS = 100


class HomeReader:
    """Reads one case file.

    Args:
        given: What was given, as JSON is decoded.
        ground: What it is read against.
        key: Case number; what is given must name no other.

    Attributes:
        key: Case number.
        before: The case file that is there; None for a new home.
        home: What comes of it; None when it cannot be read.
        flaws: What is wrong, field by field (``contacts.2.phone``, counted from 1), each with the word.
    """

    def __init__(self, given: object, ground: Ground, key: str = "") -> None:
        """Read it."""
        self._given: Mapping[str, Any] = given if isinstance(given, dict) else {}
        self._ground = ground
        named = self._given.get("key", key)
        self.key = named if isinstance(named, str) else ""
        self.before = ground.households.get(self.key)
        self.flaws: list[Flaw] = [] if isinstance(given, dict) else [("", "wrong_type")]
        if not isinstance(named, str) or (key and named != key):
            self.flaws.append(("key", "other_number" if isinstance(named, str) else "wrong_type"))
        elif self.before is not None and not covers(ground.within, self.before.area):
            self.flaws.append(("key", "not_yours"))
        elif is_erased(self.before):
            self.flaws.append(("key", "is_erased"))
        self.home = self._read() if not self.flaws else None
        self.flaws = self.flaws[:MOST_FLAWS]

    @property
    def looks(self) -> tuple[Flaw, ...]:
        """What somebody has to mean: it lowers safety, or changes who answers or is looked after."""
        if self.home is None:
            return ()
        if self.before is None:
            return () if "tier" in self._given else (("tier", "no_label"),)
        return (*looks(self.before, self.home), *_gone(self.before, self.home))

    def _read(self) -> Household | None:
        given = {**self._given, "key": self.key}
        values = self._values(Household, given, self.before, "")
        self._area(values)
        self._offices(values)
        if "place" in values:
            values["place"] = self._place(values["place"])
        elif self.before is None:
            area = values.get("area", "")
            middle = self._ground.middle(area)
            if middle is not None or area not in self._ground.areas:  # then that is said, and enough
                values["place"] = middle or Place(lat=0, lon=0)
        if self.before is None:
            values.setdefault("tier", RiskTier.CARE)
        home = self._made(Household, values, self.before, "")
        if home is NOT_READ:
            return None
        told = {part for field, _ in self.flaws for part in (field, field.partition(".")[0])}
        wrong = home_flaws(home, self._ground.year, self._ground.areas.__contains__)
        self.flaws += [(field, word) for field, word in wrong if field not in told]
        return None if self.flaws else home

    def _values(self, cls: type[msgspec.Struct], given: Mapping[str, Any], base: Any, at: str) -> dict[str, Any]:
        """The fields that are given, as far as they can be read."""
        hints, fixed, values = hints_of(cls), READ_ONLY.get(cls, frozenset()), dict[str, Any]()
        self.flaws += [
            (f"{at}{name}"[:80], "unknown_field") for name in given if name not in hints and name not in BESIDE
        ]
        defaults = {field.name: field for field in msgspec.structs.fields(cls)}
        for name, hint in hints.items():
            if name not in given or name in fixed:
                continue
            field = defaults[name]
            if given[name] is None and (field.default is not msgspec.NODEFAULT or not field.required):
                values[name] = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
                continue
            value = self._value(hint, given[name], getattr(base, name, None), f"{at}{name}")
            if value is not NOT_READ:
                values[name] = value
        return values

    def _value(self, hint: Any, given: Any, base: Any, at: str) -> Any:
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            return self._struct(hint, given, base, at)
        items = get_args(hint)
        if get_origin(hint) is tuple and items and isinstance(items[0], type) and issubclass(items[0], msgspec.Struct):
            return self._people(items[0], given, base or (), at)
        try:
            return msgspec.convert(given, hint)
        except (msgspec.MsgspecError, OverflowError):
            self.flaws.append((at, "wrong_type"))
            return NOT_READ

    def _struct(self, cls: type[msgspec.Struct], given: Any, base: Any, at: str) -> Any:
        if not isinstance(given, dict):
            self.flaws.append((at, "wrong_type"))
            return NOT_READ
        return self._made(cls, self._values(cls, given, base, f"{at}."), base, f"{at}.")

    def _made(self, cls: type[msgspec.Struct], values: dict[str, Any], base: Any, at: str) -> Any:
        if base is not None:
            return msgspec.structs.replace(base, **values)
        told = {field for field, _ in self.flaws}
        missing = [it.name for it in msgspec.structs.fields(cls) if it.required and it.name not in values]
        self.flaws += [(f"{at}{name}", "missing") for name in missing if f"{at}{name}" not in told]
        return NOT_READ if missing else cls(**values)

    def _people(self, cls: type[msgspec.Struct], given: Any, base: tuple[Any, ...], at: str) -> Any:
        if not isinstance(given, list):
            self.flaws.append((at, "wrong_type"))
            return NOT_READ
        left, people = list(base), []
        for n, item in enumerate(given, 1):
            was = next((it for it in left if _is_same(it, item)), None)
            if was is not None:
                left.remove(was)
            people.append(self._struct(cls, item, was, f"{at}.{n}"))
        return NOT_READ if any(it is NOT_READ for it in people) else tuple(people)

    def _area(self, values: dict[str, Any]) -> None:
        area = values.get("area")
        if area is not None and area not in self._ground.areas:
            self.flaws.append(("area", "unknown_area"))
        elif area is not None and not covers(self._ground.within, area):
            self.flaws.append(("area", "not_yours"))

    def _offices(self, values: dict[str, Any]) -> None:
        for name, duty in OFFICES.items():
            text = values.get(name, "")
            if not text or text == getattr(self.before, name, ""):
                continue
            try:
                values[name] = self._ground.person(text, duty)
            except CellError as wrong:
                self.flaws.append((name, str(wrong)))

    def _place(self, place: Place) -> Place:
        """In WGS-84, whichever map it was copied from; as it was given out, it is where it was."""
        datum = self._given["place"].get("datum") or WGS84
        if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):  # noqa: PLR2004 - the globe's
            return place  # the checks say so
        lat, lon = to_wgs84(place.lat, place.lon, datum)
        was = self.before.place if self.before is not None else None
        if was is not None and (lat, lon) == (round(was.lat, 6), round(was.lon, 6)):
            return was
        return Place(lat=lat, lon=lon, datum=datum)


def _is_same(there: Any, given: Any) -> bool:
    """Whether this is whom a given item is about."""
    if not isinstance(given, dict):
        return False
    if isinstance(there, Contact):
        return bool(digits(there.phone)) and digits(str(given.get("phone", ""))) == digits(there.phone)
    return isinstance(there, Resident) and given.get("name") == there.name


def _gone(before: Household, home: Household) -> list[Flaw]:
    """Who is no longer among the residents or contacts."""
    flaws: list[Flaw] = []
    if {it.name for it in before.residents} - {it.name for it in home.residents}:
        flaws.append(("residents", "no_longer"))
    if {digits(it.phone) for it in before.contacts} - {digits(it.phone) for it in home.contacts}:
        flaws.append(("contacts", "no_longer"))
    return flaws
