"""One person asked to go to one incident (派单): how far along they are, and when they came so far."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from alerting.dispatch.neighbour import Neighbour


class Stage(StrEnum):
    """How far a job has come, or how it has ended."""

    OFFERED = "offered"
    TIMED_OUT = "timed_out"
    """Not accepted in time: it rang again. It may still be accepted."""
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    INSIDE = "inside"
    SAFE = "safe"
    NEEDS_120 = "needs_120"
    HANDED_OVER = "handed_over"
    CANNOT_GO = "cannot_go"
    RECALLED = "recalled"
    ELSEWHERE = "elsewhere"
    """They have taken another job meanwhile: the offer has ended."""


class HandedTo(StrEnum):
    """To whom a responder hands a resident over."""

    AMBULANCE = "ambulance"
    FAMILY = "family"
    RESPONDER = "responder"
    """Another one who was sent and is there."""
    DESK = "desk"
    """Nobody has to stay: the resident is safe, and the desk agrees."""


S = Stage
RANK: dict[Stage, int] = {
    S.TIMED_OUT: 0,
    S.OFFERED: 1,
    S.ACCEPTED: 2,
    S.EN_ROUTE: 3,
    S.ON_SCENE: 4,
    S.INSIDE: 5,
    S.SAFE: 6,
    S.NEEDS_120: 6,
    S.HANDED_OVER: 7,
}
"""A job goes from a lower rank to a higher one and never back; of the same rank the later word counts."""

UNANSWERED = (S.OFFERED, S.TIMED_OUT)
GIVEN_UP = (S.CANNOT_GO, S.RECALLED, S.ELSEWHERE)
"""Ended without anybody being there for it any more."""
OVER = (*GIVEN_UP, S.HANDED_OVER)
BESIDE_THE_RESIDENT = (S.INSIDE, S.SAFE, S.NEEDS_120)
"""They do not leave before they have handed over."""
REPORTED = (S.EN_ROUTE, S.ON_SCENE, S.INSIDE, S.SAFE, S.NEEDS_120, S.HANDED_OVER)
"""What a responder can say of themselves once they have accepted."""
MOST_AT_ONCE = 4
"""So many are on their way to one incident, or there, at once."""
MOST_KEPT = 6
"""So many jobs of one incident are kept in its state; all are in its timeline."""


class Worker(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom a grid platform sends: its own id of them, what they are called, their number; empty: not told."""

    id: str = ""
    name: str = ""
    phone: str = ""


class Job(msgspec.Struct, frozen=True, omit_defaults=True):
    """One job.

    Attributes:
        responder: Responder id.
        stage: How far it has come, or how it has ended.
        asked_at: When they were asked last, UTC.
        times: When each stage was reached, UTC, as told by whoever reached it; the earliest first.
        eta_at: When they expect to be there, UTC; None: not told.
        destination: Where to, in the desk's words; empty: to the home.
        spot: The same as latitude and longitude, WGS-84 degrees, where that is known.
        reason: Why it has ended: why they cannot go, or to whom they have handed over.
        heard_at: When a word of theirs was heard last, or the desk has reached them, UTC; None: by ``times``.
        unheard_at: When it rang because nothing was heard of them; None: something has been heard since.
        eta_said_at: When they had said when they expect to be there, UTC.
        late_at: When it rang because nobody will be there in time; None: it did not, or it is in time again.
        received_at: Of a grid platform: when it has taken the offer, UTC; None: it has not.
        undelivered: Of a grid platform: why it has not taken it, in the courier's word.
        worker: Of a grid platform: whom it sends.
        seen_at: When the link of their message was opened first, perhaps by a preview, UTC.
        called_at: When they were called, because they had not answered it, UTC.
    """

    responder: str
    stage: Stage
    asked_at: datetime
    times: tuple[tuple[Stage, datetime], ...] = ()
    eta_at: datetime | None = None
    destination: str = ""
    reason: str = ""
    heard_at: datetime | None = None
    unheard_at: datetime | None = None
    eta_said_at: datetime | None = None
    late_at: datetime | None = None
    received_at: datetime | None = None
    undelivered: str = ""
    worker: Worker | None = None
    spot: tuple[float, float] | None = None
    seen_at: datetime | None = None
    called_at: datetime | None = None

    @property
    def number(self) -> int:
        """Tells it from other offers of the same incident to the same responder: its first moment, ms since 1970."""
        first = self.times[0][1] if self.times else self.asked_at
        return round(first.timestamp() * 1000)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.stage in OVER

    @property
    def is_taken(self) -> bool:
        """Whether it has been accepted and not ended: they are on no other job meanwhile."""
        return not self.is_over and RANK[self.stage] >= RANK[S.ACCEPTED]

    @property
    def was_there(self) -> bool:
        """Whether they have come to the door; a job that was given up has led to nobody there."""
        return self.stage not in GIVEN_UP and RANK[self.stage] >= RANK[S.ON_SCENE]

    @property
    def may_leave(self) -> bool:
        """Whether they can still say that they cannot go."""
        return not self.is_over and not self.was_there

    @property
    def has_vanished(self) -> bool:
        """Whether they said that they go, are not there, and nothing has been heard of them for too long."""
        return self.unheard_at is not None and self.is_taken and not self.was_there

    @property
    def last_heard_at(self) -> datetime:
        """When a word of theirs was heard last, UTC."""
        return self.heard_at or max((at for _, at in self.times), default=self.asked_at)

    def at(self, stage: Stage) -> datetime | None:
        """When it came to this stage; None: it has not, or nobody has said so."""
        return next((at for it, at in self.times if it is stage), None)


