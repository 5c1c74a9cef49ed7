"""The line between the screens and a gateway: the same screens, also when another gateway takes over behind it."""

from __future__ import annotations

from typing import Any, cast

from gateway.desk.contract import Desk


class DeskLine:
    """Passes every question on to the Desk of the gateway that runs now."""

    def __init__(self) -> None:
        """Nobody is there yet."""
        self._desk: Desk | None = None

    def connect(self, desk: Desk) -> None:
        """From now on this one answers."""
        self._desk = desk

    @property
    def desk(self) -> Desk:
        """This line, as what it is to the screens."""
        return cast("Desk", self)

    def __getattr__(self, name: str) -> Any:
        """A question of the Desk."""
        return getattr(self._desk, name)
