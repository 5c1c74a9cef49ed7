"""What is wrong with a call, as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

CONTENT = "application/problem+json"
RETRY_AFTER_S = 5

TITLES: dict[str, str] = {
    "no_key": "Give the key of a peer: Authorization: Bearer …",
    "wrong_key": "This key opens nothing",
    "read_only": "This peer may read, and not write",
    "not_yours": "This case number belongs to a home outside the area of this peer",
    "unknown_home": "There is no such home in the area of this peer",
    "not_to_be_given": "This household has taken back that its case file is given to others",
    "malformed": "The body is no JSON object",
    "too_large": "The body is too large",
    "bad_query": "A parameter of the call cannot be used",
    "bad_cursor": "The cursor was not made here",
    "bad_case_file": "The case file cannot be registered like this: see errors",
    "bad_warning": "The early warning cannot be taken in like this: see errors",
    "bad_referral": "The answer cannot be taken like this: see errors",
    "unknown_referral": "No such referral was sent to an organisation of this peer",
    "referral_elsewhere": "The referral does not wait for that any more: read how it stands",
    "bad_batch": "Nothing of the batch was registered: see errors",
    "jobs_only": "This peer takes jobs, and may do nothing else",
    "takes_no_jobs": "No jobs are handed to this peer",
    "wrong_signature": "X-Signature is not that of this body at X-Timestamp with the secret of this peer",
    "stale_call": "X-Timestamp is missing, or further than five minutes from now: sign the call anew",
    "wrong_content": "Give one CloudEvent in structured mode: Content-Type: application/cloudevents+json",
    "bad_job_event": "The event cannot be taken like this: see errors",
    "unknown_job": "No such job was handed to this peer",
    "job_refused": "The job does not allow this now: see errors, and read how it stands",
    "say_version": "There is such a home already: read it, and say its version in If-Match",
    "edited_meanwhile": "The case file was changed by somebody else meanwhile: read it again",
    "needs_confirmation": "This lowers safety or changes who answers: look at it, and repeat with confirm=true",
    "too_many_calls": "Too many calls: wait a little",
    "store_away": "The store cannot be asked or written just now; nothing was done. Repeat the call later",
    "not_found": "There is no such address",
    "not_allowed": "There is no such method here",
    "failed": "The call could not be carried out; nothing is known of why",
}


class Problem(Exception):  # noqa: N818 - an answer, not a fault
    """The call is answered with this.

    Args:
        status: HTTP status.
        word: Which problem; its title follows from it.
        more: Further members of the answer.
        headers: Further headers.
    """

    def __init__(self, status: int, word: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        """Nothing is sent before the application does."""
        super().__init__(word)
        self.status = status
        self.word = word
        self.more = more
        self.headers = dict(headers or {})

    def answer(self) -> Response:
        """As it is sent."""
        told = {"type": f"urn:nuanhu:problem:{self.word}", "title": TITLES[self.word], "status": self.status}
        return Response(msgspec.json.encode(told | self.more), self.status, self.headers, CONTENT)


def store_away() -> Problem:
    """The store does not answer: the call may be repeated, as every call here."""
    return Problem(503, "store_away", {"Retry-After": str(RETRY_AFTER_S)})


async def of_problem(_: Request, problem: Exception) -> Response:
    """One of ours."""
    assert isinstance(problem, Problem)
    return problem.answer()


async def of_query(_: Request, wrong: Exception) -> Response:
    """A parameter that cannot be used."""
    assert isinstance(wrong, RequestValidationError)
    errors = [
        {"field": str(it["loc"][-1]), "reason": str(it["type"]), "message": str(it["msg"])} for it in wrong.errors()
    ]
    return Problem(422, "bad_query", errors=errors).answer()


async def of_http(_: Request, wrong: Exception) -> Response:
    """What the router or the reading of the body says."""
    assert isinstance(wrong, HTTPException)
    return of_status(wrong.status_code, wrong.headers)


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of which no more is known than its status."""
    word = {404: "not_found", 405: "not_allowed", 413: "too_large"}.get(status, "failed")
    return Problem(status, word, headers).answer()


async def of_anything(_: Request, _wrong: Exception) -> Response:
    """A fault of ours."""
    return Problem(500, "failed").answer()
