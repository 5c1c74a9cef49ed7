"""Who may sign in: an administrator keeps the accounts of their own area."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Account, Role, covers
from alerting.enrolment.running import SaveAccount, SetPassword, ShutAccount
from dashboard.access import Do
from dashboard.account_words import ACTS, MEANINGS
from dashboard.form_fields import chosen, typed
from dashboard.means_form import NUMBERS, means_of
from dashboard.sign_in import hash_password, one_time_password
from dashboard.site import Site, Viewer, checked_form, needs, site_of
from gateway.desk.contract import Answer
from gateway.registry.registry_desk import Registration

router = APIRouter()

Keeper = Annotated[Viewer, Depends(needs(Do.ACCOUNTS))]

NEW = Account(login="", name="", role=Role.OPERATOR, password_hash="")

MOST = 300


class Change(msgspec.Struct, frozen=True):
    """One line of an account's history."""

    it: Registration
    before: Account | None
    after: Account


async def _page(
    request: Request,
    viewer: Viewer,
    *,
    text: str = "",
    change: str = "",
    refused: str = "",
    typed_in: Account = NEW,
) -> Response:
    site, own = site_of(request), viewer.account.area
    every = [it for it in await site.desk.accounts() if covers(own, it.area)]
    found = [it for it in every if text.lower() in f"{it.name} {it.login}".lower()]
    known = next((it for it in every if it.login == change), None)
    areas = await site.desk.areas()
    people = [it for it in await site.desk.responders() if covers(own, it.area)]
    return site.page(
        request,
        viewer,
        "accounts.html",
        status=409 if refused else 200,
        rows=sorted(found, key=lambda it: (it.shut, list(Role).index(it.role), it.login))[:MOST],
        found=len(found),
        text=text,
        known=known,
        typed_in=known if known is not None and not refused else typed_in,
        roles=MEANINGS,
        areas=[it for it in areas if covers(own, it.key)],
        area_names={it.key: it.name for it in areas},
        people=sorted(people, key=lambda it: (it.area, it.name)),
        people_names={it.id: it.name for it in people},
        numbers=NUMBERS,
        seen=site.signed_in_at,
        since=(await site.desk.health()).started_at,
        history=await _history(site, known.login) if known is not None else [],
        names={it.login: it.name for it in await site.desk.accounts()},
        acts=ACTS,
        refused=viewer.say.refusal(refused) if refused else "",
    )


async def _history(site: Site, login: str) -> list[Change]:
    def read(body: str) -> Account | None:
        return msgspec.json.decode(body, type=Account) if body else None

    rows = await site.desk.registrations("account", login)
    return [Change(it, read(it.before), read(it.after) or NEW) for it in rows]


@router.get("/accounts")
async def accounts(request: Request, viewer: Keeper, text: str = "", change: str = "") -> Response:
    """All of an area, and one of them to change."""
    return await _page(request, viewer, text=text.strip()[:40], change=change)


@router.post("/accounts/save")
async def save(request: Request, viewer: Keeper) -> Response:
    """A new one, whose password is shown this once, or one that is changed."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    before = await site.desk.account(typed(form, "change")) if typed(form, "change") else None
    if typed(form, "change") and before is None:
        raise HTTPException(404)
    account = _read(form, before, viewer)
    password = "" if before is not None else one_time_password()
    if password:
        account = msgspec.structs.replace(account, password_hash=await run_in_threadpool(hash_password, password))
    command = SaveAccount(account=account, is_new=bool(password), by=viewer.account.login, note=typed(form, "note"))
    if refused := _not_done(await site.desk.submit(command)):
        return await _page(request, viewer, refused=refused, typed_in=account, change=typed(form, "change"))
    await site.hub.check_accounts()
    if password:
        return _shown_once(request, viewer, account, password)
    return RedirectResponse("/accounts", 303)


def _not_done(answer: Answer) -> str:
    return answer.refused or ("" if answer.recorded else "store_away")


def _shown_once(request: Request, viewer: Viewer, account: Account, password: str) -> Response:
    return site_of(request).page(request, viewer, "account_made.html", made=account, password=password)


def _read(form: FormData, before: Account | None, viewer: Viewer) -> Account:
    phone = typed(form, "phone")
    means = means_of(before.means if before is not None else None, phone, chosen(form, "verified"))
    role = typed(form, "role")
    return msgspec.structs.replace(
        before or NEW,
        login=before.login if before is not None else typed(form, "login").lower(),
        name=typed(form, "name"),
        role=Role(role) if role in set(Role) else Role.OPERATOR,
        area=typed(form, "area") or viewer.account.area,
        responder=typed(form, "responder"),
        language=typed(form, "language"),
        means=means if phone else (),
    )


@router.post("/accounts/{login}/password")
async def new_password(request: Request, viewer: Keeper, login: str) -> Response:
    """A one-time password for somebody who has forgotten theirs, or whose account was shut."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    if login == viewer.account.login:
        return RedirectResponse("/password", 303)
    password = one_time_password()
    hashed = await run_in_threadpool(hash_password, password)
    command = SetPassword(login=login, password_hash=hashed, by=viewer.account.login, note=typed(form, "note"))
    if refused := _not_done(await site.desk.submit(command)):
        return await _page(request, viewer, refused=refused)
    await site.hub.check_accounts()
    account = await site.desk.account(login) or NEW
    return _shown_once(request, viewer, account, password)


@router.post("/accounts/{login}/shut")
async def shut(request: Request, viewer: Keeper, login: str) -> Response:
    """Nobody signs in with it any more, and whoever is signed in is no longer."""
    site = site_of(request)
    form = await checked_form(request, viewer.seed)
    command = ShutAccount(login=login, by=viewer.account.login, note=typed(form, "note"))
    if refused := _not_done(await site.desk.submit(command)):
        return await _page(request, viewer, refused=refused)
    await site.hub.check_accounts()
    return RedirectResponse("/accounts", 303)
