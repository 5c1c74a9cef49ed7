"""The case file as a form: what is typed becomes a household, or stays as it was typed with what is wrong beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from alerting.casefile import OFFICES, Contact, Household, Place, Resident
from alerting.intake.datum import WGS84, to_wgs84
from alerting.model import RiskTier

TEXTS = ("address", "grid_cell", "access", "key_safe")
WORDS = ("categories", "risks", "pets")
OF_RESIDENT = ("name", "birth_year", "sex", "phone", "health", "mobility", "hearing", "languages", "medicines")
OF_WORDS = ("health", "languages", "medicines")
OF_CONTACT = ("name", "relation", "phone", "hours", "distance_m", "verified_on", "key_holder", "verified")
MOST_ROWS = 12

NOWHERE = Place(lat=0, lon=0)
"""Where no position could be read."""

Fields = Mapping[str, str]
Flaws = dict[str, str]
"""What is wrong, by the field's name, as a word of ``case_words.FLAWS``."""

_BETWEEN = re.compile(r"[、;；\n]+")


def words_of(text: str) -> tuple[str, ...]:
    """Several words as people separate them."""
    return tuple(word for part in _BETWEEN.split(text) if (word := part.strip()))


def fields_of(home: Household) -> dict[str, str]:
    """What the form shows of a case file."""
    shown = {"key": home.key, "area": home.area, "tier": home.tier.value, "datum": home.place.datum}
    shown |= {"place": _said(home.place), "forced_entry": _tick(home.forced_entry)}
    shown |= {name: str(getattr(home, name)) for name in (*TEXTS, *OFFICES)}
    shown |= {name: "、".join(getattr(home, name)) for name in WORDS}
    for kind, people, names in (("residents", home.residents, OF_RESIDENT), ("contacts", home.contacts, OF_CONTACT)):
        for n, someone in enumerate(people, 1):
            shown |= {f"{kind}.{n}.{name}": _shown(getattr(someone, name)) for name in names}
    return shown


def _tick(value: bool) -> str:
    return "1" if value else ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _tick(value)
    if isinstance(value, tuple):
        return "、".join(value)
    return "" if value is None else str(value)


def rows_of(form: Fields, kind: str) -> int:
    """How many residents or contacts the form has."""
    numbers = [int(found[1]) for name in form if (found := re.fullmatch(rf"{kind}\.(\d{{1,2}})\.\w+", name))]
    return max(numbers, default=0)


def rearranged(form: Fields, do: str) -> dict[str, str]:
    """The form after a row was added, removed or moved up: ``add.contacts``, ``remove.contacts.2``, ``up.contacts.2``.

    Whatever else is asked changes nothing.
    """
    act, _, where = do.partition(".")
    kind, _, number = where.partition(".")
    rows = [_row(form, kind, n) for n in range(1, rows_of(form, kind) + 1)]
    at = int(number) - 1 if number.isdigit() else -1
    if kind not in {"residents", "contacts"}:
        return dict(form)
    if act == "add" and len(rows) < MOST_ROWS:
        rows.append({"name": ""})
    elif act == "remove" and 0 <= at < len(rows):
        del rows[at]
    elif act == "up" and 0 < at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    kept = {name: value for name, value in form.items() if not name.startswith(f"{kind}.")}
    return kept | {f"{kind}.{n}.{name}": value for n, row in enumerate(rows, 1) for name, value in row.items()}


def _row(form: Fields, kind: str, n: int) -> dict[str, str]:
    start = f"{kind}.{n}."
    return {name.removeprefix(start): value for name, value in form.items() if name.startswith(start)}


