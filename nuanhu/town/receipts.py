"""A device of our own protocol says an event again and again, in real time, until the gateway's receipt comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nuanhu.town.devices.voice import Outgoing

FIRST_S, LONGEST_S = 2.0, 60.0
REMEMBERED = 32
"""A hub's memory for events that are no calls for help; those it never forgets."""


class Repeater:
    """The events of one hub that wait for their receipt.

    Args:
        say: Publishes a message (again).
        can_say: Whether there is a connection and the message does not wait for it: while it still stands in the
            queue, repeating would only add to it. No event waits for another.
        repeated: Told of each repeat.
        dropped: Told of each event given up because the memory is full.
    """

    def __init__(
        self,
        say: Callable[[Outgoing], None],
        can_say: Callable[[Outgoing], bool],
        repeated: Callable[[Outgoing], None],
        dropped: Callable[[Outgoing], None],
    ) -> None:
        """Nothing waits yet."""
        self._say = say
        self._can_say = can_say
        self._repeated = repeated
        self._dropped = dropped
        self._waiting: dict[tuple[str, str], tuple[Outgoing, asyncio.TimerHandle]] = {}

    def __len__(self) -> int:
        """How many events wait."""
        return len(self._waiting)

    def expect(self, inner: str, message: Outgoing) -> None:
        """The event was said for the first time just now."""
        if len(self._waiting) >= REMEMBERED:
            oldest = next((name for name, (waiting, _) in self._waiting.items() if not waiting.urgent), None)
            if oldest is not None:
                given_up, timer = self._waiting.pop(oldest)
                timer.cancel()
                self._dropped(given_up)
        self._arm((inner, message.event_id), message, FIRST_S)

    def received(self, inner: str, event_id: str) -> Outgoing | None:
        """A receipt came; returns the event it is for, None when nothing waits for it."""
        entry = self._waiting.pop((inner, event_id), None)
        if entry is None:
            return None
        entry[1].cancel()
        return entry[0]

    def stop(self) -> None:
        """Forget everything."""
        for _, timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()

    def _arm(self, name: tuple[str, str], message: Outgoing, pause_s: float) -> None:
        timer = asyncio.get_running_loop().call_later(pause_s, self._again, name, message, pause_s)
        self._waiting[name] = message, timer

    def _again(self, name: tuple[str, str], message: Outgoing, pause_s: float) -> None:
        if self._can_say(message):
            self._say(message)
            self._repeated(message)
            pause_s = min(pause_s * 2, LONGEST_S)
        self._arm(name, message, pause_s)
