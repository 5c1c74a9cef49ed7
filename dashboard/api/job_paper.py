"""What is written of jobs in the OpenAPI document: what a grid platform says, and what it is told (webhooks)."""

from __future__ import annotations

from typing import Any

from alerting.dispatch.job import HandedTo, Stage
from alerting.dispatch.platform_told import JobChange, PlatformNews
from alerting.model import AlarmKind, IncidentState
from gateway.exchange.job_events import JOB_TYPE, JobWord

Schema = dict[str, Any]
CLOUD_EVENT = "application/cloudevents+json"
TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
MAYBE_TIME: Schema = {"anyOf": [TIME, {"type": "null"}]}
SIGNED: tuple[Schema, ...] = (
    {
        "name": "X-Timestamp",
        "in": "header",
        "required": True,
        "description": "When the call is signed: seconds since 1970, at most five minutes from now.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,12}$"},
        "example": "1767571200",
    },
    {
        "name": "X-Signature",
        "in": "header",
        "required": True,
        "description": "HMAC-SHA256(secret, X-Timestamp + line feed + body), hexadecimal.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "example": "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
    },
)
JOB_EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "WG-2026-000117-1",
    "source": "grid.example",
    "type": "nuanhu.job.accepted",
    "subject": "AY2026001-1/1767571200000",
    "time": "2026-01-05T00:00:41Z",
    "data": {"worker": {"id": "WG0307", "name": "王建国", "phone": "19900000003"}, "eta_s": 600},
}
TOLD: dict[PlatformNews, str] = {
    PlatformNews.OFFERED: "The desk hands a job over: is somebody going? Answer with accepted or cannot_go",
    PlatformNews.CHANGED: "Something is otherwise: see changes",
    PlatformNews.RECALLED: "The desk has called the job back: nobody is to go any more",
    PlatformNews.OVER: "The job has ended, or its incident is closed",
}


def webhooks() -> dict[str, Schema]:
    """What a platform is told at its own address."""
    return {f"{JOB_TYPE}{what}": {"post": _told(what, summary)} for what, summary in TOLD.items()}


def _told(what: PlatformNews, summary: str) -> Schema:
    schema = {"$ref": "#/components/schemas/JobEvent"}
    return {
        "operationId": f"job_{what}",
        "summary": f"{summary}. Signed; at least once, those of one job in order. The same id is the same event.",
        "parameters": list(SIGNED),
        "requestBody": {"required": True, "content": {CLOUD_EVENT: {"schema": schema, "example": _example(what)}}},
        "responses": {"2XX": {"description": "It is safe there. Any other answer: it is said again"}},
    }


def _example(what: PlatformNews) -> dict[str, Any]:
    data: dict[str, Any] = {
        "job": "AY2026001-1/1767571200000",
        "incident": "AY2026001-1",
        "priority": 1,
        "alarms": ["panic"],
        "since": "2026-01-04T23:59:20Z",
        "stage": "offered" if what is PlatformNews.OFFERED else "accepted",
        "incident_state": "dispatched",
        "others": [],
    }
    if what is PlatformNews.OFFERED:
        place: dict[str, Any] = {"area": "320400.01.03.02", "names": ["湖塘区", "沙埠村"], "grid_cell": ""}
        place |= {"address": "沙埠村12号", "lat": 31.77812, "lon": 119.9543, "datum": "WGS-84"}
        data |= {"destination": "", "place": place, "residents": [{"birth_year": 1941, "sex": "女"}]}
    if what is PlatformNews.CHANGED:
        data |= {"changes": ["others"], "others": ["on_scene"]}
    if what is PlatformNews.RECALLED:
        data |= {"stage": "recalled"}
    if what is PlatformNews.OVER:
        data |= {"stage": "handed_over", "reason": "family"}
    about = {"specversion": "1.0", "id": f"job-202-2-{list(PlatformNews).index(what)}", "source": "/api/v1"}
    about |= {"type": f"{JOB_TYPE}{what}", "subject": data["job"], "time": "2026-01-05T00:00:00Z"}
    return {**about, "datacontenttype": "application/json", "data": data}


