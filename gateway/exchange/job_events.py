"""What a grid platform is told of a job, as CloudEvents, and what it may know of the home once it goes there."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from alerting.casefile import Area, Household
from alerting.dispatch.job import RANK, Job, Stage
from alerting.dispatch.platform import TOLD_FOR, responder_of
from alerting.dispatch.platform_told import PlatformNews, PlatformTold
from alerting.keeping.consent import ConsentFor, Standing, standing
from alerting.keeping.leaving import is_erased
from alerting.model import Incident
from gateway.exchange.events import CloudEvent
from gateway.store.outgoing import Place

JOB_TYPE = "nuanhu.job."


class JobWord(StrEnum):
    """What a platform says of a job that was handed to it."""

    ACCEPTED = "accepted"
    CANNOT_GO = "cannot_go"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    INSIDE = "inside"
    SAFE = "safe"
    NEEDS_120 = "needs_120"
    HANDED_OVER = "handed_over"
    BACK = "back"
    """It gives the job back to the desk."""


def job_id(incident: str, number: int) -> str:
    """How a platform names a job."""
    return f"{incident}/{number}"


def named(id_: str) -> tuple[str, int]:
    """Incident and number of a job by its id; an empty incident when it is no such id."""
    incident, _, number = id_.rpartition("/")
    is_number = number.isascii() and number.isdecimal() and len(number) <= 16  # noqa: PLR2004 - of milliseconds
    return (incident, int(number)) if is_number else ("", 0)


def job_event(
    told: PlatformTold,
    place: Place,
    source: str,
    home: Household | None,
    areas: Callable[[str], tuple[Area, ...]],
) -> CloudEvent:
    """What became of a job, as it is said. The same row is the same event however often it is said.

    Args:
        told: What the rules decided.
        place: Of its row.
        source: Who says it.
        home: Where; None: registered no more.
        areas: The area and all above it, by key.
    """
    data: dict[str, Any] = {
        "job": job_id(told.incident, told.number),
        "incident": told.incident,
        "priority": int(told.priority),
        "alarms": list(told.kinds),
        "since": told.since,
        "stage": told.stage,
        "incident_state": told.state,
        "others": list(told.others),
    }
    if told.what is PlatformNews.CHANGED:
        data["changes"] = list(told.changes)
    if told.what is PlatformNews.OVER:
        data["reason"] = told.reason
    if told.what is PlatformNews.OFFERED:
        data["destination"] = told.destination
        data |= {"place": None, "residents": []} if home is None or is_erased(home) else offered(home, areas)
    at = told.until - TOLD_FOR
    id_ = "job-" + "-".join(map(str, place))
    return CloudEvent(id=id_, source=source, type=f"{JOB_TYPE}{told.what}", subject=data["job"], time=at, data=data)


def offered(home: Household, areas: Callable[[str], tuple[Area, ...]]) -> dict[str, Any]:
    """What whoever is asked to go needs for their answer: where, and for whom, without a name.

    Of the people nothing where the household has taken back that others are told.
    """
    people = [] if _keeps_to_itself(home) else [{"birth_year": it.birth_year, "sex": it.sex} for it in home.residents]
    return {"place": _place(home, areas), "residents": people}


def _place(home: Household, areas: Callable[[str], tuple[Area, ...]]) -> dict[str, Any]:
    return {
        "area": home.area,
        "names": [it.name for it in areas(home.area)],
        "grid_cell": home.grid_cell,
        "address": home.address,
        "lat": home.place.lat,
        "lon": home.place.lon,
        "datum": "WGS-84",
    }


def _keeps_to_itself(home: Household) -> bool:
    return standing(home, ConsentFor.SHARING) is Standing.WITHDRAWN


def job_shown(
    incident: Incident, peer: str, home: Household | None, areas: Callable[[str], tuple[Area, ...]]
) -> dict[str, Any]:
    """How a job stands that is handed to a peer (id); once it is accepted and while it goes on, with the way in."""
    job = incident.job_of(responder_of(peer))
    assert job is not None, "it is theirs"
    whole = home if home is not None and may_know(job, incident) and not is_erased(home) else None
    return {
        "job": job_id(incident.id, job.number),
        "incident": incident.id,
        "stage": job.stage,
        "incident_state": incident.state,
        "priority": int(incident.priority),
        "alarms": list(dict.fromkeys(alarm.kind for alarm in incident.alarms)),
        "offered_at": job.times[0][1],
        "eta_at": job.eta_at,
        "destination": job.destination,
        "reason": job.reason,
        "details": _details(whole, areas) if whole is not None else None,
    }


def may_know(job: Job, incident: Incident) -> bool:
    """Whether whoever goes is told how to get in, and who is there: from their word that they go to the end."""
    return job.is_taken and incident.closed_at is None and RANK[job.stage] >= RANK[Stage.ACCEPTED]


def _details(home: Household, areas: Callable[[str], tuple[Area, ...]]) -> dict[str, Any]:
    """How to get in, what to beware of, who is there. Of somebody who wants nothing told, the name alone."""
    keeps = _keeps_to_itself(home)
    return {
        "place": _place(home, areas),
        "access": home.access,
        "key_safe": home.key_safe,
        "forced_entry": home.forced_entry,
        "risks": list(home.risks),
        "pets": list(home.pets),
        "key_holders": [{"name": it.name, "phone": it.phone} for it in home.contacts if it.key_holder],
        "residents": [
            {"name": it.name}
            if keeps
            else {
                "name": it.name,
                "birth_year": it.birth_year,
                "sex": it.sex,
                "phone": it.phone,
                "health": list(it.health),
                "mobility": it.mobility,
                "hearing": it.hearing,
                "languages": list(it.languages),
            }
            for it in home.residents
        ],
    }
