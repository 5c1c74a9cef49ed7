"""Whatever another system sends to ``/api/v1``, well formed or not: it is answered as the paper says, never by a fault.

The calls are drawn from our own OpenAPI document and go to the real application on a real store, over HTTP.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import requests
from centre import Centre
from hypothesis import HealthCheck, Phase, given, settings
from on_the_way import claimed

from gateway.clock import SystemClock, host_time
from gateway.notify.signatures import body_mac
from tests.grid_platform import KEY, RESPONDER, SECRET, registered
from tests.other_system import connected

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: see pyproject.toml, dev")

CALLS = 15
"""Of each operation and mode: some seconds for all."""
BOUNDED = settings(
    max_examples=CALLS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
)
OPERATIONS = 14


def _fuzzed(base: str, key: str, home: tuple[str, str], job: str) -> dict[str, set[int]]:
    """Call every operation with what its schemas allow, with what they do not, and close to a home; their statuses."""
    from schemathesis import GenerationMode  # noqa: PLC0415 - when it is there
    from schemathesis.checks import not_a_server_error  # noqa: PLC0415
    from schemathesis.specs.openapi.checks import (  # noqa: PLC0415
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    document = schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json")
    seen: dict[str, set[int]] = {}
    for found in document.get_all_operations():
        operation = found.ok()
        well, badly = (operation.as_strategy(generation_mode=GenerationMode[it]) for it in ("POSITIVE", "NEGATIVE"))
        statuses = seen.setdefault(operation.label, set())
        is_about_jobs = operation.path.startswith("/jobs")
        near = (job, "") if is_about_jobs else home
        for calls, close_to in ((well, None), (badly, None), (well, near)):
            statuses |= _called(calls, base, KEY if is_about_jobs else key, close_to, checks)
    return seen


def _called(calls: Any, base: str, key: str, close_to: tuple[str, str] | None, checks: list[Any]) -> set[int]:
    statuses: set[int] = set()

    @BOUNDED
    @given(case=calls)
    def one(case: Any) -> None:
        if close_to is not None:
            _bring_close(case, *close_to)
        answer = case.call(base_url=f"{base}/api/v1", auth=Caller(key))
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=checks)

    one()
    return statuses


class Caller(requests.auth.AuthBase):
    """Calls with a key, and signs what it says, as a grid platform does."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, call: requests.PreparedRequest) -> requests.PreparedRequest:
        call.headers["Authorization"] = f"Bearer {self._key}"
        if "X-Signature" in call.headers:
            at, body = str(int(host_time().timestamp())), call.body or b""
            body = body.encode() if isinstance(body, str) else body
            call.headers.update({"X-Timestamp": at, "X-Signature": body_mac(SECRET, at, body)})
        return call


def _bring_close(case: Any, number: str, area: str) -> None:
    """Let a call concern a home that is there, as far as it can."""
    if "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = number
    if case.path == "/jobs/events" and isinstance(case.body, dict):
        case.body["subject"] = number
    if case.method == "PUT" and isinstance(case.body, dict):
        case.body |= {"area": area, "key": number}
        case.query = {"confirm": "true"}


async def test_every_call_is_answered_as_the_paper_says(tmp_path: Path, store_url: str) -> None:
    centre = Centre(tmp_path, store_url)
    centre.clock = SystemClock()  # type: ignore[assignment]
    await centre.start()
    try:
        system = await connected(centre)
        base = await centre.serve()
        home = next(iter(centre.gateway.directory.households.values()))
        await registered(centre, "https://127.0.0.1:9/jobs")
        it = await claimed(centre)
        assert (await it.send(RESPONDER)).done
        job = f"{it.row.incident}/{(await it.job(RESPONDER)).number}"
        seen = await asyncio.to_thread(_fuzzed, base, system.key, (home.key, home.area), job)
        assert len(seen) == OPERATIONS
        assert [label for label, statuses in seen.items() if not statuses & {200, 201, 422, 428}] == []
        assert 200 in seen["GET /households/{number}"]
        assert seen["POST /jobs/events"] & {200, 409}, "some were about the job"
        faults = centre.gateway.judge.open_faults
        assert not [it for it in faults if it[2] == "not_judged"]
    finally:
        await centre.stop()
