"""Case files, one by one and page by page: to read, each written down as an opening, and to write."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from alerting.casefile import Household, covers, version_of
from alerting.enrolment.commands import OpenCaseFiles, OpeningReason, SaveHousehold
from alerting.intake.ground import Ground
from alerting.keeping.consent import ConsentFor, Standing, standing
from alerting.keeping.leaving import is_erased
from alerting.peers import Peer
from dashboard.api.callers import Reader, Writer, by
from dashboard.api.case_reading import HomeReader
from dashboard.api.case_shape import FIELDS, LEAST, shown, version_tag
from dashboard.api.problems import Problem, store_away
from dashboard.inflow import bounded_body
from dashboard.site import Site, site_of

router = APIRouter()

MOST_A_PAGE = 200
LONGEST_HOME = 262_144
LONGEST_WORD = 800
WHOLE = "*"
AWAY = frozenset({"busy", "store_away"})

Limit = Annotated[int, Query(ge=1, le=MOST_A_PAGE)]
Word = Annotated[str, Query(max_length=LONGEST_WORD)]


def as_json(content: object, status: int = 200, **headers: str) -> Response:
    """An answer."""
    return Response(msgspec.json.encode(content), status, headers, "application/json")


def decoded(body: bytes) -> Any:
    """A body as JSON. Raises ``Problem``."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise Problem(400, "malformed") from wrong


async def ground_for(site: Site, peer: Peer, keys: Collection[str]) -> Ground:
    """What case files of a peer are read against."""
    desk = site.desk
    return Ground(
        areas={it.key: it for it in await desk.areas()},
        responders={it.id: it for it in await desk.responders()},
        households=await desk.case_files(keys),
        within=peer.area,
        year=desk.now().year,
    )


def errors_of(site: Site, flaws: Sequence[tuple[str, str]], **beside: object) -> list[dict[str, object]]:
    """What is wrong, field by field, with the word and what it says."""
    say = site.speeches["en"]
    return [{**beside, "field": field, "reason": word, "message": say.case_flaw(word)} for field, word in flaws]


async def open_all(site: Site, peer: Peer, homes: Sequence[Household], why: str) -> None:
    """Write down that a peer looks into these case files. Raises ``Problem``: what is not written down is not given."""
    keys = tuple(it.key for it in homes)
    if not keys:
        return
    command = OpenCaseFiles(households=keys, reason=OpeningReason.EXCHANGE, note=why, by=by(peer))
    answer = await site.desk.submit(command)
    if not answer.done or not answer.recorded:
        raise store_away()


async def home_of(site: Site, peer: Peer, number: str) -> Household:
    """A home of a peer's area. Raises ``Problem``."""
    home = (await site.desk.case_files({number})).get(number)
    if home is None or not covers(peer.area, home.area) or is_erased(home):
        raise Problem(404, "unknown_home")
    return home


def may_be_given(home: Household) -> bool:
    """Whether the household has not taken back that its case file is given to others."""
    return standing(home, ConsentFor.SHARING) is not Standing.WITHDRAWN


def _fields(wanted: str) -> tuple[str, ...]:
    names = FIELDS if wanted == WHOLE else tuple(dict.fromkeys(wanted.split(","))) if wanted else LEAST
    unknown = [name for name in names if name not in FIELDS]
    if unknown:
        errors = [{"field": "fields", "reason": "unknown_field", "message": f"{unknown[0][:80]}: no such field"}]
        raise Problem(422, "bad_query", errors=errors)
    return names


def _word_of(number: str) -> str:
    return base64.urlsafe_b64encode(number.encode()).decode().rstrip("=")


def _number_in(word: str) -> str:
    try:
        number = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as wrong:
        raise Problem(400, "bad_cursor") from wrong
    if not number.isprintable():
        raise Problem(400, "bad_cursor")
    return number


