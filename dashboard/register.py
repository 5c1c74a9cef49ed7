"""Whose consoles are here, and when those who are not any more were heard last."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Seen(msgspec.Struct):
    """Somebody's consoles: how many sockets, how many of them attended, and when one was heard last, seconds."""

    login: str
    heard_s: float
    sockets: int = 0
    attended: int = 0


class Register:
    """Remembers who was here, so that it can say when they were heard last. All times are real seconds.

    Args:
        silent_s: A console that has said nothing for so long is not here, whatever its socket says.
    """

    def __init__(self, silent_s: float) -> None:
        """Nobody has been seen."""
        self._silent_s = silent_s
        self._polled: dict[str, float] = {}
        self._attended: dict[str, float] = {}
        self._heard: dict[str, float] = {}

    def polled(self, login: str, now_s: float, *, attended: bool = False) -> None:
        """Somebody's console, whose socket cannot be had, has asked for a snapshot."""
        self._polled[login] = now_s
        if attended:  # of two tabs of one person the one that attends counts
            self._attended[login] = now_s

    def seen(self, heard: Iterable[tuple[str, float, bool]], now_s: float) -> list[Seen]:
        """Everybody who is here, and who has left since the last time this was asked.

        Args:
            heard: (login, when it last said something, attended) of each socket.
            now_s: Now.
        """
        seen = {login: Seen(login, at_s) for login, at_s in self._heard.items()}
        self._polled, self._attended = self._lately(self._polled, now_s), self._lately(self._attended, now_s)
        polled = [(login, at_s, login in self._attended) for login, at_s in self._polled.items()]
        for login, at_s, attended in (*heard, *polled):
            if now_s - at_s < self._silent_s:
                it = seen.setdefault(login, Seen(login, at_s))
                it.heard_s = max(it.heard_s, at_s)
                it.sockets += 1
                it.attended += attended
        self._heard = {login: it.heard_s for login, it in seen.items() if it.sockets}
        return list(seen.values())

    def _lately(self, heard: dict[str, float], now_s: float) -> dict[str, float]:
        """Of whom something was heard before they count as silent."""
        return {login: at_s for login, at_s in heard.items() if now_s - at_s < self._silent_s}
