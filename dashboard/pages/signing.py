"""Signing in and out, and the switches for language and colours."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Account
from dashboard.access import FIRST_PAGE
from dashboard.headers import DARK_WHEN
from dashboard.i18n import LANGUAGES
from dashboard.site import (
    LANGUAGE_COOKIE,
    LOOK_COOKIE,
    SIGN_IN_COOKIE,
    VISITOR_COOKIE,
    YEAR_S,
    Site,
    checked_form,
    site_of,
)

router = APIRouter()

LONGEST = 1024


def own_path(path: str) -> str:
    """The path if it leads to one of our own pages, else ``/``: nobody is sent elsewhere."""
    is_own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if is_own else "/"


@router.get("/sign-in")
async def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 - the word in the address
    """The sign-in page."""
    site = site_of(request)
    return site.visitor_page(
        request, "sign_in.html", next=own_path(next), wrong="", login="", demo_accounts=site.settings.demo_accounts
    )


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Check the password; sign in, or say what is wrong without saying which part."""
    site = site_of(request)
    form = await checked_form(request, request.cookies.get(VISITOR_COOKIE, ""))
    login, password = str(form.get("login", ""))[:LONGEST].strip(), str(form.get("password", ""))[:LONGEST]
    target, now = own_path(str(form.get("next", "/"))), site.desk.now()
    account, wrong = None, "wait"
    if not site.wrong_passwords.must_wait(login, now):
        site.wrong_passwords.count(login, now)
        account, wrong = await site.desk.account(login), "password"
        if not await site.passwords.match(account.password_hash if account else None, password):
            account = None
    if account is None:
        return site.visitor_page(
            request,
            "sign_in.html",
            status=429 if wrong == "wait" else 401,
            next=target,
            wrong=wrong,
            login=login,
            demo_accounts=site.settings.demo_accounts,
        )
    site.wrong_passwords.forgive(login)
    answer = RedirectResponse(target if target != "/" else FIRST_PAGE[account.role], 303)
    stay_signed_in(site, answer, account)
    return answer


def stay_signed_in(site: Site, answer: Response, account: Account) -> None:
    """The browser that gets this answer is signed in from now on."""
    now = site.desk.now()
    site.signed_in_at[account.login] = now
    cookie = site.tokens.write(account.login, account.password_hash, now)
    site.set_cookie(answer, SIGN_IN_COOKIE, cookie, round(site.settings.sign_in_h * 3600))


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Forget who was signed in."""
    await checked_form(request, request.cookies.get(SIGN_IN_COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(SIGN_IN_COOKIE, path="/")
    return answer


async def _switched(request: Request) -> FormData:
    """The form of a switch. On a page behind a link it is a visitor's, also where somebody is signed in."""
    viewer, visitor = await site_of(request).viewer(request), request.cookies.get(VISITOR_COOKIE, "")
    try:
        return await checked_form(request, viewer.seed if viewer else visitor)
    except HTTPException:
        if viewer is None:
            raise
        return await checked_form(request, visitor)


@router.post("/language")
async def choose_language(request: Request) -> Response:
    """Remember the language in a cookie and go back to the page."""
    site, form = site_of(request), await _switched(request)
    code = str(form.get("language", ""))
    if code not in LANGUAGES:
        raise HTTPException(400)
    answer = RedirectResponse(own_path(str(form.get("back", "/"))), 303)
    site.set_cookie(answer, LANGUAGE_COOKIE, code, YEAR_S)
    return answer


@router.post("/look")
async def choose_look(request: Request) -> Response:
    """Remember light or dark, or neither, in a cookie and go back to the page."""
    site, form = site_of(request), await _switched(request)
    look = str(form.get("look", ""))
    if look not in DARK_WHEN:
        raise HTTPException(400)
    answer = RedirectResponse(own_path(str(form.get("back", "/"))), 303)
    site.set_cookie(answer, LOOK_COOKIE, look, YEAR_S)
    return answer
