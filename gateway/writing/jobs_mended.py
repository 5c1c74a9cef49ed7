"""What responders and incidents know of each other, compared at the start: it is told again where one has not heard it.

An incident and a responder are two aggregates. Where the store has kept what one of them has decided, and has not kept
what the other was told of it, both reckon with something else.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from alerting.dispatch.reckoned import offered, taken
from alerting.dispatch.told import JobOffered, JobOver, JobTaken, OfJobs, jobs_key
from alerting.model import Aggregate

if TYPE_CHECKING:
    from gateway.writing.judge import Judge


def mend_jobs(judge: Judge, now: datetime) -> int:
    """Tell responders of jobs what they have not heard; how often that was needed. What an incident says is so."""
    states = judge.states
    going = {(responder, it.id): it.key for it in states.running() for responder in taken(it)}
    asked = {(responder, it.id): it.key for it in states.running() for responder in offered(it)}
    news: list[tuple[str, OfJobs]] = []
    for jobs in states.care.jobs.values():
        believed = {jobs.incident, *(incident for incident, _ in jobs.offers)} - {""}
        gone = [it for it in sorted(believed) if (jobs.responder, it) not in going | asked]
        news += [(jobs.responder, JobOver(incident=it)) for it in gone]
    for (responder, incident), key in sorted(going.items()):
        known = states.care.jobs.get(jobs_key(responder))
        if known is None or known.incident != incident:
            news.append((responder, JobTaken(incident=incident, key=key)))
    for (responder, incident), key in sorted(asked.items()):
        known = states.care.jobs.get(jobs_key(responder))
        if known is None or (incident, key) not in known.offers:
            news.append((responder, JobOffered(incident=incident, key=key)))
    for responder, event in news:
        judge.judge(Aggregate.RESPONDER, jobs_key(responder), event, now)
    return len(news)