class Typed:
    """A form as it was typed, read into a household.

    Args:
        form: Its fields.
        before: The case file that was edited; None for a new one. What the form does not show is taken from it.
    """

    def __init__(self, form: Fields, before: Household | None) -> None:
        """Read it."""
        self.flaws: Flaws = {}
        self._form = form
        self.home = self._read(before)

    def _read(self, before: Household | None) -> Household:
        form = self._form
        values: dict[str, Any] = {
            "key": before.key if before is not None else form.get("key", "").strip(),
            "area": form.get("area", ""),
            "place": self._where(before),
            "tier": self._valued("tier", RiskTier, RiskTier.CARE),
            "residents": tuple(self._residents(before)),
            "contacts": tuple(self._contacts(before)),
            "forced_entry": bool(form.get("forced_entry")),
        }
        values |= {name: form.get(name, "").strip() for name in (*TEXTS, *OFFICES)}
        values |= {name: self._words(name, getattr(before, name, ())) for name in WORDS}
        return msgspec.structs.replace(before, **values) if before is not None else Household(**values)

    def _where(self, before: Household | None) -> Place:
        """Where it is, in WGS-84; a position that nobody has changed is what it was, whatever its source was."""
        typed: Place = self._valued("place", _place, NOWHERE)
        datum = self._form.get("datum", WGS84)
        was = before.place if before is not None else None
        if was is not None and datum == WGS84 and _said(was) == _said(typed):
            return was
        if typed is NOWHERE:
            self.flaws.setdefault("place", "missing")
            return NOWHERE
        if not datum:
            self.flaws["datum"] = "say_map"
        lat, lon = to_wgs84(typed.lat, typed.lon, datum)
        return Place(lat=lat, lon=lon, datum=datum)

    def _words(self, name: str, before: tuple[str, ...]) -> tuple[str, ...]:
        """Several words; where nobody changed the text they are as they were, however they are written."""
        text = self._form.get(name, "")
        return before if text == _shown(before) else words_of(text)

    def _residents(self, before: Household | None) -> Iterator[Resident]:
        for n in range(1, rows_of(self._form, "residents") + 1):
            row, at = _row(self._form, "residents", n), f"residents.{n}."
            was = before.residents[n - 1] if before is not None and n <= len(before.residents) else None
            words = {name: self._words(f"{at}{name}", getattr(was, name, ())) for name in OF_WORDS}
            texts = {name: row.get(name, "").strip() for name in ("name", "sex", "phone", "mobility", "hearing")}
            yield Resident(birth_year=self._valued(f"{at}birth_year", int, 0), **texts, **words)  # type: ignore[arg-type]

    def _contacts(self, before: Household | None) -> Iterator[Contact]:
        tried = {it.phone for it in before.contacts if it.verified} if before is not None else set()
        for n in range(1, rows_of(self._form, "contacts") + 1):
            row, at = _row(self._form, "contacts", n), f"contacts.{n}."
            number, tried_on = row.get("phone", "").strip(), self._valued(f"{at}verified_on", date.fromisoformat, None)
            yield Contact(
                name=row.get("name", "").strip(),
                relation=row.get("relation", "").strip(),
                phone=number,
                hours=row.get("hours", "").strip(),
                key_holder=bool(row.get("key_holder")),
                verified=bool(row.get("verified")) and (number in tried or tried_on is not None),
                distance_m=self._valued(f"{at}distance_m", int, None),
                verified_on=tried_on,
            )

    def _valued(self, name: str, read: Callable[[str], Any], otherwise: Any) -> Any:
        """A value of the form; what cannot be read is noted, what is empty is ``otherwise``."""
        text = self._form.get(name, "").strip()
        if not text:
            return otherwise
        try:
            return read(text)
        except ValueError:
            self.flaws[name] = _WHAT.get(name.rpartition(".")[2], "bad_value")
            return otherwise


_WHAT = {"place": "bad_place", "birth_year": "bad_year", "tier": "bad_tier", "verified_on": "bad_date"}


def _said(place: Place) -> str:
    return f"{place.lat:.6f}, {place.lon:.6f}"


def _place(text: str) -> Place:
    lat, lon = (float(part) for part in re.split(r"[,，\s]+", text.strip()))
    return Place(lat=lat, lon=lon)
