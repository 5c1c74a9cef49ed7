"""Organisations and referrals, for tests that need some."""

from __future__ import annotations

from typing import Any

from centre import Centre

from alerting.care.duty import care_key
from alerting.care.referral_commands import SendReferral
from alerting.casefile import Household, Responder
from alerting.duty.reach import RESPONDER
from alerting.enrolment.commands import SaveOrganisation
from alerting.organisations import Organisation, OrganisationKind
from gateway.care.referrals_asked import ReferralRow
from nuanhu.town.homes import Home

INSURANCE = Organisation(
    id="yibao", title="区医保局", kind=OrganisationKind.INSURANCE, contact="钱科长", phone="19900000777", days=5
)


def person_of(responder: Responder) -> str:
    """Their person id."""
    return f"{RESPONDER}{responder.id}"


def stranger_to(centre: Centre, home: Household) -> Responder:
    """A responder who can be told, and has nothing to do with this home."""
    near = {home.village_responder, home.village_deputy, home.town_responder, home.town_deputy}
    judge = centre.gateway.judge
    return next(
        it
        for it in centre.gateway.directory.responders.values()
        if it.id not in near and judge.policy.editions.can_reach(person_of(it))
    )


async def organised(centre: Centre, **more: Any) -> Organisation:
    """An organisation is registered."""
    fields = {name: getattr(INSURANCE, name) for name in INSURANCE.__struct_fields__} | more
    org = Organisation(**fields)
    assert (await centre.ask(SaveOrganisation(organisation=org, by="zhao"))).done
    return org


async def sent(centre: Centre, home: Home, org: Organisation, owner: str, **more: Any) -> int:
    """A need of a household is sent to an organisation; its number."""
    fields = {"days": org.days, "person": org.person, "text": "住院自付部分请协助报销", "by": "li", "me": owner} | more
    command = SendReferral(key=care_key(home.household), org=org.id, owner=owner, **fields)
    answer = await centre.ask(command)
    assert answer.done, answer.refused
    return int(answer.made)


async def referral(centre: Centre, home: Home, number: int = 1) -> ReferralRow:
    """One of them, as it stands."""
    row = await centre.gateway.desk.referral(home.household, number)
    assert row is not None
    return row
