"""The part of a running gateway's Desk for what comes from outside: answers to pages, reports, telephone calls."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import ParamSpec, TypeVar

import msgspec

from alerting.areas.member import is_area
from alerting.casefile import covers
from alerting.commands import OpenManual
from alerting.decisions import Answered, AnyDecision, PageAsked
from alerting.duty.escalation import is_accepted_by
from alerting.events import CallLogged, PageTold
from alerting.incidents import giving_back, page_jobs
from alerting.incidents.conditions import RESPONDER
from alerting.model import AlarmKind, Incident, IncidentState
from gateway.absence.relatives import RelativeLinks
from gateway.bounds import Bucket
from gateway.clock import Clock
from gateway.notify.channels import Channels
from gateway.notify.links import WITH_A_JOB, Links, Paged
from gateway.notify.reports import Report, ReportRefusedError, read_reports
from gateway.paging.channel_tests import ChannelTests, is_test
from gateway.paging.exchange import EVENTS, RESULTS, Exchange
from gateway.paging.letterhead import village_of
from gateway.paging.live_channels import LiveChannels
from gateway.paging.outbox import OutboxNews
from gateway.paging.outside import CallNews, CallView, Heard, PageLink, Told
from gateway.paging.page_text import area_place
from gateway.paging.pages_out import PagesOut
from gateway.paging.phones import Phones
from gateway.paging.pins import Pins
from gateway.settings import Settings
from gateway.store.engine import StoreError
from gateway.writing.directory import Directory
from gateway.writing.judge import Judge
from gateway.writing.stray_keys import STRAY, stray_of
from gateway.writing.work import CommandAsked
from gateway.writing.writer import Writer

log = logging.getLogger(__name__)

WITHIN_S = 4.0
"""So long, real seconds, whoever tells something waits for the commit."""
WHATS = frozenset({"delivered", "failed", "seen", "accepted", "declined"})
REFUSED, TOO_MANY, AWAY, DONE = 403, 429, 503, 200
MOST_AT_ONCE, MOST_A_SECOND = 300.0, 50.0
"""What one provider may tell."""

P = ParamSpec("P")
T = TypeVar("T")


class AwayError(Exception):
    """The store has not answered, and what was asked is not in memory."""


class OutsideParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the Desk needs for the outside.

    Attributes:
        settings: PINs and the desk's number.
        channels: The providers.
        pages: Which page a reference names.
        links: The links in pages.
        relatives: The links of relatives.
        exchange: The telephone exchange.
        tests: Messages that are tests.
        phones: What is known of the duty telephones.
    """

    settings: Settings
    channels: Channels
    pages: PagesOut
    links: Links
    relatives: RelativeLinks
    exchange: Exchange
    tests: ChannelTests
    phones: Phones


