"""What all pages share: the Desk, the languages, who is signed in, and how a page is drawn."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

import msgspec
from fastapi import HTTPException, Request
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket as Code
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response

from alerting.casefile import Account
from alerting.model import IncidentState, Outcome
from dashboard.access import Do, may, sees
from dashboard.explain import lead_alarm
from dashboard.headers import DARK_WHEN, PHONE_STYLES
from dashboard.i18n import ROOM, load_languages
from dashboard.kept_files import STATIC
from dashboard.live import Hub
from dashboard.rail import place_of, places
from dashboard.rows import OFFERS_SHOWN, nobodys, where_of
from dashboard.settings import DashboardSettings
from dashboard.sign_in import Passwords, Tokens, WrongPasswords, mark_of
from dashboard.speech import Speech
from dashboard.times import LocalTime
from dashboard.today import Today
from dashboard.whereabouts import Whereabouts
from dashboard.words import CONSOLE_WORDS, mark
from gateway.bounds import Bucket
from gateway.desk.contract import Desk, IncidentView

SIGN_IN_COOKIE = "nuanhu_sign_in"
VISITOR_COOKIE = "nuanhu_visitor"
LANGUAGE_COOKIE, LOOK_COOKIE = "nuanhu_language", "nuanhu_look"
OWN_PASSWORD = "/password"  # noqa: S105 - the address of a page
YEAR_S = 365 * 86_400
PIN_WINDOW_S = 1800
MOST_FIELDS = 1000
MOST_AT_ONCE, MOST_A_SECOND = 300.0, 50.0
"""What the telephone exchange may tell, and how often links may be opened."""

PAGES: tuple[tuple[str, Do, str], ...] = (
    ("/", Do.CONSOLE, mark("Console")),
    ("/jobs", Do.OWN_JOBS, mark("My jobs")),
    ("/rounds", Do.ROUNDS, mark("My visits")),
    ("/shift", Do.SHIFT, mark("Shift")),
    ("/overview", Do.OVERVIEW, mark("Overview")),
    ("/households", Do.CASE_FILES, mark("Households")),
    ("/installs", Do.INSTALL, mark("Installing")),
    ("/strangers", Do.STRANGERS, mark("Unregistered")),
    ("/homes", Do.DEVICES, mark("Devices")),
    ("/incidents", Do.INCIDENTS, mark("Closed")),
    ("/calls", Do.CALLS, mark("Calls")),
    ("/blind", Do.BLIND, mark("To confirm")),
    ("/follow-ups", Do.FOLLOW_UPS, mark("Follow-ups")),
    ("/absences", Do.ABSENCES, mark("Absences")),
    ("/care", Do.CARE, mark("Weekly care")),
    ("/duty", Do.DUTY, mark("Duty")),
    ("/protected", Do.OVERVIEW, mark("Protected homes")),
    ("/tests", Do.OVERVIEW, mark("Ledger of tests")),
    ("/scripts", Do.SCRIPTS, mark("Scripts")),
    ("/budget", Do.BUDGET, mark("Budget")),
    ("/faults", Do.FAULTS, mark("Faults")),
    ("/my-faults", Do.DEVICES, mark("My faults")),
    ("/quarantine", Do.QUARANTINE, mark("Set aside")),
    ("/health", Do.HEALTH, mark("System")),
    ("/accounts", Do.ACCOUNTS, mark("Accounts")),
    ("/values", Do.VALUES, mark("Values")),
)
"""Address, what it takes to see it, and name in the navigation."""


class Viewer(msgspec.Struct, frozen=True):
    """Somebody signed in, at a page.

    Attributes:
        account: Theirs, as it is now.
        say: Their language.
        seed: Their sign-in cookie, to which form tokens are bound.
        until: When their sign-in ends, service time.
    """

    account: Account
    say: Speech
    seed: str
    until: datetime

    def may(self, do: Do) -> bool:
        """Whether their role allows it."""
        return may(self.account, do)

    def sees(self, area: str) -> bool:
        """Whether what happens in this area is theirs to see."""
        return sees(self.account, area)


class NotSignedInError(Exception):
    """Nobody is signed in: go to the sign-in page."""


class NewPasswordFirstError(Exception):
    """The password was given by somebody else: go to the page where one chooses one's own."""


