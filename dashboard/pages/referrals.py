"""Referrals: a need of a household is sent to an organisation, accepted, answered, and rated by the household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.care.duty import CareStage, care_key
from alerting.care.referral import LONGEST_NEED, AnsweredBy, Rating, ReferralResult
from alerting.care.referral_commands import (
    AcceptReferral,
    AnswerReferral,
    AnyReferralCommand,
    OfferReferral,
    RateReferral,
    RefuseReferral,
    SendReferral,
    TakeBackReferral,
    TakeOverReferral,
    UndoReferral,
)
from alerting.casefile import AreaLevel, Household, covers
from alerting.organisations import Organisation
from dashboard.access import Do
from dashboard.care_words import CareWords
from dashboard.form_fields import typed, whole
from dashboard.pages.care import areas_by, home_in_care
from dashboard.pages.steps import answered, once_key
from dashboard.referral_part import FROM_HERE, may_do, person_of, person_of_login, referral_words, whom_to_ask
from dashboard.refusal_words import REFUSALS
from dashboard.site import Site, Viewer, checked_form, needs, site_of, viewer_of
from gateway.care.referrals_asked import ReferralCount, ReferralRow
from gateway.desk.contract import Answer

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.CARE))]
Signed = Annotated[Viewer, Depends(viewer_of)]

LOOKED_BACK = timedelta(days=92)
"""A quarter: so the programme looks at them."""
SHOWS = ("all", "late", "mine")
NUMBERS = ReferralCount.__struct_fields__[2:]


@router.get("/referrals")
async def referrals(request: Request, viewer: Reader, area: str = "", show: str = "all", refused: str = "") -> Response:
    """Referrals of an area: what is open, the late ones first, and how towns and organisations stand."""
    site, now, me = site_of(request), site_of(request).desk.now(), person_of(viewer.account)
    within = area if area and covers(viewer.account.area, area) else viewer.account.area
    rows = list(await site.desk.referrals_open(within))
    over = list(await site.desk.referrals_over(within, now - LOOKED_BACK))
    counts = await site.desk.referral_counts(within, now - LOOKED_BACK, now + timedelta(seconds=1))
    areas = {it.key: it for it in await site.desk.areas()}
    titles = {it.id: it.title for it in await site.desk.organisations()}
    towns = areas_by(areas, AreaLevel.TOWN)
    names = {key: it.name for key, it in areas.items()}
    shown = {
        "late": [row for row in rows if row.is_late(now)],
        "mine": [row for row in rows if me in {row.owner, row.offered, row.person}],
    }
    return site.page(
        request,
        viewer,
        "referrals.html",
        rows=shown.get(show, rows),
        late=len(shown["late"]),
        show=show if show in SHOWS else "all",
        over=over,
        by_town=_summed(counts, lambda it: names.get(towns.get(it.area, it.area), it.area)),
        by_org=_summed(counts, lambda it: titles.get(it.org, it.org)),
        terms=await site.desk.care_terms(),
        care=CareWords(viewer.say),
        supervisor=CareStage.SUPERVISOR,
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
        **await referral_words(site, viewer, rows, over),
    )


def _summed(
    counts: Collection[ReferralCount], name_of: Callable[[ReferralCount], str]
) -> list[tuple[str, dict[str, int]]]:
    """(name, the numbers), the one with most that is late first."""
    piles: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(NUMBERS, 0))
    for it in counts:
        pile = piles[name_of(it)]
        for number in NUMBERS:
            pile[number] += getattr(it, number)
    return sorted(piles.items(), key=lambda it: (-it[1]["late"], -it[1]["sent"], it[0]))


async def _open_to(site: Site, home: Household) -> list[Organisation]:
    """Organisations that help households there."""
    return [it for it in await site.desk.organisations() if not it.ended and covers(it.area, home.area)]


async def _need_form(
    request: Request, viewer: Viewer, home: Household, source: str, *, said: str = "", given: Mapping[str, str]
) -> Response:
    site = site_of(request)
    owner, text = await _began_with(site, viewer, home.key, source)
    typed_in = {"text": text, "org": "", "days": "", "back": ""} | dict(given)
    return site.page(
        request,
        viewer,
        "referral_new.html",
        status=409 if said else 200,
        file=home,
        orgs=await _open_to(site, home),
        source=source,
        owner=dict(await whom_to_ask(site, home)).get(owner, "") if owner != person_of(viewer.account) else "",
        typed_in=typed_in,
        refused=said,
        **await referral_words(site, viewer),
    )


async def _began_with(site: Site, viewer: Viewer, home: str, source: str) -> tuple[str, str]:
    """Who took the need first, and in which words: of a visit or early warning by what is recorded, else the viewer."""
    me, (kind, _, number) = person_of(viewer.account), source.partition(":")
    if kind == "visit" and number:
        for row in await site.desk.care_given(home):
            if str(row.number) == number:
                return await person_of_login(site, row.by) or me, row.text
    if kind == "warning" and number:
        for it in await site.desk.warnings_of([home], all_of_them=True):
            if str(it.number) == number:
                return await person_of_login(site, it.answered_by) or me, it.answer_text or it.text
    return me, ""


def _source(text: str) -> str:
    kind, colon, number = text.partition(":")
    return text if kind in FROM_HERE and (bool(colon) == bool(number)) and len(text) <= 100 else ""  # noqa: PLR2004 - an id


@router.get("/referrals/new")
async def ask_need(request: Request, viewer: Signed, home: str, source: str = "", back: str = "") -> Response:
    """The form: what the household needs, and whom it is sent to."""
    file = await home_in_care(site_of(request), viewer, home)
    return await _need_form(request, viewer, file, _source(source), given={"back": back})


@router.post("/referrals")
async def send(request: Request, viewer: Signed) -> Response:
    """A need is sent."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    home, source = await home_in_care(site, viewer, form.get("home", "")), _source(form.get("source", ""))
    chosen = [it for it in await _open_to(site, home) if it.id == form.get("org", "")]
    text = typed(form, "text")[:LONGEST_NEED]
    days = whole(typed(form, "days")) if typed(form, "days") else chosen[0].days if chosen else 0
    flaw = "" if chosen else "no_organisation"
    if not flaw:
        flaw = "" if text else "no_need_said"
    if flaw:
        return await _need_form(request, viewer, home, source, said=viewer.say.refusal(flaw), given=form)
    (org,) = chosen
    owner, _ = await _began_with(site, viewer, home.key, source)
    command = SendReferral(
        key=care_key(home.key),
        by=viewer.account.login,
        me=person_of(viewer.account),
        org=org.id,
        person=org.person,
        owner=owner,
        days=days or 0,
        text=text,
        source=source,
    )
    done = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    if done.refused:
        return await _need_form(request, viewer, home, source, said=viewer.say.refusal(done.refused), given=form)
    return RedirectResponse(_page_of(home.key, int(done.made)), 303)


