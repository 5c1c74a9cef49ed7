"""Rules that are broken on purpose: each must be found by what looks at every state."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from alerting.dispatch.job import Job
from alerting.dispatch.job import Stage as JobStage
from alerting.duty import escalation
from alerting.homes import aftercare, follow_up
from alerting.incidents import giving_back, incident, job_steps, lease
from alerting.model import Incident
from tests.simulation.worlds import AFTER, DESK, JOBS, PAGES, World


def _a_press_leaves_a_hold(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(incident, "NOTHING_PENDING", {})


def _no_claim_lapses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lease, "is_leased", lambda _incident: False)


def _an_acceptance_has_no_end(patch: pytest.MonkeyPatch) -> None:
    kept = escalation.accepted

    def for_ever(running: Incident | None, *args: object, **more: object) -> object:
        after, decisions = kept(running, *args, **more)  # type: ignore[arg-type]
        if after is not None and after.ladder.accepted_until is not None:
            ladder = msgspec.structs.replace(after.ladder, accepted_until=None)
            after = msgspec.structs.replace(after, ladder=ladder)
        return after, decisions

    patch.setattr(escalation, "accepted", for_ever)


def _a_closed_incident_calls_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(escalation, "ended", lambda ladder: ladder)


def _a_call_that_is_owed_is_never_due(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(follow_up, "due_s", lambda _it, _policy: 0)


def _what_nobody_answers_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(aftercare.follow_up, "changed", follow_up.changed)
    patch.setattr(follow_up, "began", lambda _it: (follow_up.NOTHING_OWED, []))


def _who_gives_back_keeps_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(giving_back.escalation, "begun", lambda ladder, _now: ladder)


def _a_job_goes_back(patch: pytest.MonkeyPatch) -> None:
    def last_word(job: Job, stage: JobStage, _at: object) -> Job:
        return msgspec.structs.replace(job, stage=stage)

    patch.setattr(job_steps, "moved", last_word)


PLANTED: list[tuple[World, Callable[[pytest.MonkeyPatch], None], str]] = [
    (DESK, _a_press_leaves_a_hold, "a press that did not break"),
    (DESK, _no_claim_lapses, "nothing is due, and its holder is"),
    (PAGES, _an_acceptance_has_no_end, "it climbs, or somebody has accepted"),
    (PAGES, _a_closed_incident_calls_on, "it climbs, or somebody has accepted"),
    (DESK, _who_gives_back_keeps_it, "given back, and still theirs|it climbs, or somebody has accepted"),
    (JOBS, _a_job_goes_back, "a job has gone backwards"),
    (AFTER, _a_call_that_is_owed_is_never_due, "owed, and never due"),
    (AFTER, _what_nobody_answers_is_forgotten, "a call that was owed is forgotten"),
]
