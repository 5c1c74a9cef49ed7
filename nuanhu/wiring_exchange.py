"""Joins the exchange with other systems: the news, and what is pushed to targets."""

from __future__ import annotations

from concurrent.futures import Future

from alerting.casefile import Household
from alerting.dispatch.platform_told import PlatformTold
from alerting.peers import Peer, Target
from gateway.clock import Clock, host_time
from gateway.exchange.addresses import is_private_enough, may_reach, networks_of
from gateway.exchange.courier import Courier, push
from gateway.exchange.events import CloudEvent
from gateway.exchange.feed import Feed
from gateway.exchange.job_courier import JobCourier, JobParts
from gateway.exchange.job_events import job_event
from gateway.exchange.live_exchange import ExchangeParts
from gateway.exchange.pushing import Pushing
from gateway.paging.outbox import OutboxNews
from gateway.settings import Settings
from gateway.store.feed import FeedReads
from gateway.store.outgoing import Place
from gateway.writing.directory import Directory
from gateway.writing.writer import Writer


def exchange_parts(
    settings: Settings, reads: FeedReads, writer: Writer, directory: Directory, clock: Clock
) -> ExchangeParts:
    """The news of a gateway, and couriers for its targets; nothing runs before ``pushing.start``."""
    networks = networks_of(settings.push_networks)
    source = f"{settings.base_url.rstrip('/')}/api/v1"

    def home_of(key: str) -> Household | None:
        return directory.households.get(key)

    feed = Feed(reads, home_of, lambda: writer.order, source)

    def keep(target: str, cursor: str) -> Future[None]:
        done: Future[None] = Future()
        writer.inbox.put(OutboxNews(lambda judge, now: judge.batch.note_pushed(target, cursor, now), done))
        return done

    def send(target: Target | Peer, event: CloudEvent) -> str:
        secret, url = (
            directory.seals.open(target.sealed_secret),
            target.url if isinstance(target, Target) else target.jobs_url,
        )
        if not secret:
            return "secret"
        if not is_private_enough(url, networks):
            return "address"
        return push(url, event, secret, host_time(), lambda address: may_reach(address, networks))

    def courier(target: Target) -> Courier:
        return Courier(target, feed, lambda: reads.pushed(target.id), keep, send, clock.now)

    def job(told: PlatformTold, place: Place) -> CloudEvent:
        return job_event(told, place, source, home_of(told.key), directory.areas_above)

    jobs = JobParts(
        parties=lambda: directory.parties,
        running=writer.judge.states.running_as,
        event=job,
        send=send,
        record=lambda news: writer.inbox.put(news, urgent=True),
        clock=clock,
    )
    pushing = Pushing(lambda: directory.parties, courier)
    return ExchangeParts(feed, reads, pushing, send, networks, JobCourier(jobs))
