"""The Desk's side for other systems: who they are, the news, and how far each target has got. Changes are commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from alerting.model import Incident
from alerting.peers import Party, Peer
from gateway.exchange.courier import PushState
from gateway.exchange.events import CloudEvent


class NewsPage(msgspec.Struct, frozen=True, kw_only=True):
    """News beyond a cursor, the cursor to go on from, and whether there is more already."""

    events: tuple[CloudEvent, ...]
    cursor: str
    more: bool


class ExchangeDesk(Protocol):
    """What the API and the page of peers may ask."""

    async def parties(self) -> Sequence[Party]:
        """Peers and targets, those that are revoked or ended too."""

    async def party(self, id_: str) -> Party | None:
        """One of them."""

    async def news(self, after: str, most: int, area: str = "") -> NewsPage | None:
        """News beyond a cursor (empty: from the beginning) of an area; None while the store cannot say.

        Raises:
            CursorError: The cursor was not made here.
        """

    async def news_head(self) -> str | None:
        """The cursor behind all news there is; None while the store cannot say."""

    async def case_numbers(self, area: str, after: str, most: int) -> Sequence[str] | None:
        """Case numbers of an area behind this one, in their order; None while the store cannot say."""

    async def pushes(self) -> Mapping[str, PushState]:
        """How far each target and each grid platform has got, by id."""

    async def try_target(self, id_: str) -> str:
        """Push a trial event now; the answer is why it was not taken, empty when it was."""

    async def platforms(self, area: str) -> Sequence[Peer]:
        """Grid platforms to which a job in this area can be handed."""

    async def jobs_handed(self, peer: str) -> Sequence[dict[str, Any]] | None:
        """Jobs of a grid platform (id) that go on, as it may know them; None while the store cannot say."""

    def job_of(self, incident: Incident, peer: str) -> dict[str, Any]:
        """How a job stands that was handed to a grid platform; with the way in as long as it goes there."""

    def may_push(self, url: str) -> bool:
        """Whether what is pushed there cannot be read along on the way, as the deployer has set it up."""
