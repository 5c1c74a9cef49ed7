"""The application below ``/api/v1``: its own answers to what goes wrong, its own paper."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard.api import batch, homes, jobs, news, problems, referrals, warnings
from dashboard.api.callers import A_SECOND, AT_ONCE, MOST_WRONG, Gate
from dashboard.api.openapi import document
from dashboard.api.paper import paper
from dashboard.sign_in import WrongPasswords
from dashboard.site import Site
from gateway.bounds import Bucket

PREFIX = "/api/v1"


def create_api(site: Site) -> FastAPI:
    """``/api/v1`` of a dashboard; mounted there."""
    app = FastAPI(title="nuanhu", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    app.state.gate = Gate(Bucket(site.desk.now, AT_ONCE, A_SECOND), WrongPasswords(MOST_WRONG, site.speed))
    app.state.batches = asyncio.Lock()
    for part in (batch, homes, jobs, news, referrals, warnings):
        app.include_router(part.router)
    app.add_api_route("/openapi.json", _document, methods=["GET"])
    app.add_api_route("/docs", _paper, methods=["GET"])
    app.add_exception_handler(problems.Problem, problems.of_problem)
    app.add_exception_handler(RequestValidationError, problems.of_query)
    app.add_exception_handler(HTTPException, problems.of_http)
    app.add_exception_handler(Exception, problems.of_anything)
    return app


async def _document(_: Request) -> Response:
    """What may be asked, as OpenAPI 3.1."""
    return homes.as_json(document())


async def _paper(_: Request) -> Response:
    """The same to read."""
    return Response(paper(document()), media_type="text/html; charset=utf-8")