@router.get("/households")
async def page(
    request: Request,
    peer: Reader,
    *,
    area: Word = "",
    fields: Word = "",
    number: Annotated[list[str] | None, Query(max_length=MOST_A_PAGE)] = None,
    after: Word = "",
    limit: Limit = 100,
) -> Response:
    """Homes of an area by case number, page by page; or those with these numbers."""
    site, names = site_of(request), _fields(fields)
    within = area or peer.area
    if not covers(peer.area, within):
        return as_json({"households": [], "cursor": None})
    keys = sorted(set(number)) if number else await site.desk.case_numbers(within, _number_in(after), limit)
    if keys is None:
        raise store_away()
    found = await site.desk.case_files(keys)
    homes = [
        found[key] for key in keys if key in found and covers(within, found[key].area) and not is_erased(found[key])
    ]
    if not set(names) <= set(LEAST):
        await open_all(site, peer, [it for it in homes if may_be_given(it)], f"GET /api/v1/households fields={fields}")
    cursor = _word_of(keys[-1]) if len(keys) == limit and not number else None
    least = tuple(name for name in names if name in LEAST)
    given = [shown(it, names if may_be_given(it) else least) for it in homes]
    return as_json({"households": given, "cursor": cursor})


@router.get("/households/{number:path}")
async def one(request: Request, peer: Reader, number: str) -> Response:
    """A whole case file, written down as an opening; as long as it is the one that is known, nothing is opened."""
    site = site_of(request)
    home = await home_of(site, peer, number)
    tag = version_tag(home)
    if tag in [it.strip().removeprefix("W/") for it in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={"ETag": tag})
    if not may_be_given(home):
        raise Problem(403, "not_to_be_given")
    await open_all(site, peer, [home], "GET /api/v1/households/{number}")
    return as_json(shown(home), ETag=tag)


@router.put("/households/{number:path}")
async def put(request: Request, peer: Writer, number: str, *, confirm: bool = False) -> Response:
    """Register a home, or change its case file: the same twice is one change, and nobody's change is lost."""
    site = site_of(request)
    given = decoded(await bounded_body(request, LONGEST_HOME))
    ground = await ground_for(site, peer, {number})
    read = HomeReader(given, ground, number)
    if ("key", "not_yours") in read.flaws:
        raise Problem(403, "not_yours")
    if request.headers.get("if-none-match", "").strip() == WHOLE and read.before is not None:
        raise Problem(412, "edited_meanwhile")
    if read.home is None:
        raise Problem(422, "bad_case_file", errors=errors_of(site, read.flaws))
    if read.home == read.before:
        return _saved(read.home, read.before, "unchanged")
    based_on = version_said(request.headers.get("if-match", ""), given)
    _check_version(read, based_on)
    if read.looks and not confirm:
        raise Problem(409, "needs_confirmation", errors=errors_of(site, read.looks))
    command = SaveHousehold(household=read.home, based_on=version_of(read.before), by=by(peer), note="PUT /api/v1")
    answer = await site.desk.submit(command)
    if answer.refused == "edited_meanwhile":
        again = HomeReader(given, await ground_for(site, peer, {number}), number)
        if again.home is not None and again.home == again.before:  # the same call came twice at once
            return _saved(again.home, again.before, "unchanged")
        raise Problem(412, "edited_meanwhile")
    if answer.refused in AWAY or not answer.recorded:
        raise store_away()
    if not answer.done:
        flaws = [(reason.partition("|")[0], reason.partition("|")[2]) for reason in answer.reasons]
        raise Problem(422, "bad_case_file", errors=errors_of(site, flaws))
    stored = (await site.desk.case_files({number})).get(number, read.home)  # the rules may have added to it
    return _saved(stored, read.before, "changed" if read.before is not None else "created")


def version_said(if_match: str, given: object) -> str:
    """The version that a caller says it has read: by the header, or as a member beside the fields; empty: none."""
    tag = if_match.strip().removeprefix("W/").strip('"')
    beside = given.get("version", "") if isinstance(given, dict) else ""
    return tag or (beside if isinstance(beside, str) else "")


def _check_version(read: HomeReader, based_on: str) -> None:
    if read.before is not None and not based_on:
        raise Problem(428, "say_version")
    if based_on and based_on != version_of(read.before):
        raise Problem(412, "edited_meanwhile")


def _saved(home: Household, before: Household | None, result: str) -> Response:
    names = Household.__struct_fields__
    changed = [it for it in names if before is not None and getattr(before, it) != getattr(home, it)]
    content = {"key": home.key, "version": version_of(home), "result": result, "changed": changed}
    return as_json(content, 201 if result == "created" else 200, ETag=version_tag(home))
