"""A cabinet: values that are many and seldom looked at, each kept folded to its bytes, and unfolded for whoever asks.

As objects a case file takes four times the memory, and the collector of garbage walks through all of them again and
again while presses wait. What is asked of it is a copy, equal to what was put in; unfolding takes some microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import TypeVar

import msgspec

V = TypeVar("V", bound=msgspec.Struct)


class Cabinet(MutableMapping[str, V]):
    """Values by key, as a dictionary has them.

    Args:
        kind: Their type.
        values: By key, to begin with.
    """

    def __init__(self, kind: type[V], values: Iterable[tuple[str, V]] = ()) -> None:
        """Fold them."""
        self._kind = kind
        self._fold = msgspec.msgpack.Encoder().encode
        self._unfold = msgspec.msgpack.Decoder(kind).decode
        self._kept: dict[str, bytes] = {key: self._fold(value) for key, value in values}

    def copy(self) -> Cabinet[V]:
        """Another with the same in it."""
        other: Cabinet[V] = Cabinet(self._kind)
        other._kept = self._kept.copy()
        return other

    def naming(self, text: str) -> Iterator[V]:
        """The values that have a text in one of their fields, as it is written there; costs no look at the others."""
        wanted = text.encode()
        return (self._unfold(body) for body in [*self._kept.values()] if wanted in body)

    def __getitem__(self, key: str) -> V:
        """A copy of a value."""
        return self._unfold(self._kept[key])

    def __setitem__(self, key: str, value: V) -> None:
        """Keep a value as it is now."""
        self._kept[key] = self._fold(value)

    def __delitem__(self, key: str) -> None:
        """Keep it no longer."""
        del self._kept[key]

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key; nothing is unfolded."""
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order in which they came."""
        return iter(self._kept)

    def __len__(self) -> int:
        """How many."""
        return len(self._kept)
