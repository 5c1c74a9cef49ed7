"""The schemas of the API: those of a case file follow from ``Household`` and from the columns of lists."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

import msgspec

from alerting.care.referral import LONGEST_NEED, Rating, ReferralResult, ReferralState
from alerting.care.warning import LONGEST_SOURCE, LONGEST_TEXT, WarningAnswer, WarningCode
from alerting.casefile import Contact, Household, Place, Resident
from alerting.intake.columns import COLUMNS
from alerting.intake.datum import BD09, GCJ02, WGS84
from dashboard.api.case_shape import READ_ONLY, SEALED, hints_of
from dashboard.api.job_paper import job_schemas
from gateway.exchange.events import News

Schema = dict[str, Any]
GIVEN = "Given"
"""Ends the name of what a caller gives: the same without what is required, and with ``null`` for what is taken away."""
REF = "#/components/schemas/"
_ATTRIBUTE = re.compile(r"^\s{8}(\w+): (.+)$", re.MULTILINE)
_NUMBERED = re.compile(r"^(被守护人|联系人)1")
STRUCTS: dict[str, type[msgspec.Struct]] = {it.__name__: it for it in (Household, Place, Resident, Contact)}

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
WORDS: Schema = {"type": "array", "items": TEXT}
TIME: Schema = {"type": "string", "format": "date-time"}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"{REF}{name}"}


def record(properties: dict[str, Schema], *, optional: Collection[str] = (), description: str = "") -> Schema:
    """An object with these members and no others."""
    required = [name for name in properties if name not in optional]
    made: Schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"description": description, **made} if description else made


def many(of: Schema, **more: Any) -> Schema:
    """A list."""
    return {"type": "array", "items": of, **more}


@cache
def headings() -> dict[str, tuple[str, str]]:
    """By field (``address``, ``Resident.name``): its heading in lists, and what a cell may hold."""
    found: dict[str, tuple[str, str]] = {}
    for column in COLUMNS:
        field = column.field.replace("residents.1.", "Resident.").replace("contacts.1.", "Contact.")
        found[field] = (_NUMBERED.sub("", column.words[0]), column.example)
    return found


def case_schemas() -> dict[str, Schema]:
    """Everything a case file is made of, as given out and as taken."""
    _, components = msgspec.json.schema_components([Household], ref_template=REF + "{name}")
    made: dict[str, Schema] = {}
    for name, schema in components.items():
        if "properties" not in schema:
            made[name] = schema
            continue
        made[name] = _given_out(name, schema)
        made[name + GIVEN] = _taken(name, schema, {it for it, of in components.items() if "properties" in of})
    return made


def _given_out(name: str, schema: Schema) -> Schema:
    told = {it: _told(name, it, of, schema["description"]) for it, of in _open(schema).items()}
    if name == Household.__name__:
        told = {"version": {"type": "string", "description": "Tells one state of it from another."}, **told}
    if name == Place.__name__:
        told["datum"] = {"const": WGS84}
        told["source_datum"] = {"type": "string", "description": "Of the map that it was copied from."}
    return record(told, description=schema["description"].split("\n")[0])


def _taken(name: str, schema: Schema, structs: set[str]) -> Schema:
    needed = set(schema.get("required", ()))
    told: dict[str, Schema] = {}
    for it, of in _open(schema).items():
        plain = _with_given(_told(name, it, of, schema["description"]), structs)
        told[it] = plain if it in needed else {"anyOf": [plain, {"type": "null"}]}
    cls = STRUCTS.get(name)
    for it in READ_ONLY.get(cls, ()) if cls is not None else ():
        told[it] = {"description": "Not taken: only the desk can say it.", "readOnly": True}
    if name == Household.__name__:
        told = {"version": {"type": "string", "description": "The version that was read."}, **told}
    if name == Place.__name__:
        told["datum"] = {"enum": [WGS84, GCJ02, BD09], "description": "Of these numbers; WGS-84 where none is given."}
        return record(told, optional=("datum", "source_datum"))
    return record(told, optional=told)


def _open(schema: Schema) -> dict[str, Schema]:
    return {name: of for name, of in schema["properties"].items() if not name.startswith(SEALED)}


def _told(struct: str, name: str, of: Schema, text: str) -> Schema:
    heading, example = headings().get(name if struct == Household.__name__ else f"{struct}.{name}", ("", ""))
    said = dict(_ATTRIBUTE.findall(text)).get(name, "")
    description = " · ".join(part for part in (heading, said) if part)
    plain = {key: value for key, value in of.items() if key != "default"}
    beside: Schema = {"description": description} if description else {}
    return {**plain, **beside, **({"examples": [example]} if example and plain.get("type") == "string" else {})}


def _with_given(schema: Schema, structs: set[str]) -> Schema:
    """The same, of what is taken all the way down."""
    if schema.get("$ref", "").removeprefix(REF) in structs:
        return {**schema, "$ref": schema["$ref"] + GIVEN}
    if "items" in schema:
        return {**schema, "items": _with_given(schema["items"], structs)}
    if "anyOf" in schema:
        return {**schema, "anyOf": [_with_given(it, structs) for it in schema["anyOf"]]}
    return schema


def schemas() -> dict[str, Schema]:
    """All of them."""
    reason: dict[str, Schema] = {
        "field": {"type": "string", "description": "As in contacts.2.phone, counted from 1; empty: the whole."},
        "reason": {"type": "string", "description": "A word for machines."},
        "message": {"type": "string", "description": "The same for people."},
        "number": {"type": "integer", "description": "Of a batch: which home of the call, counted from 1."},
        "key": {"type": "string", "description": "Of a batch: its case number."},
    }
    came: dict[str, Schema] = dict.fromkeys(("new", "changed", "unchanged", "refused"), COUNT)
    came |= {"dry_run": {"type": "boolean"}, "changes": many(record({"key": TEXT, "fields": WORDS}))}
    came |= {"looks": many(ref("Reason"))}
    problem: dict[str, Schema] = {"type": TEXT, "title": TEXT, "status": {"type": "integer"}}
    problem |= {"errors": many(ref("Reason")), **came}
    some: dict[str, Schema] = {name: {} for name in hints_of(Household)} | {"version": TEXT}
    saved: dict[str, Schema] = {"key": TEXT, "version": TEXT, "result": {"enum": ["created", "changed", "unchanged"]}}
    return {
        **case_schemas(),
        "HouseholdFields": record(some, optional=some, description="The fields that were asked for."),
        "Households": record({"households": many(ref("HouseholdFields")), "cursor": {"type": ["string", "null"]}}),
        "Saved": record({**saved, "changed": WORDS}),
        "BatchGiven": record({"households": many(ref("HouseholdGiven"), maxItems=5000)}),
        "Batch": record(came),
        "Reason": record(reason, optional=("number", "key")),
        "Problem": record(problem, optional=("errors", *came), description="RFC 9457."),
        "Event": _event(),
        "Changes": record({"events": many(ref("Event")), "cursor": TEXT, "more": {"type": "boolean"}}),
        "Areas": _list_of("areas", "key", "level", "name", "parent"),
        "Responders": _list_of("responders", "id", "name", "area", "duty"),
        "Incidents": _incidents(),
        **_warnings(),
        **_referrals(),
        **job_schemas(),
    }


def _list_of(name: str, *members: str) -> Schema:
    return record({name: many(record(dict.fromkeys(members, TEXT)))})


def _event() -> Schema:
    members: dict[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": TEXT,
        "source": TEXT,
        "type": {"enum": [str(it) for it in News]},
        "subject": {
            "type": "string",
            "description": "Case number, incident, or case number/number of a referral.",
        },
        "time": TIME,
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    }
    return record(members, description="A CloudEvent 1.0. The same id is the same event.")


def _incidents() -> Schema:
    members = dict.fromkeys(("incident", "household", "area", "state", "outcome"), TEXT)
    priority: Schema = {"type": "integer", "minimum": 1, "maximum": 4}
    alarms = many({"type": "string", "description": "panic, fall, inactivity …"})
    return record({"incidents": many(record({**members, "priority": priority, "alarms": alarms, "opened_at": TIME}))})


def _warnings() -> dict[str, Schema]:
    code: Schema = {"enum": [str(it) for it in WarningCode]}
    answer: Schema = {"enum": [*(str(it) for it in WarningAnswer), None]}
    number: Schema = {"type": "integer", "minimum": 1, "description": "With the household it names the warning."}
    given: dict[str, Schema] = {
        "id": {"type": "string", "minLength": 1, "maxLength": 100, "description": "The sender's own for it."},
        "household": {"type": "string", "minLength": 1, "maxLength": 100, "description": "Case number."},
        "code": code,
        "source": {"type": "string", "minLength": 1, "maxLength": LONGEST_SOURCE, "description": "Department."},
        "text": {"type": "string", "maxLength": LONGEST_TEXT},
        "on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}], "description": "When it happened."},
    }
    shown: dict[str, Schema] = {"household": TEXT, "number": number, "code": code, "source": TEXT, "at": TIME}
    shown |= {"due_at": TIME, "stage": TEXT, "answer": answer, "answer_text": TEXT}
    shown |= {"answered_at": {"anyOf": [TIME, {"type": "null"}]}}
    return {
        "WarningGiven": record(given, optional=("text", "on")),
        "Pushed": record({"household": TEXT, "number": number}),
        "Warnings": record({"warnings": many(record(shown))}),
    }


def _referrals() -> dict[str, Schema]:
    number: Schema = {"type": "integer", "minimum": 1, "description": "With the household it names the referral."}
    result: Schema = {"enum": [*(str(it) for it in ReferralResult), None]}
    when: Schema = {"anyOf": [TIME, {"type": "null"}]}
    given: dict[str, Schema] = {
        "household": {"type": "string", "minLength": 1, "maxLength": 100, "description": "Case number."},
        "number": number | {"maximum": 2**31 - 1},
        "act": {"enum": ["accept", "refuse", "answer"]},
        "result": result | {"description": "With answer: what came of it."},
        "text": {"type": "string", "maxLength": LONGEST_NEED, "description": "Who there, why not, what was done."},
    }
    shown: dict[str, Schema] = {"household": TEXT, "number": number, "organisation": TEXT}
    shown |= {"state": {"enum": [str(it) for it in ReferralState]}, "sent_at": TIME, "due_at": TIME}
    shown |= {"accept_by": when, "accepted_at": when, "answered_at": when, "result": result}
    shown |= {"rating": {"enum": [*(str(it) for it in Rating), None]}, "returned": COUNT}
    need = "What the household needs; null where it has taken back that others are told, and in what is answered."
    shown |= {"need": {"type": ["string", "null"], "description": need}}
    return {
        "ReferralGiven": record(given, optional=("result", "text")),
        "Referral": record(shown),
        "Referrals": record({"referrals": many(ref("Referral"))}),
    }
