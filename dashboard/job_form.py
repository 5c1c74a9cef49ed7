"""The forms of a job: what a responder says of themselves, and what the desk asks of one of several."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import HTTPException

from alerting.commands import (
    AcceptJob,
    AnyCommand,
    DeclineJob,
    Dispatch,
    ReadRisks,
    Recall,
    RecordArrival,
    ReportStage,
)
from alerting.dispatch.job import HandedTo, Stage
from dashboard.job_lines import mark_of
from dashboard.speech import Speech
from dashboard.words import mark

STAGES = {
    "en_route": Stage.EN_ROUTE,
    "on_scene": Stage.ON_SCENE,
    "inside": Stage.INSIDE,
    "safe": Stage.SAFE,
    "needs_120": Stage.NEEDS_120,
    "handed_over": Stage.HANDED_OVER,
}
OWN_STEPS = frozenset({"on_the_way", "cannot_go", "arrive", *STAGES})
"""Steps of a responder."""
ON_THE_CARD = OWN_STEPS | {"resolve", "note", "risks", "photo"}
"""What can be tapped on the page of a job; ``risks``: they have read what to beware of; ``photo``: of the scene."""
JOB_STEPS = OWN_STEPS | {"dispatch", "recall"}
LONGEST_TEXT = 2000
LONGEST_ETA_S = 6 * 3600
MOST_AGO = timedelta(days=1)
MOST_DIGITS = 9
MOST_LAT, MOST_LON = 90, 180


def job_command(step: str, form: Mapping[str, str], key: str, incident: str, by: str, now: datetime) -> AnyCommand:
    """The command such a form asks for.

    Args:
        step: One of ``JOB_STEPS``.
        form: Its fields: ``responder``, ``text``, ``to``, ``eta_min``, ``destination``, ``where``; ``ago_ms`` is
            how long ago the button was pressed, where that was kept until there was a network.
        key: Of the incident's aggregate.
        incident: Its id.
        by: Who asks.
        now: Service time.

    Raises:
        HTTPException: 400 for a form none of our pages makes.
    """
    text, responder = form.get("text", "").strip()[:LONGEST_TEXT], form.get("responder", "")
    match step:
        case "dispatch":
            place, spot = _where_to(form)
            return Dispatch(key=key, incident=incident, by=by, responder=responder, destination=place, spot=spot)
        case "recall":
            return Recall(key=key, incident=incident, by=by, responder=responder)
        case "arrive":
            return RecordArrival(key=key, incident=incident, by=by, responder=responder)
        case "cannot_go":
            return DeclineJob(key=key, incident=incident, by=by, text=text)
        case "on_the_way":
            eta_s = _eta_s(form.get("eta_min", ""))
            at = tapped_at(form, now)
            return AcceptJob(key=key, incident=incident, by=by, responder=responder, eta_s=eta_s, tapped_at=at)
    to = form.get("to", "")
    if to and to not in set(HandedTo):
        raise HTTPException(400)
    eta_min = form.get("eta_min", "") if step == "en_route" else ""
    return ReportStage(
        key=key,
        incident=incident,
        by=by,
        stage=STAGES[step],
        responder=responder,
        to=HandedTo(to) if to else None,
        text=text,
        tapped_at=tapped_at(form, now),
        eta_s=_eta_s(eta_min),
    )


def risks_read(
    form: Mapping[str, str], risks: tuple[str, ...], key: str, incident: str, by: str, now: datetime
) -> AnyCommand | str:
    """They have read these risks; the word of the refusal where there are none, or others than were shown.

    Args:
        form: Its fields: ``shown``, the mark of the risks that stood beside the button; ``ago_ms``.
        risks: As the home has them now.
        key: Of the incident's aggregate.
        incident: Its id.
        by: Who says so.
        now: Service time.
    """
    if not risks:
        return "no_text"
    if form.get("shown") != mark_of(risks):
        return "other_risks"
    return ReadRisks(key=key, incident=incident, by=by, risks=risks, tapped_at=tapped_at(form, now))


def risks_note(risks: tuple[str, ...], say: Speech) -> str:
    """What stood in the timeline for that, as a note, before there was a line of its own."""
    return say.gettext(mark("Has read what to beware of: %(risks)s"), risks="；".join(risks))


def _where_to(form: Mapping[str, str]) -> tuple[str, tuple[float, float] | None]:
    """Where somebody is sent, when not to the home: what was written, or else the last position, where that was chosen.

    Raises:
        HTTPException: 400 for a position that is none.
    """
    written = form.get("destination", "").strip()[:LONGEST_TEXT]
    if written or form.get("where") != "fix":
        return written, None
    try:
        lat, lon = float(form.get("fix_lat", "")), float(form.get("fix_lon", ""))
    except ValueError:
        raise HTTPException(400) from None
    if not (abs(lat) <= MOST_LAT and abs(lon) <= MOST_LON):
        raise HTTPException(400)
    return form.get("fix_text", "").strip()[:LONGEST_TEXT], (lat, lon)


def tapped_at(form: Mapping[str, str], now: datetime) -> datetime | None:
    """When the button was pressed; None: just now."""
    ago_ms = _whole(form.get("ago_ms", ""))
    return now - min(timedelta(milliseconds=ago_ms), MOST_AGO) if ago_ms else None


def _eta_s(minutes: str) -> int:
    """In how many seconds they will be there; 0: not told."""
    return min(_whole(minutes) * 60, LONGEST_ETA_S)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
