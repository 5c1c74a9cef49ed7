"""What the Desk has for those who are not at it: people who are paged, providers, the telephone exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from alerting.model import AlarmKind, Priority


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of something that was told.

    Attributes:
        refused: Why it was not taken; empty when it was. ``unknown``, ``over``, ``no_pin``, ``wrong_pin``, ``busy``,
            ``store_away``, ``not_dialable``, ``no_exchange``, ``exchange_down`` …
        news: It was not told before.
        recorded: It is durable; False while the store is away.
        incident: Incident it is about, where there is one.
    """

    refused: str = ""
    news: bool = True
    recorded: bool = True
    incident: str = ""

    @property
    def done(self) -> bool:
        """Whether it was taken."""
        return not self.refused


class ProviderView(msgspec.Struct, frozen=True, kw_only=True):
    """One provider of text messages and calls, as far as known.

    Attributes:
        name: What it is called in the settings.
        tried_at: When it was last asked, service time.
        error: Why it did not take that order; empty when it did.
        reports: How many callbacks it has made.
        refused: How many in its name were refused: forged, stale, unreadable, too many.
        taken_at: When it took an order last, service time.
        failing_since: Since when it has taken none of those it was asked for; None while it takes them.
        carries: ``sms``, ``voice``, or both.
    """

    name: str
    tried_at: datetime | None = None
    error: str = ""
    reports: int = 0
    refused: int = 0
    taken_at: datetime | None = None
    failing_since: datetime | None = None
    carries: tuple[str, ...] = ()


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider is answered: HTTP status, and the body it wants to see."""

    status: int
    body: dict[str, Any]


class PageLink(msgspec.Struct, frozen=True, kw_only=True):
    """What the page behind a link may show before its reader has given a PIN.

    Attributes:
        reference: Of the page.
        incident: Incident id.
        person: Who was paged: name of a duty telephone, or id of a person.
        name: What people call them.
        priority: The incident's when it was paged.
        kind: Its gravest alarm then.
        since: Since when nobody had taken it.
        place: The village; of an area incident that area; of a device without a home its bridge and id; or nothing.
        taken: Somebody has the incident, or it is closed.
        accepted_by: Who has accepted it last, and has not taken that back.
        has_pin: Whether this person has a PIN.
        stray: It is about a device without a home.
        theirs: They have accepted it, were sent, or had accepted when the desk took it, and are not asked anew: they
            may give it back.
        homes: Of an area incident: how many homes it has now.
        away: How many of them are not back.
        responder: Id of the responder who was paged; empty for anybody else.
        of_job: The desk has sent them.
    """

    reference: str
    incident: str
    person: str
    name: str
    priority: Priority
    kind: AlarmKind
    since: datetime
    place: str
    taken: bool
    accepted_by: str
    has_pin: bool
    stray: bool = False
    theirs: bool = False
    homes: int = 0
    away: int = 0
    responder: str = ""
    of_job: bool = False


class CallNews(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an exchange tells of one call.

    Attributes:
        call: The exchange's own id of the call.
        event: ``ringing``, ``answered`` or ``ended``.
        direction: ``in`` or ``out``, as seen from the desk.
        number: The other side's, as the exchange writes it; empty when it was withheld.
        line: The number of ours that was called, or that is shown.
        extension: Whose telephone at the desk.
        result: How it ended: ``spoke``, ``no_answer``, ``busy``, ``failed``; empty: by whether it was answered.
        duration_s: How long it was spoken, seconds.
        incident: What it is about, where the exchange was told so on dialling.
    """

    call: str
    event: str
    direction: str = "in"
    number: str = ""
    line: str = ""
    extension: str = ""
    result: str = ""
    duration_s: int = 0
    incident: str = ""


class CallerHome(msgspec.Struct, frozen=True, kw_only=True):
    """A home to which a number belongs: whose number it is there, and the home's running incident."""

    household: str
    resident: str
    address: str
    area: str
    who: str
    relation: str = ""
    open_incident: str = ""


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """One call of today, as the desk sees it.

    ``homes`` is empty for a number of no case file; ``responder`` is who calls then, where it is theirs.
    """

    call: str
    direction: str
    number: str
    at: datetime
    state: str
    line: str = ""
    extension: str = ""
    operator: str = ""
    result: str = ""
    duration_s: int = 0
    incident: str = ""
    homes: tuple[CallerHome, ...] = ()
    emergency: bool = False
    responder: str = ""


class Outside(Protocol):
    """The part of the Desk for what comes from outside. Whoever asks has been checked by the page that asks."""

    async def page_told(self, reference: str, what: str, detail: str = "", *, once: str = "", why: str = "") -> Told:
        """What became of a page, by its reference; the same ``what`` (or ``once``) again changes nothing.

        Args:
            reference: Of the page.
            what: ``delivered``, ``failed``, ``seen``, ``accepted`` or ``declined``.
            detail: Why it failed; how it was answered: ``key``, ``link`` or ``console``.
            once: Tells it from what else was told of this page; empty: ``what``.
            why: Declined: the reason in their words; may be empty.
        """

    async def provider_report(self, provider: str, word: str, headers: Mapping[str, str], body: bytes) -> Heard:
        """A provider's callback: checked, read, and told of each page in it. Header names in small letters."""

    def report_refused(self, provider: str) -> None:
        """A provider's callback was turned away before it was read; counted."""

    async def page_link(self, token: str) -> PageLink | None:
        """What a link leads to; None when it is forged or over. To whoever goes there it lasts longer."""

    async def knows_pin(self, token: str, pin: str) -> Told:
        """Whether this is the PIN of whom a link is for; refused when not, and nothing else happens."""

    async def accept_page(self, token: str, pin: str, what: str, once: str, why: str = "") -> Told:
        """The answer of whoever holds a link and the PIN of its person: ``accepted``, or ``declined`` and why."""

    def is_exchange(self, token: str) -> bool:
        """Whether this is the telephone exchange's token."""

    async def call_told(self, news: CallNews) -> CallView:
        """What the exchange tells of a call; may open an incident, and stands in that of the home."""

    async def calls(self, area: str = "") -> Sequence[CallView]:
        """The latest calls that concern an area, or nobody known; latest first."""

    async def dial(self, incident: str, number: str, by: str) -> Told:
        """Let the exchange connect an operator with a number of the incident's case file."""

    def dial_link(self, number: str) -> str:
        """Address that dials a number from an operator's own machine."""
