"""One's own password: whoever is signed in changes it, and must where somebody else has given it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from alerting.casefile import Account
from alerting.enrolment.running import SetPassword
from dashboard.access import FIRST_PAGE
from dashboard.pages.signing import LONGEST, stay_signed_in
from dashboard.sign_in import hash_password
from dashboard.site import OWN_PASSWORD, Site, Viewer, checked_form, site_of, viewer_of

router = APIRouter()

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
FEWEST_CHARACTERS = 4

SignedIn = Annotated[Viewer, Depends(viewer_of)]


def _page(request: Request, viewer: Viewer, refused: str = "") -> Response:
    said = viewer.say.refusal(refused) if refused else ""
    return site_of(request).page(
        request,
        viewer,
        "password.html",
        status=409 if refused else 200,
        refused=said,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )


@router.get(OWN_PASSWORD)
async def ask(request: Request, viewer: SignedIn) -> Response:
    """The form."""
    return _page(request, viewer)


@router.post(OWN_PASSWORD)
async def change(request: Request, viewer: SignedIn) -> Response:
    """The new one counts at once: everybody else who is signed in with the former is no longer."""
    site, account = site_of(request), viewer.account
    form = await checked_form(request, viewer.seed)
    present, new, again = (str(form.get(name, ""))[:LONGEST] for name in ("present", "new", "again"))
    refused = (
        flaw(account, present, new, again)
        or await _not_known(site, account, present)
        or await _set(site, account.login, new)
    )
    if refused:
        return _page(request, viewer, refused)
    changed = await site.desk.account(account.login) or account
    answer = RedirectResponse(FIRST_PAGE[account.role], 303)
    stay_signed_in(site, answer, changed)
    return answer


def flaw(account: Account, present: str, new: str, again: str) -> str:
    """Why this cannot be somebody's new password; empty when it can."""
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return "short_password"
    if new.lower() in {account.login, account.name.lower()} or len(set(new)) < FEWEST_CHARACTERS:
        return "weak_password"
    if new == present:
        return "same_password"
    return "" if new == again else "password_twice"


async def _not_known(site: Site, account: Account, present: str) -> str:
    """Why the present password is not theirs, with the same limit on guesses as at the door."""
    if site.wrong_passwords.must_wait(account.login, site.desk.now()):
        return "wait_password"
    site.wrong_passwords.count(account.login, site.desk.now())
    if not await site.passwords.match(account.password_hash, present):
        return "wrong_password"
    site.wrong_passwords.forgive(account.login)
    return ""


async def _set(site: Site, login: str, new: str) -> str:
    hashed = await run_in_threadpool(hash_password, new)
    answer = await site.desk.submit(SetPassword(login=login, password_hash=hashed, by=login))
    if answer.refused or not answer.recorded:
        return answer.refused or "store_away"
    await site.hub.check_accounts()
    return ""
