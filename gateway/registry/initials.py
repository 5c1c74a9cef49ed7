"""Initials of names in pinyin, by which people search on a keyboard without Chinese."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from unicodedata import normalize

log = logging.getLogger(__name__)
MOST_READINGS = 8
"""So many ways of reading one name are kept."""


def initials(name: str) -> tuple[str, ...]:
    """First letters of each character's readings: ``zgl`` of 张桂兰; both of 曾: ``zxy`` and ``cxy``.

    Letters and digits stand for themselves; a character that has no reading is left out.
    """
    letters = [_letters().get(ord(c)) or (c.lower() if c.isascii() and c.isalnum() else "") for c in name]
    ways = product(*(it for it in letters if it))
    found = ("".join(way) for way, _ in zip(ways, range(MOST_READINGS), strict=False))
    return tuple(dict.fromkeys(it for it in found if it))


def ready() -> None:
    """Read the table now, so that the first home that is saved need not wait for it."""
    _letters()


@lru_cache(maxsize=1)
def _letters() -> dict[int, str]:
    """The first letters of every character's readings, commonest first.

    Of pypinyin its table of characters alone is read: the package itself would keep 55 MB of phrases in memory.
    """
    package = find_spec("pypinyin")
    if package is None or package.origin is None:  # a search that finds less stops no gateway
        log.error("pypinyin is not installed: homes are not found by initials")
        return {}
    spec = spec_from_file_location("pinyin_of_characters", Path(package.origin).with_name("pinyin_dict.py"))
    assert spec is not None
    assert spec.loader is not None
    table = module_from_spec(spec)
    spec.loader.exec_module(table)
    kept: dict[str, str] = {}
    found: dict[int, str] = {}
    for character, readings in table.pinyin_dict.items():
        firsts = "".join(dict.fromkeys(normalize("NFD", it)[0] for it in readings.split(",") if it))
        found[character] = kept.setdefault(firsts, firsts)
    return found