class LiveOutside(LiveChannels, ABC):
    """See ``gateway.paging.outside.Outside`` for what each question means.

    Args:
        parts: What is needed for it.
        directory: The registry in memory.
        writer: Where what was told goes.
        clock: Service time.
    """

    def __init__(self, parts: OutsideParts, directory: Directory, writer: Writer, clock: Clock) -> None:
        """Answer from these parts."""
        LiveChannels.__init__(self, parts.channels, parts.tests, parts.phones.views, directory, parts.settings)
        self._out = parts
        self._pins = Pins(parts.settings.page_pins, directory)
        self._directory = directory
        self._writer = writer
        self._clock = clock
        self._reports = Bucket(clock.now, MOST_AT_ONCE, MOST_A_SECOND)

    @abstractmethod
    async def _incident(self, incident: str) -> Incident | None:
        """An incident, open or closed; None when there is none."""

    # pages --------------------------------------------------------------------------------------------------------

    async def page_told(self, reference: str, what: str, detail: str = "", *, once: str = "", why: str = "") -> Told:
        """What became of a page; the same ``what`` (or ``once``) again changes nothing."""
        assert what in WHATS, "one of the known words"
        try:
            page = await _asked_in_time(self._out.pages.asked, reference)
        except AwayError:
            return Told(refused="store_away")
        if page is None:
            return Told(refused="unknown")
        event = PageTold(
            incident=page.incident,
            to=page.to,
            what=what,
            detail=detail,
            name=page.name or page.to,
            channel=page.channel,
            round=page.round,
            step=page.step,
            why=why,
            of_job=page.of_job,
        )
        return await self._judge(page.key, f"{reference} {once or what}", event)

    async def _judge(self, key: str, once: str, event: PageTold | CallLogged) -> Told:
        """Through the rules and the journal, and wait for the commit."""
        news: list[list[AnyDecision] | None] = []

        def write(judge: Judge, at: datetime) -> None:
            news.append(judge.told(key, once, event, at))

        told = OutboxNews(write, Future())
        self._writer.inbox.put(told, urgent=True)
        try:
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(told.done)), WITHIN_S)
        except TimeoutError:
            if not news:
                return Told(refused="busy", recorded=False, incident=event.incident)
        said = next((d for d in news[-1] or () if isinstance(d, Answered)), Answered())
        recorded = told.done.done()
        return Told(refused=said.refused, news=news[-1] is not None, recorded=recorded, incident=event.incident)

    async def provider_report(self, provider: str, word: str, headers: Mapping[str, str], body: bytes) -> Heard:
        """A provider's callback: checked, read, and told of each page in it."""
        carrier = self._out.channels.providers.get(provider)
        if carrier is None:
            return Heard(status=404, body={})
        try:
            reports = read_reports(carrier, word, headers, body)
        except ReportRefusedError as why:
            self._out.channels.reported(provider, refused=True)
            log.warning("a report in the name of %s was refused: %s", provider, why)
            return Heard(status=REFUSED, body={"error": str(why)})
        if not self._reports.lets(provider):  # only now: a flood of forged ones must not keep a real one out
            self._out.channels.reported(provider, refused=True)
            return Heard(status=TOO_MANY, body={"error": "too many"})
        self._out.channels.reported(provider, refused=False)
        for report in reports:
            told = await self._reported(provider, report)
            if told.refused in {"store_away", "busy"} or not told.recorded:
                return Heard(status=AWAY, body={})  # to be said again: what is known already changes nothing
        return Heard(status=DONE, body=carrier.shape.reports.answer)

    async def _reported(self, provider: str, report: Report) -> Told:
        reference = report.reference
        if not reference:
            try:
                reference = await _asked_in_time(self._out.pages.reference, provider, report.id)
            except AwayError:
                return Told(refused="store_away")
        if is_test(reference):
            self._out.tests.told(report, reference)
            return Told()
        once = f"{provider} {report.what} {report.detail}"
        return await self.page_told(reference, report.what, report.detail, once=once)

    def report_refused(self, provider: str) -> None:
        """A report was turned away before it was read; counted."""
        if provider in self._out.channels.providers:
            self._out.channels.reported(provider, refused=True)

    # links --------------------------------------------------------------------------------------------------------

    async def page_link(self, token: str) -> PageLink | None:
        """What a link leads to; None when it is forged or over."""
        now = self._clock.now()
        try:
            page = await _asked_in_time(self._out.links.read, token, now)
            later = page or await _asked_in_time(self._out.links.read, token, now - WITH_A_JOB)
            asked = await _asked_in_time(self._out.pages.asked, later.reference) if later is not None else None
        except AwayError:
            return None
        if later is None or asked is None or asked.kind is None:  # a call for further operators has no link
            return None
        found = await self._incident(later.incident)
        if page is None and not goes(found, later.person):
            return None
        return self._shown(asked, asked.kind, later, found)

    def _shown(self, asked: PageAsked, kind: AlarmKind, page: Paged, found: Incident | None) -> PageLink:
        is_accepted = found is not None and found.ladder.accepted_until is not None
        members = found.members if found is not None else ()
        return PageLink(
            reference=page.reference,
            incident=page.incident,
            person=page.person,
            name=page.name,
            priority=asked.priority,
            kind=kind,
            since=asked.since,
            place=self._place(asked),
            stray=asked.key.startswith(STRAY),
            theirs=found is not None and giving_back.is_reckoned_with(found, page.person),
            taken=found is None or _is_taken(found),
            accepted_by=self._directory.name_of(found.ladder.accepted_by) if found is not None and is_accepted else "",
            has_pin=self._pins.has(asked.to),
            homes=len(members),
            away=sum(not it.back_s for it in members),
            responder=page.person.removeprefix(RESPONDER) if page.person.startswith(RESPONDER) else "",
            of_job=asked.of_job,
        )

    def _place(self, asked: PageAsked) -> str:
        if is_area(asked.key):
            return area_place(asked.key, self._directory)
        return village_of(asked.home, self._directory) or " / ".join(stray_of(asked.key, self._directory))

    async def knows_pin(self, token: str, pin: str) -> Told:
        """Whether this is the PIN of whom a link is for."""
        link = await self.page_link(token)
        return Told(refused="over") if link is None else self._with_pin(link, pin)

    def _with_pin(self, link: PageLink, pin: str) -> Told:
        return Told(refused=self._pins.refusal(link.person, pin), incident=link.incident)

    async def accept_page(self, token: str, pin: str, what: str, once: str, why: str = "") -> Told:
        """The answer of whoever holds a link and the PIN of its person."""
        link = await self.page_link(token)
        if link is None:
            return Told(refused="over")
        known = self._with_pin(link, pin)
        if known.refused:
            return known
        return await self.page_told(link.reference, what, "link", once=f"link {what} {once[:40]}", why=why)

    # the exchange -------------------------------------------------------------------------------------------------

    def is_exchange(self, token: str) -> bool:
        """Whether this is the telephone exchange's token."""
        return self._out.exchange.is_token(token)

    async def call_told(self, news: CallNews) -> CallView:
        """What the exchange tells of a call; may open an incident, and stands in that of the home."""
        assert news.event in EVENTS, "checked where it came in"
        assert news.result in RESULTS | {""}, "the same"
        exchange, before = self._out.exchange, self._out.exchange.known(news.call)
        if news.incident and await self._incident(news.incident) is None:
            news = msgspec.structs.replace(news, incident="")
        call = exchange.told(news, self._clock.now())
        home = call.homes[0] if len(call.homes) == 1 else None
        if home is not None and call.emergency and not call.incident and news.event == "answered":
            call = exchange.keep(msgspec.structs.replace(call, incident=await self._opened(call, home.household)))
        elif home is not None and not call.incident and home.open_incident:
            call = exchange.keep(msgspec.structs.replace(call, incident=home.open_incident))
        if call.incident and (call.state == "ended" or before is None or before.incident != call.incident):
            await self._log(call)
        return call

    async def _opened(self, call: CallView, household: str) -> str:
        """The home's incident, opened by this call or joined by it; empty when that could not be."""
        answer: Future[object] = Future()
        command = OpenManual(key=household, by=call.operator, text=f"{call.homes[0].who} {call.number}")
        self._writer.inbox.put(CommandAsked(command, f"call {call.call}", answer), urgent=True)  # type: ignore[arg-type]
        try:
            said = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(answer)), WITHIN_S)
        except TimeoutError:
            return ""
        return str(getattr(said, "incident", ""))

    async def _log(self, call: CallView) -> None:
        """A line in the incident's timeline: once when it is known that it belongs there, once when it has ended."""
        key = call.incident.rpartition("-")[0]
        event = CallLogged(
            incident=call.incident,
            direction=call.direction,
            number=call.number,
            who=call.homes[0].who if call.homes else self._out.exchange.belongs(call.number, key),
            result=call.result or call.state,
            duration_s=call.duration_s,
            by=call.operator,
        )
        if key in self._directory.households or is_area(key):
            await self._judge(key, f"call {call.call} {call.incident} {call.state == 'ended'}", event)

    async def calls(self, area: str = "") -> Sequence[CallView]:
        """The latest calls that concern an area, or nobody known; latest first."""
        calls = self._out.exchange.calls()
        return [c for c in calls if not c.homes or any(covers(area, home.area) for home in c.homes)]

    async def dial(self, incident: str, number: str, by: str) -> Told:
        """Let the exchange connect an operator with a number of the incident's case file."""
        key = incident.rpartition("-")[0]
        who = self._out.exchange.belongs(number, key)
        if not who:
            return Told(refused="not_dialable", incident=incident)
        return await asyncio.to_thread(self._out.exchange.dial, number, by, incident)

    def dial_link(self, number: str) -> str:
        """Address that dials a number from an operator's own machine; empty when the exchange is asked to."""
        return self._out.exchange.dial_link(number)


def goes(incident: Incident | None, person: str) -> bool:
    """Whether this person (id) has accepted to go there, and that is not over."""
    if incident is None or incident.state is IncidentState.CLOSED or not person.startswith(RESPONDER):
        return False
    job = incident.job_of(person.removeprefix(RESPONDER))
    if job is not None:
        return job.is_taken
    return is_accepted_by(incident, person) or incident.ladder.on_the_way == person


def _is_taken(incident: Incident) -> bool:
    """Somebody at the desk has it and no alarm has rung since, or it is closed: nobody else is asked for anything."""
    if page_jobs.is_in_good_hands(incident):
        return True
    has_holder = bool(incident.claimed_by) or incident.state is IncidentState.CLOSED
    return has_holder and incident.ladder.since is None


async def _asked_in_time(question: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """An answer that may need the store.

    Raises:
        AwayError: It has none in time.
    """
    try:
        return await asyncio.wait_for(asyncio.to_thread(question, *args, **kwargs), WITHIN_S)
    except (StoreError, TimeoutError) as failure:
        raise AwayError from failure
