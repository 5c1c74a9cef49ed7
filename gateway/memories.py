"""The memories of households: of homes that are listened to as objects, of all others folded away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from itertools import chain

from alerting.homes.state import HouseholdState, Memory
from alerting.silence.rhythm import Rhythm
from gateway.cabinet import Cabinet

NO_RHYTHM = Rhythm()


class Memories(MutableMapping[str, Memory]):
    """Memories by household, as a dictionary has them. Changed by one thread, looked up from any.

    Args:
        memories: By household, to begin with.
    """

    def __init__(self, memories: Iterable[tuple[str, Memory]] = ()) -> None:
        """Keep each where it belongs."""
        self._listened: dict[str, Memory] = {}
        self._folded = Cabinet(HouseholdState)
        for key, memory in memories:
            self[key] = memory

    def listened(self) -> list[Memory]:
        """Of the homes that have devices, or an incident: all that can be running is among them."""
        return [*self._listened.values()]

    def __getitem__(self, key: str) -> Memory:
        """The memory of a household; what is looked up while it moves is found too."""
        found = self._listened.get(key)
        if found is None and (hot := self._folded.get(key)) is not None:
            return Memory(hot)
        return found or self._listened[key]

    def __setitem__(self, key: str, memory: Memory) -> None:
        """It remembers this from now on."""
        hot = memory.hot
        if hot.devices or hot.open is not None or memory.rhythm != NO_RHYTHM:
            self._listened[key] = memory
            self._folded.pop(key, None)
        else:
            self._folded[key] = hot
            self._listened.pop(key, None)

    def __delitem__(self, key: str) -> None:
        """It remembers nothing."""
        kept: MutableMapping[str, Memory] | Cabinet[HouseholdState]
        kept = self._listened if key in self._listened else self._folded
        del kept[key]

    def __contains__(self, key: object) -> bool:
        """Whether it remembers anything; nothing is unfolded."""
        return key in self._listened or key in self._folded or key in self._listened

    def __iter__(self) -> Iterator[str]:
        """The households; a list of them first, where they are changed meanwhile."""
        return chain(self._listened, self._folded)

    def __len__(self) -> int:
        """How many."""
        return len(self._listened) + len(self._folded)
