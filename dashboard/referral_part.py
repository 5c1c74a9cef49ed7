"""What somebody may do about a referral, and who they are to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from alerting.care.referral import OPEN, Rating, ReferralResult, ReferralState
from alerting.casefile import Account, Household, covers
from alerting.duty.reach import RESPONDER
from dashboard.access import ALLOWED, Do
from dashboard.pages.parts import name_of_login
from dashboard.referral_words import ReferralWords
from dashboard.site import Site, Viewer
from gateway.care.referrals_asked import ReferralRow

UNDONE_WITHIN = timedelta(minutes=10)
FROM_HERE = ("incident", "visit", "assessment", "warning")
"""What a referral can begin with, before a colon and its number."""


def person_of(account: Account) -> str:
    """The person id under which somebody owns referrals and is told."""
    return f"{RESPONDER}{account.responder}" if account.responder else account.login


async def person_of_login(site: Site, login: str) -> str:
    """The same by login; empty where there is no such account."""
    account = await site.desk.account(login) if login else None
    return person_of(account) if account is not None else ""


def may_do(viewer: Viewer, row: ReferralRow, now: datetime) -> set[str]:
    """The steps that somebody may take now."""
    me = person_of(viewer.account)
    is_desk = viewer.may(Do.CARE) and viewer.sees(row.area)
    owns = row.owner == me or (is_desk and viewer.may(Do.KEEP_CASES))
    speaks_for_it = is_desk or me in {row.owner, row.person}
    steps = set[str]()
    if row.state in {ReferralState.SENT, ReferralState.ACCEPTED} and speaks_for_it:
        steps |= {"refuse", "answer"}
    if row.state is ReferralState.SENT and speaks_for_it:
        steps.add("accept")
    if row.state is ReferralState.SENT and owns:
        steps |= {"send_on", "take_back"}
    if row.state is ReferralState.REFUSED and owns:
        steps |= {"send_on", "answer"}
    if row.state is ReferralState.ANSWERED and (is_desk or row.owner == me):
        steps.add("rate")
    if row.state in {*OPEN, ReferralState.ANSWERED} and owns:
        steps.add("offer")
    if row.offered == me and row.state in {*OPEN, ReferralState.ANSWERED}:
        steps |= {"take_over", "decline"}
    last = row.last
    if last is not None and last.by == viewer.account.login and last.act != "undone" and now - last.at < UNDONE_WITHIN:
        steps.add("undo")
    return steps


async def referral_words(site: Site, viewer: Viewer, *lists: list[ReferralRow]) -> dict[str, Any]:
    """What templates need to show some."""
    rows = [row for some in lists for row in some]
    logins = {step.by for row in rows for step in row.steps} - {""}
    return {
        "referral": ReferralWords(viewer.say),
        "referral_names": {login: await name_of_login(site, login) for login in logins},
        "referral_steps_of": lambda row: may_do(viewer, row, site.desk.now()),
        "me": person_of(viewer.account),
        "ratings": list(Rating),
        "referral_results": list(ReferralResult),
    }


async def whom_to_ask(site: Site, home: Household) -> list[tuple[str, str]]:
    """(person id, name and office) of those who may own a referral of a home."""
    town = home.area.rpartition(".")[0]
    near = [it for it in await site.desk.responders() if covers(it.area, home.area) or covers(town, it.area)]
    every = [it for it in await site.desk.accounts() if not it.shut]
    desk = [it for it in every if Do.CARE in ALLOWED[it.role] and covers(it.area, home.area)]
    found = {f"{RESPONDER}{it.id}": f"{it.name} · {it.phone}" for it in near}
    found |= {person_of(it): it.name for it in desk if person_of(it) not in found}
    return sorted(found.items(), key=lambda it: it[1])
