"""The register of departments and organisations to which needs are sent: a supervisor keeps it, of their own area."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import covers
from alerting.duty.reach import RESPONDER
from alerting.enrolment.commands import EndOrganisation, SaveOrganisation
from alerting.organisations import USUAL_DAYS, Organisation, OrganisationKind
from alerting.peers import Peer
from dashboard.access import Do
from dashboard.form_fields import typed, whole
from dashboard.referral_words import ReferralWords
from dashboard.site import Site, Viewer, checked_form, needs, site_of

router = APIRouter()

Reader = Annotated[Viewer, Depends(needs(Do.CARE))]
Keeper = Annotated[Viewer, Depends(needs(Do.KEEP_CASES))]

NEW = Organisation(id="", title="", kind=OrganisationKind.CIVIL_AFFAIRS)


async def _page(
    request: Request, viewer: Viewer, *, said: str = "", typed_in: Organisation = NEW, chosen: str = ""
) -> Response:
    site, area = site_of(request), viewer.account.area
    every = [it for it in await site.desk.organisations() if covers(area, it.area) or covers(it.area, area)]
    areas = [it for it in await site.desk.areas() if covers(area, it.key)]
    forms = {it.id: it for it in every if covers(area, it.area)}
    if chosen in forms:
        typed_in = typed_in if said else forms[chosen]
    return site.page(
        request,
        viewer,
        "organisations.html",
        status=409 if said else 200,
        rows=sorted(every, key=lambda it: (it.ended, it.kind, it.title)),
        mine=set(forms),
        chosen=chosen if chosen in forms else "",
        typed_in=typed_in,
        areas=areas,
        area_names={it.key: it.name for it in await site.desk.areas()},
        people=await _people(site, area),
        systems=[it for it in await site.desk.parties() if isinstance(it, Peer) and not it.revoked],
        kinds=list(OrganisationKind),
        referral=ReferralWords(viewer.say),
        refused=said,
    )


async def _people(site: Site, area: str) -> list[tuple[str, str]]:
    """(person id, name) of everybody in an area who can be told."""
    known = [(f"{RESPONDER}{it.id}", f"{it.name} · {it.phone}", it.area) for it in await site.desk.responders()]
    known += [(it.login, it.name, it.area) for it in await site.desk.accounts() if not it.responder and not it.shut]
    return sorted(((id_, name) for id_, name, of in known if covers(area, of)), key=lambda it: it[1])


@router.get("/organisations")
async def organisations(request: Request, viewer: Reader, change: str = "") -> Response:
    """All of an area, and one of them to change."""
    return await _page(request, viewer, chosen=change if viewer.may(Do.KEEP_CASES) else "")


@router.post("/organisations")
async def save(request: Request, viewer: Keeper) -> Response:
    """A new one, or one that is changed."""
    site = site_of(request)
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    known = {it.id: it for it in await site.desk.organisations()}
    chosen = form.get("id", "")
    if chosen and chosen not in known:
        raise HTTPException(404)
    if form.get("kind") not in set(OrganisationKind):
        raise HTTPException(400)
    organisation = _read(form, chosen or hashlib.sha256(form.get("once", "").encode()).hexdigest()[:10], viewer)
    refused = await _asked(site, viewer, organisation)
    if refused:
        return await _page(request, viewer, said=viewer.say.refusal(refused), typed_in=organisation, chosen=chosen)
    return RedirectResponse("/organisations", 303)


async def _asked(site: Site, viewer: Viewer, organisation: Organisation) -> str:
    people = {id_ for id_, _ in await _people(site, viewer.account.area)}
    before = {it.id: it.person for it in await site.desk.organisations()}
    if organisation.person not in {"", before.get(organisation.id, ""), *people}:
        return "no_such_person"
    account = viewer.account
    answer = await site.desk.submit(SaveOrganisation(organisation=organisation, by=account.login, within=account.area))
    return answer.refused or ("" if answer.recorded else "store_away")


def _read(form: Mapping[str, str], id_: str, viewer: Viewer) -> Organisation:
    days = whole(typed(form, "days")) if typed(form, "days") else USUAL_DAYS
    return Organisation(
        id=id_,
        title=typed(form, "title"),
        kind=OrganisationKind(form["kind"]),
        area=form.get("area", "") or viewer.account.area,
        contact=typed(form, "contact"),
        phone=typed(form, "phone"),
        person=form.get("person", ""),
        days=days or 0,
        peer=form.get("peer", ""),
    )


@router.post("/organisations/{id_}/end")
async def end(request: Request, viewer: Keeper, id_: str) -> Response:
    """Nothing is sent there any more."""
    await checked_form(request, viewer.seed)
    account = viewer.account
    answer = await site_of(request).desk.submit(
        EndOrganisation(organisation=id_, by=account.login, within=account.area)
    )
    if answer.refused:
        return await _page(request, viewer, said=viewer.say.refusal(answer.refused))
    return RedirectResponse("/organisations", 303)