def _record(properties: dict[str, Schema], *optional: str, description: str = "") -> Schema:
    required = [name for name in properties if name not in optional]
    made: Schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return {"description": description, **made} if description else made


def _many(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _said_schema() -> Schema:
    worker = _record(
        {
            "name": {"type": "string", "minLength": 1, "maxLength": 60},
            "phone": {"type": "string", "maxLength": 30, "pattern": "^[0-9+ -]*$"},
            "id": {"type": "string", "maxLength": 60, "description": "The platform's own: one person, one job."},
        },
        "phone",
        "id",
    )
    text: Schema = {"type": "string", "maxLength": 500}
    said: dict[str, Schema] = {
        "worker": {"anyOf": [worker, {"type": "null"}], "description": "Accepted: who goes; needed."},
        "eta_s": {"type": "integer", "minimum": 0, "maximum": 21600, "description": "Accepted: there in so long."},
        "reason": text | {"description": "Cannot go, back: why."},
        "text": text | {"description": "Safe: how the resident is."},
        "to": {"enum": [*(str(it) for it in HandedTo), None], "description": "Handed over: to whom; needed."},
    }
    return _record(said, *said)


def job_schemas() -> dict[str, Schema]:
    """Of jobs."""
    text: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
    given: dict[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": text | {"description": "The platform's own for it: the same again changes nothing."},
        "source": text,
        "type": {"enum": [f"{JOB_TYPE}{it}" for it in JobWord]},
        "subject": text | {"description": "The job."},
        "time": TIME | {"description": "When the worker said so: late events are put in order by it."},
        "data": _said_schema(),
    }
    stage: Schema = {"enum": [str(it) for it in Stage]}
    shared: dict[str, Schema] = {
        "job": TEXT,
        "incident": TEXT,
        "stage": stage,
        "incident_state": {"enum": [str(it) for it in IncidentState]},
        "priority": {"type": "integer", "minimum": 1, "maximum": 4},
        "alarms": _many({"enum": [str(it) for it in AlarmKind]}),
    }
    place: dict[str, Schema] = dict.fromkeys(("area", "grid_cell", "address"), TEXT)
    place |= {"names": _many(TEXT), "lat": {"type": "number"}, "lon": {"type": "number"}, "datum": {"const": "WGS-84"}}
    somebody = {"type": "object", "properties": {"birth_year": {"type": "integer"}, "sex": TEXT, "name": TEXT}}
    told = shared | {"since": TIME, "others": _many(stage), "changes": _many({"enum": [str(it) for it in JobChange]})}
    told |= {"reason": TEXT, "destination": TEXT, "place": {"anyOf": [_record(place), {"type": "null"}]}}
    told |= {"residents": _many(somebody)}
    event: dict[str, Schema] = {**dict.fromkeys(("id", "source", "subject", "datacontenttype"), TEXT), "time": TIME}
    event |= {"specversion": {"const": "1.0"}, "type": {"enum": [f"{JOB_TYPE}{it}" for it in PlatformNews]}}
    event |= {"data": _record(told, "changes", "reason", "destination", "place", "residents")}
    way_in: dict[str, Schema] = {"place": _record(place), **dict.fromkeys(("access", "key_safe"), TEXT)}
    way_in |= {"forced_entry": {"type": "boolean"}, "risks": _many(TEXT), "pets": _many(TEXT)}
    way_in |= {"key_holders": _many(_record({"name": TEXT, "phone": TEXT})), "residents": _many({"type": "object"})}
    shown = shared | {"offered_at": TIME, "eta_at": MAYBE_TIME, "destination": TEXT, "reason": TEXT}
    shown |= {"details": {"anyOf": [{"$ref": "#/components/schemas/JobDetails"}, {"type": "null"}]}}
    loose = _record(given, "data")
    return {
        "JobEventGiven": loose | {"additionalProperties": True},
        "JobEvent": _record(event, description="What a platform is told: a CloudEvent 1.0."),
        "Job": _record(shown),
        "Jobs": _record({"jobs": _many({"$ref": "#/components/schemas/Job"})}),
        "JobDetails": _record(way_in, description="From the word that somebody goes to the end of the job."),
    }
