"""Words for jobs that are handed to a grid platform (网格平台). English here, Chinese in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alerting.dispatch.job import UNANSWERED, Job, Stage
from alerting.dispatch.platform import is_platform
from dashboard.exchange_words import why_not
from dashboard.words import mark

if TYPE_CHECKING:
    from dashboard.speech import Speech

PLATFORM = mark("Grid platform")
SENT = mark("sent to the platform, not yet received")
RECEIVED = mark("received by the platform, not yet accepted")


def platform_name(title: str, job: Job | None, say: Speech) -> str:
    """What it is called, and whom it sends, where it has said so."""
    worker = job.worker.name if job is not None and job.worker is not None else ""
    kind = say.gettext(PLATFORM)
    return " · ".join(part for part in ("" if kind in title else kind, title, worker) if part)


def stage_word(job: Job, word: str, say: Speech) -> str:
    """How far a job has come; of an offer to a platform whether it is there, and why not."""
    if not is_platform(job.responder) or job.stage not in UNANSWERED:
        return word
    stands = say.gettext(RECEIVED) if job.received_at is not None else say.gettext(SENT)
    why = f" ({why_not(say, job.undelivered)})" if job.undelivered else ""
    return f"{word} · {stands}{why}" if job.stage is Stage.TIMED_OUT else f"{stands}{why}"


def not_delivered(text: str, say: Speech, named: Mapping[str, str]) -> str:
    """The text of the line that says so: which platform, and why."""
    responder, _, why = text.partition("|")
    return " · ".join(part for part in (named.get(responder, responder), why_not(say, why) if why else "") if part)
