"""Other systems: whose keys open ``/api/v1``, and where news is pushed to. For administrators, in their own area."""

from __future__ import annotations

import hashlib
import secrets
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from alerting.casefile import covers
from alerting.enrolment.commands import EndTarget, RevokePeer, SavePeer, SaveTarget, SkipEvent
from alerting.enrolment.peering import is_pushable
from alerting.peers import Peer, Target
from dashboard.access import Do
from dashboard.api.callers import hash_of, new_key
from dashboard.exchange_words import NEWS, news, why_not
from dashboard.pages.parts import name_of_login
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.registry.registry_desk import Registration

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.EXCHANGE))]

SECRET_BYTES = 32


async def _page(request: Request, viewer: Viewer, **more: Any) -> Response:
    site, area = site_of(request), viewer.account.area
    mine = [it for it in await site.desk.parties() if covers(area, it.area)]
    peers = [it for it in mine if isinstance(it, Peer)]
    targets = [it for it in mine if isinstance(it, Target) and not it.ended]
    areas = [it for it in await site.desk.areas() if covers(area, it.key)]
    every: list[Peer | Target] = [*peers, *targets]
    made = {it.id: await _made(site, it) for it in every}
    names = {it.by: await name_of_login(site, it.by) for it in made.values() if it is not None}
    values: dict[str, Any] = {
        "peers": sorted(peers, key=lambda it: it.revoked),
        "targets": targets,
        "states": await site.desk.pushes(),
        "areas": areas,
        "area_names": {it.key: it.name for it in areas},
        "kinds": list(NEWS),
        "made": made,
        "names": names,
        "why_not": partial(why_not, viewer.say),
        "news": partial(news, viewer.say),
        "refused": "",
        "fresh": None,
        "tried": None,
    }
    status = 409 if more.get("refused") else 200
    return site.page(request, viewer, "exchange.html", status=status, **(values | more))


async def _made(site: Site, it: Peer | Target) -> Registration | None:
    kind = "peer" if isinstance(it, Peer) else "target"
    rows = await site.desk.registrations(kind, it.id)
    return rows[-1] if rows else None


Asked = SavePeer | RevokePeer | SaveTarget | EndTarget | SkipEvent


async def _asked(request: Request, viewer: Viewer, command: Asked) -> str:
    """Have it carried out; returns why it was not, in words."""
    answer = await site_of(request).desk.submit(command)
    refused = answer.refused or ("" if answer.recorded else "store_away")
    return viewer.say.refusal(refused) if refused else ""


async def _done(request: Request, viewer: Viewer, command: Asked) -> Response:
    refused = await _asked(request, viewer, command)
    return await _page(request, viewer, refused=refused) if refused else RedirectResponse("/exchange", 303)


def _id(form_key: str) -> str:
    """The same form sent twice makes one."""
    return hashlib.sha256(form_key.encode()).hexdigest()[:10]


@router.get("/exchange")
async def exchange(request: Request, viewer: Keeper) -> Response:
    """Who they are, and how far each target has got."""
    return await _page(request, viewer)


@router.post("/exchange/peers")
async def add_peer(request: Request, viewer: Keeper) -> Response:
    """A key for another system, shown on the answer and never again; of a grid platform also what signs its jobs."""
    form = {name: str(value) for name, value in (await checked_form(request, viewer.seed)).items()}
    id_ = _id(form.get("once", ""))
    key, site = new_key(id_), site_of(request)
    takes_jobs, url = form.get("rights") == "jobs", form.get("url", "").strip()
    if takes_jobs and is_pushable(url) and not site.desk.may_push(url):
        return await _page(request, viewer, refused=viewer.say.refusal("open_url"))
    secret = secrets.token_hex(SECRET_BYTES) if takes_jobs else ""
    peer = Peer(
        id=id_,
        title=form.get("title", "").strip(),
        area=form.get("area", "") or viewer.account.area,
        may_write=form.get("rights") == "write",
        takes_jobs=takes_jobs,
        jobs_url=url if takes_jobs else "",
        sealed_secret=await site.desk.sealed(secret) if takes_jobs else "",
        key_hash=hash_of(key),
    )
    refused = await _asked(request, viewer, SavePeer(peer=peer, by=viewer.account.login, within=viewer.account.area))
    shown = (peer, key, secret) if takes_jobs else (peer, key)
    return await _page(request, viewer, refused=refused, fresh=None if refused else shown)


@router.post("/exchange/peers/{id_}/revoke")
async def revoke(request: Request, viewer: Keeper, id_: str) -> Response:
    """Its key opens nothing any more."""
    await checked_form(request, viewer.seed)
    return await _done(request, viewer, RevokePeer(peer=id_, by=viewer.account.login, within=viewer.account.area))


@router.post("/exchange/targets")
async def add_target(request: Request, viewer: Keeper) -> Response:
    """Push news there from now on; the secret that signs it is shown on the answer, and never again."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    url, kinds = str(form.get("url", "")).strip(), [str(it) for it in form.getlist("kinds")]
    after = await site.desk.news_head()
    if after is None:
        return await _page(request, viewer, refused=viewer.say.refusal("store_away"))
    if not site.desk.may_push(url):
        return await _page(request, viewer, refused=viewer.say.refusal("open_url"))
    secret = secrets.token_hex(SECRET_BYTES)
    target = Target(
        id=_id(str(form.get("once", ""))),
        title=str(form.get("title", "")).strip(),
        url=url,
        area=str(form.get("area", "")) or viewer.account.area,
        kinds=tuple(it for it in NEWS if it in kinds),
        sealed_secret=await site.desk.sealed(secret),
        after=after,
    )
    refused = await _asked(
        request, viewer, SaveTarget(target=target, by=viewer.account.login, within=viewer.account.area)
    )
    return await _page(request, viewer, refused=refused, fresh=None if refused else (target, secret))


@router.post("/exchange/targets/{id_}/try")
async def try_target(request: Request, viewer: Keeper, id_: str) -> Response:
    """Push a trial event now, and say what came of it."""
    await checked_form(request, viewer.seed)
    site = site_of(request)
    target = await site.desk.party(id_)
    is_told = isinstance(target, Target) or (isinstance(target, Peer) and target.takes_jobs)
    if not isinstance(target, Target | Peer) or not is_told or not covers(viewer.account.area, target.area):
        return await _page(request, viewer, refused=viewer.say.refusal("no_target"))
    return await _page(request, viewer, tried=(target, await site.desk.try_target(id_)))


@router.post("/exchange/targets/{id_}/skip")
async def skip(request: Request, viewer: Keeper, id_: str) -> Response:
    """The event that it does not take is not pushed any more."""
    form = await checked_form(request, viewer.seed)
    account, event = viewer.account, str(form.get("event", ""))[:100]
    return await _done(request, viewer, SkipEvent(target=id_, event=event, by=account.login, within=account.area))


@router.post("/exchange/targets/{id_}/end")
async def end(request: Request, viewer: Keeper, id_: str) -> Response:
    """Nothing is pushed there any more."""
    await checked_form(request, viewer.seed)
    return await _done(request, viewer, EndTarget(target=id_, by=viewer.account.login, within=viewer.account.area))
