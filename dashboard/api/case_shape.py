"""A case file as JSON: all its fields by their names, whatever they come to be; what is kept sealed never.

The shape follows from ``alerting.casefile.Household`` alone: a field that is added there is read and written here.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, get_type_hints

import msgspec

from alerting.casefile import Contact, Household, Place, version_of
from alerting.intake.datum import WGS84

SEALED = "sealed_"
"""Fields whose names begin so hold secrets of the installation: they neither leave nor enter here."""
READ_ONLY: dict[type, frozenset[str]] = {
    Household: frozenset({"assessment", "review", "consents", "left"}),
    Contact: frozenset({"verified", "verified_on"}),
    Place: frozenset({"source_datum"}),
}
"""What only people here can say: a number is tried by telephoning, a paper is signed, a household is assessed."""
LEAST = ("key", "version", "area", "tier")
"""Says nothing about the people: given without being written down as an opening."""
FIELDS = ("version", *(name for name in Household.__struct_fields__ if not name.startswith(SEALED)))


@cache
def hints_of(cls: type[msgspec.Struct]) -> dict[str, Any]:
    """Types of a struct's fields, by name; without what is sealed."""
    hints = get_type_hints(cls)
    return {name: hints[name] for name in cls.__struct_fields__ if not name.startswith(SEALED)}


def version_tag(home: Household) -> str:
    """The version as an entity tag."""
    return f'"{version_of(home)}"'


def shown(home: Household, fields: Collection[str] = FIELDS) -> dict[str, Any]:
    """These fields of a case file; ``version`` tells one state of it from another."""
    whole = {name: version_of(home) if name == "version" else _shown(getattr(home, name)) for name in fields}
    if "place" in whole:
        whole["place"] = {
            "lat": home.place.lat,
            "lon": home.place.lon,
            "datum": WGS84,
            "source_datum": home.place.datum,
        }
    return whole


def _shown(value: object) -> Any:
    if isinstance(value, msgspec.Struct):
        if value.__struct_config__.array_like:
            return [_shown(getattr(value, name)) for name in value.__struct_fields__]
        return {name: _shown(getattr(value, name)) for name in hints_of(type(value))}
    if isinstance(value, tuple | list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _shown(item) for name, item in value.items()}
    return msgspec.to_builtins(value)
