"""What may be asked of ``/api/v1``, as OpenAPI 3.1. People in the examples are invented."""

from __future__ import annotations

from functools import cache
from typing import Any

from dashboard.api.homes import MOST_A_PAGE
from dashboard.api.job_paper import CLOUD_EVENT, JOB_EVENT, SIGNED, webhooks
from dashboard.api.news import MOST_EVENTS
from dashboard.api.problems import CONTENT
from dashboard.api.referrals import MOST_REFERRALS
from dashboard.api.schemas import Schema, ref, schemas
from dashboard.api.warnings import MOST_WARNINGS

ABOUT = """\
Case files and news of a nuanhu gateway, for another system of the city, to read and to write.

Every call carries the key of a peer: `Authorization: Bearer nh_…`. A peer sees its own area and nothing else. Whatever
is read of people is written down with the peer and the call. What goes wrong is `application/problem+json`.
"""
EXAMPLE: dict[str, Any] = {
    "area": "320400.01.03",
    "address": "沙埠村12号",
    "place": {"lat": 31.77812, "lon": 119.9543, "datum": "GCJ-02"},
    "tier": "care",
    "categories": ["低保", "独居"],
    "residents": [{"name": "张桂兰", "birth_year": 1941, "phone": "19900000001", "hearing": "右耳聋"}],
    "contacts": [{"name": "周小妹", "relation": "女儿", "phone": "19900000002", "hours": "08:00-20:00"}],
}
WARNING: dict[str, Any] = {
    "id": "YB-2026-000117",
    "household": "AY2026001",
    "code": "medical_cost",
    "source": "医保局",
    "text": "住院自付 3.2 万元",
    "on": "2026-01-05",
}
ANSWER: dict[str, Any] = {
    "household": "AY2026001",
    "number": 1,
    "act": "answer",
    "result": "solved",
    "text": "已报销 2.1 万元",
}
LIMITS = {
    "401": "No key, or one that opens nothing",
    "403": "The peer takes jobs, and may do nothing else",
    "429": "Too many calls",
}
AWAY = {"503": "The store does not answer; nothing was done, repeat the call"}


def _query(name: str, description: str, **schema: Any) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


NUMBER: Schema = {
    "name": "number",
    "in": "path",
    "required": True,
    "description": "Case number (档案号).",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100},
    "example": "AY2026001",
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": "The version that was read. Needed to change a home that is there.",
    "schema": {"type": "string"},
    "example": '"5d41402a"',
}
CONFIRM = _query("confirm", "What lowers safety or changes who answers is meant.", type="boolean")
AFTER = _query("after", "The cursor of the page before; absent: from the first.", type="string", maxLength=800)


def _answer(description: str, name: str, content: str = "application/json") -> Schema:
    return {"description": description, "content": {content: {"schema": ref(name)}}}


def _operation(
    id_: str,
    summary: str,
    answers: dict[str, tuple[str, str]],
    problems: dict[str, str],
    *parameters: Schema,
    body: Schema | None = None,
) -> Schema:
    """One call: answers by status with description and schema, problems by status."""
    told = {status: _answer(*of) if of[1] else {"description": of[0]} for status, of in answers.items()}
    told |= {status: _answer(text, "Problem", CONTENT) for status, text in (LIMITS | problems).items()}
    made: Schema = {"operationId": id_, "summary": summary, "responses": told}
    if parameters:
        made["parameters"] = list(parameters)
    if body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": body}}
    return made


def _households() -> dict[str, Schema]:
    page = _operation(
        "listHouseholds",
        "Homes by case number, page by page. Without fields only key, version, area and tier; more is written down.",
        {"200": ("A page", "Households")},
        {"400": "A cursor not made here", "422": "A parameter that cannot be used", **AWAY},
        _query("area", "Only homes of this area.", type="string", maxLength=800),
        _query("fields", "Names with commas between them, or * for all.", type="string", maxLength=800),
        {
            **_query("number", "Only homes with these numbers.", type="array", items={"type": "string"}, maxItems=200),
            "explode": True,
        },
        AFTER,
        _query("limit", "Homes a page.", type="integer", minimum=1, maximum=MOST_A_PAGE, default=100),
    )
    one = _operation(
        "getHousehold",
        "A whole case file; written down as an opening. With If-None-Match nothing is opened while it is the same.",
        {"200": ("The case file; ETag is its version", "Household"), "304": ("As it is known", "")},
        {"403": "The household does not want it given", "404": "No such home in the area of this peer", **AWAY},
        NUMBER,
    )
    return {
        "/households": {"get": page},
        "/households/{number}": {"get": one, "put": _putting()},
        "/households:batch": {"post": _batching()},
    }


def _putting() -> Schema:
    return _operation(
        "putHousehold",
        "Register a home, or change its case file. What is not given stays; null takes a field away.",
        {"200": ("Changed, or as it was", "Saved"), "201": ("Registered", "Saved")},
        {
            "400": "No JSON",
            "403": "The peer may not write, or the home lies outside its area",
            "404": "No case number can be so",
            "409": "It lowers safety: repeat with confirm",
            "412": "Changed by somebody else meanwhile",
            "413": "Too large",
            "422": "Refused, field by field",
            "428": "Say which version was read",
            **AWAY,
        },
        NUMBER,
        IF_MATCH,
        CONFIRM,
        body={"schema": ref("HouseholdGiven"), "example": EXAMPLE},
    )


