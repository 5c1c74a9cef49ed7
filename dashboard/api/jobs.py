"""Jobs handed to a grid platform (网格平台): which, and what the platform says of them in signed CloudEvents."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from alerting.commands import AcceptJob, AnyCommand, DeclineJob, ReportStage
from alerting.dispatch.job import HandedTo, Stage, Worker
from alerting.dispatch.platform import responder_of
from alerting.model import Incident
from alerting.peers import Peer
from dashboard.api.callers import Platform
from dashboard.api.homes import AWAY, as_json, decoded, open_all
from dashboard.api.problems import Problem, store_away
from dashboard.inflow import bounded_body
from dashboard.site import Site, site_of
from gateway.clock import host_time
from gateway.exchange.job_events import JOB_TYPE, JobWord, named
from gateway.notify.signatures import body_mac

router = APIRouter()

CLOUD_EVENT = "application/cloudevents+json"
LONGEST_EVENT = 16_384
FRESH_S = 300
"""A signature is taken so long before and after its time."""
LONGEST_ID, LONGEST_NAME, LONGEST_PHONE, LONGEST_TEXT = 200, 60, 30, 500
LONGEST_ETA_S = 6 * 3600
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class WorkerGiven(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom the platform sends.

    Attributes:
        name: What people call them.
        phone: Their number.
        id: The platform's own for them: by it one person has one job.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME)]
    phone: Annotated[str, msgspec.Meta(max_length=LONGEST_PHONE, pattern=r"^[0-9+ -]*$")] = ""
    id: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What else belongs to the word.

    Attributes:
        worker: Accepted: whom it sends.
        eta_s: Accepted: in so long they are there, seconds after the event's time; 0: not told.
        reason: Cannot go, back: why.
        text: Safe: how the resident is.
        to: Handed over: to whom.
    """

    worker: WorkerGiven | None = None
    eta_s: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_ETA_S)] = 0
    reason: Text = ""
    text: Text = ""
    to: HandedTo | None = None


class Given(msgspec.Struct, frozen=True):
    """A CloudEvent as the platform says it; attributes that are not named here are passed over."""

    specversion: str
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID)]
    type: str
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_ID)]
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    data: Said = Said()


@router.get("/jobs")
async def handed(request: Request, peer: Platform) -> Response:
    """Those that go on; what is told of the people of a home is written down as an opening of its case file."""
    site = site_of(request)
    jobs = await site.desk.jobs_handed(peer.id)
    if jobs is None:
        raise store_away()
    await _written_down(site, peer, jobs, "GET /api/v1/jobs")
    return as_json({"jobs": jobs})


@router.post("/jobs/events")
async def said(request: Request, peer: Platform) -> Response:
    """One event about one job; the same id again changes nothing, a late one counts by its own time."""
    site = site_of(request)
    body = await bounded_body(request, LONGEST_EVENT)
    await _signed(site, request, peer, body)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != CLOUD_EVENT:
        raise Problem(415, "wrong_content")
    given = _read(decoded(body))
    incident = await _theirs(site, peer, given)
    command = _command(peer, given, incident)
    once = hashlib.sha256(f"{given.source}\n{given.id}".encode()).hexdigest()
    answer = await site.desk.submit(command, once=f"{command.by}:{once}")
    if answer.refused in AWAY or not answer.recorded:
        raise store_away()
    if answer.refused:
        word, message = answer.refused, site.speeches["en"].refusal(answer.refused, answer.held_by)
        raise Problem(409, "job_refused", errors=[{"field": "type", "reason": word, "message": message}])
    view = await site.desk.incident(incident.id)
    job = site.desk.job_of(view.incident if view is not None else incident, peer.id)
    await _written_down(site, peer, [job], "POST /api/v1/jobs/events")
    return as_json(job)


async def _signed(site: Site, request: Request, peer: Peer, body: bytes) -> None:
    """By the secret of this peer, and not long ago. Raises ``Problem``."""
    at, right = request.headers.get("x-timestamp", ""), request.headers.get("x-signature", "")
    is_number = at.isascii() and at.isdecimal() and len(at) <= 12  # noqa: PLR2004 - of seconds
    if not is_number or abs(host_time().timestamp() - int(at)) > FRESH_S:
        raise Problem(400, "stale_call")
    secret = await site.desk.opened(peer.sealed_secret)
    if not secret or not hmac.compare_digest(body_mac(secret, at, body).encode(), right.lower().encode()):
        raise Problem(401, "wrong_signature")


def _read(given: object) -> Given:
    try:
        found = msgspec.convert(given, Given)
    except msgspec.ValidationError as wrong:
        text, _, where = str(wrong).partition(" - at `$")
        raise _bad(where.strip("`").lstrip("."), "bad_value", text[:200]) from wrong
    if found.specversion != "1.0":
        raise _bad("specversion", "bad_value", "is not 1.0")
    if not found.type.startswith(JOB_TYPE) or found.type.removeprefix(JOB_TYPE) not in set(JobWord):
        raise _bad("type", "bad_value", f"is none of {', '.join(JOB_TYPE + it for it in JobWord)}")
    return found


def _bad(field: str, reason: str, message: str) -> Problem:
    return Problem(422, "bad_job_event", errors=[{"field": field, "reason": reason, "message": message}])


async def _theirs(site: Site, peer: Peer, given: Given) -> Incident:
    """The incident of the job, where that was handed to this peer. Raises ``Problem``."""
    id_, number = named(given.subject)
    view = await site.desk.incident(id_) if id_ else None
    job = view.incident.job_of(responder_of(peer.id)) if view is not None else None
    if view is None or job is None or job.number != number:
        raise Problem(404, "unknown_job")
    return view.incident


def _command(peer: Peer, given: Given, incident: Incident) -> AnyCommand:
    """What the platform asks of the rules: the same as a responder would, by their page."""
    word, more = JobWord(given.type.removeprefix(JOB_TYPE)), given.data
    who: dict[str, Any] = {"key": incident.key, "incident": incident.id, "by": f"responder:{responder_of(peer.id)}"}
    who |= {"tapped_at": given.time}
    if word is JobWord.ACCEPTED:
        if more.worker is None:
            raise _bad("data.worker", "missing", "is missing: say who goes")
        return AcceptJob(**who, eta_s=more.eta_s, worker=_worker(more.worker))
    if word in {JobWord.CANNOT_GO, JobWord.BACK}:
        return DeclineJob(**who, text=more.reason)
    if word is JobWord.HANDED_OVER and more.to is None:
        raise _bad("data.to", "missing", "is missing: say to whom")
    return ReportStage(**who, stage=Stage(word.value), to=more.to, text=more.text)


def _worker(given: WorkerGiven) -> Worker:
    """Known by the platform's id, or else by their number: of that only a digest names them."""
    digits = "".join(it for it in given.phone if it.isdigit())
    id_ = given.id or (hashlib.sha256(digits.encode()).hexdigest()[:12] if digits else "")
    return Worker(id=id_, name=given.name, phone=given.phone)


async def _written_down(site: Site, peer: Peer, jobs: Sequence[dict[str, Any]], why: str) -> None:
    keys = {it["incident"].rpartition("-")[0] for it in jobs if it["details"] is not None}
    await open_all(site, peer, list((await site.desk.case_files(keys)).values()), why)
