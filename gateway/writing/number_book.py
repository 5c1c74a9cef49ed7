"""In which case files a telephone number may stand: for a call that comes in. A few bytes a number."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from alerting.casefile import Household
from gateway.paging.numbers import FULL_WIDTH

TAIL = 7
"""By its last digits a number is found: in front of them everybody writes it another way."""
PLACE_BITS = 32
FEW = 50
"""So many numbers are put where they belong one by one; more of them are sorted with all others."""


class NumberBook:
    """Homes by the ends of the numbers in their case files.

    What it finds has to be looked at: the number may be another one, or gone. Read from any thread.
    """

    def __init__(self) -> None:
        """No number is noted."""
        self._homes: list[str] = []
        self._noted = array("Q")  # the number's end, and the place in ``_homes``; in order

    def passing(self, homes: Iterable[Household]) -> Iterator[Household]:
        """Note case files while they pass by; found once all of them have. From one thread."""
        fresh = array("Q")
        for home in homes:
            place = len(self._homes)
            self._homes.append(home.key)
            phones = [*(it.phone for it in home.residents), *(it.phone for it in home.contacts)]
            fresh.extend(end << PLACE_BITS | place for end in {*map(_end, phones)} if end is not None)
            yield home
        if len(fresh) > FEW:
            self._noted = array("Q", sorted(self._noted + fresh))
        elif fresh:
            noted = self._noted[:]  # whoever looks meanwhile sees either all of it or nothing
            for it in fresh:
                insort(noted, it)
            self._noted = noted

    def note(self, homes: Iterable[Household]) -> None:
        """Case files have come, or have changed. From one thread."""
        for _ in self.passing(homes):
            pass

    def homes_of(self, number: str) -> list[str]:
        """Case numbers of the homes in which somebody may have this number, each once."""
        end, noted = _end(number), self._noted
        if end is None:
            return []
        first, beyond = (bisect_left(noted, it << PLACE_BITS) for it in (end, end + 1))
        places = (it & (1 << PLACE_BITS) - 1 for it in noted[first:beyond])
        return list(dict.fromkeys(self._homes[place] for place in places))


def _end(number: str) -> int | None:
    plain = number if number.isascii() and number.isdigit() else re.sub(r"\D", "", number[:64].translate(FULL_WIDTH))
    return int(plain[-TAIL:]) if plain else None
