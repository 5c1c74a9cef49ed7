"""The case file as a form: what is typed becomes a household, or stays as it was typed with what is wrong beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from alerting.casefile import OFFICES, Contact, Household, Place, Resident
from alerting.intake.datum import WGS84, to_wgs84
from alerting.keeping import id_number
from alerting.keeping.consent import Consent, ConsentFor
from alerting.model import RiskTier

TEXTS = ("address", "grid_cell", "access", "key_safe", "care_plan")
WORDS = ("categories", "risks", "pets")
DAYS = ("care_plan_review",)
OF_RESIDENT = ("name", "birth_year", "sex", "phone", "health", "mobility", "hearing", "languages", "medicines")
OF_WORDS = ("health", "languages", "medicines")
OF_CONSENT = ("who", "on", "withdrawn_on", "withdrawn_why")
KINDS = ("residents", "contacts", "consents")
OF_CONTACT = (
    "name",
    "relation",
    "phone",
    "hours",
    "distance_m",
    "verified_on",
    "key_holder",
    "rings_first",
    "verified",
)
MOST_ROWS = 12
HIDDEN = "*" * 18

NOWHERE = Place(lat=0, lon=0)
"""Where no position could be read."""

Fields = Mapping[str, str]
Flaws = dict[str, str]
"""What is wrong, by the field's name, as a word of ``case_words.FLAWS``."""

_BETWEEN = re.compile(r"[、;；\n]+")


def words_of(text: str) -> tuple[str, ...]:
    """Several words as people separate them."""
    return tuple(word for part in _BETWEEN.split(text) if (word := part.strip()))


def hidden(sealed: str) -> str:
    """What stands for a number that is not shown, or cannot be opened here."""
    return HIDDEN if sealed else ""


def fields_of(home: Household, id_of: Callable[[str], str] = hidden) -> dict[str, str]:
    """What the form shows of a case file; ``id_of`` is what it shows of a sealed number of an identity card."""
    shown = {"key": home.key, "area": home.area, "tier": home.tier.value, "datum": home.place.datum}
    shown |= {"place": _said(home.place), "forced_entry": _tick(home.forced_entry)}
    shown |= {name: str(getattr(home, name)) for name in (*TEXTS, *OFFICES)}
    shown |= {name: "、".join(getattr(home, name)) for name in WORDS}
    shown |= {name: _shown(getattr(home, name)) for name in DAYS}
    rows: tuple[tuple[str, Sequence[object], tuple[str, ...]], ...] = (
        ("residents", home.residents, OF_RESIDENT),
        ("contacts", home.contacts, OF_CONTACT),
        ("consents", home.consents, OF_CONSENT),
    )
    for kind, people, names in rows:
        for n, someone in enumerate(people, 1):
            shown |= {f"{kind}.{n}.{name}": _shown(getattr(someone, name)) for name in names}
    for n, resident in enumerate(home.residents, 1):
        shown[f"residents.{n}.id_number"] = id_of(resident.sealed_id) or hidden(resident.sealed_id)
    for n, consent in enumerate(home.consents, 1):
        shown |= {f"consents.{n}.{it.value}": _tick(it in consent.purposes) for it in ConsentFor}
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
    if kind not in KINDS:
        return dict(form)
    if act == "add" and len(rows) < MOST_ROWS:
        rows.append({"who" if kind == "consents" else "name": ""})
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
        seal: What is kept of the number of an identity card.
    """

    def __init__(self, form: Fields, before: Household | None, seal: Callable[[str], str] = hidden) -> None:
        """Read it."""
        self.flaws: Flaws = {}
        self._form = form
        self._seal = seal
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
            "consents": tuple(self._consents()),
            "care_plan_review": self._valued("care_plan_review", date.fromisoformat, None),
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
            year = self._valued(f"{at}birth_year", int, 0)
            sealed = self._sealed(f"{at}id_number", year, was.sealed_id if was else "")
            yield Resident(birth_year=year, sealed_id=sealed, **texts, **words)  # type: ignore[arg-type]

    def _sealed(self, name: str, year: int, before: str) -> str:
        """The number of an identity card as it is kept; what was not shown is as it was."""
        number = id_number.plain(self._form.get(name, ""))
        if not number or number == HIDDEN:
            return before if number else ""
        flaw = id_number.id_flaw(number, year)
        if flaw:
            self.flaws[name] = flaw
            return before
        return self._seal(number)

    def _consents(self) -> Iterator[Consent]:
        for n in range(1, rows_of(self._form, "consents") + 1):
            row, at = _row(self._form, "consents", n), f"consents.{n}."
            on = self._valued(f"{at}on", date.fromisoformat, None)
            if on is None:
                self.flaws.setdefault(f"{at}on", "missing")
            yield Consent(
                who=row.get("who", "").strip(),
                on=on or date.min,
                purposes=tuple(it for it in ConsentFor if row.get(it.value)),
                withdrawn_on=self._valued(f"{at}withdrawn_on", date.fromisoformat, None),
                withdrawn_why=row.get("withdrawn_why", "").strip(),
            )

    def _contacts(self, before: Household | None) -> Iterator[Contact]:
        known = [it for it in before.contacts if it.verified] if before is not None else []
        tried, names = {it.phone for it in known}, {it.name for it in known}
        for n in range(1, rows_of(self._form, "contacts") + 1):
            row, at = _row(self._form, "contacts", n), f"contacts.{n}."
            number, tried_on = row.get("phone", "").strip(), self._valued(f"{at}verified_on", date.fromisoformat, None)
            name, is_tried = row.get("name", "").strip(), number in tried or tried_on is not None
            if row.get("verified") and not is_tried and name not in names:  # else it is a left-over tick
                self.flaws.setdefault(f"{at}verified_on", "needs_day")
            yield Contact(
                name=name,
                relation=row.get("relation", "").strip(),
                phone=number,
                hours=row.get("hours", "").strip(),
                key_holder=bool(row.get("key_holder")),
                rings_first=bool(row.get("rings_first")),
                verified=bool(row.get("verified")) and is_tried,
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


_WHAT = {"place": "bad_place", "birth_year": "bad_year", "tier": "bad_tier"}
_WHAT |= dict.fromkeys(("verified_on", "on", "withdrawn_on", "care_plan_review"), "bad_date")


def _said(place: Place) -> str:
    return f"{place.lat:.6f}, {place.lon:.6f}"


def _place(text: str) -> Place:
    lat, lon = (float(part) for part in re.split(r"[,，\s]+", text.strip()))
    return Place(lat=lat, lon=lon)