class Site:
    """One dashboard.

    Args:
        desk: The gateway, as far as screens know it.
        settings: The deployer's.
        speed: Service seconds for each real second.
    """

    def __init__(self, desk: Desk, settings: DashboardSettings, speed: float) -> None:
        """Read the catalogues and templates."""
        self.desk = desk
        self.settings = settings
        self.speed = speed
        self.times = LocalTime(settings.utc_offset_h)
        languages = load_languages()
        self.speeches = {code: Speech(language, self.times) for code, language in languages.items()}
        self.tokens = Tokens(settings.secret.get_secret_value(), timedelta(hours=settings.sign_in_h * max(1, speed)))
        self.passwords = Passwords()
        self.wrong_passwords = WrongPasswords(settings.failures_a_minute, speed)
        self.wrong_pins = WrongPasswords(settings.wrong_pins, speed, window_s=PIN_WINDOW_S)
        self.exchange = Bucket(desk.now, MOST_AT_ONCE, MOST_A_SECOND)
        self.whereabouts = Whereabouts(desk.now)
        self.today = Today(desk, self.times)
        self.links = Bucket(desk.now, MOST_AT_ONCE, MOST_A_SECOND)
        self.hub = Hub(desk, self.speeches, settings.beat_s, speed)
        self.signed_in_at: dict[str, datetime] = {}
        """When each login has signed in last, as far as their cookies have come here since the start."""
        self._drawers = {code: drawer_for(speech) for code, speech in self.speeches.items()}
        for drawer in self._drawers.values():
            drawer.globals["dial_link"] = desk.dial_link
            drawer.globals["desk_phone"] = settings.desk_phone
            drawer.globals["tiles"] = settings
            drawer.globals["offers_shown"] = OFFERS_SHOWN
            drawer.globals["phone_styles"] = {look: Markup(style) for look, style in PHONE_STYLES.items()}  # noqa: S704 - our own files, as they are
            drawer.globals["dark_when"] = DARK_WHEN
            drawer.globals["static"] = STATIC

    def speech(self, connection: HTTPConnection, account: Account | None = None) -> Speech:
        """The language: as chosen by the switch, else the account's, else the centre's."""
        for code in (connection.cookies.get(LANGUAGE_COOKIE), account.language if account else None):
            if code in self.speeches:
                return self.speeches[code]
        return self.speeches[self.settings.default_language]

    async def viewer(self, connection: HTTPConnection) -> Viewer | None:
        """Who is signed in; None for nobody. The account is looked up each time: what was taken away is gone."""
        seed = connection.cookies.get(SIGN_IN_COOKIE, "")
        signed_in = self.tokens.read(seed, self.desk.now()) if seed else None
        if signed_in is None:
            return None
        account = await self.desk.account(signed_in.login)
        if account is None or account.shut or mark_of(account.password_hash) != signed_in.mark:
            return None
        self.signed_in_at[account.login] = max(signed_in.at, self.signed_in_at.get(account.login, signed_in.at))
        return Viewer(account, self.speech(connection, account), seed, signed_in.at + self.tokens.lifetime)

    def same_origin(self, connection: HTTPConnection) -> bool:
        """Whether the browser says that the request comes from our own pages, or says nothing."""
        origin = connection.headers.get("origin")
        if origin is None:
            return connection.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
        return urlsplit(origin).netloc == connection.headers.get("host") or origin in self.settings.origins

    def draw(self, name: str, speech: Speech, **values: object) -> str:
        """A template in one language."""
        return self._drawers[speech.language.code].get_template(name).render(now=self.desk.now(), **values)

    def page(self, request: Request, viewer: Viewer, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
        """A page for somebody signed in."""
        rail = places(viewer.account, PAGES)
        view = values.get("view")
        values.setdefault("asks_you", self.hub.asked_of(viewer.account, viewer.say.language.code))
        values.setdefault("offered_you", self.hub.offered_to(viewer.account, viewer.say.language.code))
        is_running = isinstance(view, IncidentView) and view.incident.state is not IncidentState.CLOSED
        shown = self.draw(
            name,
            viewer.say,
            status=status,
            viewer=viewer,
            account=viewer.account,
            csrf=self.tokens.form_token(viewer.seed),
            path=request.url.path,
            look=look_of(request),
            here=f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
            rail=rail,
            here_in_rail=place_of(request.url.path, rail, is_running=is_running),
            title=self.settings.title,
            watches=viewer.may(Do.CONSOLE),
            speed=self.speed,
            tests_now=self.hub.tests(viewer.account, viewer.say.language.code),
            console_words={key: viewer.say.gettext(text) for key, text in CONSOLE_WORDS.items()},
            **values,
        )
        return HTMLResponse(shown, status)

    def visitor_page(self, request: Request, name: str, *, status: int = 200, **values: object) -> Response:
        """A page for somebody not signed in, with a form token of their own."""
        seed = request.cookies.get(VISITOR_COOKIE) or secrets.token_urlsafe(18)
        speech = self.speech(request)
        shown = self.draw(
            name,
            speech,
            status=status,
            csrf=self.tokens.form_token(seed),
            here=request.url.path,
            look=look_of(request),
            title=self.settings.title,
            viewer=None,
            watches=False,
            **values,
        )
        answer = HTMLResponse(shown, status)
        self.set_cookie(answer, VISITOR_COOKIE, seed)
        return answer

    def set_cookie(
        self, answer: Response, name: str, value: str, max_age_s: int | None = None, path: str = "/"
    ) -> None:
        """Give the browser a cookie that scripts and other sites never see."""
        secure = self.settings.secure_cookies
        answer.set_cookie(name, value, max_age=max_age_s, httponly=True, samesite="lax", secure=secure, path=path)


class Compiled(BytecodeCache):
    """Templates as they were compiled once: in every language they are the same."""

    def __init__(self) -> None:
        """None is compiled yet."""
        self._of: dict[str, tuple[str, bytes]] = {}

    def load_bytecode(self, bucket: Code) -> None:
        """Take what is there, unless the file is another one by now."""
        checksum, code = self._of.get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Code) -> None:
        """Keep it."""
        self._of[bucket.key] = (bucket.checksum, bucket.bytecode_to_string())


