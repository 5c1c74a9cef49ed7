"""Joins what reaches outside: channels, links, reports and the telephone exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime

from alerting.casefile import Household
from gateway.absence.relatives import RelativeLinks
from gateway.clock import Clock
from gateway.notify import Channels
from gateway.notify.links import Links
from gateway.notify.provider import Provider
from gateway.paging.channel_tests import ChannelTests
from gateway.paging.exchange import Exchange
from gateway.paging.letterhead import Letterhead
from gateway.paging.live_outside import OutsideParts
from gateway.paging.outbox import Outbox, OutboxNews
from gateway.paging.pages_out import PagesOut, origin_of, place_of
from gateway.paging.phones import Phones
from gateway.settings import Settings
from gateway.store.bulk import Row
from gateway.store.outgoing import Outgoing
from gateway.store.reads import Reads
from gateway.store.values import ms
from gateway.writing.directory import Directory
from gateway.writing.judge import Judge
from gateway.writing.writer import Writer


def outside_parts(
    settings: Settings,
    secret: str,
    clock: Clock,
    directory: Directory,
    stored: tuple[Outgoing, Reads],
    writer: Writer,
    open_of: Callable[[str], str],
    phones: Phones,
) -> OutsideParts:
    """The channels and what belongs to them.

    Args:
        settings: Telephones, providers, exchange.
        secret: Signs links.
        clock: Service time.
        directory: The registry in memory.
        stored: What the store has of pages and of ids.
        writer: Where it is written down which page a provider has taken.
        open_of: The running incident of a home.
        phones: What is known of the duty telephones.

    Raises:
        ChannelError: A telephone's address or a provider is not understood.
    """
    pages = PagesOut(stored[0].body_at, stored[1].recalled)

    def carried(provider: str, id_: str, reference: str) -> None:
        pages.carried(provider, id_, reference)
        asked = pages.asked(reference) if place_of(reference) is not None else None
        if asked is None:
            return

        def write(judge: Judge, at: datetime) -> None:
            judge.note_carried(origin_of(provider), id_, asked.key, at, reference)

        writer.inbox.put(OutboxNews(write, Future()), urgent=True)

    providers = [Provider(name, one, settings.area_code) for name, one in settings.providers.items()]
    channels = Channels(settings.duty_phones, providers, clock, carried)
    return OutsideParts(
        settings=settings,
        channels=channels,
        tests=_channel_tests(settings, channels, clock, writer),
        phones=phones,
        pages=pages,
        links=Links(secret, settings.base_url.rstrip("/"), pages.paged),
        relatives=RelativeLinks(secret, settings.base_url.rstrip("/"), _homes_of(directory)),
        exchange=Exchange(directory, settings, open_of),
    )


def _homes_of(directory: Directory) -> Callable[[str], Household | None]:
    def household_of(key: str) -> Household | None:
        return directory.households.get(key)  # looked up each time: what is registered is replaced whole

    return household_of


def _channel_tests(settings: Settings, channels: Channels, clock: Clock, writer: Writer) -> ChannelTests:
    def tested(whom: str, at: datetime, error: str) -> None:
        row: Row = {"phone": whom, "at_ms": ms(at), "ok": not error, "error": error}
        writer.inbox.put(OutboxNews(lambda judge, _: judge.batch.page_tests.append(row), Future()))

    return ChannelTests(channels, clock, _letterhead(settings, writer.judge.policy.utc_offset_s), tested)


def _letterhead(settings: Settings, utc_offset_s: int) -> Letterhead:
    return Letterhead(
        title=settings.title,
        desk_phone=settings.desk_phone,
        utc_offset_s=utc_offset_s,
        full=settings.page_details == "full",
    )


def outbox_to(
    parts: OutsideParts, clock: Clock, directory: Directory, phones: Phones, writer: Writer, utc_offset_s: int
) -> Outbox:
    """The outbox, which sends what the rules decided to the settings' telephones and the homes' devices."""
    settings = parts.settings
    head = _letterhead(settings, utc_offset_s)

    def record(news: OutboxNews) -> None:
        writer.inbox.put(news, urgent=True)

    outbox = Outbox(clock, directory, parts.channels, phones, head, record)
    outbox.link = parts.links.write

    def address_of(person: str, channel: str) -> str:
        is_called = writer.judge.policy.chain("").person(person) is not None
        return directory.addresses.of(person, channel) if is_called else ""  # nowhere once they have left

    outbox.address_of = address_of

    def add(rows: Iterable[Row], recorded: bool) -> None:
        rows = list(rows)
        parts.pages.add(rows)
        outbox.add(rows, recorded)

    writer.send = add
    return outbox
