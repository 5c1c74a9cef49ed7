"""Changes of the registry by ``nuanhu provision``: allowed to whoever can read the installation's own secret."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from alerting.enrolment.commands import AnyRegistryCommand
from dashboard.inflow import bounded_body
from dashboard.site import site_of

router = APIRouter()

LONGEST_COMMAND = 40_000_000
"""A list of homes is one command; whoever asks has shown before that they may read the installation's secret."""

_command = msgspec.json.Decoder(AnyRegistryCommand)


@router.post("/api/registry")
async def change(request: Request) -> Response:
    """Carry out one command of the registry; the answer is the Desk's, after the commit."""
    site = site_of(request)
    scheme, _, word = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not site.tokens.is_local_pass(word):
        raise HTTPException(403)
    try:
        command = _command.decode(await bounded_body(request, LONGEST_COMMAND))
    except msgspec.MsgspecError as wrong:
        raise HTTPException(400) from wrong
    answer = await site.desk.submit(command, once=request.headers.get("idempotency-key", ""))
    return Response(msgspec.json.encode(answer), media_type="application/json")