def _batching() -> Schema:
    return _operation(
        "batchHouseholds",
        "Many homes: all are registered, or none. Each as in putHousehold, with key, and version where it is there.",
        {"200": ("What came of it", "Batch")},
        {
            "400": "No such body",
            "403": "The peer may not write",
            "409": "It lowers safety: repeat with confirm; or somebody else was faster",
            "413": "Too large: at most 5000 homes",
            "422": "Nothing was registered: each home that is refused, by number and reason",
            **AWAY,
        },
        _query("dry_run", "Only say what would come of it.", type="boolean"),
        CONFIRM,
        body={"schema": ref("BatchGiven"), "example": {"households": [{"key": "AY2026001", **EXAMPLE}]}},
    )


def _news() -> dict[str, Schema]:
    changes = _operation(
        "listChanges",
        "What became of case files and incidents behind a cursor: each exactly once, thin, nothing about the people.",
        {"200": ("Events, and the cursor to go on from", "Changes")},
        {"400": "A cursor not made here", "422": "A parameter that cannot be used", **AWAY},
        _query(
            "after",
            "The cursor of the answer before; absent: from the beginning; now: from here on.",
            type="string",
            pattern="^[A-Za-z0-9_-]*$",
            maxLength=12_000,
        ),
        _query("limit", "Events an answer.", type="integer", minimum=1, maximum=MOST_EVENTS, default=100),
    )
    incidents = _operation(
        "listIncidents",
        "Incidents of the area, the latest first, with the least that can be said.",
        {"200": ("Incidents", "Incidents")},
        {"422": "A parameter that cannot be used"},
        {**_query("state", "Which.", enum=["open", "closed"], default="open")},
        _query("limit", "At most so many.", type="integer", minimum=1, maximum=MOST_EVENTS, default=100),
    )
    areas = _operation(
        "listAreas", "City, districts, towns, villages of the peer's area.", {"200": ("Areas", "Areas")}, {}
    )
    people = _operation(
        "listResponders",
        "Who can be named as answering for a home.",
        {"200": ("Their names and offices", "Responders")},
        {},
    )
    return {
        "/changes": {"get": changes},
        "/incidents": {"get": incidents},
        "/areas": {"get": areas},
        "/responders": {"get": people},
    }


def _warnings() -> dict[str, Schema]:
    push = _operation(
        "pushWarning",
        "An early warning (预警) onto a household: the village is told at once and answers. The same id is one.",
        {"201": ("Taken in, now or before", "Pushed")},
        {
            "400": "No JSON",
            "403": "The peer may not write",
            "404": "No such home in the area of this peer",
            "413": "Too large",
            "422": "Refused, with the field",
            **AWAY,
        },
        body={"schema": ref("WarningGiven"), "example": WARNING},
    )
    pushed = _operation(
        "listWarnings",
        "Those that this peer has pushed, the latest first, with what the village has answered.",
        {"200": ("Early warnings", "Warnings")},
        {"422": "A parameter that cannot be used", **AWAY},
        _query("limit", "At most so many.", type="integer", minimum=1, maximum=MOST_WARNINGS, default=100),
    )
    return {"/warnings": {"get": pushed, "post": push}}


def _referrals() -> dict[str, Schema]:
    sent = _operation(
        "listReferrals",
        "Needs of households (转介) sent to organisations of this peer and not over; written down as openings.",
        {"200": ("Referrals", "Referrals")},
        {"422": "A parameter that cannot be used", **AWAY},
        _query("limit", "At most so many.", type="integer", minimum=1, maximum=MOST_REFERRALS, default=100),
    )
    said = _operation(
        "answerReferral",
        "The organisation accepts a referral, refuses it, or says what came of it. The same again changes nothing.",
        {"200": ("How it stands", "Referral")},
        {
            "400": "No JSON",
            "403": "The peer may not write",
            "404": "No such referral was sent to an organisation of this peer",
            "409": "It does not wait for that any more",
            "413": "Too large",
            "422": "Refused, with the field",
            **AWAY,
        },
        body={"schema": ref("ReferralGiven"), "example": ANSWER},
    )
    return {"/referrals": {"get": sent, "post": said}}


def _jobs() -> dict[str, Schema]:
    handed = _operation(
        "listJobs",
        "Jobs that were handed to this peer and go on. Once accepted with the way in, written down as an opening.",
        {"200": ("Jobs", "Jobs")},
        {"403": "No jobs are handed to this peer", **AWAY},
    )
    said = _operation(
        "sayOfJob",
        "What the platform says of a job, signed: accepted, how far its worker is, handed over, or back. "
        "The same event again changes nothing.",
        {"200": ("How the job stands", "Job")},
        {
            "400": "No JSON, or signed too long ago",
            "401": "No key, or not signed with the secret of this peer",
            "403": "No jobs are handed to this peer",
            "404": "No such job was handed to this peer",
            "409": "The job does not allow it now",
            "413": "Too large",
            "415": "No CloudEvent in structured mode",
            "422": "Refused, with the field",
            **AWAY,
        },
        *SIGNED,
    )
    body = {"schema": ref("JobEventGiven"), "example": JOB_EVENT}
    said["requestBody"] = {"required": True, "content": {CLOUD_EVENT: body}}
    return {"/jobs": {"get": handed}, "/jobs/events": {"post": said}}


@cache
def document() -> dict[str, Any]:
    """The whole."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "nuanhu exchange", "version": "1", "description": ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/api/v1"}],
        "security": [{"peer": []}],
        "paths": {**_households(), **_warnings(), **_referrals(), **_jobs(), **_news()},
        "webhooks": webhooks(),
        "components": {
            "securitySchemes": {"peer": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas(),
        },
    }
