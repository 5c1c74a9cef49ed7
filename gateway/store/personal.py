"""What of a stored body is about the people of one household, made blank. Pure: bytes to bytes.

Bodies stay readable as what they are: codes, moments, logins of the staff and numbers are kept, for statistics and for
who did what when. Free texts go whole; what is known of the people (names, numbers, address) goes wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from alerting.casefile import Household
from alerting.duty.reach import KEY_HOLDER
from alerting.model import AlarmKind

GONE = "＊"
SHORTEST = 2
FREE = frozenset({"text", "note", "who", "whom", "contact", "case_note", "why", "reason", "title", "destination"})
"""Fields of commands, decisions and incidents that somebody wrote freely."""

CODED_REASONS = frozenset({"open_case_file", "case_file_opened"})
"""Whose ``reason`` is a word of ours."""

PARTS_KEPT = {
    "note": 0,
    "resolved": 0,
    "second_refused": 0,
    "second_agreed": 0,
    "closed": 1,
    "second_asked": 1,
    "held": 1,
    "follow_up_called": 1,
    "job_declined": 1,
    "job_accepted": 2,
    "job_safe": 2,
    "dispatched": 1,
    "page_declined": 1,
    "given_back": 1,
    "absence": 2,
}
"""Lines of a timeline whose text is free from some part on; parts are divided by bars."""

BLANK_PARTS = {"called": (0,), "call_in": (0, 1), "call_out": (0, 1)}
"""Lines of which some parts are somebody's name or number."""


class Person(msgspec.Struct, frozen=True):
    """A household, and what is known of its people: looked for in its rows.

    Attributes:
        key: Case number.
        words: Names, numbers, address; the longest first.
        devices: Registry ids of the devices that were there: people gave them names.
    """

    key: str
    words: tuple[str, ...]
    devices: frozenset[str] = frozenset()


def person_of(key: str, files: Iterable[Household], devices: Iterable[str] = ()) -> Person:
    """What is known of a household's people from all its case files, early and late."""
    words = {word.strip() for home in files for word in _words(home)}
    return Person(
        key,
        tuple(sorted((it for it in words if len(it) >= SHORTEST), key=lambda it: (-len(it), it))),
        frozenset(devices),
    )


def _words(home: Household) -> Iterator[str]:
    yield from (home.address, home.access, home.key_safe, home.care_plan)
    for someone in home.residents:
        yield from (someone.name, someone.phone, someone.sealed_id, *_bare(someone.phone))
    for contact in home.contacts:
        yield from (contact.name, contact.phone, *_bare(contact.phone))
    yield from (it.who for it in home.consents)
    yield from (it.withdrawn_why for it in home.consents)


def _bare(number: str) -> Iterator[str]:
    digits = "".join(it for it in number if it.isdigit())
    if digits != number:
        yield digits


def without(text: str, person: Person) -> str:
    """A text without what is known of the people."""
    for word in person.words:
        if word in text:
            text = text.replace(word, GONE)
    return text


def blanked(body: bytes, person: Person) -> bytes:
    """A body of JSON in which nothing of the household's people is left; what is no JSON stays as it is."""
    try:
        value = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return body
    return msgspec.json.encode(_blanked(value, person, whole=True))


def blanked_in(body: bytes, person: Person) -> bytes:
    """The same of a body that is about other households too: only what is of this one is made blank."""
    try:
        value = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return body
    return msgspec.json.encode(_own_parts(value, person))


def _own_parts(value: Any, person: Person) -> Any:
    """Of a value the parts that are this household's."""
    if isinstance(value, list):
        return [_own_parts(it, person) for it in value]
    if not isinstance(value, dict):
        return value
    if _is_own(value, person):
        return _blanked(value, person, whole=True)
    changed = {name: _own_parts(it, person) for name, it in value.items()}
    if isinstance(changed.get("persons"), dict):
        changed["persons"] = {id_: _keyless(id_, it, person) for id_, it in changed["persons"].items()}
    return changed


def _is_own(value: dict[str, Any], person: Person) -> bool:
    if value.get("key") == person.key and "tier" in value:
        return True
    home, device = value.get("household", value.get("home")), value.get("device")
    if isinstance(home, dict):  # of a command that saves it
        home = home.get("key")
    if isinstance(device, dict):
        device = device.get("id")
    return home == person.key or device in person.devices


def _keyless(id_: str, value: Any, person: Person) -> Any:
    is_own = id_.startswith(f"{KEY_HOLDER}{person.key}:") and isinstance(value, dict)
    return value | {"name": "", "id": value.get("id", id_)} if is_own else value


def _blanked(value: Any, person: Person, *, whole: bool) -> Any:
    if isinstance(value, str):
        return without(value, person)
    if isinstance(value, list):
        return [_blanked(it, person, whole=whole) for it in value]
    if not isinstance(value, dict):
        return value
    if value.get("key") == person.key and "tier" in value and "place" in value:
        return _file(value)
    if {"incident", "at", "kind", "text"} <= value.keys():
        value = value | {"text": _line(str(value["kind"]), str(value["text"]))}
        return {name: _blanked(it, person, whole=False) for name, it in value.items()}
    if value.get("kind") == AlarmKind.MANUAL and "detail" in value:
        value = value | {"detail": ""}  # what somebody said on the telephone
    if isinstance(value.get("worker"), dict):  # of a grid platform
        value = value | {"worker": {"id": value["worker"].get("id", "")}}
    if isinstance(value.get("steps"), dict):  # of an installation: when, who, and how in words
        value = value | {"steps": {name: step[:2] for name, step in value["steps"].items()}}
    if isinstance(value.get("done"), list):  # of a repair: when, who, how, and more in words
        value = value | {"done": value["done"][:3]}
    is_coded = value.get("do") in CODED_REASONS or value.get("decision") in CODED_REASONS
    free = (FREE - {"reason"} if is_coded else FREE) if whole else frozenset()
    return {
        name: "" if name in free and isinstance(it, str) else _blanked(it, person, whole=whole)
        for name, it in value.items()
    }


def _file(value: dict[str, Any]) -> dict[str, Any]:
    """A case file as it is in the history after its household is erased: what is counted, and nobody."""
    kept = ("key", "area", "tier", "categories", "town_responder", "village_responder")
    blank = {name: value[name] for name in kept if name in value}
    return blank | {"address": "", "place": {"lat": 0.0, "lon": 0.0}}


def _line(kind: str, text: str) -> str:
    parts = text.split("|")
    if kind in PARTS_KEPT:
        kept = PARTS_KEPT[kind]
        return "|".join(parts[:kept]) if kept else ""
    return "|".join("" if n in BLANK_PARTS.get(kind, ()) else part for n, part in enumerate(parts))
