"""The conditions of what is asked about jobs: each says the word of the refusal, or nothing."""

from __future__ import annotations

from alerting.commands import AcceptJob, Dispatch, Recall, RecordArrival, ReportStage
from alerting.dispatch.job import MOST_AT_ONCE, REPORTED, HandedTo, Job, Stage, lead
from alerting.incidents.conditions import RESPONDER, Asked, holder_asks
from alerting.model import Incident

ABOUT_ONE = AcceptJob | RecordArrival | Recall | ReportStage
"""Commands that may name a responder."""


def said_by(asked: Asked) -> str:
    """Id of the responder who asks; empty for anybody else."""
    return asked.by.removeprefix(RESPONDER) if asked.by.startswith(RESPONDER) else ""


def job_meant(incident: Incident, asked: Asked) -> Job | None:
    """The job a command is about: of who asks, of whom it names, or the one that is furthest along."""
    named = asked.command.responder if isinstance(asked.command, ABOUT_ONE) else ""
    who = said_by(asked) or named
    return incident.job_of(who) if who else lead(incident.jobs)


def has_accepted_a_page(incident: Incident, asked: Asked) -> bool:
    """Whether who asks is a responder who has accepted a page about it, and was not sent by the desk."""
    going = (incident.ladder.accepted_by, incident.ladder.on_the_way)
    return bool(said_by(asked)) and asked.by in going and incident.job_of(said_by(asked)) is None


def was_sent(incident: Incident, asked: Asked) -> str:
    """Who asks is a responder who was sent."""
    job = incident.job_of(said_by(asked))
    return "" if job is not None and not job.is_over else "not_yours"


def goes_there(incident: Incident, asked: Asked) -> str:
    """Who asks was sent, or has accepted a page, and that is not over."""
    return "" if has_accepted_a_page(incident, asked) else was_sent(incident, asked)


def goes_there_or_holds(incident: Incident, asked: Asked) -> str:
    """Who asks goes there, or has the incident."""
    return goes_there(incident, asked) if said_by(asked) else holder_asks(incident, asked)


def not_there_yet(incident: Incident, asked: Asked) -> str:
    """Who is there does not leave: they hand over, or the desk calls them back."""
    job = incident.job_of(said_by(asked))
    return "hand_over_first" if job is not None and job.was_there else ""


def was_sent_or_holds(incident: Incident, asked: Asked) -> str:
    """Who asks was sent, or has the incident and says it for somebody who was."""
    if not was_sent(incident, asked):
        return ""
    job = job_meant(incident, asked)
    return holder_asks(incident, asked) or ("" if job is not None and not job.is_over else "nobody_sent")


def somebody_sent(incident: Incident, asked: Asked) -> str:
    """There is such a job that has not ended."""
    job = job_meant(incident, asked)
    return "" if job is not None and not job.is_over else "not_yours" if said_by(asked) else "nobody_sent"


def not_arrived(incident: Incident, asked: Asked) -> str:
    """They are not there yet."""
    job = job_meant(incident, asked)
    return "wrong_state" if job is not None and job.was_there else ""


def has_a_job(incident: Incident, asked: Asked) -> str:
    """Who asks was sent, or has accepted a page; or has the incident, and says it for somebody who was sent."""
    assert isinstance(asked.command, ReportStage), "dispatched by type"
    if asked.command.stage not in REPORTED:
        return "wrong_state"
    if has_accepted_a_page(incident, asked):
        return ""
    job = job_meant(incident, asked)
    if said_by(asked):
        return "" if job is not None else "not_yours"
    return holder_asks(incident, asked) or ("" if job is not None else "nobody_sent")


def somebody_to_send(incident: Incident, asked: Asked) -> str:
    """A responder is named who is not going already."""
    assert isinstance(asked.command, Dispatch), "dispatched by type"
    if not asked.command.responder:
        return "unknown_responder"
    job = incident.job_of(asked.command.responder)
    return "sent_already" if job is not None and job.is_taken else ""


def room_for_one_more(incident: Incident, asked: Asked) -> str:
    """Not more are sent than anybody can keep an eye on."""
    assert isinstance(asked.command, Dispatch), "dispatched by type"
    others = [it for it in incident.going if it.responder != asked.command.responder]
    return "enough_sent" if len(others) >= MOST_AT_ONCE else ""


def not_elsewhere(incident: Incident, asked: Asked) -> str:
    """One person has one job: who has accepted another is not sent, and does not go, before that one is over."""
    job = None if isinstance(asked.command, Dispatch) else job_meant(incident, asked)
    if isinstance(asked.command, AcceptJob) and job is not None and asked.command.worker != job.worker:
        job = None  # a grid platform names another worker
    return "on_other_job" if asked.elsewhere and (job is None or not (job.is_taken or job.is_over)) else ""


def handed_over_to_somebody(incident: Incident, asked: Asked) -> str:
    """A resident is handed over to somebody: who is there, or, safe, to nobody, where the desk agrees."""
    command = asked.command
    assert isinstance(command, ReportStage), "dispatched by type"
    if command.stage is not Stage.HANDED_OVER:
        return ""
    job = job_meant(incident, asked)
    if command.to is None:
        return "to_whom"
    if command.to is HandedTo.RESPONDER:
        beside = [it for it in incident.going if it.was_there and (job is None or it.responder != job.responder)]
        return "" if beside else "nobody_there"
    if command.to is HandedTo.DESK:
        if said_by(asked):
            return "desk_must_agree"
        return "" if job is not None and job.stage is Stage.SAFE else "not_safe"
    return ""
