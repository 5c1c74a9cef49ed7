"""Whatever another system sends to ``/api/v1``, well formed or not: it is answered as the paper says, never by a fault.

The calls are drawn from our own OpenAPI document and go to the real application on a real store, over HTTP.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from centre import Centre
from hypothesis import HealthCheck, Phase, given, settings

from gateway.clock import SystemClock
from tests.other_system import connected

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: see pyproject.toml, dev")

CALLS = 15
"""Of each operation and mode: some seconds for all."""
BOUNDED = settings(
    max_examples=CALLS, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None
)
OPERATIONS = 12


def _fuzzed(base: str, key: str, home: tuple[str, str]) -> dict[str, set[int]]:
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
        for calls, close_to in ((well, None), (badly, None), (well, home)):
            statuses |= _called(calls, base, key, close_to, checks)
    return seen


def _called(calls: Any, base: str, key: str, close_to: tuple[str, str] | None, checks: list[Any]) -> set[int]:
    statuses: set[int] = set()

    @BOUNDED
    @given(case=calls)
    def one(case: Any) -> None:
        if close_to is not None:
            _bring_close(case, *close_to)
        answer = case.call(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {key}"})
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=checks)

    one()
    return statuses


def _bring_close(case: Any, number: str, area: str) -> None:
    """Let a call concern a home that is there, as far as it can."""
    if "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = number
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
        seen = await asyncio.to_thread(_fuzzed, base, system.key, (home.key, home.area))
        assert len(seen) == OPERATIONS
        assert [label for label, statuses in seen.items() if not statuses & {200, 201, 422, 428}] == []
        assert 200 in seen["GET /households/{number}"]
        faults = centre.gateway.judge.open_faults
        assert not [it for it in faults if it[2] == "not_judged"]
    finally:
        await centre.stop()
