"""Somebody with a browser that runs no scripts: pages, cookies, forms."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import msgspec
from centre import Centre

from alerting.casefile import Account, Role
from dashboard.sign_in import hash_password
from dashboard.site import SIGN_IN_COOKIE

PASSWORD = "a password for tests"
HASH = hash_password(PASSWORD)
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="(?P<action>[^"]+)"[^>]*>(?P<body>.*?)</form>', re.DOTALL)
FIELD = re.compile(r"<(input|textarea)\b([^>]*)>")
SELECT = re.compile(r'<select name="([^"]+)">(.*?)</select>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def enrol(centre: Centre, login: str, role: Role, *, area: str = "", responder: str = "") -> Account:
    """An account of this role."""
    account = Account(login=login, name=f"测试{login}", role=role, password_hash=HASH, area=area, responder=responder)
    centre.gateway.directory.accounts[login] = account
    return account


class Visitor:
    """One browser.

    Attributes:
        page: Text of the page it shows.
        path: Its address below the base, with the query.
        status: Status of the last answer before any redirection.
    """

    def __init__(self, centre: Centre) -> None:
        """Nothing is open yet."""
        transport = httpx.ASGITransport(app=centre.gateway.app, raise_app_exceptions=False)
        self.web = httpx.AsyncClient(transport=transport, base_url="http://centre.test")
        self.centre = centre
        self.page = self.path = ""
        self.status = 0
        self.headers = httpx.Headers()

    async def go(self, path: str, **options: Any) -> str:
        """Open a page; follow redirections."""
        return await self._show(await self.web.get(path, **options))

    async def _show(self, answer: httpx.Response) -> str:
        self.status = answer.status_code
        while answer.is_redirect:
            answer = await self.web.get(answer.headers["location"])
        self.page, self.headers = answer.text, answer.headers
        self.path = answer.url.raw_path.decode()
        return self.page

    def _form(self, action: str) -> re.Match[str] | None:
        """The form on the page with this action, else the first whose action begins so."""
        begins = [found for found in FORM.finditer(self.page) if found["action"].startswith(action)]
        return min(begins, key=lambda found: found["action"] != action, default=None)

    def form(self, action: str) -> dict[str, str]:
        """Hidden fields of a form on the page."""
        found = self._form(action)
        assert found is not None, f"no form for {action} on {self.path}"
        return {name: html.unescape(value) for name, value in HIDDEN.findall(found["body"])}

    async def send(self, action: str, headers: dict[str, str] | None = None, **fields: str) -> str:
        """Send a form of the page that is shown."""
        found = self._form(action)
        address = found["action"] if found is not None else action
        body = {**self.form(action), **fields}
        return await self._show(await self.web.post(address.replace("&amp;", "&"), data=body, headers=headers))

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        """Post whatever one likes."""
        return await self.web.post(path, data=fields, headers=headers)

    async def sign_in(self, login: str, password: str = PASSWORD) -> str:
        """Sign in through the form."""
        await self.go("/sign-in")
        return await self.send("/sign-in", login=login, password=password)

    def enter(self, account: Account) -> None:
        """Be signed in already, without the form."""
        cookie = self.centre.gateway.app.state.site.tokens.write(
            account.login, account.password_hash, self.centre.clock.now()
        )
        self.web.cookies.set(SIGN_IN_COOKIE, cookie, domain="centre.test")


def arrived(centre: Centre, login: str, role: Role, **more: str) -> Visitor:
    """Somebody of this role, signed in."""
    visitor = Visitor(centre)
    visitor.enter(enrol(centre, login, role, **more))
    return visitor


def told(answer: httpx.Response) -> dict[str, Any]:
    """The answer a script gets."""
    return msgspec.json.decode(answer.content, type=dict[str, Any])


def filled(page: str, action: str) -> dict[str, list[str]]:
    """Everything a browser would send of the form that posts there, but no button."""
    body = next(f for f in page.split("<form")[1:] if f'action="{action}' in f.split(">", 1)[0]).split("</form>")[0]
    sent: dict[str, list[str]] = {}
    for _, inside in FIELD.findall(body):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', inside))
        ticked = given.get("type") != "checkbox" or re.search(r"\bchecked\b", inside)
        if "name" in given and ticked:
            sent.setdefault(html.unescape(given["name"]), []).append(html.unescape(given.get("value", "")))
    for field, options in SELECT.findall(body):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        sent[field] = [chosen[1] if chosen else ""]
    return sent


async def press(visitor: Visitor, action: str, button: str, **changed: Any) -> str:
    """Change fields of the form that is shown and press one of its buttons."""
    sent = (
        filled(visitor.page, action)
        | {field: value if isinstance(value, list) else [value] for field, value in changed.items()}
        | {"button": [button]}
    )
    answer = await visitor.web.post(html.unescape(action), data=sent)
    visitor.status = answer.status_code
    if answer.is_redirect:
        shown = html.unescape(await visitor.go(answer.headers["location"].partition("#")[0]))
        visitor.status = answer.status_code
        return shown
    visitor.page = answer.text
    return html.unescape(answer.text)
