"""Whose consoles are here: what of it is news, so that not every beat is written down."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime

from alerting.audit import Watch
from alerting.events import ConsolesHeard
from gateway.desk.contract import ConsoleSeen


class Attendance:
    """What the writer was told last. After a start it knows that nobody is here; so does this."""

    def __init__(self) -> None:
        """Nobody is here."""
        self._here: frozenset[str] = frozenset()
        self._attended: frozenset[str] = frozenset()
        self._watches: dict[str, Watch] = {}
        self._began: set[str] = set()

    def told(self, done: Future[None]) -> None:
        """The writer has been told; when it could not write it down, everybody is news again."""
        if done.cancelled() or done.exception() is not None:
            self._here = self._attended = frozenset()

    def news(self, seen: Sequence[ConsoleSeen], now: datetime) -> ConsolesHeard | None:
        """What has changed since the last time; None when nothing has.

        Args:
            seen: Everybody who is here, and those who have just gone.
            now: Service time, for who is not mentioned any more.
        """
        self._watch(seen, now)
        since = {console.login: console.since for console in seen}
        here = frozenset(console.login for console in seen if console.sockets)
        came, gone = here - self._here, self._here - here
        attended = frozenset(console.login for console in seen if console.attended) & here
        same = attended == self._attended
        self._here, self._attended = here, attended
        if not came and not gone and same:
            return None
        left = tuple((login, since.get(login, now)) for login in sorted(gone))
        return ConsolesHeard(came=tuple(sorted(came)), gone=left, attended=tuple(sorted(attended)))

    def watches(self) -> tuple[Watch, ...]:
        """Whose consoles are here, and since when one that was attended is without sound. From any thread."""
        return tuple(self._watches.values())

    def _watch(self, seen: Sequence[ConsoleSeen], now: datetime) -> None:
        here = {console.login: console for console in seen if console.sockets}
        self._began = {*self._began, *(it.login for it in here.values() if it.attended)} & here.keys()
        before = self._watches
        watches: dict[str, Watch] = {}
        for login, console in here.items():
            known = before.get(login)
            silent = login in self._began and not console.attended
            since = (known.silent_since if known is not None else None) or now
            watches[login] = Watch(login, console.sockets, since if silent else None)
        self._watches = watches
