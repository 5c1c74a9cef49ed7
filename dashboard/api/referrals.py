"""Referrals: what was sent to an organisation, read, accepted and answered by its own system."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from alerting.care.duty import care_key
from alerting.care.referral import LONGEST_NEED, AnsweredBy, ReferralResult
from alerting.care.referral_commands import AcceptReferral, AnswerReferral, RefuseReferral
from alerting.casefile import covers
from alerting.organisations import Organisation
from alerting.peers import Peer
from dashboard.api.callers import Reader, Writer, by
from dashboard.api.homes import AWAY, as_json, decoded, may_be_given, open_all
from dashboard.api.problems import Problem, store_away
from dashboard.inflow import bounded_body
from dashboard.site import Site, site_of
from gateway.care.referrals_asked import ReferralRow

router = APIRouter()

MOST_REFERRALS = 500
LONGEST_ANSWER = 8192
ACTS = ("accept", "refuse", "answer")


class Given(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the organisation says.

    Attributes:
        household: Case number.
        number: Of the referral in it.
        act: It accepts it, refuses it, or has done it.
        result: What came of it; with ``answer`` alone.
        text: In its words: who there, why not, what was done.
    """

    household: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    number: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    act: Literal["accept", "refuse", "answer"]
    result: ReferralResult | None = None
    text: Annotated[str, msgspec.Meta(max_length=LONGEST_NEED)] = ""


@router.get("/referrals")
async def sent(
    request: Request, peer: Reader, *, limit: Annotated[int, Query(ge=1, le=MOST_REFERRALS)] = 100
) -> Response:
    """Those not over that were sent to organisations of this peer; written down as openings of the case files."""
    site = site_of(request)
    rows = [it for it in await site.desk.referrals_with([], peer.id, limit) if covers(peer.area, it.area)]
    homes = await site.desk.case_files({row.home for row in rows})
    open_to_them = [it for it in homes.values() if may_be_given(it)]
    await open_all(site, peer, open_to_them, "GET /api/v1/referrals")
    given = {it.key for it in open_to_them}
    return as_json({"referrals": [_shown(row, is_given=row.home in given) for row in rows]})


@router.post("/referrals")
async def said(request: Request, peer: Writer) -> Response:
    """The organisation accepts, refuses or answers one; the same again changes nothing."""
    site = site_of(request)
    given = _read(decoded(await bounded_body(request, LONGEST_ANSWER)))
    row = await _theirs(site, peer, given)
    if _is_said_already(row, given):
        return as_json(_shown(row, is_given=False))
    command = _command(peer, given)
    answer = await site.desk.submit(command)
    if answer.refused in AWAY or not answer.recorded:
        raise store_away()
    if answer.refused in {"say_why", "no_words"}:
        raise _bad("text", answer.refused, "is missing")
    if answer.refused:
        raise Problem(409, "referral_elsewhere")
    now = await site.desk.referral(given.household, given.number)
    return as_json(_shown(now or row, is_given=False))


async def _theirs(site: Site, peer: Peer, given: Given) -> ReferralRow:
    """The referral, where it is with an organisation of this peer. Raises ``Problem``."""
    row = await site.desk.referral(given.household, given.number)
    party = await site.desk.party(row.org) if row is not None else None
    if row is None or not isinstance(party, Organisation) or party.peer != peer.id or not covers(peer.area, row.area):
        raise Problem(404, "unknown_referral")
    return row


def _is_said_already(row: ReferralRow, given: Given) -> bool:
    """The last step was this very one, by a system."""
    last = row.last
    acts = {"accept": "accepted", "refuse": "refused", "answer": "answered"}
    return (
        last is not None
        and last.how == AnsweredBy.SYSTEM
        and last.act == acts[given.act]
        and last.text == given.text.strip()
        and (given.act != "answer" or last.result == given.result)
    )


def _command(peer: Peer, given: Given) -> AcceptReferral | RefuseReferral | AnswerReferral:
    who: dict[str, Any] = {"key": care_key(given.household), "number": given.number, "by": by(peer)}
    who |= {"text": given.text, "how": AnsweredBy.SYSTEM}
    if given.act == "answer":
        if given.result is None:
            raise _bad("result", "missing", "is missing")
        return AnswerReferral(**who, result=given.result)
    return AcceptReferral(**who) if given.act == "accept" else RefuseReferral(**who)


def _read(given: object) -> Given:
    try:
        return msgspec.convert(given, Given)
    except msgspec.ValidationError as wrong:
        text, _, where = str(wrong).partition(" - at `$")
        raise _bad(where.strip("`").lstrip("."), "bad_value", text[:200]) from wrong


def _bad(field: str, reason: str, message: str) -> Problem:
    return Problem(422, "bad_referral", errors=[{"field": field, "reason": reason, "message": message}])


def _shown(row: ReferralRow, *, is_given: bool) -> dict[str, Any]:
    """What is told of one; the need only where the household lets others know of it."""
    return {
        "household": row.home,
        "number": row.number,
        "organisation": row.org,
        "state": row.state,
        "sent_at": row.sent_at,
        "due_at": row.due_at,
        "accept_by": row.next_due_at if row.state == "sent" else None,
        "accepted_at": row.accepted_at,
        "answered_at": row.answered_at,
        "result": row.result,
        "rating": row.rating,
        "returned": row.returned,
        "need": row.need if is_given else None,
    }
