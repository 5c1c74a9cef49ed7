"""The telephone exchange: whose number calls, which calls there are, and how a call is dialled."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

from alerting.areas.member import area_of, is_area, place_of
from alerting.casefile import Household
from gateway.notify.web import NoReplyError, post
from gateway.paging.numbers import e164, is_dialable, normal
from gateway.paging.outside import CallerHome, CallNews, CallView, Told
from gateway.settings import Settings
from gateway.writing.directory import Directory

MOST_CALLS = 500
MOST_HOMES = 20
LONGEST = 80
DIAL_WITHIN_S = 4.0
GOOD, WORSE = 200, 300
RESULTS = frozenset({"spoke", "no_answer", "busy", "failed"})
EVENTS = frozenset({"ringing", "answered", "ended"})


class Exchange:
    """What is known of calls. Used on the event loop alone, but for ``dial``.

    Args:
        directory: Whose number is whose.
        settings: Token, emergency lines, dialling, extensions.
        open_of: The running incident of a home; empty when there is none.
    """

    def __init__(self, directory: Directory, settings: Settings, open_of: Callable[[str], str]) -> None:
        """No call is known yet."""
        self._directory = directory
        self._settings = settings
        self._open_of = open_of
        self._calls: dict[str, CallView] = {}
        self._operators = {extension: login for login, extension in settings.telephony_extensions.items()}
        self._lines = {self.normal(line) for line in settings.telephony_emergency_lines}

    def normal(self, number: str) -> str:
        """A number in its one form."""
        return normal(number, self._settings.area_code)

    def is_token(self, token: str) -> bool:
        """Whether this is the exchange's token."""
        ours = self._settings.telephony_token.get_secret_value()
        return bool(ours) and hmac.compare_digest(ours.encode(), token.encode())

    def told(self, news: CallNews, now: datetime) -> CallView:
        """Take in what the exchange says of a call; what it said before stays where it says nothing."""
        number = self.normal(news.number)
        known = self._calls.pop(news.call, None)
        if known is None:
            known = CallView(call=news.call, direction=news.direction, number=number, at=now, state="ringing")
        number = number or known.number
        call = msgspec.structs.replace(
            known,
            number=number,
            state=news.event if known.state != "ended" else "ended",
            line=news.line[:LONGEST] or known.line,
            extension=news.extension[:LONGEST] or known.extension,
            operator=self._operators.get(news.extension, known.operator),
            result=_result(news, known),
            duration_s=max(news.duration_s, known.duration_s),
            incident=news.incident[:LONGEST] or known.incident,
            homes=self.homes_of(number),
            responder=self._responder(number),
        )
        emergency = call.direction == "in" and bool(call.line) and self.normal(call.line) in self._lines
        return self.keep(msgspec.structs.replace(call, emergency=emergency))

    def keep(self, call: CallView) -> CallView:
        """Remember a call as it is now; the oldest is forgotten."""
        self._calls.pop(call.call, None)
        self._calls[call.call] = call
        while len(self._calls) > MOST_CALLS:
            del self._calls[next(iter(self._calls))]
        return call

    def known(self, call: str) -> CallView | None:
        """A call as it was last told of."""
        return self._calls.get(call)

    def calls(self) -> list[CallView]:
        """All that are remembered, latest first."""
        return sorted(self._calls.values(), key=lambda call: call.at, reverse=True)

    def homes_of(self, number: str) -> tuple[CallerHome, ...]:
        """The homes to which a number belongs: residents' own before those of their contacts."""
        files, found = self._directory.households, dict[str, CallerHome]()
        homes = [home for key in self._directory.numbers.homes_of(number) if (home := files.get(key)) is not None]
        for of in (_residents, _contacts):
            for home in homes:
                who = next((it for it in of(home) if self.normal(it[2]) == number), None)
                if who is not None and home.key not in found:
                    found[home.key] = self._caller(home, who[0], who[1])
        return tuple(found.values())[:MOST_HOMES]

    def _caller(self, home: Household, who: str, relation: str) -> CallerHome:
        return CallerHome(
            household=home.key,
            resident=home.title,
            address=home.address,
            area=home.area,
            who=who,
            relation=relation,
            open_incident=self._open_of(home.key),
        )

    def _responder(self, number: str) -> str:
        people = self._directory.responders.values() if number else ()
        return next((person.name for person in people if self.normal(person.phone) == number), "")

    def belongs(self, number: str, key: str) -> str:
        """Whose number this is: resident, contact or responder of a home, responder of an area; empty when nobody's."""
        plain = self.normal(number)
        if not is_dialable(plain):
            return ""
        people = self._people(key)
        return next((who for who, phone in people if self.normal(phone) == plain), "")

    def _people(self, key: str) -> list[tuple[str, str]]:
        """(name, number) of all that the panel of an incident of this home or area shows."""
        if is_area(key):
            bridge = "" if area_of(key) else place_of(key)
            sent = self._directory.responders_of(area_of(key), self._directory.homes_behind(bridge))
            return [(r.name, r.phone) for r in sent]
        home = self._directory.households.get(key)
        if home is None:
            return []
        people = [(who, phone) for who, _, phone in (*_residents(home), *_contacts(home))]
        return people + [(r.name, r.phone) for r in self._directory.responders_for(home.area, home)]

    def dial_link(self, number: str) -> str:
        """Address that dials from an operator's own machine; empty when the exchange is asked over HTTP."""
        template = self._settings.telephony_dial
        return "" if template.startswith("http") else _filled(template, {"number": self.normal(number)})

    def dial(self, number: str, by: str, incident: str) -> Told:
        """Ask the exchange to connect an operator with a number. Blocks for the exchange's answer."""
        template, extension = self._settings.telephony_dial, self._settings.telephony_extensions.get(by, "")
        if not template.startswith("http"):
            return Told(refused="no_exchange", incident=incident)
        if not extension:
            return Told(refused="no_extension", incident=incident)
        plain = self.normal(number)
        values = {"number": plain, "number_e164": e164(plain), "extension": extension, "incident": incident}
        headers = {"Authorization": f"Bearer {self._settings.telephony_token.get_secret_value()}"}
        body = msgspec.json.encode({**values, "operator": by})
        headers["Content-Type"] = "application/json"
        try:
            reply = post(_filled(template, values), body, headers, DIAL_WITHIN_S)
        except NoReplyError:
            return Told(refused="exchange_down", incident=incident)
        return Told(refused="" if GOOD <= reply.status < WORSE else "exchange_down", incident=incident)


def _residents(home: Household) -> list[tuple[str, str, str]]:
    return [(person.name, "", person.phone) for person in home.residents]


def _contacts(home: Household) -> list[tuple[str, str, str]]:
    return [(person.name, person.relation, person.phone) for person in home.contacts]


def _result(news: CallNews, known: CallView) -> str:
    if known.result or news.event != "ended":
        return known.result
    return news.result or ("spoke" if known.state == "answered" or news.duration_s else "no_answer")


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: quote(values.get(place[1], ""), safe="+"), template)