def _page_of(home: str, number: int) -> str:
    return f"/referrals/{quote(home)}/{number}"


async def _one(site: Site, viewer: Viewer, key: str, number: int) -> ReferralRow:
    """A referral that the viewer may see: of a home in their care, or one that is theirs.

    Raises:
        HTTPException: 404 when there is none.
    """
    row = await site.desk.referral(key, number)
    if row is None:
        raise HTTPException(404)
    if person_of(viewer.account) not in {row.owner, row.offered, row.person}:
        await home_in_care(site, viewer, key)
    return row


@router.get("/referrals/{key:path}/{number:int}")
async def one(request: Request, viewer: Signed, key: str, number: int, refused: str = "") -> Response:
    """One referral: its history, and what can be done about it."""
    site = site_of(request)
    row, home = await _one(site, viewer, key, number), await site.desk.household(key)
    people = await whom_to_ask(site, home.household) if home is not None else []
    return site.page(
        request,
        viewer,
        "referral.html",
        row=row,
        file=home.household if home is not None else None,
        orgs=await _open_to(site, home.household) if home is not None else [],
        people=[(id_, name) for id_, name in people if id_ != row.owner],
        steps=may_do(viewer, row, site.desk.now()),
        care=CareWords(viewer.say),
        refused=viewer.say.refusal(refused) if refused in REFUSALS else "",
        **await referral_words(site, viewer, [row]),
    )


@router.post("/referrals/{key:path}/{number:int}/{step}")
async def act(request: Request, viewer: Signed, key: str, number: int, step: str) -> Response:
    """One step about a referral."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    row = await _one(site, viewer, key, number)
    back = "/rounds" if form.get("back") == "rounds" else _page_of(key, number)
    if step not in may_do(viewer, row, site.desk.now()):
        return await answered(request, site, viewer, Answer(refused="not_waiting"), back)
    command = await _command(site, viewer, row, step, form)
    if isinstance(command, str):
        return await answered(request, site, viewer, Answer(refused=command), back)
    done = await site.desk.submit(command, once=once_key(command, form.get("once", "")))
    return await answered(request, site, viewer, msgspec.structs.replace(done, incident=""), back)


async def _command(
    site: Site, viewer: Viewer, row: ReferralRow, step: str, form: Mapping[str, str]
) -> AnyReferralCommand | str:
    """The command of a step; or the word of what is wrong with its form."""
    me = person_of(viewer.account)
    who: dict[str, Any] = {"key": care_key(row.home), "number": row.number, "by": viewer.account.login, "me": me}
    who |= {"text": typed(form, "text")[:LONGEST_NEED]}
    owner = who | {"for_owner": row.owner != me and viewer.may(Do.KEEP_CASES)}
    how = AnsweredBy.PAGE if me == row.person else AnsweredBy.TELEPHONE
    if step == "send_on":
        home = await site.desk.household(row.home)
        chosen = [it for it in await _open_to(site, home.household) if it.id == form.get("org", "")] if home else []
        if not chosen:
            return "no_organisation"
        days = whole(typed(form, "days")) if typed(form, "days") else chosen[0].days
        return SendReferral(**owner, org=chosen[0].id, person=chosen[0].person, days=days or 0)
    if step == "answer":
        if form.get("result") not in set(ReferralResult):
            raise HTTPException(400)
        return AnswerReferral(**owner, how=how, result=ReferralResult(form["result"]))
    if step == "rate":
        if form.get("rating") not in set(Rating):
            raise HTTPException(400)
        return RateReferral(**who, rating=Rating(form["rating"]), again="again" in form)
    if step in {"accept", "refuse"}:
        return (AcceptReferral if step == "accept" else RefuseReferral)(**who, how=how)
    if step == "offer":
        return OfferReferral(**owner, to=form.get("to", ""))
    if step in {"take_over", "decline"}:
        return TakeOverReferral(**who, accepts=step == "take_over")
    return TakeBackReferral(**owner) if step == "take_back" else UndoReferral(**who)
