"""The opened continuity pack as one page that needs nothing else: for a laptop without network, and for the printer."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from alerting.casefile import Area, AreaLevel, Household, Responder
from dashboard.i18n import load_languages
from dashboard.site import drawer_for
from dashboard.speech import Speech
from dashboard.times import LocalTime
from gateway.desk.contract import QueueRow
from gateway.fallback.continuity import Pack


class HomeCard(msgspec.Struct, frozen=True):
    """One home as it is printed. ``row`` is its open incident, ``sent`` who may be sent, nearest first."""

    home: Household
    row: QueueRow | None
    sent: tuple[Responder, ...]


class Part(msgspec.Struct, frozen=True):
    """The homes of one village, in the order of their case numbers."""

    anchor: str
    town: str
    village: str
    homes: tuple[HomeCard, ...]


def continuity_page(pack: Pack, language: str) -> str:
    """The page as HTML: first what is open, then every home by town and village.

    Args:
        pack: What was in the file.
        language: ``zh_CN`` or ``en``.
    """
    speech = Speech(load_languages()[language], LocalTime(pack.utc_offset_h))
    parts = _parts(pack)
    cards = {card.home.key: card for part in parts for card in part.homes}
    opened = [(row, cards.get(row.household)) for row in pack.rows]
    template = drawer_for(speech).get_template("continuity.html")
    return template.render(pack=pack, parts=parts, opened=opened, year=pack.written_at.year)


def _parts(pack: Pack) -> list[Part]:
    areas = {area.key: area for area in pack.areas}
    people = {person.id: person for person in pack.responders}
    rows = {row.household: row for row in pack.rows}
    homes = sorted(pack.households, key=lambda home: (home.area, home.key))
    by_area: dict[str, list[HomeCard]] = {}
    for home in homes:
        by_area.setdefault(home.area, []).append(HomeCard(home, rows.get(home.key), _sent(home, people)))
    return [
        Part(f"area-{n}", *_names(key, areas), homes=tuple(cards)) for n, (key, cards) in enumerate(by_area.items(), 1)
    ]


def _names(key: str, areas: dict[str, Area]) -> tuple[str, str]:
    """Town and village of an area; its key where it is not known."""
    levels: dict[AreaLevel, str] = {}
    area = areas.get(key)
    while area is not None:
        levels[area.level] = area.name
        area = areas.get(area.parent)
    return levels.get(AreaLevel.TOWN, ""), levels.get(AreaLevel.VILLAGE, key if not levels else "")


def _sent(home: Household, people: dict[str, Responder]) -> tuple[Responder, ...]:
    """The home's two responsible persons, then those who answer for its village."""
    own: Iterable[str] = (home.village_responder, home.town_responder)
    named = [people[id_] for id_ in own if id_ in people]
    near = [person for person in people.values() if person.area == home.area and person not in named]
    return (*named, *sorted(near, key=lambda person: person.id))
