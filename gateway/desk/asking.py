"""Questions of the screens to the store, which may be away: an answer in bounded time, or what is known without it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gateway.store.engine import StoreError

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

WITHIN_S = 3.0
MOST_STUCK = 2
"""So many threads may hang in a store that does not answer; then it is not asked again until one of them is free."""


class Asking:
    """Asks in threads, so that the event loop never waits for a disk."""

    def __init__(self) -> None:
        """No question hangs."""
        self._stuck = 0

    async def ask(self, otherwise: T, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The store's answer, or ``otherwise`` when it has none in time."""
        if self._stuck >= MOST_STUCK:
            return otherwise
        answer = asyncio.ensure_future(asyncio.to_thread(question, *args, **kwargs))
        done, _ = await asyncio.wait({answer}, timeout=WITHIN_S)
        if not done:
            self._stuck += 1
            answer.add_done_callback(self._free)
            log.warning("the store has not answered for %.0f s", WITHIN_S)
            return otherwise
        try:
            return answer.result()
        except StoreError as failure:
            log.warning("the store cannot be read: %s", failure)
            return otherwise

    def _free(self, answer: asyncio.Future[T]) -> None:
        self._stuck -= 1
        if not answer.cancelled():
            answer.exception()  # looked at, so that nobody complains
