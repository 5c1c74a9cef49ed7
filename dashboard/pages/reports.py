"""Where providers of text messages and calls tell what became of a page."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import JSONResponse, Response

from dashboard.inflow import bounded_body
from dashboard.site import site_of

router = APIRouter()


@router.post("/reports/{provider}/{word}")
async def report(request: Request, provider: str, word: str) -> Response:
    """A provider's callback. Signed, or known by the secret word in its address; said twice it changes nothing."""
    site = site_of(request)
    try:
        body = await bounded_body(request)
    except HTTPException as refused:
        site.desk.report_refused(provider)
        return JSONResponse({"error": "too long"}, refused.status_code)
    heard = await site.desk.provider_report(provider, word, dict(request.headers), body)
    return JSONResponse(heard.body, heard.status)
