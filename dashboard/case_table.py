"""Case files as a table: the template of a list, and what is given out. What is given out can be read in again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from alerting.casefile import OFFICES, Area, Contact, Household, Resident, Responder
from alerting.intake.columns import COLUMNS, CONTACTS, RESIDENTS, Column
from alerting.keeping.consent import ConsentFor
from alerting.model import RiskTier
from dashboard.case_form import hidden

TIERS = {
    RiskTier.URGENT: "紧急干预",
    RiskTier.COVERED: "纳入兜底",
    RiskTier.CARE: "需要关爱",
    RiskTier.WATCH: "持续关注",
}
NEEDED = frozenset(n for n, column in enumerate(COLUMNS) if column.needed)


def template() -> list[list[str]]:
    """The headings of a list of homes, and one invented home."""
    return [[column.words[0] for column in COLUMNS], [column.example for column in COLUMNS]]


def table_of(
    homes: Sequence[Household],
    areas: Mapping[str, Area],
    responders: Mapping[str, Responder],
    id_of: Callable[[str], str] = hidden,
) -> list[list[str]]:
    """Headings, and a row for each home. More residents and contacts than a list takes have columns of their own.

    ``id_of`` is what stands in the list of a sealed number of an identity card.
    """
    residents = max([RESIDENTS, *(len(home.residents) for home in homes)])
    contacts = max([CONTACTS, *(len(home.contacts) for home in homes)])
    columns = [*COLUMNS, *_more(residents, contacts)]
    rows = [[column.words[0] for column in columns]]
    for home in homes:
        cells = dict(_cells(home, areas, responders)) | dict(_papers(home, id_of))
        rows.append([cells.get(column.field, "") for column in columns])
    return rows


def _more(residents: int, contacts: int) -> Iterator[Column]:
    """Columns like those of the last resident and contact of a list, with higher numbers."""
    for kind, least, most in (("residents", RESIDENTS, residents), ("contacts", CONTACTS, contacts)):
        last = [it for it in COLUMNS if it.field.startswith(f"{kind}.{least}.")]
        for n in range(least + 1, most + 1):
            for it in last:
                field = it.field.replace(f".{least}.", f".{n}.")
                yield Column(field, (it.words[0].replace(str(least), str(n)),))


def _cells(
    home: Household, areas: Mapping[str, Area], responders: Mapping[str, Responder]
) -> Iterator[tuple[str, str]]:
    village = areas.get(home.area)
    town = areas.get(village.parent) if village is not None else None
    yield "key", home.key
    yield "area", home.area
    yield "town", town.name if town is not None else ""
    yield "village", village.name if village is not None else ""
    yield "lat", f"{home.place.lat:.6f}"
    yield "lon", f"{home.place.lon:.6f}"
    yield "datum", "WGS-84"  # as it is kept, whatever its source was
    yield "tier", TIERS[home.tier]
    for name in ("address", "categories", "grid_cell", "access", "key_safe", "forced_entry", "risks", "pets"):
        yield name, _said(getattr(home, name))
    for name in OFFICES:
        id_ = getattr(home, name)
        yield name, id_ if id_ in responders else ""
    people: list[tuple[str, Sequence[Resident | Contact]]] = [
        ("residents", home.residents),
        ("contacts", home.contacts),
    ]
    for kind, persons in people:
        for n, someone in enumerate(persons, 1):
            for name in someone.__struct_fields__:
                yield f"{kind}.{n}.{name}", _said(getattr(someone, name))


def _papers(home: Household, id_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Care plan, numbers of identity cards, and the latest consent that holds."""
    yield "care_plan", home.care_plan
    yield "care_plan_review", _said(home.care_plan_review)
    for n, someone in enumerate(home.residents, 1):
        yield f"residents.{n}.id_number", id_of(someone.sealed_id)
    holds = [it for it in home.consents if it.withdrawn_on is None]
    if holds:
        paper = max(holds, key=lambda it: it.on)
        yield "consent.who", paper.who
        yield "consent.on", _said(paper.on)
        yield from ((f"consent.{it.value}", _said(it in paper.purposes)) for it in ConsentFor)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
