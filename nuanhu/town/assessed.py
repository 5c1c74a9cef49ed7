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

REGISTRAR = "zhuguan"
WHY = "街道集体研判认定"
NEVER_ONE_IN = 40


def with_assessments(registry: Registry, today: date) -> Registry:
    """The registry with the last assessment of nearly every home; of some the next one is due by now."""
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
    return msgspec.structs.replace(home, assessment=done)


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
