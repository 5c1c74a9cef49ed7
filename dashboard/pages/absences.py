"""Absences: who is away and until when; begun, put off, ended; and a link by which family tells."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from alerting.casefile import Household, Role
from alerting.commands import AnyCommand, BeginAbsence, ChangeAbsence, EndAbsence
from alerting.homes.away import USUAL, AwayKind, SaidBy
from dashboard.access import Do
from dashboard.away_words import AwayWords
from dashboard.pages.steps import answered, once_key
from dashboard.refusal_words import REFUSALS
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from dashboard.times import LocalTime
from gateway.desk.contract import Answer

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.ABSENCES))]
Inviter = Annotated[Viewer, Depends(needs(Do.CASE_FILES))]
Fields = dict[str, str]

LONGEST_REASON = 200
LONGEST_WHO = 40


@router.get("/absences")
async def absences(request: Request, viewer: Reader, refused: str = "") -> Response:
    """Who is away and until when: what somebody has to look at first. Responsible persons see their own homes."""
    site, mine = site_of(request), _responder(viewer)
    own = await _own_homes(site, mine) if viewer.account.role is Role.RESPONDER else []
    if viewer.account.role is Role.RESPONDER and not mine:
        rows = []
    else:
        rows = [row for row in await site.desk.absences(viewer.account.area, mine) if mine or viewer.sees(row.area)]
    known = {row.key for row in rows if row.stage != "moved"}
    return site.page(
        request,
        viewer,
        "absences.html",
        rows=rows,
        own=[home for home in own if home.key not in known],
        away=AwayWords(viewer.say),
        kinds=list(AwayKind),
        usual=USUAL,
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
    )


def _responder(viewer: Viewer) -> str:
    """Whose homes alone are shown; empty: those of the viewer's area."""
    return viewer.account.responder if viewer.account.role is Role.RESPONDER else ""


async def _own_homes(site: Site, responder: str) -> list[Household]:
    """The homes somebody is responsible for."""
    return list(await site.desk.homes_of(responder)) if responder else []


async def _home(site: Site, viewer: Viewer, key: str) -> Household:
    """A home the viewer may say something about.

    Raises:
        HTTPException: 404 when there is none.
    """
    home = await site.desk.household(key)
    if home is None:
        raise HTTPException(404)
    file = home.household
    if viewer.account.role is Role.RESPONDER:
        allowed = _responder(viewer) in {file.town_responder, file.village_responder} - {""}
    else:
        allowed = viewer.sees(file.area)
    if not allowed:
        raise HTTPException(404)
    return file


@router.post("/absences/{key:path}/{step}")
async def change(request: Request, viewer: Reader, key: str, step: str) -> Response:
    """Somebody is away, is away for longer, or is back."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home = await _home(site, viewer, key)
    by_responsible = viewer.account.role is Role.RESPONDER
    said_by = SaidBy.RESPONSIBLE if by_responsible else SaidBy.OPERATOR
    who = viewer.account.name if by_responsible else form.get("who", "").strip()[:LONGEST_WHO]
    command = asked(step, form, key, viewer.account.login, site.times, site.desk.now(), said_by=said_by, who=who)
    if isinstance(command, str):
        answer = Answer(refused=command)
    else:
        answer = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, answer, _back(form, home.key))


def asked(
    step: str, form: Fields, key: str, by: str, times: LocalTime, now: datetime, *, said_by: SaidBy, who: str
) -> AnyCommand | str:
    """The command of a form about an absence, or the word of what is wrong with it.

    Raises:
        HTTPException: 404 for an unknown step, 400 for a form none of our pages makes.
    """
    if step == "end":
        return EndAbsence(key=key, by=by)
    until, since = _moment(form.get("until", ""), times), _moment(form.get("since", ""), times)
    if isinstance(until, str) or isinstance(since, str):
        return "bad_moment"
    if step == "change":
        return ChangeAbsence(key=key, by=by, until=until, said_by=said_by) if until is not None else "bad_moment"
    if step != "begin":
        raise HTTPException(404)
    if form.get("kind") not in set(AwayKind):
        raise HTTPException(400)
    if not who:
        return "no_who"
    kind = AwayKind(form["kind"])
    usual = max(since or now, now) + USUAL[kind]
    reason = form.get("reason", "").strip().replace("|", " ")[:LONGEST_REASON]
    who = who.replace("|", " ")
    return BeginAbsence(
        key=key, by=by, kind=kind, until=until or usual, since=since, said_by=said_by, who=who, reason=reason
    )


def _moment(text: str, times: LocalTime) -> datetime | str | None:
    """A local moment of a form as UTC; None for an empty field, the word for one that is none."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=times.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return "bad_moment"


def _back(form: Fields, key: str) -> str:
    if form.get("back") == "incident" and form.get("incident"):
        return f"/?{urlencode({'incident': form['incident']})}"
    return "/absences" if form.get("back") == "list" else f"/households/{quote(key)}"


@router.post("/households/{key:path}/relative-link")
async def invite(request: Request, viewer: Inviter, key: str) -> Response:
    """A link for a contact of the case file: shown once, with its PIN, to be told on the telephone."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    home, number = await _home(site, viewer, key), str(form.get("contact", ""))
    link = None
    if number.isdecimal() and len(number) < 3:  # noqa: PLR2004 - nobody has a hundred contacts
        link = await site.desk.invite_relative(key, int(number), viewer.account.login, once=str(form.get("once", "")))
    if link is None:
        raise HTTPException(404)
    address = link.address or f"{request.url.scheme}://{request.url.netloc}/f/{link.token}"
    contact = home.contacts[int(number)]
    return site.page(request, viewer, "relative_link.html", file=home, contact=contact, link=link, address=address)