def offered(responder: str, now: datetime, destination: str = "", spot: tuple[float, float] | None = None) -> Job:
    """A job that somebody is asked to do now."""
    return Job(responder, S.OFFERED, now, ((S.OFFERED, now),), destination=destination, spot=spot)


def moved(job: Job, stage: Stage, at: datetime) -> Job:
    """The job once its responder has said when they came to a stage, in whatever order that is heard.

    Args:
        job: As it stands. One that has ended only learns the moment.
        stage: What they say.
        at: When they said so, UTC.
    """
    told = dict(job.times)
    known = told.get(stage)
    again = RANK[stage] == RANK[S.SAFE]  # the resident's state may change, and change back: the latest word counts
    if known is None or (at > known if again else at < known):
        told[stage] = at
    times = tuple(sorted(told.items(), key=lambda it: (it[1], RANK.get(it[0], len(RANK)))))
    job = msgspec.structs.replace(job, times=times)
    if job.is_over or RANK[stage] < RANK[job.stage]:
        return job
    latest = job.at(job.stage)
    if RANK[stage] == RANK[job.stage] and latest is not None and at < latest:
        return job
    return msgspec.structs.replace(job, stage=stage)


def heard(job: Job, now: datetime) -> Job:
    """The job once a word of its responder has been heard now, whatever it says; one that has ended stays as it is."""
    return job if job.is_over else msgspec.structs.replace(job, heard_at=now, unheard_at=None)


def expected(job: Job, eta_at: datetime, said_at: datetime) -> Job:
    """The job once its responder has said when they expect to be there; of several such words the latest said counts.

    Args:
        job: As it stands. Once they are at the door it changes nothing.
        eta_at: When they expect to be there, UTC.
        said_at: When they said so, UTC.
    """
    if not job.may_leave or (job.eta_said_at is not None and said_at < job.eta_said_at):
        return job
    return msgspec.structs.replace(job, eta_at=eta_at, eta_said_at=said_at)


def ended(job: Job, how: Stage, at: datetime, reason: str = "") -> Job:
    """The job once it has ended in one of the ways of ``OVER``."""
    assert how in OVER, "one of the ends"
    return msgspec.structs.replace(job, stage=how, reason=reason, times=(*job.times, (how, at)))


def with_job(jobs: tuple[Job, ...], job: Job) -> tuple[Job, ...]:
    """An incident's jobs with this one in the place of its responder's, or as the latest; the oldest ended one goes."""
    if any(it.responder == job.responder for it in jobs):
        return tuple(job if it.responder == job.responder else it for it in jobs)
    if len(jobs) >= MOST_KEPT:
        gone = next((it for it in jobs if it.stage in GIVEN_UP), None) or next(
            (it for it in jobs if it.is_over), jobs[0]
        )
        jobs = tuple(it for it in jobs if it is not gone)
    return (*jobs, job)


def lead(jobs: tuple[Job, ...]) -> Job | None:
    """The job by which an incident stands: the furthest one, of several the latest; None when nobody goes."""
    going = [it for it in jobs if not it.is_over] or [it for it in jobs if it.stage is S.HANDED_OVER]
    return max(enumerate(going), key=lambda it: (RANK[it[1].stage], it[0]))[1] if going else None


class Sent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of an incident that says who was sent and how far each is along, and which neighbours were rung."""

    jobs: tuple[Job, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def going(self) -> tuple[Job, ...]:
        """The jobs that have not ended."""
        return tuple(it for it in self.jobs if not it.is_over)

    def job_of(self, responder: str) -> Job | None:
        """The latest job of this responder (id) here; None when they were never asked."""
        return next((it for it in self.jobs if it.responder == responder), None)

    @property
    def responder(self) -> str:
        """Id of the responder by whom it stands: who is furthest along; empty when nobody was sent."""
        first = lead(self.jobs)
        return first.responder if first is not None else ""

    @property
    def accepted(self) -> bool:
        """Whether that one has accepted."""
        first = lead(self.jobs)
        return first is not None and (first.is_taken or first.was_there)

    @property
    def arrived(self) -> bool:
        """Whether that one is there, or was."""
        first = lead(self.jobs)
        return first is not None and first.was_there