COMPILED = Compiled()


def drawer_for(speech: Speech) -> Environment:
    """The templates in one language."""
    drawer = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=COMPILED,
    )
    drawer.install_gettext_translations(speech.language.translations, newstyle=True)  # type: ignore[attr-defined]
    drawer.globals.update(
        say=speech,
        language=speech.language,
        once=lambda: secrets.token_urlsafe(9),
        lead=lead_alarm,
        where=where_of,
        nobodys=nobodys,
        outcomes=list(Outcome),
    )
    return drawer


def look_of(connection: HTTPConnection) -> str:
    """Light or dark, as chosen in this browser; empty: as its system has it."""
    look = connection.cookies.get(LOOK_COOKIE, "")
    return look if look in DARK_WHEN else ""


def site_of(connection: HTTPConnection) -> Site:
    """The dashboard a request was made to."""
    return cast("Site", connection.app.state.site)


async def viewer_of(request: Request) -> Viewer:
    """Who is signed in.

    Raises:
        NotSignedInError: Nobody.
        NewPasswordFirstError: Somebody who has yet to choose a password.
    """
    viewer = await site_of(request).viewer(request)
    if viewer is None:
        raise NotSignedInError
    if viewer.account.one_time and request.url.path != OWN_PASSWORD:
        raise NewPasswordFirstError
    return viewer


def needs(do: Do) -> Callable[[Request], Awaitable[Viewer]]:
    """A page's condition: somebody signed in whose role allows ``do``; else the sign-in page, or 403."""

    async def viewer_who_may(request: Request) -> Viewer:
        viewer = await viewer_of(request)
        if not viewer.may(do):
            raise HTTPException(403)
        return viewer

    return viewer_who_may


async def checked_form(request: Request, seed: str, most_fields: int = MOST_FIELDS) -> FormData:
    """The form that was posted, after checking that one of our own pages made it for this browser.

    Raises:
        HTTPException: 403 when it did not.
    """
    site = site_of(request)
    form = await request.form(max_fields=most_fields)
    token = request.headers.get("x-csrf-token") or str(form.get("csrf", ""))
    if not site.same_origin(request) or not site.tokens.is_form_token(seed, token):
        raise HTTPException(403, "stale form")
    return form


def wants_json(request: Request) -> bool:
    """Whether a script asks, not a person's browser."""
    return "application/json" in request.headers.get("accept", "")
