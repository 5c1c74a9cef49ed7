"""The invented homes as they were assessed last: what of a resident is known makes the criteria, not dice."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from alerting.assessment.due import EVERY_DAYS, next_due
from alerting.assessment.record import Assessment
from alerting.assessment.score import library_of, proposed
from alerting.casefile import Household, Registry
from alerting.keeping.consent import Consent, ConsentFor

REGISTRAR = "zhuguan"
WHY = "街道集体研判认定"
NEVER_ONE_IN = 40
PLANS = (
    "",
    "每周上门一次、电话一次；代取慢性病药品；雨雪天提前送菜。",
    "每周上门一次、电话一次；协助洗浴；每月量血压并记录。",
    "每周上门一次、电话一次；申请适老化改造，卫生间加装扶手。",
)


def with_assessments(registry: Registry, today: date) -> Registry:
    """The registry with the last assessment, care plan and consent of nearly every home; some are due again by now."""
    homes = tuple(_assessed(home, today) for home in registry.households)
    return msgspec.structs.replace(registry, households=homes)


def _assessed(home: Household, today: date) -> Household:
    number = zlib.crc32(home.key.encode())
    if number % NEVER_ONE_IN == 0:
        return home
    on = today - timedelta(days=number % int(EVERY_DAYS[home.tier] * 1.04))
    met = tuple(_met(home))
    points = proposed(met)
    done = Assessment(
        on=on,
        by=REGISTRAR,
        met=met,
        points=points.points,
        proposed=points.tier,
        tier=home.tier,
        library=library_of(points.points, home.tier),
        why=WHY if points.tier is not home.tier else "",
        due=next_due(on, home.tier),
    )
    plan = PLANS[number % len(PLANS)]
    review = done.due if plan else None
    signed = Consent(who=home.residents[0].name, on=on, purposes=tuple(ConsentFor))
    return msgspec.structs.replace(home, assessment=done, care_plan=plan, care_plan_review=review, consents=(signed,))


def _met(home: Household) -> Iterator[str]:
    first = home.residents[0]
    if first.mobility == "卧床为主":
        yield "bedridden"
    elif first.mobility in {"轮椅", "助行器"}:
        yield "needs_help"
    if len(first.health) > 1:
        yield "chronic"
    if any("重残" in it or "残疾" in it for it in (*home.categories, *(w for r in home.residents for w in r.health))):
        yield "severe_disability"
    if "特困" in home.categories:
        yield "no_income"
    elif "低保" in home.categories:
        yield "aid_only"
    if len(home.residents) == 1:
        yield "lives_alone"
    if not home.contacts:
        yield "no_visits"
