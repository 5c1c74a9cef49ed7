"""The Desk's side for other systems, of a running gateway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from alerting.casefile import covers
from alerting.dispatch.platform import is_platform, responder_of
from alerting.model import Incident
from alerting.peers import PEER_MARK, Party, Peer, Target
from gateway.clock import Clock
from gateway.desk.asking import Asking
from gateway.exchange import cursor
from gateway.exchange.addresses import Networks, is_private_enough
from gateway.exchange.courier import PushState
from gateway.exchange.cursor import Cursor
from gateway.exchange.events import TEST, CloudEvent
from gateway.exchange.exchange_desk import NewsPage
from gateway.exchange.feed import Feed, OutOfOrderError, Page
from gateway.exchange.job_courier import JobCourier
from gateway.exchange.job_events import job_shown
from gateway.exchange.pushing import Pushing
from gateway.store.feed import FeedReads
from gateway.writing.directory import Directory


class ExchangeParts(msgspec.Struct, frozen=True):
    """What is needed for other systems.

    ``send`` posts an event; the answer is why it was not taken. ``networks`` are those that the deployer has named.
    ``jobs`` tells grid platforms of theirs.
    """

    feed: Feed
    reads: FeedReads
    pushing: Pushing
    send: Callable[[Target | Peer, CloudEvent], str]
    networks: Networks
    jobs: JobCourier


class LiveExchange:
    """See ``gateway.exchange.exchange_desk.ExchangeDesk`` for what each question means.

    Args:
        parts: The news, and what is pushed.
        directory: The registry in memory.
        clock: Service time.
    """

    def __init__(self, parts: ExchangeParts, directory: Directory, clock: Clock) -> None:
        """Answer from these parts."""
        self._exchange = parts
        self._known = directory
        self._exchange_clock = clock
        self._ask_news = Asking().ask

    async def parties(self) -> Sequence[Party]:
        """Peers and targets."""
        return tuple(self._known.parties.values())

    async def party(self, id_: str) -> Party | None:
        """One of them."""
        return self._known.parties.get(id_)

    async def news(self, after: str, most: int, area: str = "") -> NewsPage | None:
        """News beyond a cursor."""
        page = await self._ask_news(None, self._page, cursor.read(after), most, area)
        if page is None:
            return None
        return NewsPage(events=tuple(it.event for it in page.told), cursor=cursor.written(page.upto), more=page.more)

    def _page(self, after: Cursor, most: int, area: str) -> Page | None:
        try:
            return self._exchange.feed.page(after, most, area)
        except OutOfOrderError:
            return None

    async def news_head(self) -> str | None:
        """The cursor behind all news there is."""
        head = await self._ask_news(None, self._head)
        return None if head is None else cursor.written(head)

    def _head(self) -> Cursor | None:
        try:
            return self._exchange.feed.head()
        except OutOfOrderError:
            return None

    async def case_numbers(self, area: str, after: str, most: int) -> Sequence[str] | None:
        """Case numbers of an area behind this one."""
        return await self._ask_news(None, self._exchange.reads.keys_after, area, after, most)

    async def pushes(self) -> Mapping[str, PushState]:
        """How far each target has got."""
        return {**self._exchange.pushing.states(), **self._exchange.jobs.states()}

    async def try_target(self, id_: str) -> str:
        """Push a trial event now."""
        target = self._known.parties.get(id_)
        if not isinstance(target, Target | Peer):
            return "no_target"
        if target.ended if isinstance(target, Target) else target.revoked or not target.takes_jobs:
            return "no_target"
        now = self._exchange_clock.now()
        id_ = f"test-{target.id}-{int(now.timestamp() * 1000)}"
        source = self._exchange.feed.source
        event = CloudEvent(id=id_, source=source, type=TEST, subject=target.id, time=now, data={"target": target.id})
        return await asyncio.to_thread(self._exchange.send, target, event)

    def may_be_sent(self, responder: str, key: str) -> bool:
        """Whether this responder (id) is known; a grid platform is sent to homes of its area alone."""
        if not is_platform(responder):
            return responder in self._known.responders
        home = self._known.households.get(key)
        party = self._known.parties.get(responder.removeprefix(PEER_MARK))
        return home is not None and isinstance(party, Peer) and takes_jobs_at(party, home.area)

    async def platforms(self, area: str) -> Sequence[Peer]:
        """Grid platforms to which a job in this area can be handed."""
        return [it for it in self._known.parties.values() if isinstance(it, Peer) and takes_jobs_at(it, area)]

    async def jobs_handed(self, peer: str) -> Sequence[dict[str, Any]] | None:
        """Jobs of a platform that go on."""
        found = await self._ask_news(None, self._exchange.reads.open_incidents)
        return None if found is None else [self.job_of(it, peer) for it in found if _goes(it, peer)]

    def job_of(self, incident: Incident, peer: str) -> dict[str, Any]:
        """How a job stands that was handed to a platform."""
        home = self._known.households.get(incident.key)
        return job_shown(incident, peer, home, self._known.areas_above)

    def may_push(self, url: str) -> bool:
        """Whether what is pushed there cannot be read along."""
        return is_private_enough(url, self._exchange.networks)


def takes_jobs_at(peer: Peer, area: str) -> bool:
    """Whether a job in this area can be handed to a peer."""
    return peer.takes_jobs and not peer.revoked and covers(peer.area, area)


def _goes(incident: Incident, peer: str) -> bool:
    job = incident.job_of(responder_of(peer))
    return job is not None and not job.is_over
